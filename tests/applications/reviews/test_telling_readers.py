"""Mails to readers: once a day what was given, and once each before a phase ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from admissions_portal.outbox.models import Message
from applications.lifecycle.states import State
from applications.reviews.assignment import ReviewAssignment
from applications.reviews.assignment_telling import remind_readers, tell_readers
from programmes.models import Offering
from tests.factories.applications import CaseFactory, officer
from tests.factories.programmes import OfferingFactory, hkt
from tests.factories.reviewing import AssignmentFactory, PhaseFactory, score

pytestmark = pytest.mark.django_db
GIVEN = hkt(2026, 4, 2, 10, 0)
TOLD = hkt(2026, 4, 2, 10, 10)


@pytest.fixture
def offering() -> Offering:
    return OfferingFactory(intake__programme__name="Master of Medical Sciences")


def reader(offering: Offering, **fields: Any) -> User:
    return officer(offering.programme, Role.REVIEWER, **fields)


def give(
    offering: Offering, to: User, count: int = 1, at: datetime = GIVEN, **fields: Any
) -> list[ReviewAssignment]:
    return [
        AssignmentFactory(application=CaseFactory(offering=offering), reader=to, given_at=at, **fields)
        for _ in range(count)
    ]


def mails() -> list[tuple[int | None, str]]:
    return [
        (mail.to_user, mail.subject.replace("\N{NO-BREAK SPACE}", " "))
        for mail in Message.objects.order_by("queued_at", "to_address")
    ]


def test_a_reader_is_told_once_of_all_that_was_given(offering: Offering) -> None:
    phase = PhaseFactory(intake=offering.intake)
    lam, kaur = (
        reader(offering, email="a@example.edu", name="Prof. LAM"),
        reader(offering, email="b@example.edu", language="zh-hant"),
    )
    give(offering, lam, 2, phase=phase)
    give(offering, lam, 1, at=hkt(2026, 4, 2, 10, 5), phase=phase)
    give(offering, kaur, 1, phase=phase)
    # more may still be given in this minute
    assert tell_readers(at=hkt(2026, 4, 2, 10, 9)) == 0
    assert tell_readers(at=hkt(2026, 4, 2, 10, 15)) == 2
    assert tell_readers(at=hkt(2026, 4, 2, 10, 16)) == 0
    assert mails()[0] == (lam.pk, "3 cases wait for your score (Master of Medical Sciences)")
    first, second = Message.objects.order_by("to_address")
    assert "/office/applications/application/my-reviews/" in first.body
    assert "30 April 2026, 23:59 HKT" in " ".join(first.body.split()).replace("\N{NO-BREAK SPACE}", " ")
    assert (first.sender, second.language) == (offering.programme.office.name, "zh-hant")
    # later the same day it waits for the next one's mail
    give(offering, lam, 1, at=hkt(2026, 4, 2, 15, 0), phase=phase)
    assert tell_readers(at=hkt(2026, 4, 2, 23, 59)) == 0
    assert tell_readers(at=hkt(2026, 4, 3, 0, 0)) == 1
    assert mails()[-1] == (lam.pk, "4 cases wait for your score (Master of Medical Sciences)")
    assert not ReviewAssignment.objects.filter(notice=None).exists()


@pytest.mark.parametrize("why", ["taken back", "scored", "decided", "not begun", "left", "conflict"])
def test_nobody_is_told_of_what_does_not_wait_for_them(offering: Offering, why: str) -> None:
    begins = hkt(2026, 4, 10) if why == "not begun" else hkt(2026, 4, 1)
    phase = PhaseFactory(intake=offering.intake, begins_at=begins)
    lam = reader(offering)
    [given] = give(offering, lam, phase=phase)
    if why == "taken back":
        given.taken_back_at, given.taken_back_by = GIVEN, lam
        given.save()
    elif why == "scored":
        score(given.application, lam, at=GIVEN)
    elif why == "decided":
        type(given.application).objects.update(state=State.REFUSED)
    elif why == "left":
        lam.appointments.update(until_on=hkt(2026, 4, 1).date())
    elif why == "conflict":
        given.application.recusals.create(person=lam, ground="DECLARED", recorded_at=GIVEN)
    assert tell_readers(at=TOLD) == 0
    if why == "not begun":
        assert tell_readers(at=begins) == 1


def test_the_end_of_a_phase_is_said_three_days_and_one_day_before(offering: Offering) -> None:
    phase = PhaseFactory(intake=offering.intake)
    lam, done = reader(offering), reader(offering)
    give(offering, lam, 2, phase=phase)
    [scored] = give(offering, done, phase=phase)
    score(scored.application, done, at=GIVEN)
    assert remind_readers(at=hkt(2026, 4, 27, 23, 59)) == 0
    assert remind_readers(at=hkt(2026, 4, 28)) == 1
    assert remind_readers(at=hkt(2026, 4, 29, 12, 0)) == 0
    give(offering, lam, 1, at=hkt(2026, 4, 29, 13, 0), phase=phase)
    assert remind_readers(at=hkt(2026, 4, 30)) == 1
    assert remind_readers(at=hkt(2026, 4, 30, 23, 59, 59)) == 0
    assert remind_readers(at=hkt(2026, 5, 1)) == 0
    assert mails() == [
        (lam.pk, "2 cases still wait for your score, due 30 April 2026"),
        (lam.pk, "3 cases still wait for your score, due 30 April 2026"),
    ]


def test_after_an_outage_only_the_nearest_reminder_goes(offering: Offering) -> None:
    phase = PhaseFactory(intake=offering.intake)
    give(offering, reader(offering), phase=phase)
    assert remind_readers(at=hkt(2026, 4, 30, 8, 0)) == 1
    assert remind_readers(at=hkt(2026, 4, 30, 9, 0)) == 0
    # an end that is moved is reminded of anew
    phase.ends_at, phase.closed_from = hkt(2026, 5, 10, 23, 59), hkt(2026, 5, 11)
    phase.save()
    assert remind_readers(at=hkt(2026, 5, 8)) == 1


def test_a_short_phase_has_no_reminder_that_falls_before_it(offering: Offering) -> None:
    phase = PhaseFactory(intake=offering.intake, begins_at=hkt(2026, 4, 29))
    give(offering, reader(offering), phase=phase)
    assert remind_readers(at=hkt(2026, 4, 29)) == 0
    assert remind_readers(at=phase.closed_from - timedelta(days=1)) == 1


def test_telling_many_asks_no_more_than_telling_few(
    offering: Offering, django_assert_max_num_queries: Any
) -> None:
    for _ in range(8):
        give(offering, reader(offering), 2)
    # a message and its assignments for each
    with django_assert_max_num_queries(8 + 2 * 8):
        assert tell_readers(at=TOLD) == 8
