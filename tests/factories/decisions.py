"""People, terms and moments of decisions, as tests ask for them."""

from __future__ import annotations

from datetime import date
from typing import Any

from admissions_portal.accounts.roles import Role
from admissions_portal.support.actors import Actor
from applications.decisions.actions import prepare_decision
from applications.decisions.models import ChecksAsked, DecisionChecks, PreparedDecision
from applications.decisions.terms import DecisionTerms, Ground
from applications.lifecycle.models import Application
from applications.offers.terms import ConditionTerms, OfferTerms
from programmes.models import Programme
from tests.factories.applications import acting, officer
from tests.factories.programmes import hkt

AT = hkt(2026, 5, 4, 10, 0)
REPLY_BY = hkt(2026, 5, 29, 23, 59)
OFFER = DecisionTerms(
    offer=OfferTerms(REPLY_BY, (ConditionTerms("Transcript", "By post", date(2026, 8, 31)),)), note="Strong."
)
REFUSAL = DecisionTerms(
    reasons=(Ground("COMPETITION"), Ground("PLACES_FILLED")),
    words="Thank you for your interest.",
    note="Rank 90",
)


def asking(programme: Programme, asked: ChecksAsked) -> Programme:
    """The programme asks for these checks."""
    DecisionChecks.objects.create(
        programme=programme, asked=asked, set_at=AT, set_by=officer(programme, Role.ADMINISTRATOR)
    )
    return programme


def prepared(case: Application, terms: DecisionTerms = OFFER, **changes: Any) -> PreparedDecision:
    """A decision prepared on the case by somebody of its office."""
    by: Actor = changes.pop("by", None) or acting(officer(case.offering.programme))
    return prepare_decision(case, terms=terms, **{"by": by, "at": AT, **changes})
