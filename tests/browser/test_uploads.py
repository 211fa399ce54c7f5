"""Sending documents as an applicant does it: several at once, over a line that breaks, without scripts.

In each state the page can be in, the reader's check looks for what is against accessibility and sticks out.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from admissions_portal import clock
from applications.evidence.actions import EvidenceTerms, ask_for_evidence
from applications.evidence.models import Document, FileKind, RequestKind, RequestWants, SlotCode
from applications.lifecycle.models import Application
from programmes.models import Offering
from tests.browser.chromium import DESKTOP, PHONE, Reader, follow, go, press
from tests.factories.applicants import QualificationFactory
from tests.factories.applications import CaseFactory, DraftFactory, acting, officer
from tests.factories.evidence import DocumentFactory, heic, pdf, picture

SLOT = "Degree certificate and transcript"


@pytest.fixture
def draft(settings: Any, live_server: Any, tmp_path: Any) -> Application:
    """An application for the MMedSc with a degree; the real catalogue and rules."""
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    call_command("load_catalogue", verbosity=0)
    call_command("load_policies", verbosity=0)
    offering = Offering.objects.filter(intake__programme__slug="hku-mmedsc").earliest("pk")
    made = DraftFactory(offering=offering)
    QualificationFactory(applicant=made.applicant)
    return made


def address(application: Application) -> str:
    return reverse("applications:documents", args=[application.pk])


def file(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def choose(page: Page, *files: dict[str, Any]) -> None:
    page.locator("#slot-degree").set_input_files(list(files))


def drop(page: Page, content: str) -> None:
    """Let go of a file over the slot; `content` is what JavaScript calls its bytes."""
    data = page.evaluate_handle(
        f"""() => {{ const data = new DataTransfer();
        data.items.add(new File([{content}], "dropped.pdf")); return data; }}"""
    )
    place = page.locator("[data-pg-drop=slot-degree]")
    place.dispatch_event("dragover", {"dataTransfer": data})
    assert "is-over" in (place.get_attribute("class") or "")
    place.dispatch_event("drop", {"dataTransfer": data})


def is_upload(route: Route) -> bool:
    return route.request.method == "POST"


def kept(page: Page) -> list[str]:
    return page.locator(
        "#slot-degree-kept li a[href*='/documents/']:not([href*='/applications/'])"
    ).all_inner_texts()


@pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_several_files_at_once_each_say_how_far_they_are(
    draft: Application, reader: Callable[..., Reader], width: int
) -> None:
    me = reader(width=width, user=draft.applicant.user)
    page = me.open(address(draft))  # empty
    gate: list[Route] = []
    page.route(
        "**/documents/",
        lambda route: gate.append(route) if route.request.method == "POST" else route.fallback(),
    )
    choose(
        page,
        file("certificate.pdf", pdf(2)),
        file("transcript.docx", b"PK\x03\x04 word/document.xml"),
        file("IMG_0001.HEIC", heic()),
        file("a-very-long-name-" + "x" * 90 + ".png", picture("PNG")),
    )
    rows = page.locator("[data-pg-queue]:visible li")
    page.locator("progress").first.wait_for()
    assert rows.count() == 4
    assert rows.nth(1).locator("p").inner_text() == "Waiting"
    me.check()  # under way
    while rows.count() > 1 or rows.locator("p").inner_text() in ("Waiting", "Sent. It is being looked at."):
        page.wait_for_timeout(20)
        while gate:
            gate.pop().continue_()
    assert rows.locator("p").inner_text() == (
        "“transcript.docx” is a Word, Excel or similar file. Save it as a PDF, and send that."
    )
    assert [name[:13] for name in kept(page)] == ["certificate.p", "IMG_0001.HEIC", "a-very-long-n"]
    assert "Sent as a HEIC photo, kept as JPEG" in page.locator("#slot-degree-kept").inner_text()
    assert page.locator("#slot-degree-state").inner_text() == "Received"
    me.check()  # filled, and one refused
    assert draft.documents.count() == 3


def test_a_connection_that_breaks_loses_nothing_and_tries_again_without_a_second_copy(
    draft: Application, reader: Callable[..., Reader]
) -> None:
    me = reader(user=draft.applicant.user)
    page = me.open(address(draft))
    me.watch.forgive("ERR_FAILED|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION")
    broken = ["before", "after"]

    def break_off(route: Route) -> None:
        if not is_upload(route) or not Document.objects.exists() or not broken:
            route.fallback()
        elif broken.pop(0) == "after":
            route.fetch()  # it arrived, and only the answer was lost
            route.abort()
        else:
            route.abort()

    page.route("**/documents/", break_off)
    choose(page, file("first.pdf", pdf(1)), file("second.pdf", pdf(2)), file("third.pdf", pdf(3)))
    row = page.locator("[data-pg-queue] .is-wrong")
    row.wait_for()
    assert kept(page) == ["first.pdf"]
    assert (
        row.locator("p")
        .inner_text()
        .startswith("Not sent: the connection broke. Everything kept before is safe.")
    )
    me.check()  # broken off
    row.get_by_role("button", name="Try again").click()
    while draft.documents.count() < 2:
        page.wait_for_timeout(20)
    row.wait_for()
    page.evaluate("window.dispatchEvent(new Event('online'))")  # the connection is back
    page.get_by_role("link", name="third.pdf", exact=True).wait_for()
    assert kept(page) == ["first.pdf", "second.pdf", "third.pdf"]
    assert draft.documents.count() == 3
    assert page.locator("[data-pg-queue] li").count() == 0


def test_a_session_that_ended_keeps_the_files_until_one_is_back(
    draft: Application, reader: Callable[..., Reader]
) -> None:
    me = reader(width=PHONE, user=draft.applicant.user)
    page = me.open(address(draft))
    me.context.clear_cookies(name="sessionid")
    choose(page, file("first.pdf", pdf(1)), file("second.pdf", pdf(2)))
    row = page.locator("[data-pg-queue] .is-wrong")
    row.wait_for()
    assert "Not sent: you have been signed out." in row.inner_text()
    me.check()
    me.sign_in(draft.applicant.user)
    row.get_by_role("button", name="Leave it out: first.pdf").click()
    page.get_by_role("link", name="second.pdf", exact=True).wait_for()
    assert (kept(page), page.evaluate("document.activeElement.id")) == (["second.pdf"], "slot-degree")
    drop(page, "new Uint8Array(20 * 1024 * 1024 + 1)")
    row.wait_for()
    assert "Not sent: a file may have up to 20 MB." in row.inner_text()
    assert draft.documents.count() == 1


def test_the_same_file_again_is_said_to_be_there(draft: Application, reader: Callable[..., Reader]) -> None:
    me = reader(user=draft.applicant.user)
    page = me.open(address(draft))
    content = pdf(3)
    for _n in range(2):
        choose(page, file("transcript.pdf", content))
        page.get_by_role("link", name="transcript.pdf", exact=True).wait_for()
    page.get_by_text("“transcript.pdf” was here already and is kept once.").first.wait_for()
    assert draft.documents.count() == 1
    me.check()


def test_files_are_dropped_on_their_place(draft: Application, reader: Callable[..., Reader]) -> None:
    page = (me := reader(user=draft.applicant.user)).open(address(draft))
    drop(page, f"new Uint8Array({list(pdf(1))})")
    page.get_by_role("link", name="dropped.pdf", exact=True).wait_for()
    me.check()


def test_a_request_sends_at_once_says_that_it_is_busy_and_drops_what_was_wrong(
    draft: Application, reader: Callable[..., Reader]
) -> None:
    case = CaseFactory(offering=draft.offering)
    by, at = acting(officer(case.offering.programme)), clock.now()
    terms = EvidenceTerms(
        kind=RequestKind.NOW,
        wants=RequestWants.DOCUMENT,
        title="Transcript of the last year",
        words="The scan ends on page 2.",
        due_on=clock.day_of(at),
        slot=SlotCode.DEGREE,
    )
    asked = ask_for_evidence(case, terms=terms, by=by, at=at)
    me = reader(user=case.applicant.user)
    page = me.open(reverse("applications:request", args=[case.pk, asked.pk]))
    send = page.get_by_role("button", name="Send to the office")
    press(page, "Send to the office")
    wrong = page.locator(".pg-errors")
    assert "Write your answer, or choose a file, then send it." in wrong.inner_text()
    gate: list[Route] = []
    page.route("**/requests/**", lambda route: gate.append(route) if is_upload(route) else route.fallback())
    page.locator("input[type=file][multiple]").set_input_files([file("transcript.pdf", pdf(2))])
    page.locator("progress").wait_for()
    send.click()
    busy = page.get_by_text("Files are still being sent. Wait until they are kept, or leave them out.")
    expect(busy.last).to_be_visible()
    assert len(gate) == 1  # the button sent nothing beside it
    me.check()  # under way, with the old mistake above it
    gate.pop().continue_()
    expect(page.get_by_role("link", name="transcript.pdf", exact=True)).to_be_visible()
    expect(wrong).to_have_count(0)
    expect(page.locator("[aria-invalid]")).to_have_count(0)
    expect(page.locator("form p.pg-note", has_text="Files are still being sent")).to_have_count(0)
    assert asked.documents.count() == 1


@pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_without_scripts_the_buttons_do_the_same(
    draft: Application, reader: Callable[..., Reader], width: int, tmp_path: Path
) -> None:
    me = reader(width=width, user=draft.applicant.user, scripts=False)
    page = me.page
    page.goto(address(draft))
    page.locator("#slot-degree-part").select_option(label="Translation")
    choose(page, file("translation.pdf", pdf(1)), file("transcript.txt", b"all A"))
    press(page, "Send the chosen files")
    assert "“transcript.txt” is no PDF, JPEG, PNG or HEIC file" in page.locator(".pg-errors").inner_text()
    assert kept(page) == ["translation.pdf"]
    assert "a translation without its original" in page.locator("#slot-degree-kept").inner_text()
    follow(page, "Say what it is translation.pdf")
    page.get_by_label("Language of the file").select_option(label="English")
    page.get_by_label("Translated by").fill("Example Translations Ltd (fictional)")
    page.get_by_label("The translator has certified").check()
    press(page, "Save")
    assert "Translation · English · translated by Example Translations Ltd (fictional) · certified" in (
        page.locator("#slot-degree-kept").inner_text()
    )
    press(page, "Remove translation.pdf")
    assert draft.documents.count() == 0


def test_a_held_file_says_so_to_applicant_and_office(
    draft: Application, reader: Callable[..., Reader]
) -> None:
    case = CaseFactory(offering=draft.offering)
    DocumentFactory(application=case, name="odd.pdf", kind=FileKind.UNKNOWN)
    DocumentFactory(application=case, name="fine.pdf", part="TRANSLATION", translated_by="Somebody")
    me = reader(width=PHONE, user=case.applicant.user)
    page = me.open(address(case))
    assert page.locator(".pg-held").inner_text().startswith("Held: it could not be read safely.")
    assert kept(page) == ["fine.pdf"]
    me.open(reverse("applications:describe_document", args=[case.pk, case.documents.get(name="fine.pdf").pk]))
    press(me.page, "Save")
    office = reader(width=PHONE, user=officer(case.offering.programme))
    page = office.open(f"/office/applications/application/{case.pk}/")
    assert "shown to nobody" in page.locator("#content").inner_text()
    go(page.get_by_role("button", name="Look again odd.pdf"))
    page.get_by_text("The file could be read and is shown like any other.").wait_for()
    office.check()
    go(page.get_by_role("link", name="Original and issuing body odd.pdf"))
    office.check()
    group = page.get_by_role("group", name="Original sighted on")
    for label, value in (("Day", "2"), ("Month", "4"), ("Year", "2036")):
        group.get_by_label(label).fill(value)
    go(page.get_by_role("button", name="Save"))
    assert "is still to come" in page.locator("#content").inner_text()
    office.check()
    group.get_by_label("Year").fill("2026")
    go(page.get_by_role("button", name="Save"))
    assert "Original sighted on" in page.locator("#content").inner_text()
    office.check()
