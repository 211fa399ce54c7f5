"""What the applicant writes with a request, and what the office writes down of the Board's decision."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.support.forms import PortalDateField, PortalForm
from applications.standing.actions import LONGEST_STATEMENT
from applications.standing.models import CourseClaim

GRANT, REFUSE = "GRANT", "REFUSE"


class StandingRequestForm(PortalForm):
    """The written application (HKU-AS4)."""

    statement = forms.CharField(
        label=gettext_lazy("What makes the courses equivalent?"),
        help_text=gettext_lazy(
            "Name the course of this programme that each one stands for, and what both cover. The Faculty "
            "Board reads it with the transcript."
        ),
        max_length=LONGEST_STATEMENT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class CourseDecisionForm(PortalForm):
    """The Faculty Board's decision on one course (HKU-AS3)."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("The Faculty Board"),
        choices=[(GRANT, gettext_lazy("grants credits")), (REFUSE, gettext_lazy("grants none"))],
        widget=forms.RadioSelect(attrs={"class": "pg-few"}),
    )
    granted = forms.IntegerField(label=gettext_lazy("Credits granted"), required=False, min_value=1)
    decided_on = PortalDateField(label=gettext_lazy("Day of the decision"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The applicant reads it. It is needed where none are granted."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    widths: ClassVar = {"granted": 2}
    needed_later = ("granted",)

    def __init__(self, *args: Any, claim: CourseClaim, **kwargs: Any) -> None:
        known = {
            "granted": claim.granted or claim.credits,
            "decided_on": claim.decided_on,
            "reason": claim.reason,
            "outcome": "" if claim.is_open else GRANT if claim.granted else REFUSE,
        }
        # one such form stands beside each course of the page
        super().__init__(*args, initial=known, auto_id=f"course-{claim.pk}-%s", **kwargs)
        self.claim = claim
        self.summary_label = claim.title

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        grants = given.get("outcome") == GRANT
        if grants and given.get("granted") is None and "granted" not in self.errors:
            self.add_error("granted", _("Write how many credits are granted."))
        if given.get("outcome") == REFUSE and not given.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Write why the course is not granted: the applicant reads it."))
        return given

    def decision(self) -> dict[str, Any]:
        """The arguments of `decide_course`; of a valid form only."""
        given = self.cleaned_data
        return {
            "granted": given["granted"] if given["outcome"] == GRANT else None,
            "decided_on": given["decided_on"],
            "reason": given["reason"],
        }
