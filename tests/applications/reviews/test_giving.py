"""A reader's score: in halves, once each, and not after the decision."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from admissions_portal.accounts.roles import Role
from admissions_portal.history.queries import events_about
from admissions_portal.support.actors import Actor
from applications.lifecycle.models import Application
from applications.lifecycle.states import UNDER_CONSIDERATION, State
from applications.reviews.actions import ReviewRefused, give_review
from applications.reviews.models import Recommendation, Review
from tests.factories.applications import CaseFactory, DraftFactory, acting, officer
from tests.factories.programmes import ProgrammeFactory, hkt

pytestmark = pytest.mark.django_db
AT = hkt(2026, 4, 2, 10, 0)
LATER = hkt(2026, 4, 3, 10, 0)


def give(case: Application, score: str = "3.5", **changes: Any) -> Review:
    by = changes.pop("by", None) or acting(officer(case.offering.programme, Role.REVIEWER))
    given = {"recommendation": Recommendation.OFFER, "comment": "Clear.", "at": AT, **changes}
    return give_review(case, points={"score": Decimal(score)}, by=by, **given)


def state_of(case: Application) -> str:
    return Application.objects.get(pk=case.pk).state


def test_the_first_score_begins_the_review() -> None:
    case = CaseFactory()
    review = give(case, comment="  Clear and short.\n")
    assert (review.score, review.recommendation, review.comment, review.reviewed_at) == (
        Decimal("3.5"),
        "OFFER",
        "Clear and short.",
        AT,
    )
    assert state_of(case) == State.IN_REVIEW
    assert [event.kind for event in events_about(case)] == ["review.given", "application.review_begun"]


def test_a_second_readers_score_stands_beside_the_first() -> None:
    case = CaseFactory()
    give(case, "3.5")
    give(case, "5.0")
    assert sorted(Review.objects.values_list("score", flat=True)) == [Decimal("3.5"), Decimal("5.0")]
    assert [event.kind for event in events_about(case)].count("application.review_begun") == 1


def test_the_same_readers_second_score_replaces_the_first() -> None:
    case = CaseFactory()
    by = acting(officer(case.offering.programme, Role.REVIEWER))
    give(case, "3.5", by=by)
    give(case, "4.0", by=by, comment="", recommendation=Recommendation.WAIT, at=LATER)
    [review] = Review.objects.all()
    assert (review.score, review.comment, review.recommendation, review.reviewed_at) == (
        Decimal("4.0"),
        "",
        "WAIT",
        LATER,
    )
    assert [event.kind for event in events_about(case)][-1] == "review.changed"


@pytest.mark.parametrize("score", [f"{half / 2:.1f}" for half in range(2, 11)])
def test_every_half_from_1_to_5_is_a_score(score: str) -> None:
    assert give(CaseFactory(), score).score == Decimal(score)


@pytest.mark.parametrize("score", ["0.5", "0.0", "5.5", "3.2", "3.25", "-1.0", "NaN", "Infinity"])
def test_nothing_else_is(score: str) -> None:
    with pytest.raises(ReviewRefused):
        give(CaseFactory(), score)
    assert not Review.objects.exists()


@pytest.mark.parametrize("state", sorted({*State} - {*UNDER_CONSIDERATION, State.DRAFT}))
def test_once_decided_the_scores_stand(state: State) -> None:
    with pytest.raises(ReviewRefused, match="decided"):
        give(CaseFactory(state=state))
    assert not Review.objects.exists()


@pytest.mark.parametrize("role", [Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR])
def test_who_does_not_read_does_not_score(role: Role) -> None:
    case = CaseFactory()
    with pytest.raises(PermissionDenied):
        give(case, by=acting(officer(case.offering.programme, role)))


def test_nobody_outside_scores() -> None:
    case = CaseFactory()
    for by in (
        acting(officer(ProgrammeFactory(), Role.REVIEWER)),
        acting(case.applicant.user),
        Actor.system(),
    ):
        with pytest.raises(PermissionDenied):
            give(case, by=by)


def test_nobody_scores_a_draft() -> None:
    with pytest.raises(PermissionDenied):
        give(DraftFactory())


def test_history_holds_neither_score_nor_opinion() -> None:
    case = CaseFactory()
    give(case, comment="Weak statistics")
    assert [sorted(event.data) for event in events_about(case)] == [["review"], []]
