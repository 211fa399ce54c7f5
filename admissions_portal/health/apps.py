from typing import Any

from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "admissions_portal.health"
    label = "health"

    def ready(self) -> None:
        from celery.signals import after_task_publish

        after_task_publish.connect(_note_beat, sender="health.note_pulse")


def _note_beat(**_signal: Any) -> None:
    """Only beat publishes this task: its pulse is that the broker took a tick. A database away must not stop beat."""
    import logging

    from django.db import DatabaseError, close_old_connections

    from admissions_portal.health.actions import note_pulse
    from admissions_portal.health.models import Pulse

    try:
        close_old_connections()
        note_pulse(Pulse.Part.BEAT)
    except DatabaseError:
        logging.getLogger(__name__).warning("beat's pulse could not be noted")
