"""What beat starts: one tick asks each subject what is due now."""

import logging
from collections.abc import Callable

from celery import shared_task

from admissions_portal import clock
from applications.offers.actions import lapse_offers
from applications.offers.replies import remind_of_replies
from applications.submission.reminders import remind_before_deadline

logger = logging.getLogger(__name__)

# Each subject's tick, taking `at=`; safe to run twice or late.
TICKS: tuple[Callable[..., object], ...] = (lapse_offers, remind_of_replies, remind_before_deadline)


@shared_task(name="applications.tick")
def tick() -> None:
    """Run every subject's tick at one moment; one that fails is logged and holds up none of the others."""
    at = clock.now()
    for tick_of_subject in TICKS:
        try:
            tick_of_subject(at=at)
        except Exception:
            logger.exception("The tick %s failed; the next tick tries again.", tick_of_subject.__qualname__)
