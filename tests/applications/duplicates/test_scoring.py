"""What two records have in common, and when an officer should look. A table that reads as policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from applications.duplicates.scoring import (
    KeyKind,
    Reason,
    Traits,
    is_likely,
    keys_of,
    mailbox_of,
    reasons_for,
    traits_of,
)

CHAN = {
    "family_name": "CHAN",
    "given_names": "Tai Man",
    "chinese_name": "陳大文",
    "other_names": "",
    "date_of_birth": "1998-03-07",
    "address_1": "Flat B, 12/F, Example House",
    "country": "HK",
    "english_tests": [],
}
NAME, BORN, NEARLY, MAILBOX, PHONE = (
    Reason.NAME,
    Reason.BORN,
    Reason.NEARLY,
    Reason.MAILBOX,
    Reason.PHONE,
)


def report(number: str, kind: str = "IELTS_ACADEMIC") -> dict[str, Any]:
    return {"english_tests": [{"kind": kind, "report_number": number}]}


def record(
    changes: Mapping[str, Any] = CHAN, *, email: str = "", phone: str = "", number: str = ""
) -> Traits:
    return traits_of({**CHAN, **changes}, email=email or "chan@example.com", phone=phone, number=number)


FIRST = record(phone="+85221234567", number="HKID:A1234563")
OTHER = {"email": "someone.else@example.org"}
CASES = [
    pytest.param(record(**OTHER), [NAME, BORN], True, id="same name and birth date"),
    pytest.param(
        record({"family_name": "Chan", "given_names": "Tai-man", "chinese_name": ""}, **OTHER),
        [NAME, BORN],
        True,
        id="same name, written otherwise",
    ),
    pytest.param(
        record({"chinese_name": "陈大文", "given_names": "Dawen", "family_name": "CHEN"}, **OTHER),
        [NAME, BORN],
        True,
        id="the Mandarin reading of the same name",
    ),
    pytest.param(
        record({"given_names": "Tai Ming", "chinese_name": "陳大明"}, phone="+85221234567", **OTHER),
        [BORN, PHONE],
        False,
        id="twins: birth date, family name, address and telephone in common",
    ),
    pytest.param(
        record(
            {"given_names": "Siu Ling", "chinese_name": "陳小玲", "date_of_birth": "2001-11-30"},
            phone="+85221234567",
            **OTHER,
        ),
        [PHONE],
        False,
        id="brother and sister with one telephone",
    ),
    pytest.param(
        record(
            {
                "family_name": "WANG",
                "given_names": "Wei",
                "chinese_name": "",
                "date_of_birth": "1996-01-02",
            },
            phone="+85221234567",
            **OTHER,
        ),
        [PHONE],
        False,
        id="two applicants of one agent",
    ),
    pytest.param(
        record({"date_of_birth": "1991-05-22"}, phone="+85221234567", **OTHER),
        [NAME, PHONE],
        False,
        id="namesakes with one agent's telephone, born on other days",
    ),
    pytest.param(
        record({"date_of_birth": "1998-07-03"}, phone="+85221234567", **OTHER),
        [NAME, NEARLY, PHONE],
        True,
        id="same name and telephone, day and month exchanged",
    ),
    pytest.param(
        record({"date_of_birth": "1989-03-07"}, phone="+85221234567", **OTHER),
        [NAME, NEARLY, PHONE],
        True,
        id="same name and telephone, a slip in the year",
    ),
    pytest.param(
        record({"date_of_birth": "1998-07-03"}, **OTHER),
        [NAME, NEARLY],
        False,
        id="same name, birth date nearly the same, nothing else",
    ),
    pytest.param(record({"date_of_birth": "1985-12-12"}, **OTHER), [NAME], False, id="namesakes"),
    pytest.param(
        record(
            {
                "family_name": "SMITH",
                "given_names": "Mary",
                "chinese_name": "",
                "other_names": "CHAN Tai Man",
            },
            **OTHER,
        ),
        [NAME, BORN],
        True,
        id="a changed name, the former one given",
    ),
    pytest.param(
        record(
            {"family_name": "SMITH", "given_names": "Mary", "chinese_name": ""},
            number="HKID:A1234563",
            **OTHER,
        ),
        [Reason.NUMBER, BORN],
        True,
        id="a changed name, the same identity card",
    ),
    pytest.param(
        record(
            {"family_name": "SMITH", "given_names": "Mary", "chinese_name": ""}, email="Chan+2@example.com"
        ),
        [BORN, MAILBOX],
        True,
        id="a changed name, the same mailbox",
    ),
    pytest.param(
        record({"date_of_birth": "1985-12-12"}, email="CHAN+hku@example.com"),
        [NAME, MAILBOX],
        True,
        id="same name and mailbox, another birth date typed",
    ),
    pytest.param(
        record(
            {
                "family_name": "HO",
                "given_names": "Ka Yan",
                "chinese_name": "",
                "date_of_birth": "1970-01-01",
            },
            email="chan+mum@example.com",
        ),
        [MAILBOX],
        False,
        id="a family's mailbox",
    ),
    pytest.param(
        record(
            {
                "family_name": "HO",
                "given_names": "Ka Yan",
                "chinese_name": "",
                "date_of_birth": "",
            },
            **OTHER,
        ),
        [],
        False,
        id="nothing in common",
    ),
]


@pytest.mark.parametrize(("other", "reasons", "likely"), CASES)
def test_what_is_said_of_a_pair(other: Traits, reasons: list[Reason], likely: bool) -> None:
    assert reasons_for(FIRST, other) == reasons
    assert reasons_for(other, FIRST) == reasons
    assert is_likely(reasons) is likely


@pytest.mark.parametrize("other", [case.values[0] for case in CASES if case.values[2]])
def test_whoever_is_likely_is_found_by_a_key_in_common(other: Traits) -> None:
    shared = keys_of(FIRST) & keys_of(other)
    assert {kind for kind, _text in shared} >= {KeyKind.COMPARED}


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        pytest.param("23HK 001234 LAM001A", "23hk001234lam001a", [Reason.REPORT], id="one report"),
        pytest.param("23HK001234LAM001A", "23HK009999LAM001A", [], id="two reports"),
        pytest.param("n/a", "n/a", [], id="no number"),
        pytest.param("NOTYETHERE", "NOTYETHERE", [], id="words in its place"),
    ],
)
def test_the_number_of_a_report(one: str, other: str, found: list[Reason]) -> None:
    left = record(report(one))
    someone = {"family_name": "HO", "given_names": "Ka", "chinese_name": "", "date_of_birth": "1980-01-09"}
    right = record({**someone, **report(other)}, **OTHER)
    assert reasons_for(left, right) == found
    assert is_likely(found) is bool(found)


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Chan@Example.com", "chan@example.com"),
        ("chan+hku@example.com", "chan@example.com"),
        ("ta.i.man@gmail.com", "taiman@gmail.com"),
        ("Tai.Man+x@googlemail.com", "taiman@gmail.com"),
        ("tai.man@example.com", "tai.man@example.com"),
    ],
)
def test_the_mailbox_of_an_address(address: str, mailbox: str) -> None:
    assert mailbox_of(address) == mailbox
