"""The coordinator's list: ranked by mean score, ties shown, narrowed by the address, scoped by
appointment."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from tests.factories.applications import CaseFactory, DraftFactory, ReviewFactory, officer
from tests.factories.programmes import (
    AppointmentFactory,
    OfferingFactory,
    ProgrammeFactory,
    RoundFactory,
    hkt,
)

pytestmark = pytest.mark.django_db
SCORES = {"LAM": ["5.0", "4.5"], "OSEI": ["4.5", "4.0"], "CHAN": ["4.0", "4.5"], "KUO": ["3.0"], "LIN": []}


@pytest.fixture
def coordinator() -> User:
    """Coordinator of a programme with five cases, three of them of IN_REVIEW."""
    start_clock_at(hkt(2026, 5, 4, 9, 0))
    offering = OfferingFactory()
    round_ = RoundFactory(offering=offering)
    for minute, (name, scores) in enumerate(SCORES.items()):
        case = CaseFactory(
            offering=offering,
            round=round_,
            applicant__family_name=name,
            state="IN_REVIEW" if len(scores) == 2 else "SUBMITTED",
            submitted_at=hkt(2026, 3, 28, 9, minute),
        )
        for score in scores:
            ReviewFactory(application=case, score=Decimal(score))
    return officer(offering.programme, Role.COORDINATOR)


def listed(user: User, query: str = "") -> list[tuple[str, str]]:
    return [(case.rank_label, case.family_name) for case in shown(user, query).context["cases"]]


def shown(user: User, query: str = "") -> Any:
    client = Client()
    client.force_login(user)
    return client.get(reverse("admin:shortlist") + query)


def test_the_highest_mean_stands_first_and_ties_share_a_rank(coordinator: User) -> None:
    assert listed(coordinator) == [
        ("1", "LAM"),
        ("2=", "OSEI"),
        ("2=", "CHAN"),
        ("4", "KUO"),
        ("not scored", "LIN"),
    ]
    page = " ".join(shown(coordinator).content.decode().split())
    assert "Applicants tie at 2. The committee decides between them; the list does not." in page


def test_ranks_are_of_the_list_as_narrowed(coordinator: User) -> None:
    assert listed(coordinator, "?state=SUBMITTED") == [("1", "KUO"), ("not scored", "LIN")]


@pytest.mark.parametrize(
    ("order", "names"),
    [
        pytest.param("name", ["CHAN", "KUO", "LAM", "LIN", "OSEI"], id="name"),
        pytest.param("score", ["KUO", "OSEI", "CHAN", "LAM", "LIN"], id="lowest first, unscored last"),
    ],
)
def test_another_order_keeps_each_ones_rank(coordinator: User, order: str, names: list[str]) -> None:
    ranks = {name: rank for rank, name in listed(coordinator)}
    assert listed(coordinator, f"?order={order}") == [(ranks[name], name) for name in names]


def test_drafts_and_other_programmes_are_not_on_it(coordinator: User) -> None:
    programme = coordinator.appointments.get().programme
    DraftFactory(offering=programme.intakes.get().offerings.get())
    CaseFactory(applicant__family_name="ELSEWHERE")
    assert {name for _rank, name in listed(coordinator)} == set(SCORES)


def test_cases_one_only_reads_elsewhere_are_not_ranked(coordinator: User) -> None:
    elsewhere = CaseFactory(applicant__family_name="READ ONLY")
    AppointmentFactory(user=coordinator, role=Role.REVIEWER, programme=elsewhere.offering.programme)
    assert "READ ONLY" not in {name for _rank, name in listed(coordinator)}


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR])
def test_who_does_not_rank_does_not_see_the_ranks(role: Role) -> None:
    start_clock_at(hkt(2026, 5, 4, 9, 0))
    assert shown(officer(ProgrammeFactory(), role)).status_code == 403


def test_example_rounds_are_marked(coordinator: User) -> None:
    assert "(example)" not in shown(coordinator).content.decode()
    coordinator.appointments.get().programme.intakes.get().offerings.get().rounds.update(is_example=True)
    page = " ".join(shown(coordinator).content.decode().split())
    assert page.count("(example)") == len(SCORES)
    assert "Rounds marked “example” are no dates of the institution." in page
