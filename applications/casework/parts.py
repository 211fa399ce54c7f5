"""The parts of the case page, in the order they are made. One that needs another's facts stands after it.

A part is a function of the reading that gives names to its template, `templates/admin/cases/_<part>.html`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from applications.casework.asked import asked_on
from applications.casework.checklist import checklist_on
from applications.casework.claims import claims_on
from applications.casework.conflicts import conflicts_on
from applications.casework.decision import decision_on
from applications.casework.evidence import printed_on
from applications.casework.messages import messages_on
from applications.casework.next_act import next_act
from applications.casework.readers import readers_on
from applications.casework.reading import CaseReading
from applications.casework.reviews import reviews_on
from applications.casework.rules import rules_on
from applications.casework.same_person import same_person_on
from applications.casework.sent import sent_on
from applications.casework.standing import standing_on
from applications.casework.told import told_on
from applications.casework.whole_case import whole_on

PARTS: tuple[Callable[[CaseReading], dict[str, Any]], ...] = (
    claims_on,
    printed_on,
    checklist_on,
    asked_on,
    sent_on,
    rules_on,
    reviews_on,
    readers_on,
    standing_on,
    decision_on,
    conflicts_on,
    same_person_on,
    messages_on,
    told_on,
    whole_on,
)


def parts_of(reading: CaseReading) -> dict[str, Any]:
    """All names of the page: those of every part, the one next act, and the forms that came back."""
    shown: dict[str, Any] = {}
    for part_on in PARTS:
        shown |= part_on(reading)
    return shown | {"next_act": next_act(reading, shown)} | dict(reading.bound)
