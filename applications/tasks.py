"""What beat starts: one tick asks each subject what is due now."""

from celery import shared_task

from admissions_portal import clock
from applications.ticks import run_ticks


@shared_task(name="applications.tick")
def tick() -> None:
    """Everything that is due now, as `ticks.TICKS` lists it."""
    run_ticks(at=clock.now())
