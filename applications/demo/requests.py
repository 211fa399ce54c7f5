"""What the offices of the demonstration have asked of applicants, by the acts themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from admissions_portal.clock import HONG_KONG
from admissions_portal.support.actors import Actor
from applications.demo.papers import example_file
from applications.demo.playing import Act
from applications.evidence.actions import (
    EvidenceTerms,
    add_document,
    answer_request,
    ask_for_evidence,
    settle_request,
    withdraw_request,
)
from applications.evidence.models import EvidenceRequest, RequestKind, RequestWants, SlotCode
from applications.lifecycle.models import Application

# twelve days before the demonstration opens
ASKED = datetime(2026, 3, 12, 10, 20, tzinfo=HONG_KONG)

_PAGES: dict[str, Any] = {
    "kind": RequestKind.NOW,
    "wants": RequestWants.DOCUMENT,
    "title": "Transcript with the grading scale",
    "words": "The back page of your transcript, which explains the marks, is missing. Please send it.",
    "slot": SlotCode.DEGREE,
}
_YEAR: dict[str, Any] = {
    "kind": RequestKind.LATER_BLOCKING,
    "wants": RequestWants.ANSWER,
    "title": "The year without study",
    "words": "Your form leaves out the time between your two last entries. What did you do then?",
}
_PASSPORT: dict[str, Any] = {
    "kind": RequestKind.LATER_NON_BLOCKING,
    "wants": RequestWants.DOCUMENT,
    "title": "Copy of your passport",
    "words": "It helps us to prepare the visa papers, should a place be offered. Cover what you wish.",
    "slot": SlotCode.OTHER,
}


def request_acts(
    person: Mapping[str, Any], case: dict[str, Application], office: Actor, me: Actor
) -> Iterator[Act]:
    """The requests named in `person["asked"]`: open, overdue, answered, settled, withdrawn."""
    for how in person.get("asked", ()):
        yield from _one(how, case, office, me, ASKED)


def _one(how: str, case: dict[str, Application], office: Actor, me: Actor, asked: datetime) -> Iterator[Act]:
    made: dict[str, EvidenceRequest] = {}
    day = asked.date()
    what, due = {
        "open": (_PAGES, date(2026, 3, 31)),
        "overdue": (_PAGES, date(2026, 3, 20)),
        "answered": (_YEAR, day + timedelta(days=10)),
        "settled": (_PAGES, day + timedelta(days=10)),
        "withdrawn": (_PASSPORT, date(2026, 4, 15)),
        "later": (_PASSPORT, date(2026, 4, 15)),
    }[how]

    def ask(at: datetime) -> None:
        made["one"] = ask_for_evidence(
            case["own"], terms=EvidenceTerms(**what, due_on=max(due, at.date())), by=office, at=at
        )

    yield asked, ask
    if how == "answered":
        words = "I looked after my grandmother and read for the field I apply in."
        yield asked + timedelta(days=2), lambda at: answer_request(made["one"], answer=words, by=me, at=at)
    elif how == "settled":
        yield (
            asked + timedelta(days=2),
            lambda at: add_document(
                case["own"],
                SlotCode.DEGREE,
                example_file("Grading scale"),
                request=made["one"],
                by=me,
                at=at,
            ),
        )
        yield asked + timedelta(days=3), lambda at: settle_request(made["one"], by=office, at=at)
    elif how == "withdrawn":
        reason = "Your university has sent it to us."
        yield (
            asked + timedelta(days=2),
            lambda at: withdraw_request(made["one"], reason=reason, by=office, at=at),
        )
