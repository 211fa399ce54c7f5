"""Earlier study at the university applied to (UST-27, UST-28), and courses for which credits may be asked
(HKU-AS2, UST-29). Each is asked only where a rule of the programme reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.support.dates import hong_kong_day
from admissions_portal.support.forms import PortalDateField
from applications.applicants.choices import Leaving
from applications.applicants.models import EarlierStudy, PriorCourse
from applications.submission.sections.filling import Filling
from applications.submission.sections.rows import RowForm, RowGroup, YesNoField
from applications.submission.sections.spans import check_order
from eligibility.engine import Check
from programmes.models import Programme

# What a discipline may be beside those of the catalogue.
ANOTHER, NOT_SURE = "OTHER", "NOT_SURE"
# As the engine takes them for one course.
CREDITS = range(1, 301)


class EarlierStudyForm(RowForm):
    """A study begun at this university. How it ended decides whether UST-28 concerns it at all."""

    needed = ("level", "discipline", "leaving")
    needed_to_keep = ("programme",)
    widths: ClassVar = {"level": 8, "discipline": 8}
    discipline = forms.ChoiceField(
        label=gettext_lazy("Discipline"),
        help_text=gettext_lazy("The rules compare it with the discipline of the programme you apply for."),
    )

    class Meta:
        model = EarlierStudy
        fields = ("programme", "level", "discipline", "started_on", "ended_on", "leaving")
        labels = {
            "programme": gettext_lazy("Programme"),
            "level": gettext_lazy("Which degree was it for?"),
            "started_on": gettext_lazy("From"),
            "ended_on": gettext_lazy("Until"),
            "leaving": gettext_lazy("How did it end?"),
        }
        help_texts = {
            "programme": gettext_lazy("As on your record there, for example PhD in Chemistry."),
            "ended_on": gettext_lazy("Leave it empty if you are a student there now."),
            "leaving": gettext_lazy(
                "Whoever withdrew by their own decision may apply for any programme. An answer that an "
                "officer has to look at keeps nobody from submitting."
            ),
        }
        field_classes = {"started_on": PortalDateField, "ended_on": PortalDateField}
        widgets = {"leaving": forms.RadioSelect}

    def prepare(self) -> None:
        discipline: Any = self.fields["discipline"]
        discipline.choices = lambda: [
            ("", _("Choose one")),
            *((name, name) for name in disciplines_here(self.filling)),
            (ANOTHER, _("Another discipline")),
            (NOT_SURE, _("I am not sure")),
        ]
        leaving: Any = self.fields["leaving"]
        leaving.choices = Leaving.choices

    def check(self) -> None:
        check_order(self, self.filling.today)
        ended, today = self.cleaned_data.get("ended_on"), self.filling.today
        if self.cleaned_data.get("leaving") == Leaving.CURRENT:
            if ended and ended <= today:
                self.add_error(
                    "ended_on",
                    _("%(day)s has passed. Say how the study ended, or leave the day empty.")
                    % {"day": hong_kong_day(ended)},
                )
        elif ended and ended > today:
            self.add_error(
                "ended_on",
                _("%(day)s is in the future. Check the year, or choose that it has not ended.")
                % {"day": hong_kong_day(ended)},
            )


class PriorCourseForm(RowForm):
    """A course passed elsewhere, as its transcript shows it."""

    needed = ("credits", "completed_on")
    needed_to_keep = ("title", "institution")
    widths: ClassVar = {"credits": 2, "grade": 4, "level": 8}
    passed = YesNoField(
        label=gettext_lazy("Does the transcript show that you passed it?"),
        unknown=gettext_lazy("Not yet known"),
    )
    used_for_award = YesNoField(
        label=gettext_lazy("Did it count towards a degree or another award?"),
        unknown=gettext_lazy("I am not sure"),
    )

    class Meta:
        model = PriorCourse
        fields = (
            "title",
            "institution",
            "level",
            "credits",
            "completed_on",
            "passed",
            "grade",
            "used_for_award",
        )
        labels = {
            "title": gettext_lazy("Course"),
            "institution": gettext_lazy("Institution"),
            "level": gettext_lazy("Level"),
            "credits": gettext_lazy("Credits you ask for"),
            "completed_on": gettext_lazy("When the result was published"),
            "grade": gettext_lazy("Grade or mark"),
        }
        help_texts = {
            "title": gettext_lazy("As on the transcript, with its code if it has one."),
            "credits": gettext_lazy("A whole number."),
            "completed_on": gettext_lazy(
                "If the transcript prints only a semester, give the last day of it."
            ),
            "grade": gettext_lazy("As printed."),
        }
        field_classes = {"completed_on": PortalDateField}

    def check(self) -> None:
        given = self.cleaned_data
        number, on = given.get("credits"), given.get("completed_on")
        if number is not None and number not in CREDITS:
            self.add_error(
                "credits",
                _("%(number)s credits cannot be one course. Write a whole number from 1 to %(most)s.")
                % {"number": number, "most": CREDITS[-1]},
            )
        if on and on > self.filling.today and given.get("passed") is not None:
            self.add_error(
                "completed_on",
                _("%(day)s is in the future. Check the year, or choose that the result is not yet known.")
                % {"day": hong_kong_day(on)},
            )


@dataclass(frozen=True)
class EarlierStudyGroup(RowGroup):
    """The studies at one university; those at others are neither shown nor touched."""

    university: str = ""

    def rows(self, owner: models.Model) -> list[models.Model]:
        return [row for row in super().rows(owner) if getattr(row, "university", "") == self.university]

    def new(self, owner: models.Model, number: int) -> models.Model:
        made: Any = super().new(owner, number)
        made.university = self.university
        return made


EARLIER = EarlierStudyGroup(
    key="earlier",
    form_class=EarlierStudyForm,
    relation="earlier_studies",
    item=gettext_lazy("Earlier study %(number)s"),
    add=gettext_lazy("Add an earlier study"),
)
COURSES = RowGroup(
    key="course",
    form_class=PriorCourseForm,
    relation="prior_courses",
    heading=gettext_lazy("Courses for credit"),
    intro=gettext_lazy(
        "Courses you passed elsewhere and want counted here. Asking for credits is a request of its own, "
        "made after you have submitted; it never affects admission. You can list courses now or then."
    ),
    item=gettext_lazy("Course %(number)s"),
    add=gettext_lazy("Add a course"),
)


def earlier_groups(filling: Filling) -> tuple[RowGroup, ...]:
    """The groups that some rule of this programme reads."""
    rules = filling.rules
    if rules is None:
        return ()
    groups: list[RowGroup] = []
    if any(rule.check in (Check.EARLIER_WITHDRAWAL, Check.READMISSION_BAR) for rule in rules.rules):
        university = filling.application.offering.programme.institution
        groups.append(
            replace(
                EARLIER,
                university=university.code,
                heading=_("Earlier study at %(university)s") % {"university": university.name},
                intro=_(
                    "Every study you began at %(university)s, finished or not. Add none if you never studied "
                    "there. No other university is told."
                )
                % {"university": university.name},
            )
        )
    if rules.advanced_standing is not None:
        groups.append(COURSES)
    return tuple(groups)


def disciplines_here(filling: Filling) -> list[str]:
    """The disciplines of the university's programmes, as the catalogue spells them."""
    institution = filling.application.offering.programme.institution
    return filling.once(
        "disciplines",
        lambda: list(
            Programme.objects.filter(institution=institution)
            .exclude(discipline="")
            .order_by("discipline")
            .values_list("discipline", flat=True)
            .distinct()
        ),
    )
