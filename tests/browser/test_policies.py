"""An officer who writes no program changes a rule: sees whom it affects, publishes it, and the file still
says under which rule each result was found."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.jobs.actions import run_due_job
from admissions_portal.support.actors import Actor
from applications.assessments.actions import assess_application
from applications.lifecycle.models import Application
from eligibility.models import Policy
from programmes.models import Offering, School
from tests.browser.chromium import DESKTOP, PHONE, Reader, follow, go, press
from tests.factories.applicants import ApplicantFactory, EnglishTestFactory, QualificationFactory
from tests.factories.applications import CaseFactory, officer
from tests.factories.drafts import publish_policies, research_offering
from tests.factories.programmes import hkt

SAVED = "The draft is saved."


@pytest.fixture
def offering(transactional_db: None) -> Offering:
    publish_policies()
    start_clock_at(hkt(2026, 4, 20, 10, 0))
    return research_offering()


def received(offering: Offering, overall: str, family_name: str) -> Application:
    """Received on 28 March 2026: a degree taught in Chinese, and an IELTS of this score throughout."""
    applicant = ApplicantFactory(family_name=family_name)
    QualificationFactory(applicant=applicant, mainland=True)
    parts = ("overall", "listening", "reading", "writing", "speaking")
    EnglishTestFactory(applicant=applicant, **dict.fromkeys(parts, Decimal(overall)))
    case: Application = CaseFactory(applicant=applicant, offering=offering)
    assess_application(case, by=Actor.system(), at=case.submitted_at)
    return case


def work() -> None:
    """A worker does what was asked for."""
    job = run_due_job()
    assert job is not None
    assert job.error == ""


def type_over(page: Page, test: str, figure: str, value: str) -> None:
    """A figure changed by keyboard alone: its blank stands in the sentence of its test."""
    box = page.get_by_role("group", name=test).get_by_label(figure)
    box.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(value)


def test_an_officer_raises_ielts_sees_who_is_affected_publishes_and_reassesses(
    reader: Callable[..., Reader], offering: Offering, settings: Any
) -> None:
    settings.POLICIES_BY_TWO = True
    turned, safe = received(offering, "6.0", "CHAN"), received(offering, "6.5", "NG")
    author = reader(width=DESKTOP, user=officer(offering.programme, Role.COORDINATOR))
    page = author.open("/office/")
    follow(page, "Policies")
    author.check()
    follow(page, "Doctor of Philosophy (PhD)")
    press(page, "Begin a draft")
    author.check()

    # the form: by keyboard, a wrong score first
    type_over(page, "IELTS Academic (figures of the source)", "overall or more", "6.3")
    page.keyboard.press("Enter")
    page.wait_for_selector(".pg-errors")
    author.check()
    assert page.evaluate("document.activeElement.className") == "pg-errors"
    assert [link.inner_text() for link in page.locator(".pg-errors a").all()] == [
        "Why it changes: An answer is needed here.",
        "IELTS Academic (figures of the source), the overall score: The overall score goes in steps of 0.5; "
        "6.3 cannot be a score.",
    ]
    type_over(page, "IELTS Academic (figures of the source)", "overall or more", "6.5")
    for part, number in (("Day", "1"), ("Month", "3"), ("Year", "2026")):
        page.get_by_role("group", name="In force from").get_by_label(part).fill(number)
    page.get_by_label("Why it changes").fill("Senate, 12 March 2026: IELTS 6.5 for research degrees.")
    go(page.get_by_role("button", name="Save the draft", exact=True).last)
    author.check()
    row = page.locator(".pg-changes tbody tr")
    assert [cell.inner_text() for cell in row.locator("th, td").all()] == [
        "UST-08",
        "IELTS Academic (figures of the source): overall score",
        "6.0",
        "6.5",
    ]

    # whom it affects, before anything is in force
    follow(page, "Preview the effects")
    press(page, "Preview what it would change")
    work()
    draft = Policy.objects.get(code="HKUST-PHD").versions.get(published_at=None)
    page.goto(f"/office/applications/application/impact/version/{draft.pk}/")
    author.check()
    listed = page.locator("table", has=page.get_by_text("What turns it")).locator("tbody tr")
    assert listed.count() == 1
    told = listed.inner_text()
    assert turned.number in told
    assert safe.number not in told
    assert "English (UST-06): Met" in " ".join(told.split())
    assert "Needed after: IELTS Academic: overall 6.5 or more, no part below 5.5" in told
    follow(page, "Go on with the draft")
    assert page.locator(".pg-now h2").inner_text() == "Do next: A second person approves"

    # a colleague says yes, on a phone
    colleague = reader(width=PHONE, user=officer(offering.programme, Role.ADMINISTRATOR))
    colleague.open(page.url.removeprefix(author.base_url))
    press(colleague.page, "Approve the draft")
    colleague.check()

    page.reload()
    follow(page, "Go to publishing")
    author.check()
    assert page.get_by_text("Results that change: 1 of 2 open applications.").count() == 1
    press(page, "Publish, in force from 1 March 2026")
    # the shipped rules came from 1 September 2025: nothing later is in the way
    author.check()
    assert page.locator("main h1").inner_text() == "Doctor of Philosophy (PhD), version 2"

    # run again, the old result stays under its own version
    follow(page, "Go to re-assessing")
    press(page, "Run the rules on every open application")
    work()
    page.goto(f"/office/applications/application/{turned.pk}/")
    rules = page.locator("section", has=page.locator("#rules"))
    assert "Needed\nIELTS Academic: overall 6.5 or more, no part below 5.5" in rules.inner_text()
    assert "HKUST-PHD 2" in rules.inner_text()
    follow(page, "Every run of the rules")
    author.check()
    now, before = page.locator("#content section").all()
    before.locator("summary").first.click()
    for run, version, needed in ((now, "HKUST-PHD 2", "6.5"), (before, "HKUST-PHD 1", "6.0")):
        assert version in run.inner_text()
        assert f"overall {needed} or more, no part below 5.5" in run.inner_text()


def test_a_school_that_would_lower_is_refused_in_a_sentence(
    reader: Callable[..., Reader], offering: Offering
) -> None:
    programme = offering.programme
    programme.school = School.objects.create(
        institution=programme.institution, code="science", name="School of Science", source="S2"
    )
    programme.save()
    someone = reader(width=PHONE, user=officer(programme, Role.COORDINATOR))
    page = someone.open("/office/eligibility/policy/add/")
    page.get_by_label("School or programme", exact=True).select_option("School of Science")
    page.get_by_label("Title", exact=True).fill("School of Science")
    press(page, "Begin the draft")
    someone.check()
    type_over(page, "IELTS Academic", "overall or more", "5.5")
    page.get_by_label("Why it changes").fill("School Board")
    go(page.get_by_role("button", name="Save the draft", exact=True).last)
    someone.check()
    [told] = [link.inner_text() for link in page.locator(".pg-errors a").all()]
    assert (
        "“IELTS Academic: overall 5.5 or more” is lower than “IELTS Academic: overall 6.0 or more”, which "
        "HKUST-PHD asks, and a School or programme can only raise."
    ) in told
    page.locator(".pg-errors a").click()
    assert page.evaluate("document.activeElement.value") == "5.5"
    page.keyboard.press("Control+A")
    page.keyboard.type("7")
    go(page.get_by_role("button", name="Save the draft", exact=True).last)
    someone.check()
    assert page.get_by_text(SAVED).count() == 1


@pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_rules_are_written_and_read_on_any_screen_without_scripts(
    reader: Callable[..., Reader], offering: Offering, width: int
) -> None:
    user = officer(offering.programme, Role.COORDINATOR)
    plain = reader(width=width, user=user, scripts=False).page
    plain.goto("/office/eligibility/policy/")
    follow(plain, "Doctor of Philosophy (PhD)")
    press(plain, "Begin a draft")
    plain.get_by_label("Another test").select_option("PTE Academic")
    press(plain, "Add it to the list")
    type_over(plain, "PTE Academic", "overall or more", "58")
    plain.get_by_label("Why it changes").fill("Senate")
    go(plain.get_by_role("button", name="Save the draft", exact=True).last)
    assert plain.get_by_text("PTE Academic: overall 58 or more").count() == 1

    someone = reader(width=width, user=user)
    policy = Policy.objects.get(code="HKUST-PHD")
    someone.open(f"/office/eligibility/policy/{policy.pk}/draft/edit/")
    someone.open(f"/office/eligibility/policyversion/{policy.versions.last().pk}/")
    someone.open(f"/office/eligibility/policy/{policy.pk}/compare/")
    page = someone.open("/office/eligibility/acceptedaward/add/")
    page.get_by_label("Names of the institution").fill("Example University\n範例大學")
    page.get_by_label("The institution is comparable").check()
    for part, number in (("Day", "1"), ("Month", "3"), ("Year", "2026")):
        page.get_by_role("group", name="For applications received from").get_by_label(part).fill(number)
    page.get_by_label("Why").fill("Faculty Board")
    press(page, "Save the entry")
    someone.check()
    someone.open("/office/eligibility/acceptedaward/")
