"""Whoever has yet to score a case sees nothing of what others scored: by table, and at every door."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Right, Role
from admissions_portal.clock.actions import start_clock_at
from applications.decisions.actions import prepare_decision
from applications.lifecycle.models import Application, Ground, Recusal
from applications.lifecycle.queries import applications_listed_for
from applications.lifecycle.states import State
from applications.reviews.actions import abstain_from_review, give_review
from applications.reviews.assignment import ReviewAssignment
from applications.reviews.assignment_plans import Pair, plan_spread
from applications.reviews.models import EarlierReview, Recommendation, Review
from applications.reviews.phases import OthersScores, ReviewPhase
from applications.reviews.queries import (
    annotate_scores,
    category_means,
    may_see_scores,
    reviews_visible_to,
    scores_seen,
)
from applications.reviews.rubric import Categories
from applications.worklists.desk import waiting_piles
from applications.worklists.filters import Narrowing
from applications.worklists.piles import BY_KEY
from applications.worklists.queries import annotate_listing
from programmes.queries import rights_over
from tests.factories.applications import CaseFactory, ReviewFactory, acting, officer
from tests.factories.decisions import REFUSAL
from tests.factories.programmes import AppointmentFactory, hkt
from tests.factories.rubrics import RESEARCH_AND_STUDY, use

pytestmark = pytest.mark.django_db
AT = hkt(2026, 4, 2, 10, 0)
CANARY = "canary-comment"
READER, OFFICE, COORDINATOR = Role.REVIEWER, Role.PROGRAMME_OFFICE, Role.COORDINATOR


def person(case: Application, *roles: Role) -> User:
    user = officer(case.offering.programme, roles[0])
    for role in roles[1:]:
        AppointmentFactory(user=user, programme=case.offering.programme, role=role)
    return user


def given_to(user: User, case: Application) -> None:
    ReviewAssignment.objects.create(application=case, reader=user, given_by=user, given_at=AT)


def phase(case: Application, when: str, others: str = OthersScores.AFTER_OWN) -> ReviewPhase:
    """A phase that is to come, runs, or is over; or begins or is over at this very instant."""
    days = {"to come": 1, "begins now": 0, "running": -1, "over now": -5, "over": -9}
    begins = AT + timedelta(days=days[when])
    closed = begins + timedelta(days=5)
    return ReviewPhase.objects.create(
        intake=case.offering.intake,
        name=when,
        begins_at=begins,
        ends_at=closed - timedelta(minutes=1),
        closed_from=closed,
        others_scores=others,
    )


def scored(case: Application, **fields: Any) -> Review:
    """Another reader's score."""
    fields = {"score": Decimal("4.37"), "comment": CANARY, **fields}
    return ReviewFactory(application=case, reviewer=person(case, READER), **fields)


@pytest.mark.parametrize(
    ("roles", "given", "own", "phases", "state", "sees"),
    [
        ([READER], "", "", "", "IN_REVIEW", False),
        ([READER], "", "score", "", "IN_REVIEW", True),
        ([READER], "", "abstention", "", "IN_REVIEW", True),
        ([READER], "given", "", "", "IN_REVIEW", False),
        ([READER], "", "", "", "REFUSED", True),
        ([READER], "", "", "to come", "IN_REVIEW", False),
        ([READER], "", "", "running", "IN_REVIEW", False),
        ([READER], "", "", "over", "IN_REVIEW", True),
        ([READER], "", "score", "running", "IN_REVIEW", True),
        ([READER], "", "score", "running, silent", "IN_REVIEW", False),
        ([READER], "", "score", "to come, silent", "IN_REVIEW", True),
        ([READER], "", "score", "over, silent", "IN_REVIEW", True),
        ([READER], "", "", "over, silent", "IN_REVIEW", True),
        ([READER], "", "score", "begins now, silent", "IN_REVIEW", False),
        ([READER], "", "score", "over now, silent", "IN_REVIEW", True),
        ([READER], "", "", "over now", "IN_REVIEW", True),
        ([READER, OFFICE], "", "", "", "IN_REVIEW", False),
        ([READER, COORDINATOR], "", "", "", "IN_REVIEW", True),
        ([COORDINATOR], "", "", "", "IN_REVIEW", True),
        ([COORDINATOR], "given", "", "", "IN_REVIEW", False),
        ([COORDINATOR], "taken back", "", "", "IN_REVIEW", True),
        ([COORDINATOR], "given", "score", "", "IN_REVIEW", True),
        ([COORDINATOR], "given", "abstention", "", "IN_REVIEW", True),
        ([COORDINATOR], "given", "", "over", "IN_REVIEW", True),
        ([OFFICE], "", "", "running", "IN_REVIEW", True),
        ([OFFICE], "given", "", "", "IN_REVIEW", True),
        ([Role.SCHOOL], "", "", "", "IN_REVIEW", True),
        ([Role.ADMINISTRATOR], "", "", "", "IN_REVIEW", True),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else str(value or "-"),
)
def test_who_sees_what_others_scored(
    roles: list[Role], given: str, own: str, phases: str, state: str, sees: bool
) -> None:
    case = CaseFactory(state=state)
    other, user = scored(case), person(case, *roles)
    if given:
        given_to(user, case)
    if given == "taken back":
        ReviewAssignment.objects.update(taken_back_by=user, taken_back_at=AT)
    if phases:
        when, _comma, silent = phases.partition(", ")
        phase(case, when, OthersScores.AFTER_PHASE if silent else OthersScores.AFTER_OWN)
    if own == "score":
        mine = {ReviewFactory(application=case, reviewer=user, score="2.00")}
    else:
        said = {"score": None, "recommendation": "", "comment": "Not my field"}
        mine = {ReviewFactory(application=case, reviewer=user, **said)} if own else set()
    assert set(reviews_visible_to(user, at=AT)) == mine | ({other} if sees else set())
    assert may_see_scores(user, case, at=AT) is sees
    [listed] = annotate_scores(Application.objects.all(), user=user, at=AT)
    scores = [Decimal("4.37")] * sees + [Decimal(2)] * (own == "score")
    assert (listed.readers, listed.is_held_back) == (len(scores), not sees)  # type: ignore[attr-defined]
    mean = (sum(scores) / len(scores)).quantize(Decimal("0.01")) if scores else None
    assert abs((listed.mean_score or 0) - (mean or 0)) <= Decimal("0.01")  # type: ignore[attr-defined]


def test_nothing_of_anothers_score_stands_at_any_door_until_ones_own_is_in(settings: Any) -> None:
    start_clock_at(AT)
    case = CaseFactory(state=State.IN_REVIEW)
    rubric = use(case.offering.programme)
    points = {"research": "9", "study": "4.5"}
    scored(case, rubric=rubric, points=points)
    scored(case, rubric=rubric, points=points, score="1.13")
    reader, coordinator = person(case, READER), person(case, COORDINATOR)
    given_to(coordinator, case)
    told = [CANARY, "4.37", "1.13", "2.75", "3.24", "disagree by", "Recommends Offer"]

    def doors(user: User) -> dict[str, str]:
        client = Client()
        client.force_login(user)
        listed = reverse("admin:applications_application_changelist")
        asked = {
            "case": reverse("admin:applications_application_change", args=[case.pk]),
            "list": listed,
            "list by score": f"{listed}?order=-score",
            "desk": reverse("admin:index"),
            "my reviews": reverse("admin:applications_application_my_reviews"),
            "shortlist": reverse("admin:shortlist"),
        }
        found = {name: client.get(address).content.decode() for name, address in asked.items()}
        export = client.post(reverse("admin:shortlist_export", args=["CSV"]))
        return found | {"export": export.content.decode()}

    for user in (reader, coordinator):
        for name, body in doors(user).items():
            assert [said for said in told if said in body] == [], name
        assert "hidden from you until your own review is in" in doors(user)["case"]
        given = {"research": Decimal(5), "study": Decimal("3.0")}
        give_review(
            case, rubric=rubric, points=given, recommendation=Recommendation.WAIT, by=acting(user), at=AT
        )
    after = doors(coordinator)
    assert [name for name, body in after.items() if CANARY in body] == ["case"]
    assert [name for name, body in after.items() if "disagree by 3.24" in body] == [
        "list",
        "list by score",
        "shortlist",
    ]
    assert "3.24" in after["export"]


def test_a_list_by_score_tells_a_held_back_reader_no_order() -> None:
    first, second = CaseFactory(), None
    second = CaseFactory(offering=first.offering)
    reader = person(first, READER)
    orders = []
    for low, high in ((first, second), (second, first)):
        Review.objects.all().delete()
        scored(low, score="1.50")
        scored(high, score="4.50")
        cases = annotate_listing(Application.objects.all(), user=reader, at=AT)
        orders.append([case.pk for case in Narrowing(order="-score").apply(cases, at=AT, user=reader)])
    assert orders[0] == orders[1]


def test_no_pile_tells_a_reader_what_the_case_would_not() -> None:
    """A pile stands in an address, which anybody may type: whose it is not finds nothing in it."""
    case = CaseFactory(state=State.IN_REVIEW)
    running = phase(case, "running")
    ReviewPhase.objects.update(asks_third_reader=True, readers_needed=3)
    scored(case, score="1.00")
    scored(case, score="5.00")
    reader, office = person(case, READER), person(case, OFFICE)
    ranking, ranked = person(case, COORDINATOR), person(case, COORDINATOR)
    ReviewFactory(application=case, reviewer=ranked, score="3.00")
    given_to(ranked, case)
    prepare_decision(case, terms=REFUSAL, by=acting(office), at=AT)
    # with rights elsewhere, which open none here
    AppointmentFactory(user=reader, programme=CaseFactory().offering.programme, role=COORDINATOR)

    def piles(user: User) -> set[str]:
        cases = applications_listed_for(user, on=AT.date()).filter(pk=case.pk)
        held = {key for key in BY_KEY if Narrowing(pile=key).narrow(cases, at=AT, user=user)}
        rights = rights_over(user, case.offering.programme, on=AT.date())
        counted = {pile.query: pile.count for pile in waiting_piles(cases, at=AT, user=user, rights=Right)}
        assert {query.removeprefix("pile=") for query, count in counted.items() if count} == held
        assert {key for key in held if BY_KEY[key].right not in (None, *rights)} == set()
        return held

    assert piles(reader) == {"to_score"}
    assert piles(office) == {"disagree", "readers", "third", "release"}
    assert piles(ranking) == {"disagree", "readers", "third", "to_score"}
    # who ranks and was given the case reads it as any reader: nothing before the phase has ended
    running.others_scores = OthersScores.AFTER_PHASE
    running.asks_third_reader, running.readers_needed = True, 3
    running.save()
    assert piles(ranked) == set()
    by, others = acting(ranked), [person(case, READER)]
    assert plan_spread(running, others, by=by, at=AT).pairs == []
    assert plan_spread(running, others, by=acting(ranking), at=AT).pairs == [Pair(case.pk, others[0].pk)]


def test_mean_and_spread_count_scores_alone_and_none_of_a_conflict_of_interest() -> None:
    case = CaseFactory()
    for score in ("4.00", "3.25"):
        scored(case, score=score)
    abstained = scored(case, score=None, recommendation="", comment="Not my field")
    recused = scored(case, score="1.00")
    office = person(case, OFFICE)
    Recusal.objects.create(application=case, person=recused.reviewer, ground=Ground.DECLARED, recorded_at=AT)
    assert scores_seen(office, case, at=AT) == (Decimal("3.63"), 2, Decimal("0.75"), False, False)
    assert {abstained, recused} < set(reviews_visible_to(office, at=AT))
    Recusal.objects.update(lifted_at=AT, lifted_by=office, lifted_because="Another person")
    assert scores_seen(office, case, at=AT) == (Decimal("2.75"), 3, Decimal("3.00"), True, False)


@pytest.mark.parametrize(
    ("agreement", "scores", "disagree"),
    [
        ("no rubric", ["4.00", "3.00"], False),
        ("no rubric", ["4.01", "3.00"], True),
        ("0.50", ["4.00", "3.50"], False),
        ("0.50", ["4.00", "3.49"], True),
        ("0.00", ["4.00", "3.99"], True),
        ("0.00", ["4.00"], False),
        (None, ["5.00", "1.00"], False),
    ],
)
def test_readers_disagree_beyond_what_the_rubric_calls_agreement(
    agreement: str | None, scores: list[str], disagree: bool
) -> None:
    case = CaseFactory()
    if agreement != "no rubric":
        use(case.offering.programme, agreement="0.00")
        use(case.offering.programme, agreement=agreement)  # the version used last counts
    for score in scores:
        scored(case, score=score)
    office = person(case, COORDINATOR)
    assert scores_seen(office, case, at=AT).disagrees is disagree
    pile = Narrowing(pile="disagree").narrow(
        annotate_listing(Application.objects.all(), user=office, at=AT), at=AT, user=office
    )
    assert list(pile) == [case] * disagree


def test_means_by_category_where_all_scores_are_of_the_same_categories() -> None:
    case = CaseFactory()
    office, programme = person(case, OFFICE), case.offering.programme
    assert category_means([case], user=office, at=AT) is None
    first = use(programme)
    scored(case, rubric=first, points={"research": "10", "study": "4.5"})
    # a later version that scores the same is no other list
    second = use(programme, is_blind=True)
    scored(case, rubric=second, points={"research": "7", "study": "4.0"})
    found = category_means([case], user=office, at=AT)
    assert found is not None
    assert found.means == {case.pk: {"research": Decimal("8.50"), "study": Decimal("4.25")}}
    # one that scores something else has other columns, so there are none
    third = use(programme, Categories(RESEARCH_AND_STUDY.all[:1]))
    other = scored(case, rubric=third, points={"research": "7"})
    assert category_means([case], user=office, at=AT) is None
    other.delete()
    scored(case)  # by the single score
    assert category_means([case], user=office, at=AT) is None


def test_a_change_keeps_what_was_said_and_says_that_others_were_in_sight() -> None:
    case = CaseFactory()
    scored(case)
    by = acting(person(case, READER))

    def give(score: str) -> Review:
        points = {"score": Decimal(score)}
        return give_review(case, points=points, recommendation=Recommendation.OFFER, by=by, at=AT)

    assert give("4.0").saw_others is False
    give("4.0")  # the same again is nothing new
    assert not EarlierReview.objects.exists()
    assert give("2.5").saw_others is True
    abstain_from_review(case, reason="A friend, it turns out", by=by, at=AT)
    review = Review.objects.get(reviewer=by.user)
    assert (review.score, review.recommendation, review.points) == (None, "", {})
    kept = review.earlier.order_by("pk").values_list("score", "points", "saw_others")
    assert list(kept) == [
        (Decimal("4.00"), {"score": "4.0"}, False),
        (Decimal("2.50"), {"score": "2.5"}, True),
    ]
