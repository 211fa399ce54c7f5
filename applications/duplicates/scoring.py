"""Whether two records are perhaps one person's, and why. Pure: no case and no database are known here.

Something shared is no person: brothers share an address, fifty applicants their agent's telephone. So one
thing alone is enough only where it is given to one person, and everything else counts together with another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from applications.applicants.identity import plain
from applications.applicants.names_compared import WrittenName, name_keys, names_agree


class KeyKind(TextChoices):
    """What a key is made of. Those of a contact are shown as shared; the others lead to a comparison."""

    COMPARED = "COMPARED", _("Something to compare by")
    PHONE = "PHONE", _("Telephone number")
    MAILBOX = "MAILBOX", _("Mailbox")
    ADDRESS = "ADDRESS", _("Address")


CONTACTS = (KeyKind.PHONE, KeyKind.MAILBOX, KeyKind.ADDRESS)


class Reason(TextChoices):
    """What two records have in common."""

    NUMBER = "NUMBER", _("The same number of an identity document")
    REPORT = "REPORT", _("The same number on a report of an English test")
    NAME = "NAME", _("The same name")
    BORN = "BORN", _("The same date of birth")
    NEARLY = "NEARLY", _("Dates of birth that differ in one part, as by a slip")
    MAILBOX = "MAILBOX", _("Two addresses of one mailbox")
    PHONE = "PHONE", _("The same telephone number")


# Any of these together. A name and a telephone number alone are what an agent's applicants share; a birth
# date and a telephone number what twins do.
LIKELY: Final = (
    frozenset({Reason.NUMBER}),
    frozenset({Reason.REPORT}),
    frozenset({Reason.NAME, Reason.BORN}),
    frozenset({Reason.NAME, Reason.MAILBOX}),
    frozenset({Reason.BORN, Reason.MAILBOX}),
    frozenset({Reason.NAME, Reason.PHONE, Reason.NEARLY}),
)
# shorter ones, and those without a figure, are what people type where they have none
_SHORTEST_REPORT: Final = 8
_DOTS_DO_NOT_COUNT: Final = {"gmail.com", "googlemail.com"}


@dataclass(frozen=True, slots=True)
class Traits:
    """What one case says about its person. Dates are ISO 8601, telephone numbers E.164; `number` is that of
    an identity document with its kind, "" where none is given."""

    names: tuple[WrittenName, ...]
    born: str = ""
    mailbox: str = ""
    phone: str = ""
    address: str = ""
    number: str = ""
    reports: frozenset[str] = frozenset()


def traits_of(person: Mapping[str, Any], *, email: str, phone: str, number: str = "") -> Traits:
    """Of a profile as frozen and corrected, with the account's address and the telephone in use."""
    own = WrittenName(person["family_name"], person["given_names"], person["chinese_name"])
    others = re.split(r"[,;/\n]", person.get("other_names") or "")
    lines = " ".join(person.get(f"address_{line}") or "" for line in (1, 2, 3))
    return Traits(
        names=(own, *(WrittenName.of_line(each) for each in others if each.strip())),
        born=person.get("date_of_birth") or "",
        mailbox=mailbox_of(email),
        phone=phone,
        address=plain(lines + (person.get("country") or "")) if lines.strip() else "",
        number=number,
        reports=frozenset(_reports(person)),
    )


def mailbox_of(email: str) -> str:
    """The mailbox that an address leads to: neither capitals nor what follows a plus sign make another."""
    name, _at, domain = email.lower().rpartition("@")
    name = name.partition("+")[0]
    if domain in _DOTS_DO_NOT_COUNT:
        return f"{name.replace('.', '')}@gmail.com"
    return f"{name}@{domain}"


def _reports(person: Mapping[str, Any]) -> Iterator[str]:
    for test in person.get("english_tests", ()):
        number = plain(test.get("report_number") or "")
        if len(number) >= _SHORTEST_REPORT and any(each.isdecimal() for each in number):
            yield f"{test.get('kind')}:{number}"


def reasons_for(one: Traits, other: Traits) -> list[Reason]:
    """All that two records have in common, in the order of `Reason`; see `is_likely`."""
    found = {
        Reason.NUMBER: bool(one.number) and one.number == other.number,
        Reason.REPORT: bool(one.reports & other.reports),
        Reason.NAME: any(names_agree(left, right) for left in one.names for right in other.names),
        Reason.BORN: bool(one.born) and one.born == other.born,
        Reason.NEARLY: _nearly(one.born, other.born),
        Reason.MAILBOX: bool(one.mailbox) and one.mailbox == other.mailbox,
        Reason.PHONE: bool(one.phone) and one.phone == other.phone,
    }
    return [reason for reason in Reason if found[reason]]


def is_likely(reasons: list[Reason]) -> bool:
    """Whether an officer should look: never more than a question."""
    return any(enough <= set(reasons) for enough in LIKELY)


def _nearly(one: str, other: str) -> bool:
    """Year, month or day is another, or month and day stand in each other's place."""
    if not one or not other or one == other:
        return False
    left, right = one.split("-"), other.split("-")
    is_swapped = left[0] == right[0] and left[1:] == right[:0:-1]
    return is_swapped or sum(a != b for a, b in zip(left, right, strict=True)) == 1


def keys_of(traits: Traits) -> set[tuple[KeyKind, str]]:
    """Two that are likely to be one person share a COMPARED key; those of a contact are for showing who
    shares it."""
    names = {key for name in traits.names for key in name_keys(name)}
    compared = {f"name|{traits.born}|{key}" for key in names if traits.born}
    compared |= {f"phone|{traits.phone}|{key}" for key in names if traits.phone}
    compared |= {f"report|{report}" for report in traits.reports}
    if traits.number:
        compared.add(f"number|{traits.number}")
    if traits.mailbox:
        compared.add(f"mailbox|{traits.mailbox}")
    contacts = {
        (KeyKind.PHONE, traits.phone),
        (KeyKind.MAILBOX, traits.mailbox),
        (KeyKind.ADDRESS, traits.address),
    }
    return {(KeyKind.COMPARED, key) for key in compared} | {(kind, text) for kind, text in contacts if text}
