from celery import shared_task

from admissions_portal.jobs import actions


@shared_task(name="jobs.run_due")
def run_due() -> None:
    """Beat's tick: run the job that waits longest; where there was one, look for the next."""
    if actions.run_due_job() is not None:
        run_due.delay()
