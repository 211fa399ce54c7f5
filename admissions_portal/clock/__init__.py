"""The only clock of domain code: the database's own time, plus the demo's offset.

Web, worker and beat read one clock, so no process's own time decides anything.
Leases, retries, sessions and limits are machinery: they run on real time instead.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection

HONG_KONG = ZoneInfo("Asia/Hong_Kong")


def now() -> datetime:
    """The present instant, timezone-aware, in Hong Kong time (HKT, UTC+8 all year; AMB-30).

    One query. Read it once at the door, after the request is in, and pass it on as `at=`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT clock_timestamp() + COALESCE((SELECT \"offset\" FROM clock_offset LIMIT 1), interval '0')"
        )
        row = cursor.fetchone()
    return row[0].astimezone(HONG_KONG)


def day_of(at: datetime) -> date:
    """The calendar day in Hong Kong on which the instant falls."""
    return at.astimezone(HONG_KONG).date()
