"""A clerk and a reader take a case from new to decided without a mouse, and go on to the next."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.outbox.models import Message
from admissions_portal.papers.actions import render_due_papers
from admissions_portal.papers.models import Paper
from admissions_portal.support.actors import Actor
from applications.assessments.actions import assess_application
from applications.checklists.models import SectionCheck
from applications.evidence.models import DocumentStatus, FileKind, PrintedIdentity
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.reviews.assignment import ReviewAssignment
from applications.reviews.models import Review
from tests.browser.chromium import Reader, follow, go, press
from tests.browser.keyboard import by_keyboard, press_access_key, reach
from tests.factories.applicants import ApplicantFactory
from tests.factories.applications import CaseFactory, officer
from tests.factories.drafts import publish_policies
from tests.factories.evidence import DocumentFactory, picture
from tests.factories.programmes import hkt

NOW = hkt(2026, 5, 4, 9, 0)


@pytest.fixture
def cases(transactional_db: None, settings: Any, tmp_path: Path) -> list[Application]:
    """Two new ones; the first has waited longer."""
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    publish_policies()
    start_clock_at(NOW)
    first = CaseFactory(
        offering__intake__programme__slug="hku-mmedsc",
        applicant=ApplicantFactory(
            family_name="LIN", given_names="Yuhan", chinese_name="林雨涵", preferred_name=""
        ),
        state_since=hkt(2026, 3, 20, 9, 0),
    )
    second = CaseFactory(offering=first.offering, state_since=hkt(2026, 3, 21, 9, 0))
    DocumentFactory(application=first, name="degree.jpg", kind=FileKind.JPEG, content=picture(size=(60, 40)))
    for case in (first, second):
        assess_application(case, by=Actor.system(), at=NOW)
    return [first, second]


def test_a_case_from_new_to_decided_by_keyboard(
    reader: Callable[..., Reader], cases: list[Application]
) -> None:
    case = cases[0]
    programme = case.offering.programme
    office = reader(user=officer(programme, name="HO Wing Yan"))
    assigned = officer(programme, Role.REVIEWER, name="Dr. KAUR Simran")
    page = office.page
    with by_keyboard():
        page.goto("/office/")
        go(page.get_by_role("link", name="2 New, not yet in review"))
        follow(page, "LIN Yuhan")
        assert along_the_list(page) == "1 of 2"

        go(page.get_by_role("link", name="Look at it beside its claim"))
        page.get_by_label("Name as printed", exact=True).fill("LIN Yuhan")
        press(page, "Verify")
        assert case.documents.get().status == DocumentStatus.VERIFIED
        assert PrintedIdentity.objects.get().name == "LIN Yuhan"

        go(page.get_by_role("button", name=re.compile("In order.*Degrees")))
        assert SectionCheck.objects.get().state == "IN_ORDER"

        follow(page, "Give it to readers")
        page.get_by_label("Dr. KAUR Simran").check()
        press(page, "Give to these readers")
        assert ReviewAssignment.objects.get().reader == assigned

        score_by_key(reader(user=assigned).page)
        assert Review.objects.get(application=case).score == 4

        page.goto(f"/office/applications/application/{case.pk}/")
        decide(page, case)
        # it is no longer new, and the way along the pile goes on from where it stood
        assert along_the_list(page) == "No longer in the list, which holds 1"
        with page.expect_navigation():
            press_access_key(page, "j")
    assert page.locator("h1").inner_text().startswith("LAM Tsz Ching")


def score_by_key(page: Page) -> None:
    page.goto("/office/applications/application/my-reviews/")
    follow(page, "Next case to score")
    page.get_by_label("4.0", exact=True).check()
    page.get_by_label("Recommendation", exact=True).select_option(label="Offer")
    press(page, "Save score")


def decide(page: Page, case: Application) -> None:
    """Prepare an offer, look at what it would send, release it."""
    follow(page, "Make an offer")
    for label, value in (("Day", "29"), ("Month", "5"), ("Year", "2026")):
        page.get_by_role("group", name="Reply by the end of").get_by_label(label).fill(value)
    press(page, "Prepare it and look at letter and mail")
    assert "Dear LIN Yuhan,\n\nWe are glad to offer you a place." in page.locator(".pg-mail").inner_text()
    assert Message.objects.filter(kind="offer_made").count() == 0
    render_due_papers()
    page.reload()
    preview = page.get_by_role("link", name="Preview of the letter (PDF)")
    reach(preview)
    letter = page.request.get(preview.get_attribute("href") or "")
    assert letter.body().startswith(b"%PDF")

    press(page, "Release this decision now")
    case.refresh_from_db()
    assert case.state == State.OFFERED
    assert case.offer.letter.status == Paper.Status.DUE
    assert Message.objects.get(kind="offer_made").status == Message.Status.QUEUED
    page.goto(f"/office/applications/application/{case.pk}/")


def along_the_list(page: Page) -> str:
    return page.get_by_role("navigation", name="Along the list").locator(".pg-num").inner_text()
