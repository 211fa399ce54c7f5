"""What else the demonstration holds: two people who want single courses, and a code for late entry to try."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from admissions_portal.accounts.models import User
from admissions_portal.clock import HONG_KONG
from admissions_portal.support.actors import Actor
from applications.applicants.actions import open_profile
from applications.demo.cast import OPENING, Cast
from applications.demo.papers import example_file
from applications.demo.playing import Act
from applications.late_entry.actions import CodeScope, CodeTerms, make_access_code
from applications.late_entry.models import AccessCode
from applications.occasional.actions import (
    CourseTerms,
    RequestTerms,
    add_file,
    decide_request,
    save_request,
    send_request,
    start_request,
)
from applications.occasional.models import OccasionalRequest
from programmes.models import Programme

PROGRAMME = "hku-mmedsc"
# long enough to try it after both rounds have closed
CODE_UNTIL = datetime(2026, 6, 30, 23, 59, tzinfo=HONG_KONG)
_SHOWN = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}")


def other_acts(everybody: Cast, staff: Mapping[str, User]) -> Iterator[Act]:
    """The office makes its code, and each of `occasional` asks for courses."""
    office = Actor.of(staff["hku-office"])
    yield OPENING - timedelta(days=4), lambda at: _make_code(office, at)
    for person in everybody.occasional:
        yield from _asks(person, office)


def code_to_try() -> str:
    """The demonstration's code. A real one is shown once, to whoever made it; this one stands in its note."""
    for note in AccessCode.objects.filter(most_uses=20).order_by("pk").values_list("note", flat=True):
        if found := _SHOWN.search(note):
            return found.group()
    return ""


def _make_code(office: Actor, at: datetime) -> None:
    scope = CodeScope(Programme.objects.get(slug=PROGRAMME))
    code, text = make_access_code(scope, CodeTerms(CODE_UNTIL, most_uses=20), by=office, at=at)
    AccessCode.objects.filter(pk=code.pk).update(note=f"Example, for whoever tries the demonstration: {text}")


def _asks(person: dict[str, Any], office: Actor) -> Iterator[Act]:
    user = User.objects.get(email=person["email"])
    me = Actor.of(user)
    began = OPENING - timedelta(days=person["days_ago"])
    mine: dict[str, OccasionalRequest] = {}

    def ask(at: datetime) -> None:
        profile = open_profile(user)
        programme = Programme.objects.get(slug=PROGRAMME)
        request = start_request(profile, programme, by=me, at=at)
        names = {
            "family_name": person["family"],
            "given_names": person["given"],
            "chinese_name": person.get("han", ""),
            "preferred_name": person.get("preferred", ""),
            "phone": person["phone"],
        }
        courses = tuple(CourseTerms(row["title"], row.get("kind", "")) for row in person["courses"])
        request = save_request(request, RequestTerms(names, courses, person["why"]), by=me, at=at)
        add_file(request, example_file("Certificate"), by=me, at=at)
        mine["own"] = send_request(request, by=me, at=at)

    def decide(at: datetime) -> None:
        approved = [course.pk for course in mine["own"].courses.all() if course.title in person["approved"]]
        decide_request(mine["own"], approved=approved, reason=person["reason"], by=office, at=at)

    yield began, ask
    if "approved" in person:
        yield began + timedelta(days=5), decide
