"""What a document prints of a person, compared with the profile and with the other proofs (D6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.applicants.names_compared import (
    Agreement,
    NamesCompared,
    Why,
    WrittenName,
    compare_names,
    names_agree,
)
from applications.assessments.corrections import person_now
from applications.assessments.facts import iso_day
from applications.evidence.models import (
    Document,
    Part,
    PrintedDifference,
    PrintedIdentity,
    SettledAs,
    SlotCode,
    WhatDiffers,
)
from applications.lifecycle.models import Application

# what proves who somebody is or what they have done is made out to somebody
_MADE_OUT: Final = frozenset(
    {SlotCode.DEGREE, SlotCode.ENGLISH_TEST, SlotCode.POSTGRADUATE_STUDY, SlotCode.RESIDENCE}
)
# papers that as a rule print a birth date, so that it is offered as the profile has it
_WITH_BIRTH_DATE: Final = frozenset({SlotCode.ENGLISH_TEST, SlotCode.RESIDENCE})

WHY_WORDS: Final[Mapping[Why, str | Promise]] = {
    Why.CAPITALS: _("other capitals"),
    Why.ORDER: _("another order"),
    Why.SPACING: _("other spaces or hyphens"),
    Why.ACCENTS: _("accents left out"),
    Why.SPELLING: _("another usual spelling"),
    Why.READING: _("the Mandarin reading of the Chinese name"),
    Why.CHARACTER_FORMS: _("other forms of the same characters"),
    Why.INITIALS: _("initials"),
    Why.PART_MISSING: _("a part of the name left out"),
    Why.LETTERS_DIFFER: _("The names are not the same."),
    Why.CHARACTERS_DIFFER: _("The Chinese characters are not the same."),
    Why.TOO_LITTLE: _("Too little is printed to say that it is the same name."),
    Why.NO_COMMON_SCRIPT: _(
        "One is in Chinese characters, the other in letters: only a person can compare them."
    ),
}


@dataclass(frozen=True, slots=True)
class AsPrinted:
    """What an officer reads on a document; empty is what is not printed."""

    name: str = ""
    chinese_name: str = ""
    date_of_birth: date | None = None


def is_made_out(document: Document) -> bool:
    """Whether the document prints whose it is, so that verifying it records the name (D6)."""
    return document.slot in _MADE_OUT and document.part != Part.GRADING_SCALE


def as_in_profile(document: Document) -> AsPrinted:
    """What the document would print if it were written as the profile is."""
    person = person_now(document.application)
    letters = " ".join(filter(None, (person["family_name"], person["given_names"])))
    born = iso_day(person["date_of_birth"]) if document.slot in _WITH_BIRTH_DATE else None
    return AsPrinted(letters, "" if letters else person["chinese_name"], born)


def name_of(person: Mapping[str, Any]) -> WrittenName:
    """A profile's name, in its parts."""
    return WrittenName(person["family_name"], person["given_names"], person["chinese_name"])


@dataclass(frozen=True, slots=True)
class Compared:
    """A document's print against the profile; `against` are other proofs whose name it is not."""

    printed: PrintedIdentity
    name: NamesCompared | None
    birth_date_differs: bool
    against: tuple[PrintedIdentity, ...] = ()

    @property
    def name_differs(self) -> bool:
        return bool(self.name and self.name.differ) or bool(self.against)

    @property
    def is_tolerated(self) -> bool:
        return self.name is not None and self.name.agreement is Agreement.TOLERATED

    @property
    def why(self) -> list[str]:
        """In what the name is written otherwise, in words."""
        return [str(WHY_WORDS[each]) for each in self.name.why] if self.name else []

    @property
    def differs_in(self) -> tuple[WhatDiffers, ...]:
        return tuple(
            what
            for what, differs in (
                (WhatDiffers.NAME, self.name_differs),
                (WhatDiffers.DATE_OF_BIRTH, self.birth_date_differs),
            )
            if differs
        )


def compare_proofs(
    person: Mapping[str, Any], rows: Iterable[PrintedIdentity], settled: Iterable[PrintedDifference]
) -> list[Compared]:
    """Each row that counts against the profile, and against each other proof that agrees with the profile.

    A name settled as an alias, or by a deed, is known from then on: whatever prints it agrees. The Chinese
    name of the profile stands on both sides, so that its Mandarin reading is no difference between proofs.
    """
    profile, born = name_of(person), iso_day(person["date_of_birth"])
    counting = [row for row in rows if row.superseded_at is None]
    known = [
        difference.printed.written
        for difference in settled
        if difference.what == WhatDiffers.NAME and difference.settled_as in (SettledAs.ALIAS, SettledAs.DEED)
    ]
    compared: list[Compared] = []
    for row in counting:
        name = compare_names(row.written, profile) if row.has_name else None
        if name and name.differ and any(names_agree(row.written, alias) for alias in known):
            name = NamesCompared(Agreement.SAME)
        differs = bool(row.date_of_birth and born and row.date_of_birth != born)
        compared.append(Compared(row, name, differs))
    agreeing = [
        (at, each)
        for at, each in enumerate(compared)
        if each.name and not each.name.differ and not any(names_agree(each.printed.written, a) for a in known)
    ]
    for number, (at, each) in enumerate(agreeing):
        own = _read(each.printed, profile)
        # of two that differ the later is told, once
        others = tuple(
            other.printed
            for _at, other in agreeing[:number]
            if not names_agree(own, _read(other.printed, profile))
        )
        compared[at] = replace(each, against=others)
    return compared


def _read(row: PrintedIdentity, profile: WrittenName) -> WrittenName:
    """A print, with the Chinese name that its person has."""
    written = row.written
    return WrittenName(written.family, written.given, written.chinese or profile.chinese)


def compared_on(application: Application) -> list[Compared]:
    """As `compare_proofs`, of one case; no question where its prints were read with it."""
    return compare_proofs(
        person_now(application), application.printed_identities.all(), application.printed_differences.all()
    )
