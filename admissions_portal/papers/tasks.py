from celery import shared_task

from admissions_portal.papers import actions


@shared_task(name="papers.render_due")
def render_due() -> None:
    """Beat's tick: make what waits. A full batch hands the rest to whichever worker is free."""
    if actions.render_due_papers() == actions.BATCH:
        render_due.delay()
