"""What happened to a case, and who opened it, as its page tells it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.history.models import Event
from admissions_portal.history.wording import actor_label, sentence_of
from admissions_portal.support.actors import ActorKind
from applications.casework.reading import CaseReading
from applications.evidence.models import Document
from applications.lifecycle.models import Application, Opened
from applications.lifecycle.openings import OpenedBy, openings_of

# Events of history that stand open; what is before them is folded, day by day.
SHOWN_AT_LEAST = 12


def told_on(reading: CaseReading) -> dict[str, Any]:
    shows_openings = reading.may(Right.SEE_OPENINGS)
    events = told_events(reading.case, reading.history)
    latest, before = by_day(events)
    return {
        "events": events,
        "history": latest,
        "history_before": before,
        "openings": openings_shown(reading.case, reading.documents) if shows_openings else None,
    }


@dataclass(frozen=True, slots=True)
class Told:
    """An event of history in words, with who did it and when."""

    sentence: str
    who: str
    at: datetime


def told_events(application: Application, events: Sequence[Event]) -> list[Told]:
    """These events of the case, given oldest first, the latest first. Officers by name, the applicant as the
    applicant."""
    events = events[::-1]
    actors = {int(event.actor_id) for event in events if event.actor_kind == ActorKind.USER}
    people = dict(getattr(application, "people", {}))  # as read with the case
    if unknown := actors - people.keys():
        people |= User.objects.in_bulk(unknown)
    names = {str(pk): str(person) for pk, person in people.items()}
    names[str(application.applicant.user_id)] = _("applicant")
    return [
        Told(
            sentence_of(event),
            (event.actor_kind == ActorKind.USER and names.get(event.actor_id)) or actor_label(event),
            event.at,
        )
        for event in events
    ]


@dataclass(frozen=True, slots=True)
class DayTold:
    """What happened on one day (HKT), the latest first."""

    day: date
    events: list[Told]


def by_day(events: Iterable[Told]) -> tuple[list[DayTold], list[DayTold]]:
    """Events, given the latest first, day by day: those days that hold the last dozen, and those before."""
    days = [DayTold(day, list(told)) for day, told in groupby(events, key=lambda event: day_of(event.at))]
    shown = 0
    for number, each in enumerate(days, 1):
        shown += len(each.events)
        if shown >= SHOWN_AT_LEAST:
            return days[:number], days[number:]
    return days, []


@dataclass(frozen=True, slots=True)
class OpeningShown:
    """Who opened what, in words."""

    opened: OpenedBy
    what: str


def openings_shown(application: Application, documents: Iterable[Document]) -> list[OpeningShown]:
    """Who opened the case, its papers and its documents; one that is no longer there keeps its line."""
    names = {str(document.pk): document.name for document in documents}
    words = {Opened.DOCUMENT: _("A document removed since")}
    return [
        OpeningShown(
            each,
            _("Version %(number)s as submitted") % {"number": each.thing}
            if each.what == Opened.SUBMISSION
            else names.get(each.thing) or words.get(each.what) or str(each.what.label),
        )
        for each in openings_of(application)
    ]
