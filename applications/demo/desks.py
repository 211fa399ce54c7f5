"""What the offices of the demonstration keep for themselves, and what they did for many at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from admissions_portal.accounts.models import User
from admissions_portal.clock import HONG_KONG
from admissions_portal.support.actors import Actor
from applications.demo.cast import OPENING
from applications.demo.deciding import plan_together
from applications.demo.playing import Act
from applications.lifecycle.models import Application
from applications.reviews.assignment_actions import give_cases
from applications.reviews.assignment_plans import Pair
from applications.reviews.assignment_telling import QUIET, tell_readers
from applications.worklists.actions import save_list
from applications.worklists.filters import Narrowing

# When planned decisions go out: soon after the opening, so that it can be lived through.
RELEASE = datetime(2026, 3, 26, 10, 0, tzinfo=HONG_KONG)
RELEASE_OF_CROWD = datetime(2026, 3, 30, 10, 0, tzinfo=HONG_KONG)
_GIVEN_AT = OPENING - timedelta(hours=18)


def desk_acts(people: Iterable[Mapping[str, Any]], staff: Mapping[str, User]) -> Iterator[Act]:
    """Lists that members of staff keep, and the planned release of the cast's prepared decisions."""
    office = Actor.of(staff["hku-office"])
    emails = _planned(people)
    yield OPENING - timedelta(days=3), lambda at: _keep_lists(staff)
    yield (
        OPENING - timedelta(days=2),
        lambda at: plan_together(emails, release_at=RELEASE, by=office, at=at),
    )


def round_off(people: Iterable[Mapping[str, Any]], staff: Mapping[str, User]) -> None:
    """What the office did for the crowd at once: half of what is checked given to readers, and a release
    planned. Done already, it changes nothing."""
    people, office = list(people), Actor.of(staff["hku-office"])
    waiting = [
        person["email"]
        for person in people
        if person["acts"] == "checked" and person["apply"] == "hku-mmedsc"
    ]
    cases = dict(
        Application.objects.filter(applicant__user__email__in=waiting[::2]).values_list(
            "applicant__user__email", "pk"
        )
    )
    readers = [staff[key].pk for key in ("hku-reviewer", "hku-second", "hku-third")]
    pairs = [
        Pair(cases[email], readers[(number + step) % len(readers)])
        for number, email in enumerate(email for email in waiting if email in cases)
        for step in range(2)
    ]
    give_cases(pairs, by=office, at=_GIVEN_AT)
    # told as they were that evening: the clock's own tick would tell them only now
    tell_readers(at=_GIVEN_AT + QUIET)
    plan_together(_planned(people), release_at=RELEASE_OF_CROWD, by=office, at=OPENING - timedelta(days=1))


def _planned(people: Iterable[Mapping[str, Any]]) -> list[str]:
    return [person["email"] for person in people if person["acts"] == "planned"]


def _keep_lists(staff: Mapping[str, User]) -> None:
    lists = (
        ("hku-office", "Full time, documents to check", Narrowing(mode="FULL_TIME", pile="documents")),
        ("hku-office", "From Hong Kong, part time", Narrowing(mode="PART_TIME", origin="HONG_KONG")),
        ("hku-coordinator", "Best scores first", Narrowing(state="CONSIDERED", order="-score")),
        ("ust-office", "Offers that wait", Narrowing(pile="offered")),
    )
    for key, name, narrowing in lists:
        save_list(narrowing, name=name, by=Actor.of(staff[key]))
