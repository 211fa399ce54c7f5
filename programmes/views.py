"""The public pages: catalogue, programme, calendar file, feed. No account, nothing stored."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.html import json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Alarm, Calendar, Event

from admissions_portal import clock
from programmes.forms import CatalogueSearchForm
from programmes.listing import ProgrammeShown, show_programme, show_programmes
from programmes.models import Institution, Mode, Programme, Statement
from programmes.queries import (
    agreements,
    occasional_routes,
    open_rounds,
    published_programmes,
    statements_about,
)


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """What can be applied for, soonest deadline first, programmes without a published date last."""
    at = clock.now()
    institutions = list(
        Institution.objects.filter(programmes__is_published=True).distinct().order_by("short_name")
    )
    form = CatalogueSearchForm(request.GET, institutions=[(i.code, i.short_name) for i in institutions])
    found = form.matching(published_programmes())
    rows = show_programmes(found, at)
    return render(
        request,
        "programmes/catalogue.html",
        {
            "form": form,
            "rows": rows,
            # an occasional student takes courses of a programme, so the line follows what was found
            "occasional_routes": occasional_routes([row.programme for row in rows]),
            "agreements": agreements(),
            "now": at,
        },
    )


@require_safe
def programme_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything published about one programme, and its apply buttons where a round is open."""
    at = clock.now()
    programme = _published(slug)
    shown = show_programme(programme, at)
    topics: dict[str, list[Statement]] = {}
    for statement in statements_about(programme):
        topics.setdefault(statement.topic.lower(), []).append(statement)
    return render(
        request,
        "programmes/programme.html",
        {
            "programme": programme,
            "shown": shown,
            "topics": topics,
            "structured_data": _structured_data(request, shown),
            "now": at,
        },
    )


@require_safe
def deadlines_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The announced closes as an iCalendar file, in UTC so that each calendar shows its reader's own time."""
    at = clock.now()
    programme = _published(slug)
    calendar = Calendar()
    calendar.add("prodid", "-//Postgraduate Admissions//deadlines//EN")
    calendar.add("version", "2.0")
    for intake in show_programme(programme, at).intakes:
        for shown in intake.rounds:
            if shown.round.closes_at is None:
                continue
            words = {
                "programme": programme.name,
                "round": shown.round.title,
                "modes": ", ".join(offering.get_mode_display() for offering in shown.offerings),
            }
            event = Event()
            event.add("uid", f"round-{shown.round.pk}@{request.get_host()}")
            event.add("dtstamp", at)
            event.add("dtstart", shown.round.closes_at)
            event.add("dtend", shown.round.closes_at)
            event.add(
                "summary",
                _("Example date: %(programme)s, %(round)s closes (%(modes)s)") % words
                if shown.round.is_example
                else _("%(programme)s, %(round)s closes (%(modes)s)") % words,
            )
            event.add("description", str(shown.round.get_audience_display()))
            event.add("url", request.build_absolute_uri(programme.get_absolute_url()))
            reminder = Alarm()
            reminder.add("action", "DISPLAY")
            reminder.add("description", event["summary"])
            reminder.add("trigger", timedelta(days=-7))
            event.add_component(reminder)
            calendar.add_component(event)
    return HttpResponse(
        calendar.to_ical(),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{programme.slug}.ics"'},
    )


@require_safe
def open_rounds_feed(request: HttpRequest) -> JsonResponse:
    """The rounds open now, for other sites. Instants carry a zone; `closed_from` is the first one refused."""
    at = clock.now()
    return JsonResponse(
        {
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
    )


def _hong_kong(at: Any) -> str:
    return at.astimezone(clock.HONG_KONG).isoformat(timespec="seconds")


def _published(slug: str) -> Programme:
    return get_object_or_404(published_programmes().prefetch_related("credits", "documents"), slug=slug)


def _structured_data(request: HttpRequest, shown: ProgrammeShown) -> SafeString:
    """The page as schema.org data: only dates an institution published, and never a fee."""
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
        nearest = intake.nearest
        if nearest and nearest.round.closes_at and not nearest.is_closed and not nearest.round.is_example:
            data["applicationDeadline"] = _hong_kong(nearest.round.closes_at)
    # a data block, which no content security policy runs; json_script escapes it, so it is safe as it stands
    script = json_script(data).replace("application/json", "application/ld+json", 1)
    return mark_safe(script)  # nosec B308 B703
