"""Two at once, each on its own connection: the second waits for the case and finds what the first did."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from unittest import mock

import pytest
from django.db import connection, transaction

from admissions_portal.accounts.roles import Role
from admissions_portal.support.actors import Actor
from applications.decisions.actions import change_prepared, plan_release, release_due_decisions
from applications.decisions.models import Decision, PreparedDecision, ReleaseItem
from applications.lifecycle.actions import lock_application
from applications.lifecycle.models import Application
from applications.reviews.actions import ReviewRefused
from applications.reviews.assignment import ReviewAssignment
from applications.reviews.assignment_actions import AssignmentRefused, give_cases, spread_cases
from applications.reviews.assignment_plans import Pair, plan_spread
from applications.reviews.models import Review
from applications.withdrawals.actions import withdraw_application
from applications.withdrawals.models import WithdrawalReason
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.decisions import AT, REFUSAL, prepared
from tests.factories.programmes import hkt
from tests.factories.reviewing import PhaseFactory, score

pytestmark = pytest.mark.django_db(transaction=True)
LATER = hkt(2026, 5, 8, 9, 0)
READING = hkt(2026, 4, 2, 10, 0)
_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def while_waiting(case: Application, second: Callable[[], Any], first: Callable[[], Any]) -> Future[Any]:
    """What `second` came to, begun on another connection with the case locked here and waiting for it, when
    `first` is done."""

    def alone() -> Any:
        try:
            return second()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lock_application(case)
            running = pool.submit(alone)
            deadline = time.monotonic() + 20
            with connection.cursor() as cursor:
                cursor.execute(_WAITING)
                while cursor.fetchone() == (0,):
                    assert time.monotonic() < deadline, "the second never waits"
                    cursor.execute(_WAITING)
            first()
        running.exception()
    return running


@pytest.mark.parametrize("act", ["withdrawn by the applicant", "changed by the office"])
def test_at_the_moment_of_release_a_case_is(act: str) -> None:
    """In whatever order rows are locked, nobody may wait for each other: the loser would see an error."""
    case = CaseFactory()
    office, own = acting(officer(case.offering.programme)), Actor.of(case.applicant.user)
    made = prepared(case, REFUSAL, by=office)
    plan_release({made.pk: 1}, release_at=LATER, count=1, by=office, at=AT)

    def first() -> PreparedDecision | object:
        if act.startswith("changed"):
            return change_prepared(made, terms=REFUSAL, by=office, at=AT)
        return withdraw_application(case, reason=WithdrawalReason.OTHER, words="Ill.", by=own, at=AT)

    with mock.patch("applications.decisions.actions.releasing.logger") as logged:
        running = while_waiting(case, lambda: release_due_decisions(at=LATER), first)
    assert running.result() == 0
    assert logged.exception.call_count == 0
    assert list(ReleaseItem.objects.values_list("status", "attempts")) == [("STAYED", 1)]
    assert not Decision.objects.exists()


def test_a_score_that_waits_for_a_decision_to_be_prepared_is_refused() -> None:
    case = CaseFactory()
    reader = officer(case.offering.programme, Role.REVIEWER)
    running = while_waiting(case, lambda: score(case, reader, at=AT), lambda: prepared(case, REFUSAL))
    assert isinstance(running.exception(), ReviewRefused)
    assert not Review.objects.exists()


def test_what_one_officer_gives_by_hand_another_does_not_give_evenly() -> None:
    case = CaseFactory()
    phase = PhaseFactory(intake=case.offering.intake, readers_needed=1)
    one, other = (acting(officer(case.offering.programme)) for _ in range(2))
    readers = [officer(case.offering.programme, Role.REVIEWER) for _ in range(2)]
    plan = plan_spread(phase, readers, by=other, at=READING)
    [planned] = plan.pairs
    [another] = [reader.pk for reader in readers if reader.pk != planned.reader]
    running = while_waiting(
        case,
        lambda: spread_cases(phase, readers, seen=plan.mark, by=other, at=READING),
        lambda: give_cases([Pair(case.pk, another)], by=one, at=READING),
    )
    assert isinstance(running.exception(), AssignmentRefused)
    assert [row.reader_id for row in ReviewAssignment.objects.all()] == [another]
