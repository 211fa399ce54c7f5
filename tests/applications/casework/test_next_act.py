"""The one next act: what one can do comes first, then for whom the case waits; a decision waits for both."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.support.actors import Actor
from applications.assessments.actions import assess_application, record_finding
from applications.checklists.actions import check_section
from applications.checklists.models import SectionCheck
from applications.decisions.actions import give_check
from applications.decisions.models import CheckLevel, ChecksAsked
from applications.evidence.actions import EvidenceTerms, ask_for_evidence
from applications.evidence.models import RequestKind, RequestWants
from applications.lifecycle.models import Application
from tests.applications.casework.test_case_page import desk, door
from tests.factories.applications import CaseFactory, ReviewFactory, acting, officer
from tests.factories.decisions import AT, asking, prepared
from tests.factories.drafts import publish_policies

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(settings: Any, tmp_path: Any) -> Application:
    """Everything is found and scored: nothing is left but to decide."""
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    publish_policies()
    start_clock_at(AT)
    made = CaseFactory(offering__intake__programme__slug="hku-mmedsc")
    assess_application(made, by=Actor.system(), at=AT)
    for code in ("HKU-E1", "HKU-E2", "HKU-E4"):
        record_finding(made, code, "MET", reason="Seen", by=office_of(made), at=AT)
    ReviewFactory(application=made)
    return made


def office_of(case: Application, role: Role = Role.PROGRAMME_OFFICE) -> Actor:
    return acting(officer(case.offering.programme, role))


def shown_to(case: Application, role: Role = Role.PROGRAMME_OFFICE) -> tuple[str, str, bool]:
    act = desk(case, role).get(door(case, "change")).context["next_act"]
    return str(act.title), act.anchor, act.waits


def test_the_checklist_comes_before_the_decision(case: Application) -> None:
    by = office_of(case)
    assert shown_to(case) == ("Decide", "decide", False)
    check_section(case, "english", state="TO_DO", comment="Telephone the board", by=by, at=AT)
    assert shown_to(case) == ("Do what the checklist says: English tests", "check-english", False)
    SectionCheck.objects.update(content="another", state="IN_ORDER")
    assert shown_to(case) == ("Look again: English tests", "check-english", False)
    # whoever does not keep the checklist waits for the decision
    assert shown_to(case, Role.COORDINATOR) == ("Wait for the programme office", "decide", True)


def test_what_the_applicant_owes_holds_the_decision_and_no_other_work(case: Application) -> None:
    by = office_of(case)
    terms = EvidenceTerms(
        kind=RequestKind.NOW,
        wants=RequestWants.ANSWER,
        title="Gap year",
        words="What did you do?",
        due_on=date(2026, 5, 20),
        slot="",
        clause="",
    )
    ask_for_evidence(case, terms=terms, by=by, at=AT)
    assert shown_to(case) == ("Wait for the applicant", "asked", True)
    check_section(case, "english", state="TO_DO", comment="Telephone the board", by=by, at=AT)
    assert shown_to(case) == ("Do what the checklist says: English tests", "check-english", False)


def test_a_prepared_decision_goes_from_hand_to_hand(case: Application) -> None:
    asking(case.offering.programme, ChecksAsked.SCHOOL)
    made = prepared(case)
    assert shown_to(case) == ("Wait for the School", "decide", True)
    assert shown_to(case, Role.SCHOOL) == ("Check the prepared decision", "decide", False)
    give_check(made, CheckLevel.SCHOOL, by=office_of(case, Role.SCHOOL), at=AT)
    assert shown_to(case) == ("Release the prepared decision", "decide", False)
    assert shown_to(case, Role.SCHOOL) == ("Wait for the programme office", "decide", True)
