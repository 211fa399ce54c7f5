"""Cases, as drafts and as received: frozen and numbered as `submit_application` leaves them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import factory

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from admissions_portal.support.actors import Actor
from applications.applicants.actions import freeze_profile
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.reviews.models import Recommendation, Review
from programmes.models import Programme
from tests.factories.accounts import StaffFactory
from tests.factories.applicants import ApplicantFactory, QualificationFactory
from tests.factories.programmes import AppointmentFactory, OfferingFactory, RoundFactory, hkt

STARTED = hkt(2026, 3, 10, 9, 0)
RECEIVED = hkt(2026, 3, 28, 9, 41, 7)


class DraftFactory(factory.django.DjangoModelFactory):
    """A draft begun on 10 March 2026 by an applicant whose profile is whole."""

    class Meta:
        model = Application

    applicant = factory.SubFactory(ApplicantFactory)
    offering = factory.SubFactory(OfferingFactory)
    started_at = STARTED
    state_since = STARTED


class CaseFactory(DraftFactory):
    """A case received on 28 March 2026, 09:41:07 HKT, in Round 1."""

    number = factory.Sequence(lambda n: f"TST26-{n:06d}")
    state = State.SUBMITTED
    state_since = RECEIVED
    submitted_at = RECEIVED

    @factory.lazy_attribute
    def profile(self) -> Any:
        if not self.applicant.qualifications.exists():
            QualificationFactory(applicant=self.applicant)
        return freeze_profile(self.applicant, at=RECEIVED)

    @factory.lazy_attribute
    def round(self) -> Any:
        return self.offering.rounds.order_by("number").first() or RoundFactory(offering=self.offering)


def officer(programme: Programme, role: Role = Role.PROGRAMME_OFFICE, **fields: Any) -> User:
    """Somebody appointed to the programme in that role."""
    user = StaffFactory(**fields)
    AppointmentFactory(user=user, programme=programme, role=role)
    return user


def acting(user: User) -> Actor:
    return Actor.of(user)


class ReviewFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Review

    application = factory.SubFactory(CaseFactory)
    reviewer = factory.SubFactory(StaffFactory)
    score = Decimal("4.0")
    recommendation = Recommendation.OFFER
    reviewed_at = hkt(2026, 4, 2, 10, 0)
