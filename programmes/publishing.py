"""The catalogue for other programs: calendar file, feed of open rounds, structured data of a page.

Each holds what an institution published and nothing else; example dates are called so or left out.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.html import json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from admissions_portal import clock
from programmes.listing import ProgrammeShown, RoundShown
from programmes.models import Mode
from programmes.queries import open_rounds


def calendar_of(shown: ProgrammeShown, request: HttpRequest) -> bytes:
    """The announced closes (RFC 5545), in UTC so that each calendar shows its reader's own time."""
    calendar = Calendar()
    calendar.add("prodid", "-//Postgraduate Admissions//deadlines//EN")
    calendar.add("version", "2.0")
    for intake in shown.intakes:
        for round_ in intake.rounds:
            if round_.round.closes_at:
                calendar.add_component(_event(shown, round_, round_.round.closes_at, request))
    return bytes(calendar.to_ical())


def _event(shown: ProgrammeShown, round_: RoundShown, closes_at: datetime, request: HttpRequest) -> Event:
    words = {
        "programme": shown.programme.name,
        "round": round_.round.title,
        "modes": ", ".join(offering.get_mode_display() for offering in round_.offerings),
    }
    event = Event()
    event.add("uid", f"round-{round_.round.pk}@{request.get_host()}")
    event.add("dtstamp", round_.at.astimezone(UTC))
    # an end must be later than the start (3.8.2.2): without one, the event is this instant
    event.add("dtstart", closes_at.astimezone(UTC))
    event.add("transp", "TRANSPARENT")  # nobody is busy because a round closes
    event.add(
        "summary",
        _("Example date: %(programme)s, %(round)s closes (%(modes)s)") % words
        if round_.round.is_example
        else _("%(programme)s, %(round)s closes (%(modes)s)") % words,
    )
    event.add("description", str(round_.round.get_audience_display()))
    event.add("url", request.build_absolute_uri(shown.programme.get_absolute_url()))
    reminder = Alarm()
    reminder.add("action", "DISPLAY")
    reminder.add("description", event["summary"])
    reminder.add("trigger", timedelta(days=-7))
    event.add_component(reminder)
    return event


def feed_at(at: datetime, request: HttpRequest) -> dict[str, Any]:
    """The rounds open at `at`. Instants carry a zone; `closed_from` is the first one refused."""
    return {
        "at": at.isoformat(timespec="seconds"),
        "rounds": [
            {
                "institution": round_.offering.programme.institution.short_name,
                "programme": round_.offering.programme.name,
                "intake": round_.offering.intake.code,
                "mode": round_.offering.mode,
                "round": round_.title,
                "audience": round_.audience,
                "closes_at": _hong_kong(round_.closes_at),
                "closed_from": _hong_kong(round_.closed_from),
                "is_example": round_.is_example,
                "source": round_.source,
                "url": request.build_absolute_uri(round_.offering.programme.get_absolute_url()),
            }
            for round_ in open_rounds(at)
        ],
    }


def structured_data_of(shown: ProgrammeShown, request: HttpRequest) -> SafeString:
    """The page as schema.org data: never a fee, and a deadline only where it was published for everyone.

    A search engine shows it without who may apply, so the date of a round for local applicants would tell the
    others that they have time left (HKU-09).
    """
    programme, intake = shown.programme, shown.intake
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "EducationalOccupationalProgram",
        "name": programme.name,
        "url": request.build_absolute_uri(programme.get_absolute_url()),
        "provider": {"@type": "CollegeOrUniversity", "name": programme.institution.name},
        "educationalCredentialAwarded": programme.award,
    }
    if intake:
        data["educationalProgramMode"] = [
            "full-time" if offering.mode == Mode.FULL_TIME else "part-time" for offering in intake.offerings
        ]
        nearest = intake.nearest_for_everyone
        if nearest and not nearest.round.is_example:
            data["applicationDeadline"] = _hong_kong(nearest.round.closes_at)
    # a data block, which no content security policy runs; json_script escapes it, so it is safe as it stands
    script = json_script(data).replace("application/json", "application/ld+json", 1)
    return mark_safe(script)  # nosec B308 B703


def _hong_kong(at: Any) -> str:
    return at.astimezone(clock.HONG_KONG).isoformat(timespec="seconds")
