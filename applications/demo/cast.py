"""The fictional people of `people.yaml`, read once, their details filled in from a fixed random source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import phonenumbers
import yaml

from admissions_portal.clock import HONG_KONG
from applications.applicants.identity import START, IdentityKind, check_digit

# When the demonstration opens; Round 1 has a week to go.
OPENING = datetime(2026, 3, 24, 9, 0, tzinfo=HONG_KONG)
SEED = 2026
_STREETS = ("Hill Road", "Water Street", "Temple Street", "Bridge Road", "Garden Road")


_HOMES = {"HONG_KONG": "HK", "MAINLAND": "CN", "MACAO": "MO", "TAIWAN": "TW"}


@dataclass(frozen=True, slots=True)
class Cast:
    """All that `people.yaml` says."""

    staff: list[dict[str, Any]]
    applicants: list[dict[str, Any]]
    degrees: dict[str, dict[str, Any]]
    rounds: dict[str, Any]
    occasional: list[dict[str, Any]]


@cache
def cast() -> Cast:
    """The cast, every applicant with a birth date, telephone, address and dates of their own, the same each
    time. Identity numbers begin with three noughts and telephones are the library's examples, so that they
    look like nobody's."""
    data = yaml.safe_load((Path(__file__).parent / "people.yaml").read_text(encoding="utf-8"))
    source = Random(SEED)  # not for secrets: the same people on every machine
    for person in data["applicants"]:
        fill_in(person, source, last=None)
        person["began"] = (
            OPENING - timedelta(days=source.randrange(75, 110)) + timedelta(minutes=source.randrange(600))
        )
    by_email = {person["email"]: person for person in data["applicants"]}
    for person in data["applicants"]:
        if same := person.get("same_as"):
            person |= {name: by_email[same][name] for name in ("born", "phone", "number_begins", "address")}
    for person in data["occasional"]:
        person["phone"] = _telephone("HK", source.randrange(1000))
    return Cast(data["staff"], data["applicants"], data["degrees"], data["rounds"], data["occasional"])


def fill_in(person: dict[str, Any], source: Random, *, last: int | None) -> None:
    """Add what `people.yaml` leaves open, the same from the same source. `last` are the last three figures of
    telephone and document; None: any."""
    person["born"] = date(1994, 1, 1) + timedelta(days=source.randrange(3200))
    last = source.randrange(1000) if last is None else last
    person["home"] = _HOMES.get(person["from"]) or person["country"]
    person["phone"] = _telephone(person["home"], last)
    person["document"], person["number"] = _identity(person["home"], last)
    person["number_begins"] = person["number"][:START]
    person["address"] = [
        f"Flat {source.choice('ABCDEFGH')}, {source.randrange(2, 30)}/F, Example House",
        f"{source.randrange(1, 120)} {source.choice(_STREETS)} (fictional)",
    ]
    person["graduated"] = date(2025 - source.randrange(4), source.choice((6, 7, 11)), source.randrange(1, 29))
    person["tested"] = date(2025, 1, 11) + timedelta(days=7 * source.randrange(50))


def _telephone(country: str, last: int) -> str:
    """An example number of the country with its last three figures changed, as E.164."""
    mobile = phonenumbers.PhoneNumberType.MOBILE
    example = phonenumbers.example_number_for_type(country, mobile)
    assert example is not None
    number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    return f"{number[:-3]}{last:03d}"


def _identity(country: str, last: int) -> tuple[str, str]:
    """Kind and number of a document: a Hong Kong card with its right check digit, or a passport."""
    letter = "KMPRSVYZ"[last % 8]
    if country == "HK":
        digits = f"000{last:03d}"
        return IdentityKind.HKID, f"{letter}{digits}{check_digit(letter, digits)}"
    kind = IdentityKind.MAINLAND_PERMIT if country == "CN" else IdentityKind.PASSPORT
    return kind, f"{letter}0000{last:04d}"
