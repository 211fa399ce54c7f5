"""The checklist on the case page: each section of the form with what an officer makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.accounts.roles import Right
from admissions_portal.support.forms import PortalForm
from applications.casework.reading import CaseReading
from applications.checklists.checklist import CheckedSection, checklist_of
from applications.checklists.models import CheckState


class CaseCheckForm(PortalForm):
    """What an officer makes of one section. `section` is its key; several stand on one page."""

    state = forms.ChoiceField(label=gettext_lazy("State"), choices=CheckState)
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        help_text=gettext_lazy("For the office. Say it where there is something to do."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    widths = {"state": 8}

    def __init__(self, *args: Any, section: str, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"check-{section}", **kwargs)
        self.section = section


@dataclass(frozen=True, slots=True)
class SectionOnCase:
    """A section, and the form of whoever may look at it."""

    checked: CheckedSection
    form: CaseCheckForm | None


def checklist_on(reading: CaseReading) -> dict[str, Any]:
    """Every section, and in one line how many are in order or not needed."""
    sections = checklist_of(reading.case, at=reading.at)
    bound: CaseCheckForm | None = reading.bound.get("check_form")

    def form_for(checked: CheckedSection) -> CaseCheckForm | None:
        key = checked.section.key
        if not reading.may_still(Right.VERIFY_EVIDENCE):
            return None
        if bound is not None and bound.section == key:
            return bound
        comment = checked.check.comment if checked.check else ""
        return CaseCheckForm(section=key, initial={"state": checked.state, "comment": comment})

    return {
        "checklist": [SectionOnCase(each, form_for(each)) for each in sections],
        "checklist_line": _("%(settled)s of %(all)s in order or not needed")
        % {"settled": sum(each.is_settled for each in sections), "all": len(sections)},
    }
