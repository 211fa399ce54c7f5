"""Who of the office has opened what of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Max, Min

from applications.lifecycle.models import Application, Opened, Opening

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User

QUARTER = 15  # minutes


def note_opening(case_pk: UUID, what: Opened, *, thing: str = "", by: User, at: datetime) -> None:
    """Keep that somebody opened it: one statement, and at most one row in each quarter of an hour.

    It neither waits for an act that holds the case nor makes one wait. `thing`: the document's key, or the
    number of what was sent.
    """
    quarter = at.replace(minute=at.minute - at.minute % QUARTER, second=0, microsecond=0)
    row = Opening(application_id=case_pk, opened_by=by, what=what, thing=thing)
    row.quarter, row.opened_at = quarter, at
    Opening.objects.bulk_create([row], ignore_conflicts=True)


@dataclass(frozen=True, slots=True)
class OpenedBy:
    """One person and one thing of the case: how often it was opened, the first and the last time."""

    who: str
    what: Opened
    thing: str
    times: int
    first_at: datetime
    last_at: datetime


def openings_of(application: Application) -> list[OpenedBy]:
    """Who opened what of the case, whoever did so last first. `times` counts quarters of an hour."""
    rows = (
        Opening.objects.filter(application=application)
        .values("opened_by__name", "opened_by__email", "opened_by", "what", "thing")
        .annotate(times=Count("pk"), first_at=Min("opened_at"), last_at=Max("opened_at"))
        .order_by("-last_at", "opened_by", "what", "thing")
    )
    return [
        OpenedBy(
            row["opened_by__name"] or row["opened_by__email"],
            Opened(row["what"]),
            row["thing"],
            row["times"],
            row["first_at"],
            row["last_at"],
        )
        for row in rows
    ]
