"""Noting pulses, and the outages between them."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from admissions_portal import clock
from admissions_portal.health.models import Outage, Pulse

# Six ticks missed in a row: shorter pauses are a restart, and cost nobody a reminder.
OUTAGE = timedelta(seconds=60)


@transaction.atomic
def note_pulse(part: Pulse.Part) -> Outage | None:
    """Write that `part` works.

    After a silence of the worker longer than a minute, record the outage and return it.

    The length is real time: moving the demo's clock forward is no outage.
    """
    at, clock_at = timezone.now(), clock.now()
    pulse, made = Pulse.objects.select_for_update().get_or_create(
        part=part, defaults={"at": at, "clock_at": clock_at}
    )
    outage = None
    if not made:
        if part == Pulse.Part.WORKER and at - pulse.at > OUTAGE:
            outage = Outage.objects.create(
                started_at=pulse.at, ended_at=at, clock_started_at=pulse.clock_at, clock_ended_at=clock_at
            )
        pulse.at, pulse.clock_at = at, clock_at
        pulse.save(update_fields=["at", "clock_at"])
    return outage
