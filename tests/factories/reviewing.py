"""Phases of review and cases given to readers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from admissions_portal.accounts.models import User
from applications.lifecycle.models import Application
from applications.reviews.actions import give_review
from applications.reviews.assignment import ReviewAssignment
from applications.reviews.models import Recommendation, Review
from applications.reviews.phases import ReviewPhase
from applications.reviews.rubric import SINGLE_SCORE
from programmes.models import refused_from
from tests.factories.accounts import StaffFactory
from tests.factories.applications import CaseFactory, acting
from tests.factories.programmes import IntakeFactory, hkt


class PhaseFactory(DjangoModelFactory):
    """Every reader scores, two each, from 1 to 30 April 2026, 23:59 HKT."""

    class Meta:
        model = ReviewPhase

    intake = factory.SubFactory(IntakeFactory)
    name = "First reading"
    begins_at: Any = hkt(2026, 4, 1)
    ends_at: Any = hkt(2026, 4, 30, 23, 59)
    closed_from = factory.LazyAttribute(lambda o: refused_from(o.ends_at))


class AssignmentFactory(DjangoModelFactory):
    """Given on 2 April 2026."""

    class Meta:
        model = ReviewAssignment

    application = factory.SubFactory(CaseFactory)
    reader = factory.SubFactory(StaffFactory)
    given_by = factory.SubFactory(StaffFactory)
    given_at: Any = hkt(2026, 4, 2, 10, 0)


def score(case: Application, reader: User, points: str = "4.0", *, at: datetime) -> Review:
    """The reader's score through the real act."""
    [category] = SINGLE_SCORE
    found = next(step for step in category.scale if str(step) == points)
    return give_review(
        case, points={category.key: found}, recommendation=Recommendation.OFFER, by=acting(reader), at=at
    )
