"""An override takes authority and a reason, keeps the rule's own finding, and can be taken back (C13)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from admissions_portal.history.queries import events_about
from admissions_portal.support.actors import Actor
from applications.assessments.actions import (
    FindingRefused,
    assess_if_changed,
    override_finding,
    record_finding,
    withdraw_override,
)
from applications.assessments.models import OfficerFinding
from applications.assessments.queries import clauses_for_officers, findings_of, latest_assessment
from applications.lifecycle.models import Application
from eligibility.engine import Finding, Outcome
from programmes.models import Offering
from tests.applications.assessments.conftest import NOW
from tests.factories.applications import acting, officer
from tests.factories.programmes import ProgrammeFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def case(received: Callable[..., Application]) -> Application:
    """Its IELTS of 5.5 is too low."""
    return received("5.5")


@pytest.fixture
def coordinator(offering: Offering) -> User:
    return officer(offering.programme, Role.COORDINATOR)


def override(case: Application, by: User, **changes: Any) -> OfficerFinding:
    given = {
        "code": "HKU-E5",
        "outcome": Outcome.MET,
        "authority": "Faculty Board, minute 12 of 2026",
        "reason": "Taught in English for eight years.",
        "by": acting(by),
        "at": NOW,
        **changes,
    }
    return override_finding(case, given.pop("code"), given.pop("outcome"), **given)


def found(case: Application, code: str = "HKU-E5") -> Finding:
    run = latest_assessment(case)
    assert run is not None
    return {finding.code: finding for finding in findings_of(run)}[code]


def told(case: Application) -> list[str]:
    return [event.kind for event in events_about(case)]


def test_an_override_counts_and_the_rules_own_finding_stands_beside_it(
    case: Application, coordinator: User
) -> None:
    assert found(case).outcome == Outcome.NOT_MET
    made = override(case, coordinator)
    finding = found(case)
    assert (finding.outcome, finding.reason) == (Outcome.MET, "officer_overrode")
    assert (finding.params["own_outcome"], finding.params["overridden"]) == ("NOT_MET", True)
    assert finding.params["reference"] == f"officer-finding/{made.pk}"
    assert (made.authority, made.overrides) == ("Faculty Board, minute 12 of 2026", True)
    assert told(case)[-2:] == ["finding.overridden", "application.assessed"]
    run = latest_assessment(case)
    assert run is not None
    assert run.changed_from == "INELIGIBLE"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"authority": " "}, "authority", id="without authority"),
        pytest.param({"reason": ""}, "reason", id="without a reason"),
        pytest.param({"code": "HKU-E9"}, "no rule of this case", id="no rule"),
        pytest.param({"outcome": Outcome.REFER}, "Choose what you found", id="no result"),
    ],
)
def test_what_an_override_lacks_is_said(
    case: Application, coordinator: User, changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(FindingRefused, match=why):
        override(case, coordinator, **changes)
    assert not OfficerFinding.objects.exists()


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR])
def test_only_a_coordinator_overrides(case: Application, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        override(case, officer(case.offering.programme, role))


def test_nobody_of_elsewhere_overrides_or_withdraws(case: Application, coordinator: User) -> None:
    made, stranger = override(case, coordinator), officer(ProgrammeFactory(), Role.COORDINATOR)
    with pytest.raises(PermissionDenied):
        override(case, stranger)
    with pytest.raises(PermissionDenied):
        withdraw_override(made, reason="Mine now.", by=acting(stranger), at=LATER)


def test_withdrawn_the_rules_own_finding_counts_again(case: Application, coordinator: User) -> None:
    made = override(case, coordinator)
    withdraw_override(made, reason=" The minute was of another case. ", by=acting(coordinator), at=LATER)
    assert found(case).outcome == Outcome.NOT_MET
    made.refresh_from_db()
    assert (made.withdrawn_by, made.withdrawn_at) == (coordinator, LATER)
    assert made.withdrawal_reason == "The minute was of another case."
    assert told(case)[-2:] == ["finding.override_withdrawn", "application.assessed"]
    # a second click changes nothing
    events = len(told(case))
    withdraw_override(made, reason="Again.", by=acting(coordinator), at=LATER)
    assert len(told(case)) == events


def test_a_withdrawal_needs_a_reason_and_an_override(case: Application, coordinator: User) -> None:
    made = override(case, coordinator)
    with pytest.raises(FindingRefused, match="why the override is withdrawn"):
        withdraw_override(made, reason="  ", by=acting(coordinator), at=LATER)
    office = acting(officer(case.offering.programme))
    plain = record_finding(case, "HKU-E1", Outcome.MET, reason="Seen.", by=office, at=NOW)
    with pytest.raises(FindingRefused, match="overrides nothing"):
        withdraw_override(plain, reason="Why.", by=acting(coordinator), at=LATER)


def test_the_same_override_sent_twice_is_one_and_after_its_withdrawal_another(
    case: Application, coordinator: User
) -> None:
    first = override(case, coordinator)
    assert override(case, coordinator, at=LATER) == first
    withdraw_override(first, reason="Too soon.", by=acting(coordinator), at=LATER)
    assert found(case).outcome != Outcome.MET
    assert override(case, coordinator, at=LATER) != first


def test_of_two_overrides_the_later_counts_and_withdrawn_the_earlier_again(
    case: Application, coordinator: User
) -> None:
    override(case, coordinator)
    second = override(case, coordinator, outcome=Outcome.NEEDS_EVIDENCE, at=LATER)
    assert found(case).outcome == Outcome.NEEDS_EVIDENCE
    withdraw_override(second, reason="Too strict.", by=acting(coordinator), at=LATER)
    assert found(case).outcome == Outcome.MET


def test_what_is_overridden_waits_for_no_other_officer(case: Application, coordinator: User) -> None:
    office = acting(officer(case.offering.programme))
    record_finding(case, "HKU-E1", Outcome.MET, reason="Seen.", by=office, at=NOW)
    made = override(case, coordinator, code="HKU-E1", outcome=Outcome.NOT_MET, at=LATER)
    assert found(case, "HKU-E1").outcome == Outcome.NOT_MET
    assert "HKU-E1" not in dict(clauses_for_officers(case))
    with pytest.raises(FindingRefused, match="settled by an override"):
        record_finding(case, "HKU-E1", Outcome.MET, reason="Seen again.", by=office, at=LATER)
    withdraw_override(made, reason="Settled.", by=acting(coordinator), at=LATER)
    assert found(case, "HKU-E1").outcome == Outcome.MET
    assert "HKU-E1" in dict(clauses_for_officers(case))


def test_the_examinations_clause_can_be_overridden_too(case: Application, coordinator: User) -> None:
    office = acting(officer(case.offering.programme))
    record_finding(case, "HKU-E4", Outcome.NOT_MET, reason="Failed.", by=office, at=NOW)
    override(case, coordinator, code="HKU-E4", outcome=Outcome.NOT_APPLICABLE, at=LATER)
    finding = found(case, "HKU-E4")
    assert (finding.outcome, finding.params["own_outcome"]) == (Outcome.NOT_APPLICABLE, "NOT_MET")


def test_once_the_case_has_ended_nothing_is_overridden(case: Application, coordinator: User) -> None:
    made = override(case, coordinator)
    Application.objects.filter(pk=case.pk).update(state="REFUSED")
    with pytest.raises(FindingRefused, match="has ended"):
        override(case, coordinator)
    with pytest.raises(FindingRefused, match="has ended"):
        withdraw_override(made, reason="Why.", by=acting(coordinator), at=LATER)


def test_the_same_found_twice_by_one_officer_is_found_once(case: Application) -> None:
    office = acting(officer(case.offering.programme))
    rows = {
        record_finding(case, "HKU-E1", Outcome.MET, reason=reason, by=office, at=NOW).pk
        for reason in ("Seen.", " Seen. ")
    }
    assert (len(rows), case.assessments.count()) == (1, 2)


def test_the_rules_run_again_only_where_something_they_know_changed(case: Application) -> None:
    system = Actor.system()
    assert assess_if_changed(Application.objects.get(pk=case.pk), by=system, at=LATER) is None
    assert case.assessments.count() == 1
    OfficerFinding.objects.create(
        application=case,
        code="HKU-E1",
        outcome="MET",
        reason="Seen.",
        found_by=officer(case.offering.programme),
        found_at=NOW,
    )
    again = assess_if_changed(Application.objects.get(pk=case.pk), by=system, at=LATER)
    assert again is not None
    assert again.changed_from == ""
