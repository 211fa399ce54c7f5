"""What is asked of many cases at once says the same as asking case by case, on cases made by chance."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db.models import Count, Min

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from applications.assessments.models import Assessment
from applications.assessments.status import STATUS_OPEN
from applications.lifecycle.models import Application, Ground, Recusal
from applications.reviews.assignment import ReviewAssignment
from applications.reviews.models import Review, Rubric
from applications.reviews.phases import OthersScores, ReviewPhase
from applications.reviews.queries import annotate_scores, cases_apart, counted, reviews_visible_to
from applications.worklists.desk import waiting_piles
from applications.worklists.filters import Narrowing
from applications.worklists.piles import PILES, Looking
from tests.benchmarks.many_cases import fill
from tests.factories.accounts import StaffFactory
from tests.factories.drafts import AT
from tests.factories.programmes import AppointmentFactory
from tests.factories.rubrics import use

pytestmark = pytest.mark.django_db

WHO = {"reader": Role.REVIEWER, "office": Role.PROGRAMME_OFFICE, "coordinator": Role.COORDINATOR}


def people_by_chance(chance: random.Random) -> list[User | None]:
    """Cases, some read in a silent phase, with scores, abstentions, conflicts and cases given; and who looks:
    each role on both programmes, and the portal itself."""
    offerings = fill(50)
    programmes = [offerings[0].programme, offerings[2].programme]
    users = [StaffFactory() for _role in WHO]
    for user, role in zip(users, WHO.values(), strict=True):
        for programme in programmes:
            AppointmentFactory(user=user, programme=programme, role=role)
    use(programmes[0], agreement="0.50")
    ReviewPhase.objects.create(
        intake=offerings[0].intake, name="First", begins_at=AT - timedelta(days=1),
        ends_at=AT + timedelta(days=2), closed_from=AT + timedelta(days=2, minutes=1),
        others_scores=OthersScores.AFTER_PHASE, readers_needed=2, asks_third_reader=True,
    )  # fmt: skip
    readers = [*users, *User.objects.filter(email__startswith="reader")]
    for case in Application.objects.all():
        for reader in chance.sample(readers, chance.randrange(4)):
            said = chance.random()
            if said < 0.3:
                ReviewAssignment.objects.create(application=case, reader=reader, given_by=reader, given_at=AT)
            elif said < 0.8 and not case.reviews.filter(reviewer=reader).exists():
                abstains = said < 0.4
                Review.objects.create(
                    application=case, reviewer=reader, reviewed_at=AT, comment="-",
                    score=None if abstains else Decimal(chance.randrange(100, 501)) / 100,
                    recommendation="" if abstains else "OFFER",
                )  # fmt: skip
            elif said > 0.9:
                Recusal.objects.create(
                    application=case,
                    person=reader,
                    ground=Ground.DECLARED,
                    recorded_at=AT,
                    recorded_by=reader,
                )
    for run in Assessment.objects.all():
        if chance.random() < 0.5:
            run.findings[0]["reason"] = chance.choice(STATUS_OPEN)
            run.save(update_fields=["findings"])
    return [*users, None]


def test_scores_and_their_order_are_those_of_case_by_case() -> None:
    for user in people_by_chance(random.Random(26)):
        cases = Application.objects.all()
        seen = Review.objects.all() if user is None else reviews_visible_to(user, at=AT)
        scores = list(counted(seen).values_list("application", "score"))
        [rubric] = Rubric.objects.all()
        at_once = {case.pk: case for case in annotate_scores(cases, user=user, at=AT)}
        expected = {}
        for case in cases.select_related("offering__intake"):
            totals = [score for application, score in scores if application == case.pk]
            most = rubric.agreement if case.offering.intake.programme_id == rubric.programme_id else 1
            apart = max(totals) - min(totals) if totals else None
            mean = sum(totals, Decimal()) / len(totals) if totals else None
            expected[case.pk] = (
                mean and mean.quantize(Decimal("0.01"), ROUND_HALF_UP),
                len(totals),
                apart,
                apart is not None and apart > most,
            )
        assert {
            pk: (case.mean_score, case.readers, case.spread, case.disagrees)  # type: ignore[attr-defined]
            for pk, case in at_once.items()
        } == expected
        assert 0 < sum(disagrees for *_made, disagrees in expected.values()) < len(expected)
        assert set(cases.filter(cases_apart(user=user, at=AT)).values_list("pk", flat=True)) == {
            pk for pk, (*_made, disagrees) in expected.items() if disagrees
        }
        for order, sign in (("score", 1), ("-score", -1)):
            listed = Narrowing(order=order).apply(cases, at=AT, user=user)
            assert list(listed.values_list("pk", flat=True)) == sorted(
                expected,
                key=lambda pk: (
                    expected[pk][0] is None,
                    sign * (expected[pk][0] or 0),
                    at_once[pk].submitted_at,
                    pk,
                ),
            )


def test_the_desk_counts_what_each_list_holds() -> None:
    user, cases = people_by_chance(random.Random(7))[2], Application.objects.all()
    desk = [(pile.count, pile.oldest) for pile in waiting_piles(cases, at=AT, user=user)]
    one_by_one = [
        pile.narrow(cases.order_by(), Looking(AT, user)).aggregate(
            count=Count("pk", distinct=True), oldest=Min("waiting_since")
        )
        for pile in PILES
    ]
    assert desk == [(each["count"], each["oldest"]) for each in one_by_one]
    held = {pile.key for pile, (count, _oldest) in zip(PILES, desk, strict=True) if count}
    assert {"documents", "unscored"} <= held


def test_a_status_is_to_settle_where_the_last_run_leaves_it_open() -> None:
    people_by_chance(random.Random(3))
    cases = Application.objects.all()
    found = {pile.key: pile for pile in PILES}["status"].narrow(cases, Looking(AT))
    expected = set()
    for case in cases:
        last = case.assessments.order_by("-at", "-id")[0]
        if case.is_considered and last.verdict != "ELIGIBLE" and last.findings[0]["reason"] in STATUS_OPEN:
            expected.add(case.pk)
    assert {case.pk for case in found} == expected != set()
