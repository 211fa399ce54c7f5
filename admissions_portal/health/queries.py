"""Reading the health of the portal."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from admissions_portal.health.models import Outage, Pulse

# Three ticks of ten seconds.
FRESH = timedelta(seconds=30)


def last_pulse(part: Pulse.Part) -> Pulse | None:
    """When the part last showed that it works, or None where it never did."""
    return Pulse.objects.filter(part=part).first()


def is_alive(part: Pulse.Part) -> bool:
    """Did the part show within half a minute (real time) that it works?"""
    return Pulse.objects.filter(part=part, at__gt=timezone.now() - FRESH).exists()


def is_worker_alive() -> bool:
    """Are ticks being carried out: do mails leave, are letters made, do reminders run?"""
    return is_alive(Pulse.Part.WORKER)


def outages_between(start: datetime, end: datetime) -> models.QuerySet[Outage]:
    """Outages that touch the domain's time from `start` to `end` (HKT), oldest first."""
    return Outage.objects.filter(clock_ended_at__gt=start, clock_started_at__lt=end).order_by("started_at")
