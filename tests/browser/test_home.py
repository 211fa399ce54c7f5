"""The applicant's own pages in a real browser: home with much and with nothing, withdrawing, the copy."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from admissions_portal.accounts.models import User
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.jobs.actions import run_due_job
from applications.applicants.choices import Origin, ResidenceStatus
from applications.evidence.models import DocumentStatus, EvidenceRequest, SlotCode
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.offers.actions import accept_offer, make_offer
from applications.offers.terms import ConditionTerms, OfferTerms
from applications.withdrawals.actions import withdraw_application
from applications.withdrawals.models import WithdrawalReason
from programmes.models import Bookmark
from tests.browser.chromium import DESKTOP, PHONE, Reader, follow, press
from tests.factories.accounts import UserFactory
from tests.factories.applicants import ApplicantFactory
from tests.factories.applications import CaseFactory, DraftFactory, acting, officer
from tests.factories.drafts import publish_policies, research_offering, taught_offering
from tests.factories.evidence import DocumentFactory
from tests.factories.programmes import OfferingFactory, RoundFactory, hkt

pytestmark = pytest.mark.django_db(transaction=True)
AT = hkt(2026, 3, 24, 9, 0)


@pytest.fixture(autouse=True)
def _demo_time(transactional_db: None, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    publish_policies()
    start_clock_at(AT)


def offered(case: Application) -> Application:
    terms = OfferTerms(
        hkt(2026, 7, 20, 23, 59), (ConditionTerms("Final transcript", "By post", date(2026, 8, 31)),)
    )
    make_offer(case, terms=terms, by=acting(officer(case.offering.programme)), at=AT)
    return Application.objects.get(pk=case.pk)


@pytest.fixture
def hannah() -> User:
    """Applications at both universities: read by the office with a request, a draft, an offer, two ended."""
    me = ApplicantFactory(
        preferred_name="Hannah", residence_status=ResidenceStatus.STUDENT_VISA, origin=Origin.MAINLAND
    )
    taught, research = taught_offering(), research_offering()
    case = CaseFactory(applicant=me, offering=taught, state=State.IN_REVIEW)
    DocumentFactory(
        application=case, slot=SlotCode.ENGLISH_TEST, status=DocumentStatus.REJECTED, reason="Blurred."
    )
    EvidenceRequest.objects.create(
        application=case,
        kind="NOW",
        wants="DOCUMENT",
        title="Final transcript, all pages",
        words="The office needs all pages, with the grading system.",
        due_on=date(2026, 3, 30),
        closed_from=hkt(2026, 3, 31),
        asked_by=officer(taught.programme),
        asked_at=AT,
    )
    DraftFactory(applicant=me, offering=research)
    other = OfferingFactory(intake=research.intake, mode="PART_TIME")
    RoundFactory(offering=other)
    offered(CaseFactory(applicant=me, offering=other))
    gone = OfferingFactory(intake=taught.intake, mode="PART_TIME")
    RoundFactory(offering=gone)
    withdraw_application(
        CaseFactory(applicant=me, offering=gone),
        reason=WithdrawalReason.PLANS,
        words="I go to another city, 去另一個城市。",
        by=acting(me.user),
        at=AT,
    )
    Bookmark.objects.create(user=me.user, programme=research.programme, saved_at=AT)
    return me.user


@pytest.mark.parametrize("language", ["en", "zh-hant"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_home_with_much_on_it(reader: Callable[..., Reader], hannah: User, width: int, language: str) -> None:
    someone = reader(width=width, user=hannah, language=language)
    page = someone.open("/my/")
    assert page.locator(".pg-now").count() == 1
    page.locator("details.pg-fold summary").first.click()
    someone.check()


def test_home_of_somebody_new(anyone: Reader) -> None:
    anyone.sign_in(UserFactory())
    page = anyone.open("/my/")
    expect(page.locator(".pg-now h2")).to_have_text("Choose a programme")


def test_home_after_accepting_and_the_offer_with_its_days(anyone: Reader) -> None:
    me = ApplicantFactory(residence_status=ResidenceStatus.STUDENT_VISA, origin=Origin.OVERSEAS)
    case = offered(CaseFactory(applicant=me, offering=taught_offering()))
    anyone.sign_in(me.user)
    page = anyone.open(f"/offers/{case.offer.pk}/")
    expect(page.locator("section[aria-labelledby=visa]")).to_contain_text("6 July 2026")
    accept_offer(case.offer, by=acting(me.user), at=AT)
    page = anyone.open("/my/")
    expect(page.locator(".pg-now h2")).to_have_text("Give the number of your identity document")


def test_the_next_step_is_reached_by_the_keyboard_alone(desktop: Reader, hannah: User) -> None:
    desktop.sign_in(hannah)
    page = desktop.open("/my/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skips to the main content
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.pg-now') !== null")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/applications/" in page.url


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_withdrawing_from_the_case_to_the_last_word(reader: Callable[..., Reader], scripts: bool) -> None:
    case = offered(CaseFactory(applicant=ApplicantFactory(), offering=taught_offering()))
    someone = reader(width=PHONE, user=case.applicant.user, scripts=scripts)
    check = someone.check if scripts else lambda: None  # axe needs scripts
    page = someone.page
    page.goto(f"/applications/{case.pk}/")
    check()
    follow(page, "Withdraw the application")
    check()
    press(page, "Withdraw the application")
    expect(page.locator("main")).to_contain_text("Choose one of the answers.")
    check()
    page.get_by_label("My plans have changed").check()
    page.get_by_label("Anything you want to tell the office").fill("Thank you.")
    press(page, "Withdraw the application")
    expect(page.locator("main")).to_contain_text("You have withdrawn the application.")
    check()
    assert Application.objects.get().state == State.WITHDRAWN


def test_a_draft_is_deleted(anyone: Reader) -> None:
    draft = DraftFactory(offering=taught_offering())
    anyone.sign_in(draft.applicant.user)
    anyone.open(f"/applications/{draft.pk}/")
    follow(anyone.page, "Delete the draft")
    anyone.check()
    press(anyone.page, "Delete the draft")
    expect(anyone.page.locator("main")).to_contain_text("The draft has been deleted. Your profile is kept.")


def test_messages_are_read_and_the_copy_is_taken(anyone: Reader, hannah: User) -> None:
    anyone.sign_in(hannah)
    page = anyone.open("/my/messages/")
    page.locator("main .pg-tasks a").first.click()
    anyone.check()
    anyone.open("/my/record/")
    press(page, "Make a copy")
    run_due_job()
    page.goto("/my/record/")
    anyone.check()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the copy (ZIP)").click()
    with open(download.value.path(), "rb") as file:
        assert "record.json" in zipfile.ZipFile(io.BytesIO(file.read())).namelist()


def test_the_review_warns_before_the_session_ends_and_lets_one_stay(
    reader: Callable[..., Reader], settings: Any
) -> None:
    settings.SESSION_COOKIE_AGE = 300
    draft = DraftFactory(offering=taught_offering())
    someone = reader(user=draft.applicant.user)
    page = someone.page
    page.goto(f"/applications/{draft.pk}/review/")
    notice = page.locator("[data-pg-session]")
    expect(notice).to_contain_text("You will be signed out in 5 minutes")
    someone.check()
    settings.SESSION_COOKIE_AGE = 40_000
    page.get_by_role("button", name="Stay signed in").click()
    expect(notice).to_be_hidden()
