"""An open status in Hong Kong: received, piled up for the office, settled (C2, UST-18, AMB-04)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.urls import reverse

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.history.queries import events_about
from admissions_portal.outbox.models import Message
from applications.applicants.choices import ResidenceStatus as R
from applications.applicants.models import Applicant
from applications.assessments.actions import FindingRefused, assess_application, record_finding, settle_status
from applications.assessments.models import SettledStatus
from applications.assessments.queries import findings_of, latest_assessment
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.worklists.desk import waiting_piles
from applications.worklists.filters import Narrowing
from applications.worklists.queries import annotate_listing
from eligibility.engine import Finding, Outcome
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.desks import Desk
from tests.factories.drafts import publish_policies, research_offering, taught_offering
from tests.factories.programmes import hkt

pytestmark = pytest.mark.django_db

AT = hkt(2026, 4, 14, 9, 0)
PILE = "Status in Hong Kong to settle"


@pytest.fixture(autouse=True)
def policies() -> None:
    publish_policies()
    start_clock_at(AT)


def received(status: str, offering: Any = None) -> Application:
    """A case assessed on what its applicant declared."""
    case = CaseFactory(offering=offering or taught_offering(), applicant__residence_status=status)
    assess_application(case, by=acting(officer(case.offering.programme)), at=AT)
    return case


def found(case: Application, code: str = "HKU-STATUS") -> Finding:
    assessment = latest_assessment(case)
    assert assessment is not None
    return next(finding for finding in findings_of(assessment) if finding.code == code)


def piled() -> list[Application]:
    """The pile's list; its count says the same."""
    [pile] = [each for each in waiting_piles(Application.objects.all(), at=AT) if each.title == PILE]
    listed = list(
        Narrowing.read(QueryDict(pile.query)).apply(
            annotate_listing(Application.objects.all(), user=None, at=AT), at=AT
        )
    )
    assert len(listed) == pile.count
    return listed


def settle(case: Application, status: str = R.IANG, reason: str = "Visa label seen.") -> SettledStatus:
    return settle_status(case, status, reason=reason, by=acting(officer(case.offering.programme)), at=AT)


# the pile


@pytest.mark.parametrize(
    ("status", "reason", "waits"),
    [
        pytest.param(R.NOT_SURE, "status_not_sure", True, id="UST-18 not sure"),
        pytest.param(R.OTHER, "status_unclear", True, id="AMB-04 another status"),
        pytest.param(R.DEPENDANT, "dependant_age_not_stated", True, id="C2 dependant, day not known"),
        pytest.param(R.EMPLOYMENT_VISA, "work_visa_full_time", True, id="C2 work visa, full-time"),
        pytest.param(R.PERMANENT_RESIDENT, "local", False, id="local"),
        pytest.param(R.STUDENT_VISA, "non_local", False, id="non-local"),
    ],
)
def test_an_open_status_waits_for_the_office(status: str, reason: str, waits: bool) -> None:
    case = received(status)
    assert (found(case).reason, piled()) == (reason, [case] if waits else [])


def test_not_sure_is_for_an_officer_at_hkust_too() -> None:
    case = received(R.NOT_SURE, research_offering())
    assert (found(case, "UST-16").outcome, found(case, "UST-16").reason) == (Outcome.REFER, "status_not_sure")
    assert piled() == [case]


def test_a_settled_status_leaves_the_pile_and_counts_in_the_place_of_the_declared() -> None:
    case = received(R.NOT_SURE)
    made = settle(case, R.IANG)
    assert (found(case).outcome, found(case).reason) == (Outcome.MET, "non_local")
    assert found(case).supplied["status"] == R.IANG
    assert piled() == []
    assert case.profile is not None
    assert case.profile.data["residence_status"] == R.NOT_SURE
    assert (made.settled_at, made.reason) == (AT, "Visa label seen.")


def test_an_officers_finding_on_the_rule_closes_it_as_well() -> None:
    case = received(R.NOT_SURE)
    by = acting(officer(case.offering.programme))
    record_finding(case, "HKU-STATUS", Outcome.MET, reason="Card seen.", by=by, at=AT)
    assert piled() == []


def test_a_decided_case_waits_no_longer() -> None:
    received(R.NOT_SURE)
    Application.objects.update(state=State.OFFERED)
    assert piled() == []


def test_a_case_without_any_run_is_in_no_pile() -> None:
    CaseFactory(applicant__residence_status=R.NOT_SURE)
    assert piled() == []


# settling


def test_the_last_settled_status_counts_and_every_one_stays_on_the_file() -> None:
    case = received(R.NOT_SURE)
    settle(case, R.IANG)
    settle(case, R.PERMANENT_RESIDENT, "Card seen after all.")
    assert found(case).reason == "local"
    assert [row.status for row in case.settled_statuses.all()] == [R.IANG, R.PERMANENT_RESIDENT]


def test_the_same_again_by_the_same_officer_is_one() -> None:
    case = received(R.NOT_SURE)
    by = acting(officer(case.offering.programme))
    for _n in range(2):
        settle_status(case, R.IANG, reason=" Label seen. ", by=by, at=AT)
    assert (SettledStatus.objects.count(), Message.objects.count()) == (1, 1)


def test_what_the_applicant_changes_later_does_not_reach_a_settled_case() -> None:
    case = received(R.NOT_SURE)
    settle(case, R.IANG)
    Applicant.objects.update(residence_status=R.PERMANENT_RESIDENT)
    assess_application(case, by=acting(officer(case.offering.programme)), at=AT)
    assert found(case).reason == "non_local"


def test_the_applicant_is_told_the_status_and_not_the_reason() -> None:
    case = received(R.NOT_SURE)
    settle(case, R.IANG)
    message = Message.objects.get()
    assert (message.kind, message.subject) == ("status_settled", f"Your status in Hong Kong ({case.number})")
    assert "Immigration Arrangements for Non-local Graduates (IANG)" in message.body
    assert "Visa label seen" not in message.body


def test_history_says_that_and_which_never_why() -> None:
    case = received(R.NOT_SURE)
    settle(case, R.IANG)
    [event] = [event for event in events_about(case) if event.kind == "status.settled"]
    assert event.data == {"status": R.IANG}


@pytest.mark.parametrize(
    ("status", "reason", "sentence"),
    [
        pytest.param(R.IANG, "  ", "Write what shows the status", id="no reason"),
        pytest.param(R.NOT_SURE, "Asked.", "Choose the status the papers show", id="not sure again"),
        pytest.param("MOON", "Asked.", "Choose the status the papers show", id="no status"),
    ],
)
def test_what_settles_nothing_is_refused(status: str, reason: str, sentence: str) -> None:
    case = received(R.NOT_SURE)
    with pytest.raises(FindingRefused, match=sentence):
        settle(case, status, reason)


def test_an_ended_case_stays_as_it_is() -> None:
    case = received(R.NOT_SURE)
    Application.objects.update(state=State.REFUSED)
    with pytest.raises(FindingRefused, match="This application has ended"):
        settle(case)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_whoever_may_not_verify_settles_nothing(role: Role) -> None:
    case = received(R.NOT_SURE)
    by = acting(officer(case.offering.programme, role))
    with pytest.raises(PermissionDenied):
        settle_status(case, R.IANG, reason="Seen.", by=by, at=AT)


def test_the_database_itself_takes_no_status_that_settles_nothing() -> None:
    case = received(R.NOT_SURE)
    with pytest.raises(IntegrityError), transaction.atomic():
        SettledStatus.objects.create(
            application=case,
            status=R.NOT_SURE,
            reason="x",
            settled_by=officer(case.offering.programme),
            settled_at=AT,
        )


# the office's page


def test_the_case_page_asks_for_it_takes_it_and_shows_who_settled_what() -> None:
    case = received(R.NOT_SURE)
    client = Desk()
    client.force_login(officer(case.offering.programme, name="HO Wing Yan"))
    page = reverse("admin:applications_application_change", args=[case.pk])
    assert str(client.get(page).context["next_act"].title) == "Settle the status in Hong Kong"
    door = reverse("admin:applications_application_status", args=[case.pk])
    wrong = client.post(door, {"status": R.IANG, "reason": ""})
    assert (wrong.status_code, 'value="IANG" selected' in wrong.content.decode()) == (200, True)
    client.post(door, {"status": R.IANG, "reason": "Label seen."})
    claims = {claim.title: claim.lines for claim in client.get(page).context["claims"]}
    assert claims["Residence"] == [
        "I am not sure",
        "Settled by HO Wing Yan on 14\N{NO-BREAK SPACE}April\N{NO-BREAK SPACE}2026: Immigration Arrangements "
        "for Non-local Graduates (IANG). Label seen.",
        "Hong Kong",
    ]
    assert str(client.get(page).context["next_act"].title) != "Settle the status in Hong Kong"
