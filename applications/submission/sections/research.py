"""What a research applicant proposes (UST-03: the chosen subject of research), and with whom."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy

from applications.lifecycle.models import Application
from applications.submission.models import ProposedSupervisor, ResearchPlan
from applications.submission.sections.base import Filled, FormSection
from applications.submission.sections.filling import Filling
from applications.submission.sections.rows import RowForm, RowGroup, SectionForm


class ResearchPlanForm(SectionForm):
    needed = ("title", "summary")

    class Meta:
        model = ResearchPlan
        fields = ("title", "summary")
        labels = {
            "title": gettext_lazy("Subject of research"),
            "summary": gettext_lazy("What you want to find out, and how"),
        }
        help_texts = {
            "summary": gettext_lazy("Up to 4,000 characters. A longer statement goes with your documents.")
        }
        widgets = {"summary": forms.Textarea(attrs={"rows": 12})}


class SupervisorForm(RowForm):
    needed_to_keep = ("name",)
    widths: ClassVar = {"name": 8}

    class Meta:
        model = ProposedSupervisor
        fields = ("name", "has_spoken")
        labels = {
            "name": gettext_lazy("Name"),
            "has_spoken": gettext_lazy("We have been in touch"),
        }


class Research(FormSection):
    key = "research"
    title = gettext_lazy("Research")
    form_class = ResearchPlanForm
    groups = (
        RowGroup(
            key="supervisor",
            form_class=SupervisorForm,
            relation="supervisors",
            heading=gettext_lazy("Proposed supervisors"),
            intro=gettext_lazy(
                "Whom you would like to work with, the first choice first. You may leave this open."
            ),
            item=gettext_lazy("Supervisor %(number)s"),
            add=gettext_lazy("Add a supervisor"),
        ),
    )

    def applies(self, application: Application) -> bool:
        return application.offering.programme.is_research

    def owner(self, filling: Filling) -> models.Model:
        try:
            return filling.application.research_plan
        except ResearchPlan.DoesNotExist:
            return ResearchPlan(application=filling.application)

    def before_keeping(self, filled: Filled) -> None:
        """New supervisors go behind those that are there; the form made the plan they belong to."""
        plan = filled.form.instance if filled.form is not None else None
        rows = [form.instance for form in filled.groups[0].forms]
        last = max((row.position or 0 for row in rows), default=0)
        for row in rows:
            row.plan = plan
            if row._state.adding:
                last += 1
                row.position = last
