from celery import shared_task

from admissions_portal import clock
from admissions_portal.outbox import actions


@shared_task(name="outbox.deliver_due")
def deliver_due() -> None:
    """Beat's tick: send what is due. A full batch hands the rest to whichever worker is free."""
    if actions.deliver_due_messages(at=clock.now()) == actions.BATCH:
        deliver_due.delay()
