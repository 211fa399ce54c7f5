"""What an officer may ask an applicant for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.support.forms import PortalDateField, PortalForm
from applications.applicants.choices import AwardStatus
from applications.assessments.facts import iso_day
from applications.evidence.actions import EvidenceTerms
from applications.evidence.models import EvidenceRequest, RequestKind, RequestWants, SlotCode
from applications.evidence.slots import DocumentSlot, Need
from eligibility.wording import FindingText

# what a request without another wish gives the applicant
USUAL = timedelta(days=14)
# what only an offer waits for
LATER = timedelta(days=28)
# for a report or a certificate to be sent on
AFTER_IT_IS_EXPECTED = timedelta(days=7)


class CaseRequestForm(PortalForm):
    """A request in the office's words. `slots` are what documents of this case prove."""

    wants = forms.ChoiceField(
        label=gettext_lazy("What do you ask for?"), choices=RequestWants.choices, widget=forms.RadioSelect
    )
    title = forms.CharField(
        label=gettext_lazy("Name it"),
        help_text=gettext_lazy("As the applicant reads it in the list of things to do."),
        max_length=120,
    )
    slot = forms.ChoiceField(
        label=gettext_lazy("Which point does the document prove?"),
        help_text=gettext_lazy("The file stands there on the case page. An answer in words needs none."),
        required=False,
    )
    words = forms.CharField(
        label=gettext_lazy("Words to the applicant"),
        help_text=gettext_lazy("Why you ask, and what exactly would do. The mail and the page show them."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("When do you need it?"), choices=RequestKind.choices, widget=forms.RadioSelect
    )
    due_on = PortalDateField(
        label=gettext_lazy("Due on"),
        help_text=gettext_lazy("The whole day counts, in Hong Kong time. A late answer is taken and marked."),
    )
    clause = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    widths: ClassVar = {"slot": 8}

    def __init__(self, *args: Any, slots: Sequence[DocumentSlot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._slots = {slot.anchor: slot for slot in slots}
        self.fields["slot"].choices = [  # type: ignore[attr-defined]
            (anchor, slot.title) for anchor, slot in self._slots.items()
        ]

    def terms(self) -> EvidenceTerms:
        """What was chosen; of a valid form."""
        given = self.cleaned_data
        slot = self._slots.get(given["slot"])
        return EvidenceTerms(
            kind=RequestKind(given["kind"]),
            wants=RequestWants(given["wants"]),
            title=given["title"],
            words=given["words"],
            due_on=given["due_on"],
            slot=slot.code if slot else SlotCode.OTHER,
            question=slot.question if slot else "",
            clause=given["clause"],
        )


def suggested(
    finding: FindingText, slots: Sequence[DocumentSlot], person: Mapping[str, Any], *, on: date
) -> dict[str, Any]:
    """A request begun from a finding: the paper it names, its words, its point, when it is needed, by which
    day (HKT). What had to be there at submission is needed now, what an offer waits for later; what the
    applicant expects on a day of their own is asked for after that day."""
    asking = next((slot for slot in slots if any(each.code == finding.code for each in slot.findings)), None)
    is_later = asking is not None and asking.need is Need.BEFORE_OFFER
    expected = _expected_on(asking.code, person) if asking else None
    if expected and expected > on:
        kind, due_on = RequestKind.LATER_BLOCKING, expected + AFTER_IT_IS_EXPECTED
    elif is_later:
        kind, due_on = RequestKind.LATER_BLOCKING, on + LATER
    else:
        kind, due_on = RequestKind.NOW, on + USUAL
    return {
        "wants": RequestWants.DOCUMENT if asking else RequestWants.ANSWER,
        "title": str(finding.document or finding.title)[:120],
        "words": str(finding.text),
        "slot": asking.anchor if asking else f"slot-{SlotCode.OTHER.lower()}",
        "clause": finding.code,
        "kind": kind,
        "due_on": due_on,
    }


def _expected_on(slot: SlotCode, person: Mapping[str, Any]) -> date | None:
    """The last day on which the applicant expects what the slot is for: a booked test's report, an award."""
    if slot == SlotCode.ENGLISH_TEST:
        days = [row["report_expected_on"] for row in person["english_tests"] if row["booked"]]
    elif slot == SlotCode.DEGREE:
        days = [
            row["completed_on"] for row in person["qualifications"] if row["status"] == AwardStatus.EXPECTED
        ]
    else:
        days = []
    return max((day for each in days if (day := iso_day(each))), default=None)


class CaseRequestEndForm(PortalForm):
    """A request settled, or withdrawn and why."""

    verdict = forms.ChoiceField(choices=[("settle", ""), ("withdraw", "")])
    reason = forms.CharField(label=gettext_lazy("Why it is no longer needed"), required=False, max_length=500)

    def __init__(self, *args: Any, asked: EvidenceRequest, **kwargs: Any) -> None:
        # one such form stands beside each request of the page
        super().__init__(*args, auto_id=f"end-{asked.pk}-%s", **kwargs)
        self.asked = asked
        self.summary_label = asked.title

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == "withdraw" and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Write why it is no longer needed: the applicant reads this."))
        return cleaned
