"""A programme of HKU's with its rules in force, and people whose case turns on their IELTS."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from admissions_portal.clock.actions import start_clock_at
from admissions_portal.support.actors import Actor
from applications.assessments.actions import assess_application
from applications.lifecycle.models import Application
from programmes.models import Offering
from tests.factories.applicants import ApplicantFactory, EnglishTestFactory, QualificationFactory
from tests.factories.applications import CaseFactory
from tests.factories.drafts import publish_policies, taught_offering
from tests.factories.programmes import hkt

NOW = hkt(2026, 4, 20, 10, 0)


def person(overall: str = "6.0", **degree: Any) -> Any:
    """Somebody with a degree taught in Chinese and an IELTS of this score throughout."""
    applicant = ApplicantFactory()
    QualificationFactory(applicant=applicant, mainland=True, **{"honours": "SECOND_UPPER", **degree})
    parts = ("overall", "listening", "reading", "writing", "speaking")
    EnglishTestFactory(applicant=applicant, **dict.fromkeys(parts, Decimal(overall)))
    return applicant


@pytest.fixture
def offering() -> Offering:
    publish_policies()
    start_clock_at(NOW)
    return taught_offering()


@pytest.fixture
def received(offering: Offering) -> Callable[..., Application]:
    """`received("6.0")`: a case received on 28 March 2026 and assessed then."""

    def make(overall: str = "6.0", **fields: Any) -> Application:
        case = CaseFactory(applicant=person(overall), **{"offering": offering, **fields})
        assess_application(case, by=Actor.system(), at=case.submitted_at)
        return case

    return make
