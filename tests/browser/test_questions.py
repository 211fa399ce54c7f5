"""An officer changes what a programme asks, by keyboard; an applicant answers it without scripts; the office
asks for something more, and is answered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.support.actors import Actor
from applications.evidence.actions import EvidenceTerms, ask_for_evidence
from applications.evidence.models import EvidenceRequest, RequestKind, RequestWants
from applications.lifecycle.models import Application
from programmes.models import QuestionVersion
from tests.browser.chromium import DESKTOP, PHONE, Reader, follow, go, press
from tests.factories.applications import CaseFactory, officer
from tests.factories.drafts import AT, publish_policies, ready_draft, research_offering
from tests.factories.programmes import hkt


@pytest.fixture
def draft(transactional_db: None) -> Application:
    publish_policies()
    start_clock_at(AT)
    return ready_draft(research_offering())


def write(page: Page, label: str, words: str, *, number: int) -> None:
    """Into a field of one question, by keyboard."""
    box = page.get_by_role("group", name=f"Question {number}").get_by_label(label, exact=True)
    box.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def by_key(page: Page, name: str) -> None:
    """A button reached and pressed by keyboard."""
    button = page.locator("main").get_by_role("button", name=name).last
    button.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_an_officer_adds_a_question_by_keyboard_and_publishes_and_an_applicant_answers_without_scripts(
    reader: Callable[..., Reader], draft: Application
) -> None:
    office = reader(width=DESKTOP, user=officer(draft.offering.programme, Role.ADMINISTRATOR))
    page = office.open("/office/programmes/questionset/")
    follow(page, "Research")
    office.check()
    press(page, "Begin a draft")
    office.check()
    by_key(page, "Add a question")
    write(page, "Question, in English", "Why this group?", number=4)
    by_key(page, "Move up")
    assert page.get_by_role("group", name="Question 3").get_by_label(
        "Question, in English"
    ).input_value() == ("Why this group?")
    page.get_by_role("group", name="Question 3").get_by_label("Needed to submit").focus()
    page.keyboard.press("Space")
    write(page, "Limit of a text (optional)", "many", number=3)
    by_key(page, "Save the draft")
    office.check()
    assert [link.inner_text() for link in page.locator(".pg-errors a").all()] == [
        "Question 3, Limit of a text: Write a whole number in figures, for example 4."
    ]
    write(page, "Limit of a text (optional)", "120", number=3)
    page.get_by_label("Why", exact=True).fill("The group asks for it.")
    by_key(page, "Save the draft")
    office.check()
    assert "Why this group?" in page.locator("table").last.inner_text()
    by_key(page, "Publish, in force from")
    office.check()
    second = QuestionVersion.objects.get(number=2)
    assert [question.key for question in second.record().questions] == [
        "research_subject",
        "research_statement",
        "why_this_group",
        "supervisors",
    ]

    me = reader(width=PHONE, user=draft.applicant.user, scripts=False)
    page = me.page
    page.goto(f"/applications/{draft.pk}/questions/")
    assert "New: Why this group?" in page.locator("main").inner_text()
    page.get_by_label("Why this group?").fill("It works on folding.")
    press(page, "Save and continue")
    assert draft.answers.get(key="why_this_group").value == "It works on folding."
    page.goto(f"/applications/{draft.pk}/questions/")
    assert "New: Why this group?" not in page.locator("main").inner_text()


def test_what_the_office_asks_is_read_and_answered_on_a_phone(
    reader: Callable[..., Reader], transactional_db: None
) -> None:
    publish_policies()
    start_clock_at(hkt(2026, 4, 20, 10))
    case = CaseFactory(offering=research_offering())
    terms = EvidenceTerms(
        kind=RequestKind.NOW,
        wants=RequestWants.DOCUMENT,
        title="All pages of the transcript",
        words="The scan ends on page 2.",
        due_on=hkt(2026, 4, 24).date(),
    )
    colleague = officer(case.offering.programme, Role.PROGRAMME_OFFICE)
    asked = ask_for_evidence(case, terms=terms, by=Actor.of(colleague), at=hkt(2026, 4, 20, 9))
    me = reader(width=PHONE, user=case.applicant.user)
    page = me.open(f"/applications/{case.pk}/requests/{asked.pk}/")
    page.get_by_text("Write to the office about it").click()
    page.get_by_label("Your answer").fill("I send it on Monday.")
    go(page.get_by_role("button", name="Send to the office"))
    me.check()
    assert EvidenceRequest.objects.get().answer == "I send it on Monday."

    office = reader(width=DESKTOP, user=colleague)
    page = office.open(f"/office/applications/application/{case.pk}/")
    assert "I send it on Monday." in page.locator("main").inner_text()
    go(page.get_by_role("button", name="Settle All pages of the transcript"))
    office.check()
    office.open(f"/office/applications/application/{case.pk}/ask/")
    assert EvidenceRequest.objects.get().status == "SETTLED"
