"""What an officer writes to decide, to check and to undo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.clock import HONG_KONG, day_of
from admissions_portal.support.forms import PortalDateField, PortalForm
from applications.decisions.models import PreparedDecision, RefusalReason
from applications.decisions.terms import DecisionTerms, Ground
from applications.offers.terms import ConditionTerms, OfferTerms

CONDITIONS_AT_MOST = 5


def _note() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Note for the file"),
        help_text=gettext_lazy("It stays in the office."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _words() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Words to the applicant"),
        help_text=gettext_lazy("They stand in the mail as you write them."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _reply_on() -> PortalDateField:
    return PortalDateField(
        label=gettext_lazy("Reply by the end of"),
        help_text=gettext_lazy("23:59 HKT of that day is printed in the letter."),
    )


def _end_of_day(form: forms.Form) -> datetime:
    return datetime.combine(form.cleaned_data["reply_on"], time(23, 59), tzinfo=HONG_KONG)


class CaseRefusalForm(PortalForm):
    """The reasons for a refusal, each clause that is not met a reason of its own; only a research degree can
    lack a supervisor."""

    reason = forms.MultipleChoiceField(
        label=gettext_lazy("Reasons"),
        help_text=gettext_lazy("The applicant is told each that is ticked, in this order."),
        widget=forms.CheckboxSelectMultiple,
    )
    words = _words()
    note = _note()

    def __init__(
        self, *args: Any, clauses: Sequence[tuple[str, str]], is_research: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        unmet = RefusalReason.REQUIREMENT_NOT_MET
        left_out = set() if is_research else {RefusalReason.SUPERVISION}
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            *(
                (f"{unmet}/{code}", _("%(reason)s: %(title)s (%(code)s)") % {**_named(unmet), **named})
                for named in ({"title": title, "code": code} for code, title in clauses)
                for code in (named["code"],)
            ),
            *((reason.value, reason.label) for reason in RefusalReason if reason not in left_out),
        ]

    def terms(self) -> DecisionTerms:
        """What was chosen. Call it once the form is valid."""
        grounds = (each.partition("/") for each in self.cleaned_data["reason"])
        return DecisionTerms(
            reasons=tuple(Ground(reason, clause) for reason, _slash, clause in grounds),
            words=self.cleaned_data["words"],
            note=self.cleaned_data["note"],
        )


def refusal_begun(prepared: PreparedDecision) -> dict[str, Any]:
    """A refusal's form as it was prepared."""
    return {
        "reason": ["/".join(filter(None, (row["reason"], row["clause"]))) for row in prepared.reasons],
        "words": prepared.words,
        "note": prepared.note,
    }


def _named(reason: RefusalReason) -> dict[str, str]:
    return {"reason": str(reason.label)}


class CaseOfferForm(PortalForm):
    """The day by which to reply; 23:59 of it is printed, and the whole minute counts."""

    reply_on = _reply_on()
    note = _note()

    def terms(self, conditions: Iterable[CaseConditionForm]) -> DecisionTerms:
        """What both forms together say. Call it once both are valid."""
        offer = OfferTerms(
            reply_by=_end_of_day(self),
            conditions=tuple(
                ConditionTerms(
                    form.cleaned_data["text"], form.cleaned_data["evidence"], form.cleaned_data["due_on"]
                )
                for form in conditions
                if form.cleaned_data.get("text")
            ),
        )
        return DecisionTerms(offer=offer, note=self.cleaned_data["note"])


def offer_begun(prepared: PreparedDecision) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """An offer's form and its conditions' as they were prepared."""
    terms = prepared.offer_terms
    conditions = [
        {"text": row.text, "evidence": row.evidence, "due_on": row.due_on} for row in terms.conditions
    ]
    return {"reply_on": day_of(terms.reply_by), "note": prepared.note}, conditions


class CaseConditionForm(PortalForm):
    """One condition; a row left empty is none, a row begun is completed."""

    text = forms.CharField(label=gettext_lazy("Condition"), max_length=300, required=False)
    evidence = forms.CharField(label=gettext_lazy("What we need"), max_length=300, required=False)
    due_on = PortalDateField(label=gettext_lazy("By the end of"), required=False)
    needed_later = "__all__"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begun = any(cleaned.get(name) for name in self.fields) or bool(self.errors)
        if begun:
            for name in self.fields:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Complete this condition, or empty its other answers."))
        return cleaned


class _Conditions(forms.BaseFormSet):
    def add_fields(self, form: CaseConditionForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.summary_label = _("Condition %(number)s") % {"number": (index or 0) + 1}


CaseConditionFormSet = forms.formset_factory(
    CaseConditionForm, formset=_Conditions, extra=2, max_num=CONDITIONS_AT_MOST, validate_max=True
)


class CaseSendBackForm(PortalForm):
    """Why a prepared decision is not agreed to."""

    reason = forms.CharField(
        label=gettext_lazy("What should change"),
        help_text=gettext_lazy("The programme office reads it; it stays on the file."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CaseGiveUpForm(PortalForm):
    """Why a prepared decision is given up."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is withdrawn"),
        help_text=gettext_lazy("It stays on the file."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="withdraw-%s", **kwargs)


class CaseUndoForm(PortalForm):
    """Why something decided is undone; where an offer opens again, until when."""

    reply_on = _reply_on()
    reason = forms.CharField(
        label=gettext_lazy("Why it is undone"),
        help_text=gettext_lazy("It stays in the office."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    words = _words()

    def __init__(self, *args: Any, opens_again: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not opens_again:
            del self.fields["reply_on"]

    def terms(self) -> dict[str, Any]:
        """What the act is given. Call it once the form is valid."""
        given = {name: self.cleaned_data[name] for name in ("reason", "words")}
        return {**given, "reply_by": _end_of_day(self)} if "reply_on" in self.fields else given
