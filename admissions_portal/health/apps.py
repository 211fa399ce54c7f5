import logging
from typing import Any

from django.apps import AppConfig

logger = logging.getLogger(__name__)


class HealthConfig(AppConfig):
    name = "admissions_portal.health"
    label = "health"

    def ready(self) -> None:
        from celery.signals import after_task_publish

        # only beat publishes this task: its pulse is that the broker took a tick
        after_task_publish.connect(note_beat, sender="health.note_pulse")


def note_beat(**_signal: Any) -> None:
    """A database that is away must not stop beat: the next tick tries a new connection."""
    from django.db import Error, connection

    from admissions_portal.health.actions import note_pulse
    from admissions_portal.health.models import Pulse

    try:
        note_pulse(Pulse.Part.BEAT)
    except Error:
        connection.close()
        logger.warning("beat's pulse could not be noted")
