"""For load balancers, the launcher and operators. No person's data, no version numbers, no host names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import redis
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from admissions_portal import clock
from admissions_portal.health.models import Pulse
from admissions_portal.health.queries import FRESH, last_pulse
from admissions_portal.outbox.queries import oldest_overdue_message
from admissions_portal.papers.queries import papers_waiting_for_renderer

BROKER_TIMEOUT = 1.0


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """Can this process answer with the database? 503 where it cannot."""
    is_up = _database_is_up()
    return JsonResponse({"database": is_up}, status=200 if is_up else 503)


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Does everything work: database, broker, worker and beat? 503 where one does not.

    `oldest_message_seconds` is how long the longest waiting message is overdue in the domain's time,
    `papers_waiting_for_renderer` counts letters that wait for a system library.
    """
    if not _database_is_up():
        return JsonResponse({"database": False, "broker": _broker_is_up()}, status=503)
    at = clock.now()
    overdue = oldest_overdue_message(at)
    parts = {
        "database": True,
        "broker": _broker_is_up(),
        "worker": _is_fresh(last_pulse(Pulse.Part.WORKER)),
        "beat": _is_fresh(last_pulse(Pulse.Part.BEAT)),
    }
    report: dict[str, Any] = {
        **parts,
        "oldest_message_seconds": _seconds(overdue.due_at, at) if overdue else 0,
        "papers_waiting_for_renderer": papers_waiting_for_renderer().count(),
    }
    return JsonResponse(report, status=200 if all(parts.values()) else 503)


def _database_is_up() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _broker_is_up() -> bool:
    """A ping with a second's patience; the only place where a page asks the broker anything."""
    # Celery writes redis+socket:// for what the client calls unix://
    url = settings.BROKER_URL.replace("redis+socket://", "unix://", 1).replace("virtual_host=", "db=")
    try:
        with redis.Redis.from_url(
            url, socket_timeout=BROKER_TIMEOUT, socket_connect_timeout=BROKER_TIMEOUT, retry=None
        ) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError):
        return False


def _is_fresh(pulse: Pulse | None) -> bool:
    return pulse is not None and timezone.now() - pulse.at < FRESH


def _seconds(since: datetime, until: datetime) -> int:
    return int((until - since).total_seconds())
