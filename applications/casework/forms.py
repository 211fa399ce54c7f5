"""What an officer or a reader may say about a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.support.forms import PortalForm
from applications.applicants.choices import ResidenceStatus
from applications.assessments.models import OfficerFinding
from applications.assessments.queries import RESULTS
from eligibility.labels import OUTCOMES


class CaseFindingForm(PortalForm):
    """A result for one clause the rules leave to the office. `codes` are the clauses of this case."""

    code = forms.ChoiceField(label=gettext_lazy("Clause"))
    outcome = forms.ChoiceField(
        label=gettext_lazy("Finding"),
        help_text=gettext_lazy(
            "Of a qualifying examination: “Not applicable” says that none is required, “Needs evidence” that "
            "it is still to be passed."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("It stays on the file."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    authority = forms.CharField(
        label=gettext_lazy("Decided by"),
        help_text=gettext_lazy(
            "Where the clause names who decides, such as the examiners or School and department: their "
            "office, or the minute."
        ),
        required=False,
        max_length=200,
    )
    widths = {"code": 8, "outcome": 8}

    def __init__(self, *args: Any, codes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [("", ""), *codes]  # type: ignore[attr-defined]
        self.fields["outcome"].choices = [("", "")] + [  # type: ignore[attr-defined]
            (outcome.value, OUTCOMES[outcome]) for outcome in RESULTS
        ]


class CaseStatusForm(PortalForm):
    """What the applicant holds in Hong Kong, in the place of what was declared."""

    status = forms.ChoiceField(
        label=gettext_lazy("Status in Hong Kong"),
        choices=[
            ("", ""),
            *(choice for choice in ResidenceStatus.choices if choice[0] != ResidenceStatus.NOT_SURE),
        ],
    )
    reason = forms.CharField(
        label=gettext_lazy("What shows it"),
        help_text=gettext_lazy("It stays on the file. The applicant is told the status, not this."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="settle-%s", **kwargs)
        self.summary_label = _("Settle the status in Hong Kong")


class CaseOverrideForm(CaseFindingForm):
    """A result in the place of what a rule found. `codes` are the rules of this case."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Result"), help_text=gettext_lazy("It counts in the place of the rule’s own.")
    )
    authority = forms.CharField(
        label=gettext_lazy("On whose authority"),
        help_text=gettext_lazy("A person’s office, or a board and the minute of its decision."),
        max_length=200,
    )
    field_order = ("code", "outcome", "authority", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="override-%s", **kwargs)
        self.summary_label = _("Override a rule")


class CaseWithdrawalForm(PortalForm):
    """Why an override is withdrawn."""

    reason = forms.CharField(label=gettext_lazy("Why it is withdrawn"), max_length=2000)

    def __init__(self, *args: Any, override: OfficerFinding, **kwargs: Any) -> None:
        # one such form stands beside each override of the page
        super().__init__(*args, auto_id=f"withdraw-{override.pk}-%s", **kwargs)
        self.override = override
        self.summary_label = _("Override of %(code)s") % {"code": override.code}
