from celery import shared_task

from admissions_portal.health import actions
from admissions_portal.health.models import Pulse


@shared_task(name="health.note_pulse")
def note_pulse() -> None:
    """Beat's tick: carried out, it proves that the worker works."""
    actions.note_pulse(Pulse.Part.WORKER)
