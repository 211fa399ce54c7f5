"""How readers of the demonstration score: the example rubric and phase, cases given, scores, abstentions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from admissions_portal.accounts.models import User
from admissions_portal.clock import HONG_KONG
from admissions_portal.support.actors import Actor
from applications.demo.playing import Act, Part
from applications.lifecycle.models import Application
from applications.reviews.actions import abstain_from_review, give_review
from applications.reviews.assignment_actions import give_cases
from applications.reviews.assignment_plans import Pair
from applications.reviews.models import Recommendation
from applications.reviews.phases_actions import PhaseTerms, make_phase
from applications.reviews.queries import USUAL_AGREEMENT, rubric_in_use
from applications.reviews.rubric import BEST, SINGLE_SCORE, WORST, Categories, Category
from applications.reviews.rubric_actions import draft_rubric, save_rubric, use_rubric
from programmes.models import Intake, Programme

PROGRAMME = "hku-mmedsc"
# before anybody applies
SET_UP = datetime(2025, 11, 28, 9, 30, tzinfo=HONG_KONG)
PHASE = PhaseTerms(
    name="First reading (example)",
    begins_at=datetime(2025, 12, 1, 0, 0, tzinfo=HONG_KONG),
    ends_at=datetime(2026, 4, 10, 23, 59, tzinfo=HONG_KONG),
    asks_third_reader=True,
)
_FIVE: dict[str, Any] = {"lowest": Decimal(1), "highest": Decimal(5), "step": Decimal("0.5")}
_TEN: dict[str, Any] = {"lowest": Decimal(0), "highest": Decimal(10), "step": Decimal(1)}
RUBRIC = Categories(
    (
        Category(
            key="record",
            label={"en": "Academic record (example)"},
            help={"en": "Marks and their scale, and what was studied for the field applied in."},
            weight=Decimal(50),
            words={Decimal(5): {"en": "among the best we read"}, Decimal(3): {"en": "solid"}},
            **_FIVE,
        ),
        Category(
            key="plans",
            label={"en": "Motivation and plans (example)"},
            help={"en": "Why this programme, and what for."},
            weight=Decimal(30),
            **_FIVE,
        ),
        Category(
            key="practice",
            label={"en": "Experience in practice or research (example)"},
            help={"en": "From 0 for none to 10."},
            weight=Decimal(20),
            **_TEN,
        ),
    )
)


def set_up_reading(staff: Mapping[str, User]) -> Iterator[Act]:
    """The example rubric and the phase of the Master of Medical Sciences."""
    coordinator = Actor.of(staff["hku-coordinator"])
    yield SET_UP, lambda at: _use_rubric(coordinator, at)
    yield (
        SET_UP + timedelta(minutes=20),
        lambda at: make_phase(Intake.objects.get(programme__slug=PROGRAMME), PHASE, by=coordinator, at=at),
    )


def _use_rubric(by: Actor, at: datetime) -> None:
    draft = draft_rubric(Programme.objects.get(slug=PROGRAMME), by=by, at=at)
    draft = save_rubric(
        draft,
        categories=RUBRIC,
        agreement=USUAL_AGREEMENT,
        is_blind=False,
        reason="Example of the demonstration: what readers score is published nowhere.",
        seen=draft.edition,
        by=by,
        at=at,
    )
    use_rubric(draft, seen=draft.edition, by=by, at=at)


def reading_acts(part: Part, received: datetime, scores: Iterable[float]) -> Iterator[Act]:
    """The case is given to readers, some of them score it, one abstains."""
    person = part.person
    if given := person.get("given_to"):
        pairs = [part.staff[key] for key in given]
        yield received + timedelta(days=6), lambda at: give(part.case["own"], pairs, by=part.office, at=at)
    readers = person.get("readers") or [f"{part.house}-reviewer", f"{part.house}-coordinator"]
    for days, (key, score) in enumerate(zip(readers, scores, strict=False), start=8):
        yield received + timedelta(days=days), _scoring(part, part.staff[key], Decimal(str(score)))
    for key, reason in person.get("abstains", {}).items():
        yield received + timedelta(days=11), _abstaining(part, part.staff[key], reason)


def give(case: Application, readers: Iterable[User], *, by: Actor, at: datetime) -> None:
    give_cases([Pair(case.pk, reader.pk) for reader in readers], by=by, at=at)


def _scoring(part: Part, reader: User, score: Decimal) -> Callable[[datetime], object]:
    recommends = Recommendation.OFFER if score >= 4 else Recommendation.WAIT
    # how many steps more or less somebody gets in a category: nobody is equally good at everything
    tilt = part.person.get("tilt", {})

    def act(at: datetime) -> None:
        rubric = rubric_in_use(part.case["own"].offering.programme)
        categories = SINGLE_SCORE if rubric is None else rubric.record()
        give_review(
            part.case["own"],
            points={each.key: _points(each, score, tilt.get(each.key, 0)) for each in categories},
            recommendation=recommends,
            rubric=rubric,
            by=Actor.of(reader),
            at=at,
        )

    return act


def _points(category: Category, score: Decimal, more: int) -> Decimal:
    """What on this category's scale stands for a score of 1 to 5, and some steps more."""
    part = (score - WORST) / (BEST - WORST) * (category.highest - category.lowest) / category.step
    points = category.lowest + category.step * (part.quantize(Decimal(1), ROUND_HALF_UP) + more)
    return min(max(points, category.lowest), category.highest)


def _abstaining(part: Part, reader: User, reason: str) -> Callable[[datetime], object]:
    return lambda at: abstain_from_review(part.case["own"], reason=reason, by=Actor.of(reader), at=at)
