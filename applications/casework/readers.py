"""Whom the case is with, whether its reader can score it now, and which case comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from applications.casework.reading import CaseReading
from applications.reviews.assignment import ReviewAssignment
from applications.reviews.assignment_queries import progress_of
from applications.reviews.phases_queries import phase_due, phases_of_intake, why_not_scored_now


@dataclass(frozen=True, slots=True)
class ReaderShown:
    """Somebody who has the case: the icon's name and the word for how far they are."""

    assignment: ReviewAssignment
    shape: str
    word: str
    may_take_back: bool


def readers_on(reading: CaseReading) -> dict[str, Any]:
    """For whoever assigns readers all of them; for a reader their own, how far they are, and what is next."""
    assigns, reads = reading.may(Right.ASSIGN_REVIEWS), reading.may(Right.REVIEW)
    if not assigns and not reads:
        return {}
    case = reading.case
    phases = {phase.pk: phase for phase in phases_of_intake(case.offering.intake_id)}
    given = list(case.review_assignments.all())
    for each in given:
        each.phase = phases.get(each.phase_id or 0)
    own = next((each for each in given if each.reader_id == reading.user.pk), None)
    closed = why_not_scored_now(case, list(phases.values()), is_given=own is not None, at=reading.at)
    return {
        "readers": [_shown(each, reading, assigns) for each in given] if assigns else [],
        "may_assign": assigns and case.is_considered,
        "phase": phase_due(list(phases.values()), at=reading.at),
        "own_assignment": own,
        "scoring_closed": closed if reads and case.is_considered else "",
        "progress": progress_of(reading.user, at=reading.at, after=case.pk) if reads else None,
        "may_put_off": reads and case.is_considered and not closed and not _said(reading, reading.user.pk),
    }


def _shown(given: ReviewAssignment, reading: CaseReading, assigns: bool) -> ReaderShown:
    said = _said(reading, given.reader_id)
    may = assigns and said is None and not reading.case.has_ended
    if said is not None:
        return ReaderShown(given, "met", _("Abstained") if said.abstained else _("Scored"), may)
    if given.phase and given.phase.has_ended(reading.at) and reading.case.is_considered:
        return ReaderShown(given, "warn", _("Late"), may)
    return ReaderShown(given, "todo", _("Not scored"), may)


def _said(reading: CaseReading, reader: int) -> Any:
    return next((review for review in reading.said if review.reviewer_id == reader), None)
