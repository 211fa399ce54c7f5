"""What an officer says about a document: what it prints and shows, whether it counts, what it proves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.support.forms import PortalDateField, PortalForm
from applications.applicants.choices import ResidenceStatus
from applications.applicants.names import ChineseNameInput, NameInput
from applications.assessments.corrections import person_now
from applications.assessments.facts import iso_day
from applications.assessments.shown import StatusAsShown, status_counting
from applications.evidence.forms import ACCEPT
from applications.evidence.models import (
    Document,
    Part,
    PrintedDifference,
    PrintedIdentity,
    SettledAs,
    SlotCode,
    WhatDiffers,
)
from applications.evidence.parts import PARTS_OF
from applications.evidence.printed import AsPrinted, as_in_profile, is_made_out
from applications.evidence.slots import DocumentSlot

_STATUSES = [choice for choice in ResidenceStatus.choices if choice[0] != ResidenceStatus.NOT_SURE]


class CaseDocumentForm(PortalForm):
    """What became of a document; a refusal says why, for the applicant reads it.

    Of one that is made out to somebody it asks what is printed, offered as the profile has it (D6); of a
    proof of residence what it shows, offered as it counts so far.
    """

    verdict = forms.ChoiceField(choices=[("verify", ""), ("reject", "")], widget=forms.HiddenInput)
    name = NameInput(
        label=gettext_lazy("Name as printed"),
        help_text=gettext_lazy("Letter for letter, in the document’s own order."),
        max_length=200,
        required=False,
    )
    chinese_name = ChineseNameInput(
        label=gettext_lazy("Chinese name as printed"), max_length=40, required=False
    )
    prints_no_name = forms.BooleanField(label=gettext_lazy("It prints no name"), required=False)
    date_of_birth = PortalDateField(
        label=gettext_lazy("Date of birth as printed"),
        help_text=gettext_lazy("Leave it empty where none is printed."),
        required=False,
    )
    status = forms.ChoiceField(
        label=gettext_lazy("What it shows about the status in Hong Kong"), choices=[("", ""), *_STATUSES]
    )
    since = PortalDateField(label=gettext_lazy("First issued, or held since"), required=False)
    until = PortalDateField(label=gettext_lazy("Valid until"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why it is not accepted"),
        help_text=gettext_lazy("The applicant reads this and sends another."),
        required=False,
        max_length=500,
    )
    needed_later = ("name", "reason")
    widths: ClassVar = {"chinese_name": 4, "status": 8}

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        # one such form stands beside each document of the page
        super().__init__(*args, auto_id=f"check-{document.pk}-%s", initial=offered(document), **kwargs)
        self.document = document
        self.summary_label = document.name
        self.asks_print = is_made_out(document)
        self.asks_status = document.slot == SlotCode.RESIDENCE
        for asked, names in ((self.asks_print, _PRINTED), (self.asks_status, _SHOWN)):
            if not asked:
                for name in names:
                    del self.fields[name]
        if self.data.get("verdict") == "reject":
            # nobody needs to read out what is turned down
            for field in self.fields.values():
                field.required = False

    @property
    def read_out(self) -> list[Any]:
        """The fields about what is printed and shown, in their order."""
        return [self[name] for name in (*_PRINTED, *_SHOWN) if name in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == "reject":
            if not cleaned.get("reason") and "reason" not in self.errors:
                self.add_error("reason", _("Write why it is not accepted: the applicant reads it."))
            return cleaned
        named = cleaned.get("name") or cleaned.get("chinese_name") or cleaned.get("prints_no_name")
        if self.asks_print and not named and not {"name", "chinese_name"} & set(self.errors):
            self.add_error("name", _("Write the name as it is printed, or say that it prints none."))
        return cleaned

    def printed(self) -> AsPrinted | None:
        """What is printed, of a valid form that verifies."""
        given = self.cleaned_data
        if not self.asks_print:
            return None
        if given["prints_no_name"]:
            return AsPrinted(date_of_birth=given["date_of_birth"])
        return AsPrinted(given["name"], given["chinese_name"], given["date_of_birth"])

    def shows(self) -> StatusAsShown | None:
        """What a proof of residence shows, of a valid form that verifies."""
        given = self.cleaned_data
        return StatusAsShown(given["status"], given["since"], given["until"]) if self.asks_status else None


_PRINTED = ("name", "chinese_name", "prints_no_name", "date_of_birth")
_SHOWN = ("status", "since", "until")


def offered(document: Document) -> dict[str, Any]:
    """What the form opens with: what was read on the document before, else what the applicant says."""
    known: dict[str, Any] = {}
    if is_made_out(document):
        before = next((row for row in document.printed.all() if row.superseded_at is None), None)
        read: PrintedIdentity | AsPrinted = before or as_in_profile(document)
        known = {name: getattr(read, name) for name in ("name", "chinese_name", "date_of_birth")}
        known["prints_no_name"] = before is not None and not before.has_name
    if document.slot == SlotCode.RESIDENCE:
        case = document.application
        rows = [row for row in case.shown_statuses.all() if row.document == document.pk]
        if rows:
            return known | {name: getattr(rows[-1], name) for name in _SHOWN}
        counting, person = status_counting(case), person_now(case)
        known |= {
            "status": "" if counting == ResidenceStatus.NOT_SURE else counting,
            "since": iso_day(person.get("residence_since")),
            "until": iso_day(person.get("residence_until")),
        }
    return known


class CaseProvenanceForm(PortalForm):
    """How far the paper behind a file is known; an empty date takes a record back."""

    original_sighted_on = PortalDateField(
        label=gettext_lazy("Original sighted on"),
        help_text=gettext_lazy("The day on which the office had the paper itself in hand."),
        required=False,
    )
    sent_by_issuer_on = PortalDateField(
        label=gettext_lazy("Sent by the issuing body, received on"),
        help_text=gettext_lazy("The day on which it came from the body that issued it, by its own way."),
        required=False,
    )

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        known = {name: getattr(document, name) for name in self.base_fields}
        super().__init__(*args, initial=known, **kwargs)


# by a key: slot, question and title
Slots = dict[str, tuple[SlotCode, str, str]]


def slots_to_choose(slots: Iterable[DocumentSlot]) -> Slots:
    """Every slot that a file of this case may stand in: those the case asks for as it calls them, and all
    others."""
    rest = {f"{code}:": (code, "", str(code.label)) for code in SlotCode if code != SlotCode.PROGRAMME}
    return rest | {f"{slot.code}:{slot.question}": (slot.code, slot.question, slot.title) for slot in slots}


class _OfSlot(PortalForm):
    """A form that chooses a slot."""

    def __init__(self, *args: Any, slots: Sequence[DocumentSlot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._slots = slots_to_choose(slots)
        titles = [(key, title) for key, (_code, _question, title) in self._slots.items()]
        self.fields["slot"].choices = [("", ""), *titles]  # type: ignore[attr-defined]

    def chosen(self) -> tuple[SlotCode, str]:
        """Slot and question, of a valid form."""
        code, question, _title = self._slots[self.cleaned_data["slot"]]
        return code, question


class CaseSlotForm(_OfSlot):
    """What a file really proves."""

    slot = forms.ChoiceField(label=gettext_lazy("It is really"))
    widths: ClassVar = {"slot": 8}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="move-%s", **kwargs)
        self.summary_label = _("Move it")


class CaseFileForm(_OfSlot):
    """A document the office got by another way than from the applicant."""

    slot = forms.ChoiceField(label=gettext_lazy("What it proves"))
    part = forms.ChoiceField(
        label=gettext_lazy("What the file is"), choices=Part.choices, initial=Part.ORIGINAL
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("PDF, JPEG, PNG or HEIC, up to 20 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    sent_by_issuer_on = PortalDateField(
        label=gettext_lazy("Sent by the issuing body, received on"),
        help_text=gettext_lazy("Leave it empty where it came by another way."),
        required=False,
    )
    widths: ClassVar = {"slot": 8, "part": 8}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        slot, part = cleaned.get("slot"), cleaned.get("part")
        if slot and part and part not in PARTS_OF[self._slots[slot][0]]:
            self.add_error("part", _("This is not a part of what it proves. Choose another one."))
        return cleaned


class CaseDifferenceForm(PortalForm):
    """Why a printed name or birth date that differs is this person's."""

    settled_as = forms.ChoiceField(label=gettext_lazy("How it is settled"), widget=forms.RadioSelect)
    deed = forms.ChoiceField(
        label=gettext_lazy("The document that shows the change"),
        help_text=gettext_lazy("A deed poll, a marriage certificate. It stands among the case’s documents."),
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), help_text=gettext_lazy("It stays on the file."), max_length=500
    )
    needed_later = ("deed",)
    widths: ClassVar = {"deed": 8}

    def __init__(
        self, *args: Any, difference: PrintedDifference, documents: Iterable[Document], **kwargs: Any
    ) -> None:
        super().__init__(*args, auto_id=f"settle-{difference.pk}-%s", **kwargs)
        self.difference = difference
        self.summary_label = difference.get_what_display()
        self._documents = {str(each.pk): each for each in documents if not each.is_rejected}
        is_name = difference.what == WhatDiffers.NAME
        self.fields["settled_as"].choices = [  # type: ignore[attr-defined]
            choice for choice in SettledAs.choices if is_name or choice[0] != SettledAs.ALIAS
        ]
        named = [(key, each.name) for key, each in self._documents.items()]
        self.fields["deed"].choices = [("", ""), *named]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("settled_as") == SettledAs.DEED and not cleaned.get("deed"):
            self.add_error(
                "deed", _("Choose the document that shows the change, or ask the applicant for it.")
            )
        return cleaned

    def settlement(self) -> dict[str, Any]:
        """How it is settled, of a valid form."""
        given = self.cleaned_data
        return {
            "settled_as": SettledAs(given["settled_as"]),
            "reason": given["reason"],
            "deed": self._documents.get(given["deed"]),
        }
