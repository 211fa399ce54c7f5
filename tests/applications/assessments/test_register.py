"""What the acceptance register says reaches the rules: by spelling, programme and day of receipt (C15)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from admissions_portal.accounts.models import User
from applications.assessments.facts import facts_of, facts_of_many
from applications.lifecycle.models import Application
from eligibility.engine import Acceptance
from programmes.models import Offering
from tests.applications.assessments.conftest import NOW, person
from tests.factories.accounts import StaffFactory
from tests.factories.applications import CaseFactory, DraftFactory
from tests.factories.policies import WRITTEN, accepted
from tests.factories.programmes import hkt

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return StaffFactory()


def enter(by: User, name: str = "Example Medical University", **fields: Any) -> Any:
    """An entry in force."""
    return accepted(name, by=by, put_in_force_by=by, put_in_force_at=WRITTEN, **fields)


def cited(case: Application) -> list[tuple[str, Acceptance | None]]:
    return [(degree.acceptance_reference, degree.acceptance) for degree in facts_of(case, at=NOW).degrees]


def test_an_entry_in_force_is_cited_with_what_it_says(offering: Offering, officer: User) -> None:
    entry = enter(officer, kind="EQUIVALENT")
    case = CaseFactory(applicant=person(), offering=offering)
    assert cited(case) == [(entry.reference, Acceptance.EQUIVALENT)]


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"names": ["Example Medical Universities"]}, id="another spelling"),
        pytest.param({"institution_code": "hkust"}, id="another institution's register"),
        pytest.param({"programme_slug": "another"}, id="another programme"),
        pytest.param({"put_in_force_by": None, "put_in_force_at": None}, id="a draft"),
        pytest.param({"in_force_from": date(2026, 3, 29)}, id="received the day before it began"),
        pytest.param({"until": date(2026, 3, 27)}, id="received the day after it ended"),
        pytest.param({"country": "GB"}, id="another country"),
        pytest.param({"level": "DOCTORATE"}, id="another level"),
        pytest.param({"titles": ["BA"]}, id="another award"),
    ],
)
def test_an_entry_for_something_else_is_not_cited(
    offering: Offering, officer: User, fields: dict[str, Any]
) -> None:
    case = CaseFactory(applicant=person(), offering=offering)
    accepted(
        **{
            "name": "Example Medical University",
            "by": officer,
            "put_in_force_by": officer,
            "put_in_force_at": WRITTEN,
            **fields,
        }
    )
    assert cited(case) == [("", None)]


def test_a_withdrawn_entry_still_judges_what_was_received_before(offering: Offering, officer: User) -> None:
    entry = enter(officer, withdrawn_by=officer, withdrawn_at=hkt(2026, 4, 2), withdrawal_reason="Closed.")
    earlier = CaseFactory(applicant=person(), offering=offering)
    later = CaseFactory(applicant=person(), offering=offering, submitted_at=hkt(2026, 4, 2, 8))
    assert cited(earlier) == [(entry.reference, Acceptance.COMPARABLE)]
    assert cited(later) == [("", None)]


def test_a_draft_goes_by_the_register_of_the_day_it_is_asked(offering: Offering, officer: User) -> None:
    entry = enter(officer, in_force_from=date(2026, 4, 20))
    draft = DraftFactory(applicant=person(), offering=offering)
    assert cited(draft) == [(entry.reference, Acceptance.COMPARABLE)]
    assert [degree.acceptance for degree in facts_of(draft, at=hkt(2026, 4, 19, 23, 59)).degrees] == [None]


def test_many_cases_cost_what_one_does_and_say_the_same(
    offering: Offering, officer: User, django_assert_num_queries: Any
) -> None:
    enter(officer)
    cases = [CaseFactory(applicant=person(), offering=offering) for _n in range(5)]
    singly = [facts_of(case, at=NOW) for case in cases]
    with django_assert_num_queries(5):  # findings, settled statuses, corrections, rounds, register
        facts_of_many(cases[:1], at=NOW)
    with django_assert_num_queries(5):
        together = facts_of_many(cases, at=NOW)
    assert together == singly
