"""What a change of rules does to open cases, looked at: whom it turns, every run, several cases at once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.jobs.actions import run_due_job
from admissions_portal.support.actors import Actor
from applications.assessments.actions import assess_application, override_finding
from applications.assessments.models import OfficerFinding, Reassessment
from eligibility.engine import Outcome
from tests.browser.chromium import DESKTOP, PHONE, Reader, go, press
from tests.factories.applicants import ApplicantFactory, EnglishTestFactory, QualificationFactory
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.drafts import publish_policies, taught_offering
from tests.factories.policies import draft_raising_ielts, publish
from tests.factories.programmes import AppointmentFactory, hkt

NOW = hkt(2026, 4, 20, 10, 0)


@pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_office_follows_a_change_of_rules_through_its_cases(
    width: int, reader: Callable[..., Reader]
) -> None:
    publish_policies()
    start_clock_at(NOW)
    offering = taught_offering()
    applicant = ApplicantFactory()
    QualificationFactory(applicant=applicant, mainland=True, honours="SECOND_UPPER")
    parts = ("overall", "listening", "reading", "writing", "speaking")
    EnglishTestFactory(applicant=applicant, **dict.fromkeys(parts, Decimal("6.0")))
    case = CaseFactory(applicant=applicant, offering=offering)
    assess_application(case, by=Actor.system(), at=case.submitted_at)
    coordinator = officer(offering.programme, Role.COORDINATOR, name="CHAN Mei")
    AppointmentFactory(user=coordinator, programme=offering.programme, role=Role.PROGRAMME_OFFICE)
    draft = draft_raising_ielts("6.5", by=coordinator)

    someone = reader(width=width, user=coordinator)
    at = f"/office/applications/application/impact/version/{draft.pk}/"
    page = someone.open(at)
    press(page, "Preview what it would change")
    run_due_job()
    page = someone.open(at)
    assert page.get_by_role("heading", name="1 open application changes its result").is_visible()

    publish(draft)
    someone.open("/office/applications/application/reassess/")
    press(page, "Run the rules on every open application")
    run_due_job()
    someone.open(f"/office/applications/application/reassess/{Reassessment.objects.get().pk}/")
    assert page.get_by_text("Nothing was written or mailed to any applicant.").is_visible()

    someone.open("/office/applications/application/")
    page.locator("input[name=case]").check()
    go(page.get_by_role("button", name="Record a finding on those ticked"))
    someone.check()
    page.get_by_label("Clause").select_option("HKU-E1")
    page.get_by_label("Finding", exact=True).select_option("MET")
    page.get_by_label("Reason").fill("Seen by the office.")
    press(page, "Record the finding on all that are ticked")
    someone.check()
    assert OfficerFinding.objects.get().code == "HKU-E1"

    override_finding(
        case,
        "HKU-E5",
        Outcome.MET,
        authority="Faculty Board, minute 12",
        reason="Taught in English.",
        by=acting(coordinator),
        at=NOW,
    )
    someone.open(f"/office/applications/application/{case.pk}/")
    someone.open(f"/office/applications/application/{case.pk}/rules/")
