"""Filling the demonstration: every act by the house's own actions, at the moments they would have
happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal import clock
from admissions_portal.accounts.models import User
from admissions_portal.clock.actions import move_clock_to, start_clock_at
from admissions_portal.jobs.actions import request_job
from admissions_portal.jobs.models import Job
from admissions_portal.jobs.runners import Progress
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.demo.cast import OPENING, Cast, cast
from applications.demo.desks import desk_acts, round_off
from applications.demo.others import other_acts
from applications.demo.playing import Part
from applications.demo.reading import set_up_reading
from applications.demo.script import acts_of
from applications.ticks import run_ticks
from programmes.models import Appointment, Offering, Programme, Round, refused_from

PASSWORD = "harbour-gate-ajar"  # printed at every start: the demonstration's, and refused elsewhere
FARTHEST = timedelta(days=366)
# the job that brings the crowd
CROWD = "demo_crowd"
# How many of the crowd one job brings before it hands over: longer than a task may take is too long.
SOME = 40


class DemoRefused(Refusal):
    """There is no demonstration here."""


@transaction.atomic
def load_demo() -> bool:
    """Set the clock to the opening and bring the people to where `people.yaml` leaves them; False if they
    are there.

    Acts run in the order of their moments, so numbers and history read as they would have grown. The crowd
    comes by a job, so that the portal is open before. Raises DemoRefused outside the demonstration.
    """
    if not settings.IS_DEMO:
        raise DemoRefused(_("This is not the demonstration."))
    everybody = cast()
    if User.objects.filter(email=everybody.staff[0]["email"]).exists():
        return False
    start_clock_at(OPENING)
    _announce_example_rounds(everybody)
    staff = _hire(everybody)
    script = [*set_up_reading(staff), *other_acts(everybody, staff), *desk_acts(everybody.applicants, staff)]
    for person in everybody.applicants:
        part = Part(person, User.objects.get(email=person["email"]), staff)
        script += acts_of(part, everybody)
    for at, act in sorted(script, key=lambda each: each[0]):
        act(at)
    run_ticks(at=OPENING)
    request_crowd(by=Actor.of(staff["hku-admin"]), at=OPENING)
    return True


def request_crowd(*, start: int = 0, by: Actor, at: datetime) -> Job:
    """Ask for the crowd, from the one at that place on."""
    return request_job(CROWD, params={"start": start}, by=by, at=at, key=f"{CROWD}/{start}")


def fill_crowd(people: Sequence[Mapping[str, Any]], *, progress: Progress) -> None:
    """Bring these people to where they are left, each in a transaction with all that the office did about
    them, in their order, which is that of receipt. Whoever is there is skipped, so it may be killed at any
    moment and run again. What the office did for many at once is for `finish_crowd`.

    Raises DemoRefused outside the demonstration.
    """
    if not settings.IS_DEMO:
        raise DemoRefused(_("This is not the demonstration."))
    everybody, staff = cast(), _staff()
    emails = [person["email"] for person in people]
    there = set(User.objects.filter(email__in=emails).values_list("email", flat=True))
    for number, person in enumerate(people, start=1):
        progress(number, len(people))
        if person["email"] in there:
            continue
        with transaction.atomic():
            part = Part(person, _account(person, ""), staff)
            for at, act in sorted(acts_of(part, everybody), key=lambda each: each[0]):
                act(at)


@transaction.atomic
def finish_crowd(people: Sequence[Mapping[str, Any]]) -> None:
    """What the office did for many of these people at once. Done already, it changes nothing."""
    round_off(people, _staff())


def _staff() -> dict[str, User]:
    keys = {row["email"]: row["key"] for row in cast().staff}
    return {keys[user.email]: user for user in User.objects.filter(email__in=keys)}


def advance_clock(moment: datetime) -> datetime:
    """Move the clock forward, living through each day on the way, so that what falls due on it is done on it.

    Raises ClockRefused for a moment already past, and outside the demonstration, DemoRefused for one more
    than a year ahead: each day on the way takes its time.
    """
    day = clock.now()
    if settings.IS_DEMO and moment - day > FARTHEST:
        raise DemoRefused(_("Choose a moment within a year from now."))
    arrived = move_clock_to(moment)
    while (day := day + timedelta(days=1)) < arrived:
        run_ticks(at=day)
    run_ticks(at=arrived)
    return arrived


def _announce_example_rounds(everybody: Cast) -> None:
    example = everybody.rounds
    closes_at = example["closes_at"]
    for offering in Offering.objects.filter(
        intake__programme__slug__in=example["programmes"], rounds__isnull=True
    ):
        Round.objects.create(
            offering=offering,
            number=1,
            label=example["label"],
            source=example["source"],
            closes_at=closes_at,
            closed_from=refused_from(closes_at),
            is_example=True,
        )


def _hire(everybody: Cast) -> dict[str, User]:
    shared = make_password(PASSWORD)
    staff = {}
    for row in everybody.staff:
        user = _account(row, shared, name=row["name"], is_staff=True)
        staff[row["key"]] = user
        Appointment.objects.bulk_create(
            Appointment(user=user, role=row["role"], programme=programme, from_on=date(2025, 9, 1))
            for programme in Programme.objects.filter(institution__code=row["institution"])
        )
    for person in [*everybody.applicants, *everybody.occasional]:
        _account(person, shared)
    return staff


def _account(row: Mapping[str, Any], shared: str, **fields: Any) -> User:
    user = User(email=row["email"], **fields)
    user.password = shared if row.get("sign_in") else make_password(None)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user
