"""The main job, end to end, in a real browser: from "what can I apply for?" to an accepted offer.

Applicant, office, coordinator and applicant again; on a phone and on a desktop; every page passed is checked
for accessibility, sideways scroll, console errors and the Content-Security-Policy.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pypdf
import pytest
import python_calamine
from django.core.cache import cache
from django.core.management import call_command
from playwright.sync_api import Page

from admissions_portal import clock
from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import move_clock_to, start_clock_at
from admissions_portal.outbox.actions import deliver_due_messages
from admissions_portal.outbox.models import Message
from admissions_portal.papers.actions import render_due_papers
from applications.demo.papers import example_pdf
from applications.exports.models import ExportLog
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.ticks import run_ticks
from programmes.models import Programme
from tests.browser.chromium import DESKTOP, PHONE, Reader, follow, go, press
from tests.browser.keyboard import by_keyboard
from tests.factories.accounts import PASSWORD
from tests.factories.applications import officer
from tests.factories.programmes import hkt

OPENING = hkt(2026, 3, 24, 9, 0)


@pytest.fixture
def portal(settings: Any, live_server: Any, tmp_path: Any) -> Programme:
    """The real catalogue and rules, and the demo's clock at 24 March 2026, 09:00 HKT."""
    cache.clear()
    settings.EMAIL_BACKEND = "admissions_portal.outbox.backend.OutboxEmailBackend"
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    call_command("load_catalogue", verbosity=0)
    call_command("load_policies", verbosity=0)
    start_clock_at(OPENING)
    return Programme.objects.get(slug="hku-mmedsc")


def words(page: Page) -> str:
    """What the page says, in one line."""
    return " ".join(page.locator("main").inner_text().split())


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def fill_date(page: Page, legend: str, day: int, month: int, year: int) -> None:
    group = page.get_by_role("group", name=re.compile(legend)).first
    for label, value in (("Day", day), ("Month", month), ("Year", year)):
        group.get_by_label(label).fill(str(value))


def worker_does_its_rounds() -> None:
    """What beat and worker do in their own processes elsewhere; faults/ kills those."""
    render_due_papers()
    deliver_due_messages(at=clock.now())


@pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_from_the_catalogue_to_an_accepted_offer(
    portal: Programme, reader: Callable[..., Reader], width: int
) -> None:
    me = reader(width=width)
    case = apply_for_the_mmedsc(me)
    office = reader(width=width, user=officer(portal, name="HO Wing Yan"))
    check_the_case(office, case)
    coordinator = reader(width=width, user=officer(portal, Role.COORDINATOR, name="Prof. PATEL Arjun"))
    score_and_shortlist(coordinator, case)
    make_the_offer(office, case)
    accept(me)
    case.refresh_from_db()
    assert case.state == State.ACCEPTED
    office.open(f"/office/applications/application/{case.pk}/")
    assert "Offer accepted" in office.page.locator("#content").inner_text()


def apply_for_the_mmedsc(me: Reader) -> Application:
    """Find the programme, make an account, fill in every section, submit, and keep the receipt."""
    page = me.open("/")
    follow(page, "Master of Medical Sciences")
    me.check()
    assert "closes 31 March 2026, 23:59 HKT in 7 days" in words(page)
    assert "HK$198,000" in words(page)
    follow(page, "Apply full-time")
    me.check()
    follow(page, "Create an account")
    make_an_account(me)
    assert heading(page) == "Begin an application"
    press(page, "Begin the application")
    personal(me)
    residence(me)
    choice(me)
    degree(me)
    english(me)
    experience(me)
    documents(me)
    return review_and_submit(me)


def make_an_account(me: Reader) -> None:
    page = me.page
    me.check()
    page.get_by_label("E-mail address").fill("lin@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Create account")
    me.check()
    sent = Message.objects.latest("queued_at").body
    page.get_by_label("Code").fill(re.findall(r"^ {2}([A-Z]{4}-[A-Z]{4})$", sent, re.MULTILINE)[0])
    press(page, "Confirm")
    me.check()


def personal(me: Reader) -> None:
    page = me.page
    assert heading(page) == "Your details"
    press(page, "Save and continue")
    assert "things to put right" in page.locator(".pg-errors").inner_text()
    me.check()
    page.get_by_label("Family name").fill("LIN")
    page.get_by_label("Given names").fill("Yuhan")
    page.get_by_label("Chinese name").fill("林雨涵")
    page.get_by_label("Preferred name").fill("Hannah")
    fill_date(page, "Date of birth", 9, 2, 2002)
    page.get_by_label("Nationality").select_option("CN")
    page.get_by_label("Identity document").select_option(label="Passport")
    page.get_by_label("First four characters of its number").fill("E123")
    page.get_by_label("Telephone").fill("+86 138 0013 8000")
    page.get_by_label("Flat, floor, block, building").fill("Room 402, Building 6, Haitang Garden")
    page.get_by_label("Street and number").fill("88 Binjiang Road (fictional)")
    page.get_by_label("District or city").fill("Binhai")
    page.get_by_label("Country or region").select_option("CN")
    press(page, "Save and continue")
    me.check()


def residence(me: Reader) -> None:
    page = me.page
    assert heading(page) == "Local or non-local"
    page.get_by_label("Student visa or entry permit, held now or needed to study").check()
    page.get_by_label("Mainland", exact=True).check()
    press(page, "Save and continue")
    me.check()


def choice(me: Reader) -> None:
    page = me.page
    assert heading(page) == "Programme choice"
    page.get_by_label("Specialisation", exact=True).select_option(label="(7) Genomics and Bioinformatics")
    page.get_by_label("Second choice").select_option(label="(6) Genetic Counselling")
    press(page, "Save and continue")
    me.check()


def degree(me: Reader) -> None:
    page = me.page
    assert heading(page) == "Degrees"
    page.get_by_label("Level").select_option(label="Bachelor’s degree")
    page.get_by_label("Title of the award").fill("BSc in Biotechnology")
    page.get_by_label("Institution", exact=True).fill("Binhai University of Science (fictional)")
    page.get_by_label("Country or region of the institution").select_option("CN")
    page.get_by_label("Awarded", exact=True).check()
    fill_date(page, "Day of the award", 30, 6, 2025)
    page.get_by_label("Honours as printed").select_option(label="Nothing is printed")
    for question in (
        "The degree was taught in",
        "The degree was examined in",
        "The institution as a whole teaches in",
    ):
        page.get_by_label(question).select_option(label="Another language")
    press(page, "Save and continue")
    me.check()


def english(me: Reader) -> None:
    page = me.page
    assert heading(page) == "English tests"
    page.get_by_role("group", name="Is English your first language?").get_by_label("No").check()
    page.get_by_label("Which test?").select_option(label="IELTS Academic, also for UKVI")
    press(page, "Add a test")
    fill_date(page, "Test date", 12, 10, 2024)
    for part, score in (
        ("Overall", "6.5"),
        ("Listening", "6.5"),
        ("Reading", "7.0"),
        ("Writing", "6.3"),
        ("Speaking", "6.0"),
    ):
        page.get_by_label(part, exact=True).fill(score)
    press(page, "Save and continue")
    assert "Writing goes in steps of 0.5; 6.3 cannot be a score" in page.locator(".pg-errors").inner_text()
    assert page.get_by_label("Writing", exact=True).input_value() == "6.3"
    me.check()
    page.get_by_label("Writing", exact=True).fill("5.5")
    press(page, "Save and continue")
    me.check()


def experience(me: Reader) -> None:
    assert heading(me.page) == "Experience"
    press(me.page, "Save and continue")
    me.check()


def documents(me: Reader) -> None:
    page = me.page
    assert heading(page) == "Documents"
    word = {"name": "transcript.docx", "mimeType": "application/octet-stream", "buffer": b"PK\x03\x04 no pdf"}
    # with scripts a file is sent as soon as it is chosen
    page.get_by_label("Choose files: Degree certificate and transcript").set_input_files(word)
    page.locator("[data-pg-queue] .is-wrong").wait_for()
    me.check()
    for slot, title in (
        ("Degree certificate and transcript", "Transcript"),
        ("English test report", "Report"),
    ):
        proof = example_pdf(title)
        page.get_by_label(f"Choose files: {slot}").set_input_files(
            {"name": f"{title}.pdf", "mimeType": "application/pdf", "buffer": proof.read()}
        )
        page.get_by_role("link", name=f"{title}.pdf", exact=True).wait_for()
    me.check()
    press(page, "Save and continue")
    page.get_by_role("heading", name="Review and submit").wait_for()
    me.check()


def review_and_submit(me: Reader) -> Application:
    page = me.page
    assert "8 of 8 sections complete" in words(page) or "7 of 7 sections complete" in words(page)
    assert "LIN" in words(page)
    me.open(page.get_by_role("link", name="See each finding").get_attribute("href") or "")
    assert "HKU-E5" in words(page)
    page.go_back()
    press(page, "Submit application")
    assert "2 things to put right" in page.locator(".pg-errors").inner_text()
    me.check()
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    press(page, "Submit application")
    me.check()
    case = Application.objects.get()
    assert case.state == State.SUBMITTED
    assert case.number is not None
    assert case.number in words(page)
    assert "HKT" in words(page)
    worker_does_its_rounds()
    receipt = Message.objects.get(kind="application_received")
    assert receipt.status == Message.Status.SENT
    assert case.number in receipt.subject
    me.open("/my/")
    me.open(f"/applications/{case.pk}/")
    return case


def check_the_case(office: Reader, case: Application) -> None:
    """The office opens the case from its desk, checks each document and records what only an officer can."""
    page = office.open("/office/")
    go(page.get_by_role("link", name="1 New, not yet in review"))
    office.check()
    go(page.get_by_role("link", name="LIN Yuhan"))
    office.check()
    assert "Check the documents" in page.locator(".pg-now").inner_text()
    for _document in range(2):
        go(page.get_by_role("button", name=re.compile("^Verify")).first)
        page.get_by_text("The document is verified.").wait_for()
    office.check()
    for code, finding in (("HKU-E3", "Met"), ("HKU-E1", "Met")):
        page.get_by_text("Record a finding", exact=True).click()
        page.get_by_label("Clause", exact=True).select_option(value=code)
        page.get_by_label("Finding", exact=True).select_option(label=finding)
        page.get_by_label("Reason", exact=True).fill("Transcript read; of equivalent standard.")
        press(page, "Record finding")
        page.get_by_text("Your finding is on the file").wait_for()
    office.check()


def score_and_shortlist(coordinator: Reader, case: Application) -> None:
    """The coordinator scores, narrows the shortlist and takes it out, on record."""
    page = coordinator.open(f"/office/applications/application/{case.pk}/")
    page.get_by_role("group", name="Score", exact=True).get_by_label("4.5").check()
    page.get_by_label("Recommendation").select_option(label="Offer")
    page.get_by_label("Comment").fill('=HYPERLINK("http://example.org") is no formula here')
    press(page, "Save score")
    page.get_by_text("Your score is on the file.").wait_for()
    coordinator.check()
    coordinator.open("/office/applications/exportlog/shortlist/")
    follow(page, "Under consideration 1")
    coordinator.check()
    assert "4.50" in words(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Export XLSX").click()
    rows = (
        python_calamine.CalamineWorkbook.from_path(str(download.value.path()))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert [rows[0][1], rows[1][1], len(rows)] == ["Number", case.number, 2]
    with page.expect_download() as download:
        page.get_by_role("button", name="Export CSV").click()
    assert case.number in download.value.path().read_text(encoding="utf-8-sig")
    assert list(ExportLog.objects.order_by("id").values_list("format", "rows")) == [("XLSX", 1), ("CSV", 1)]
    coordinator.open("/office/applications/exportlog/")


def make_the_offer(office: Reader, case: Application) -> None:
    """Terms with a condition; the letter is made and sent by the worker."""
    page = office.open(f"/office/applications/application/{case.pk}/")
    follow(page, "Make an offer")
    press(page, "Prepare it and look at letter and mail")
    assert "Reply by the end of" in page.locator(".pg-errors").inner_text()
    office.check()
    fill_date(page, "Reply by the end of", 17, 4, 2026)
    first = page.get_by_role("group", name=re.compile("^Condition 1"))
    first.get_by_label("Condition", exact=True).fill("Official final transcript 成績單")
    first.get_by_label("What we need").fill("Sent to the office by your university")
    for label, value in (("Day", "31"), ("Month", "8"), ("Year", "2026")):
        first.get_by_label(label).fill(value)
    press(page, "Prepare it and look at letter and mail")
    page.get_by_text("It is prepared.").wait_for()
    office.check()
    press(page, "Release this decision now")
    page.get_by_text("The decision is released, and the applicant is told.").wait_for()
    office.check()
    worker_does_its_rounds()
    letter = case.offer.letter
    pages = pypdf.PdfReader(BytesIO(bytes(letter.pdf))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "17 April 2026, 23:59 HKT" in text
    assert "林雨涵" in text
    assert "subject to the University Council" in text
    assert Message.objects.get(kind="offer_made").status == Message.Status.SENT


def accept(me: Reader) -> None:
    """The clock moves on; a reminder comes; the applicant reads the letter and accepts."""
    move_clock_to(clock.now() + timedelta(days=18))
    run_ticks(at=clock.now())
    assert Message.objects.filter(kind="offer_reply_reminder").count() == 1
    page = me.open("/my/")
    go(page.locator(".pg-now").get_by_role("link").first)
    me.check()
    assert heading(page) == "You have an offer"
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^Offer letter OFF-")).click(modifiers=["Alt"])
    assert download.value.path().read_bytes().startswith(b"%PDF")
    follow(page, "Anyone you show it to can check it")
    me.check()
    page.go_back()
    follow(page, "Accept the offer")
    me.check()
    press(page, "Accept the offer")
    me.check()
    assert heading(page) == "You have accepted the offer"
    me.open("/my/")


def test_an_application_by_keyboard_alone(portal: Programme, reader: Callable[..., Reader]) -> None:
    """From the catalogue over the sign-in to the receipt; the journey above looks at the pages."""
    me = reader()
    me.check = lambda: None  # type: ignore[method-assign]
    with by_keyboard():
        assert apply_for_the_mmedsc(me).state == State.SUBMITTED
