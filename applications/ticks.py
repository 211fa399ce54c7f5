"""What the clock brings about: each subject's tick, taking `at=`, safe to run twice or late."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from applications.decisions.actions import release_due_decisions
from applications.duplicates.comparing import compare_changed_cases
from applications.evidence.reminders import remind_of_requests
from applications.exports.whole_case import forget_whole_cases
from applications.offers.actions import lapse_offers
from applications.offers.replies import remind_of_replies
from applications.privacy.actions import forget_copies
from applications.reviews.assignment_telling import remind_readers, tell_readers
from applications.submission.closed_rounds import tell_of_closed_rounds
from applications.submission.conflicts import compare_new_people
from applications.submission.reminders import remind_before_deadline
from applications.submission.unsaved import forget_left_texts

logger = logging.getLogger(__name__)

TICKS: tuple[Callable[..., object], ...] = (
    # first: until then somebody new may open a case they should not
    compare_new_people,
    remind_before_deadline,
    tell_of_closed_rounds,
    remind_of_requests,
    tell_readers,
    remind_readers,
    remind_of_replies,
    lapse_offers,
    release_due_decisions,
    compare_changed_cases,
    forget_left_texts,
    forget_copies,
    forget_whole_cases,
)


def run_ticks(*, at: datetime) -> None:
    """Run every subject's tick at one moment; one that fails is logged and holds up none of the others."""
    for tick in TICKS:
        try:
            tick(at=at)
        except Exception:
            logger.exception("The tick %s failed; the next one tries again.", tick.__qualname__)
