"""Cases given to readers: by hand and evenly; taken back; scored in the order in which they wait."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from admissions_portal.history.queries import events_about
from applications.lifecycle.models import Application, Ground, Recusal
from applications.lifecycle.states import State
from applications.reviews.actions import abstain_from_review
from applications.reviews.assignment import ReviewAssignment
from applications.reviews.assignment_actions import (
    AssignmentRefused,
    give_cases,
    put_off_case,
    spread_cases,
    take_back_case,
)
from applications.reviews.assignment_plans import Pair, plan_spread
from applications.reviews.assignment_queries import (
    annotate_readers,
    cases_needing_readers,
    cases_to_score,
    progress_of,
    scores_missing,
)
from applications.reviews.models import Rubric
from applications.reviews.phases import WhoScores
from programmes.models import Offering
from tests.factories.accounts import StaffFactory
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.programmes import AppointmentFactory, OfferingFactory, hkt
from tests.factories.reviewing import AssignmentFactory, PhaseFactory, score

pytestmark = pytest.mark.django_db
AT = hkt(2026, 4, 2, 10, 0)


@pytest.fixture
def offering() -> Offering:
    return OfferingFactory()


def reader(offering: Offering, name: str = "", **fields: Any) -> User:
    return officer(offering.programme, Role.REVIEWER, name=name, **fields)


def check_both_ways() -> None:
    """A case needs readers by the count of each case and by the one pass over all."""
    cases = annotate_readers(Application.objects.all(), at=AT)
    assert {case.pk for case in cases if case.readers_missing} == {
        case.pk for case in cases_needing_readers(at=AT)
    }  # type: ignore[attr-defined]


def recuse(person: User, case: Application) -> None:
    Recusal.objects.create(application=case, person=person, ground=Ground.DECLARED, recorded_at=AT)


def test_what_cannot_be_given_says_why_and_holds_up_nothing_else(offering: Offering) -> None:
    office = acting(officer(offering.programme))
    case, decided = CaseFactory(offering=offering), CaseFactory(offering=offering, state=State.REFUSED)
    elsewhere = CaseFactory()
    good, has, read, torn = (reader(offering, name) for name in ("Good", "Has", "Read", "Torn"))
    stranger, left = StaffFactory(name="Stranger"), reader(offering, "Left", is_active=False)
    AssignmentFactory(application=case, reader=has)
    abstain_from_review(case, reason="No time.", by=acting(read), at=AT)
    recuse(torn, case)
    phase = PhaseFactory(intake=offering.intake)
    pairs = [
        Pair(case.pk, good.pk),
        Pair(case.pk, good.pk),
        Pair(case.pk, has.pk),
        Pair(case.pk, read.pk),
        Pair(case.pk, torn.pk),
        Pair(case.pk, stranger.pk),
        Pair(case.pk, left.pk),
        Pair(case.pk, 0),
        Pair(decided.pk, good.pk),
        Pair(elsewhere.pk, good.pk),
        Pair(uuid4(), good.pk),
    ]
    done = give_cases(pairs, by=office, at=AT)
    programme = offering.programme.name
    assert [sentence for _pair, sentence in done.refused] == [
        "Has has it already.",
        "Read has read it already.",
        "Torn may not see it: there is a conflict of interest.",
        f"Stranger does not score for {programme}.",
        f"Left does not score for {programme}.",
        f"This person does not score for {programme}.",
        "This application has been decided or has ended; no score is needed.",
        "You cannot give this application to readers.",
        "You cannot give this application to readers.",
    ]
    assert done.given == [Pair(case.pk, good.pk)]
    given = ReviewAssignment.objects.get(reader=good)
    assert (given.application, given.phase, given.given_by, given.given_at) == (case, phase, office.user, AT)
    told = [event for event in events_about(case) if event.kind == "review.case_given"]
    assert [event.data for event in told] == [{"reader": good.pk, "phase": phase.pk}]


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR, Role.SCHOOL])
def test_who_assigns_nobody_gives_and_takes_nothing(offering: Offering, role: Role) -> None:
    case, good, by = (
        CaseFactory(offering=offering),
        reader(offering),
        acting(officer(offering.programme, role)),
    )
    given = AssignmentFactory(application=case, reader=good, phase=PhaseFactory(intake=offering.intake))
    assert give_cases([Pair(case.pk, good.pk)], by=by, at=AT).given == []
    with pytest.raises(PermissionDenied):
        take_back_case(given, by=by, at=AT)
    with pytest.raises(PermissionDenied):
        spread_cases(given.phase, [good], seen="", by=by, at=AT)


def test_a_case_taken_back_stays_on_record_and_can_be_given_again(offering: Offering) -> None:
    office, good = acting(officer(offering.programme)), reader(offering, "Good")
    given = AssignmentFactory(application__offering=offering, reader=good)
    case = given.application
    taken = take_back_case(given, by=office, at=AT)
    assert (taken.taken_back_by, taken.taken_back_at) == (office.user, AT)
    assert take_back_case(given, by=acting(officer(offering.programme)), at=AT) == taken
    assert give_cases([Pair(case.pk, good.pk)], by=office, at=AT).given == [Pair(case.pk, good.pk)]
    score(case, good, at=AT)
    again = ReviewAssignment.objects.get(taken_back_at=None)
    with pytest.raises(AssignmentRefused, match="Good has read this case already"):
        take_back_case(again, by=office, at=AT)
    assert [event.kind for event in events_about(case)][:2] == ["review.taken_back", "review.case_given"]
    with pytest.raises(IntegrityError), transaction.atomic():
        AssignmentFactory(application=case, reader=good)


def test_cases_of_a_phase_are_spread_evenly_around_conflicts(offering: Offering) -> None:
    office = acting(officer(offering.programme))
    phase = PhaseFactory(intake=offering.intake)
    first, second, third = readers = [reader(offering, name) for name in ("A", "B", "C")]
    cases = [CaseFactory(offering=offering) for _ in range(6)]
    CaseFactory(offering=offering, state=State.WITHDRAWN)
    CaseFactory(offering__intake__programme=offering.programme, offering__intake__code="2027")
    score(cases[0], first, at=AT)
    AssignmentFactory(application=cases[1], reader=second)
    AssignmentFactory(application=cases[2], reader=third, taken_back_at=AT, taken_back_by=first)
    recuse(first, cases[3])
    # a conflict found after a case was given: nobody holds that place
    AssignmentFactory(application=cases[4], reader=second)
    recuse(second, cases[4])

    check_both_ways()
    plan = plan_spread(phase, [*readers, StaffFactory()], by=office, at=AT)
    assert (plan.cases, plan.short) == (6, [])
    assert {share.reader: (share.has, share.total) for share in plan.shares} == {
        first.pk: (1, 4),
        second.pk: (1, 4),
        third.pk: (0, 4),
    }
    assert plan == plan_spread(phase, readers[::-1], by=acting(officer(offering.programme)), at=AT)

    done = spread_cases(phase, readers, seen=plan.mark, by=office, at=AT)
    assert done.pairs == plan.pairs
    held = Counter(
        ReviewAssignment.objects.filter(given_at=AT, given_by=office.user).values_list(
            "application", flat=True
        )
    )
    assert held == {
        cases[0].pk: 1,
        cases[1].pk: 1,
        cases[2].pk: 2,
        cases[3].pk: 2,
        cases[4].pk: 2,
        cases[5].pk: 2,
    }
    assert Pair(cases[3].pk, first.pk) not in plan.pairs
    assert Pair(cases[2].pk, third.pk) not in plan.pairs
    assert plan_spread(phase, readers, by=office, at=AT).pairs == []


def test_two_officers_who_distribute_at_once_give_nothing_twice(offering: Offering) -> None:
    phase = PhaseFactory(intake=offering.intake, readers_needed=1)
    readers = [reader(offering) for _ in range(2)]
    one, other = (acting(officer(offering.programme)) for _ in range(2))
    case = CaseFactory(offering=offering)
    seen = plan_spread(phase, readers, by=one, at=AT).mark
    spread_cases(phase, readers, seen=seen, by=one, at=AT)
    with pytest.raises(AssignmentRefused, match="has changed since this page was drawn"):
        spread_cases(phase, readers, seen=seen, by=other, at=AT)
    assert ReviewAssignment.objects.filter(application=case).count() == 1
    with pytest.raises(AssignmentRefused, match="This phase has ended"):
        spread_cases(phase, readers, seen=seen, by=one, at=hkt(2026, 5, 1))


def test_spreading_asks_as_many_questions_for_few_cases_as_for_many(
    offering: Offering, django_assert_max_num_queries: Any
) -> None:
    phase, office = PhaseFactory(intake=offering.intake), acting(officer(offering.programme))
    readers = [reader(offering) for _ in range(2)]
    for _ in range(12):
        CaseFactory(offering=offering)
    with django_assert_max_num_queries(12):
        plan = plan_spread(phase, readers, by=office, at=AT)
    assert len(plan.pairs) == 24
    with django_assert_max_num_queries(24):
        spread_cases(phase, readers, seen=plan.mark, by=office, at=AT)


def test_a_third_reader_is_asked_where_the_setting_says_so_and_two_disagree(offering: Offering) -> None:
    phase = PhaseFactory(intake=offering.intake, asks_third_reader=True)
    readers = [reader(offering) for _ in range(3)]
    apart, alike = (CaseFactory(offering=offering) for _ in range(2))
    for case, points in ((apart, "2.0"), (alike, "3.5")):
        score(case, readers[0], "4.0", at=AT)
        assert list(cases_needing_readers(at=AT).filter(pk=case.pk)) == [case]
        assert not cases_needing_readers(at=AT, third=True).filter(pk=case.pk).exists()
        score(case, readers[1], points, at=AT)
    assert list(cases_needing_readers(at=AT)) == list(cases_needing_readers(at=AT, third=True)) == [apart]
    check_both_ways()
    office = acting(officer(offering.programme))
    assert plan_spread(phase, readers, by=office, at=AT).pairs == [Pair(apart.pk, readers[2].pk)]
    score(apart, readers[2], at=AT)
    assert not cases_needing_readers(at=AT).exists()
    phase.asks_third_reader = False
    phase.save()
    readers[2].reviews.all().delete()
    assert not cases_needing_readers(at=AT).exists()


def test_a_rubric_says_how_far_apart_scores_may_lie(offering: Offering) -> None:
    PhaseFactory(intake=offering.intake, asks_third_reader=True)
    case, by = CaseFactory(offering=offering), officer(offering.programme)
    for points in ("4.0", "2.5"):
        score(case, reader(offering), points, at=AT)
    assert cases_needing_readers(at=AT, third=True).exists()
    Rubric.objects.create(
        programme=offering.programme,
        number=1,
        categories={},
        agreement="2.00",
        drafted_by=by,
        drafted_at=AT,
        used_by=by,
        used_from=AT,
    )
    assert not cases_needing_readers(at=AT, third=True).exists()


def test_the_next_case_is_the_one_that_needs_its_reader_most(offering: Offering) -> None:
    me, other = reader(offering), reader(offering)
    soon = OfferingFactory(intake__programme=offering.programme, intake__code="2027")
    PhaseFactory(intake=offering.intake)
    PhaseFactory(intake=soon.intake, ends_at=hkt(2026, 4, 10, 23, 59))
    late, early = CaseFactory(offering=offering), CaseFactory(offering=soon)
    scored_once, mine = CaseFactory(offering=soon), CaseFactory(offering=offering)
    full = CaseFactory(offering=soon)
    score(scored_once, other, at=AT)
    AssignmentFactory(application=mine, reader=me)
    for _ in range(2):
        AssignmentFactory(application=full, reader=reader(offering))
    torn = CaseFactory(offering=soon)
    recuse(me, torn)
    CaseFactory(offering=soon, state=State.OFFERED)
    CaseFactory(offering=OfferingFactory())

    def order() -> list[Application]:
        return list(cases_to_score(me, at=AT))

    # given to me, fewest scores, nearest end
    assert order() == [mine, early, late, scored_once]
    put_off_case(mine, by=acting(me), at=AT)
    put_off_case(early, by=acting(me), at=hkt(2026, 4, 2, 11, 0))
    assert order() == [late, scored_once, mine, early]
    put_off_case(mine, by=acting(me), at=hkt(2026, 4, 2, 12, 0))
    assert order() == [late, scored_once, early, mine]
    score(late, me, at=AT)
    progress = progress_of(me, at=AT, after=scored_once.pk)
    assert (progress.scored, progress.total, progress.next_case) == (1, 4, early)
    with pytest.raises(PermissionDenied):
        put_off_case(torn, by=acting(me), at=AT)
    # before the phases begin and after they end there is nothing to score
    assert not cases_to_score(me, at=hkt(2026, 3, 31, 23, 59)).exists()
    assert progress_of(me, at=hkt(2026, 5, 1)).total == 0


def test_readers_who_need_the_same_case_are_sent_to_different_ones(offering: Offering) -> None:
    for _ in range(8):
        CaseFactory(offering=offering)
    firsts = {cases_to_score(me, at=AT)[0] for me in (reader(offering) for _ in range(8))}
    assert len(firsts) > 2


def test_in_a_phase_of_assigned_readers_one_has_what_was_given(offering: Offering) -> None:
    PhaseFactory(intake=offering.intake, who_scores=WhoScores.ASSIGNED)
    me, mine = reader(offering), CaseFactory(offering=offering)
    CaseFactory(offering=offering)
    AssignmentFactory(application=mine, reader=me)
    assert list(cases_to_score(me, at=AT)) == [mine]


@pytest.mark.parametrize(
    ("at", "missing"),
    [
        (hkt(2026, 4, 28, 23, 59), True),
        (hkt(2026, 4, 27, 23, 59), False),
        (hkt(2026, 5, 20), True),
        (hkt(2026, 3, 31), False),
    ],
    ids=["within three days of the end", "earlier", "after the end", "before it begins"],
)
def test_a_score_that_is_late_or_nearly_is_missing(offering: Offering, at: datetime, missing: bool) -> None:
    phase = PhaseFactory(intake=offering.intake)
    given = AssignmentFactory(application__offering=offering, reader=reader(offering), phase=phase)
    done = AssignmentFactory(application__offering=offering, reader=reader(offering), phase=phase)
    score(done.application, done.reader, at=AT)
    gone = AssignmentFactory(application__offering=offering, reader=reader(offering), phase=phase)
    gone.reader.appointments.update(until_on=AT.date())
    AssignmentFactory(application__offering=offering, reader=reader(offering))
    assert list(scores_missing(at=at)) == ([given] if missing else [])


def test_the_piles_ask_one_question(offering: Offering, django_assert_num_queries: Any) -> None:
    PhaseFactory(intake=offering.intake, asks_third_reader=True)
    for _ in range(3):
        CaseFactory(offering=offering)
    with django_assert_num_queries(1):
        assert cases_needing_readers(at=AT).count() == 3


def test_a_reader_of_two_appointments_holds_one_place(offering: Offering) -> None:
    me = reader(offering)
    AppointmentFactory(user=me, programme=offering.programme, role=Role.COORDINATOR)
    PhaseFactory(intake=offering.intake, readers_needed=1)
    case = CaseFactory(offering=offering)
    AssignmentFactory(application=case, reader=me)
    assert not cases_needing_readers(at=AT).exists()
