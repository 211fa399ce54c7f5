"""What people have done, in a browser: fields looked at when they are left, advice, credits asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from admissions_portal.clock.actions import start_clock_at
from applications.applicants.models import EnglishTest
from applications.lifecycle.models import Application
from applications.standing.models import CourseClaim, StandingRequest
from tests.browser.chromium import PHONE, Reader, follow, press
from tests.factories.applicants import EnglishTestFactory, QualificationFactory
from tests.factories.applications import CaseFactory, officer
from tests.factories.drafts import (
    AT,
    publish_policies,
    ready_draft,
    research_offering,
    taught_offering,
)


@pytest.fixture
def draft(live_server: Any) -> Application:
    publish_policies()
    start_clock_at(AT)
    made = ready_draft(taught_offering())
    made.applicant.qualifications.all().delete()
    QualificationFactory(applicant=made.applicant, mainland=True)
    return made


def english(draft: Application) -> str:
    return reverse("applications:section", args=[draft.pk, "english"])


@pytest.mark.parametrize("width", [PHONE, 1280], ids=["phone", "desktop"])
def test_a_field_says_what_is_wrong_when_it_is_left_and_never_before(
    draft: Application, reader: Callable[..., Reader], width: int
) -> None:
    EnglishTestFactory(applicant=draft.applicant)
    me = reader(width=width, user=draft.applicant.user)
    page = me.open(english(draft))
    wrong = page.locator(".invalid-feedback:not([hidden])")
    overall = page.get_by_label("Overall", exact=True)
    overall.focus()
    page.get_by_label("Reading").focus()
    expect(wrong).to_have_count(0)
    overall.fill("6.3")
    expect(wrong).to_have_count(0)
    page.get_by_label("Reading").focus()
    expect(wrong).to_have_text("Overall goes in steps of 0.5; 6.3 cannot be a score.")
    expect(wrong).to_have_attribute("aria-live", "polite")
    expect(overall).to_have_attribute("aria-invalid", "true")
    expect(overall).to_have_accessible_description("Overall goes in steps of 0.5; 6.3 cannot be a score.")
    me.check()
    overall.fill("6.5")
    page.get_by_label("Reading").focus()
    expect(wrong).to_have_count(0)
    expect(overall).not_to_have_attribute("aria-invalid", "true")
    # a date is looked at once all of it is typed
    page.get_by_label("Day").fill("31")
    page.get_by_label("Year").fill("")
    page.get_by_label("Month").fill("2")
    overall.focus()
    expect(wrong).to_have_count(0)
    page.get_by_label("Year").fill("2025")
    page.get_by_label("Reading").focus()
    expect(wrong).to_have_text(
        "There is no day 31 in that month; it ends on 28\N{NO-BREAK SPACE}February\N{NO-BREAK SPACE}2025."
    )
    me.check()
    assert EnglishTest.objects.get().taken_on == date(2025, 10, 12)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_booked_test_becomes_a_taken_one_and_the_next_page_gives_advice(
    draft: Application, reader: Callable[..., Reader], scripts: bool
) -> None:
    EnglishTest.objects.create(
        applicant=draft.applicant,
        kind="IELTS_ACADEMIC",
        booked=True,
        taken_on=date(2026, 3, 14),
        report_expected_on=date(2026, 3, 27),
    )
    me = reader(user=draft.applicant.user, scripts=scripts)
    page = me.page
    page.goto(english(draft))
    assert page.get_by_label("Overall", exact=True).count() == 0
    if scripts:
        me.check()
    press(page, "The result is there Test 1")
    expect(page.locator("#added").get_by_label("Overall", exact=True)).to_be_visible()
    expect(page.locator("main .pg-errors, main .invalid-feedback:not([hidden])")).to_have_count(0)
    page.goto(english(draft))
    expect(page.locator("main .invalid-feedback:not([hidden])")).to_have_count(5)
    for label, score in {
        "Overall": "6",
        "Listening": "6",
        "Reading": "6.5",
        "Writing": "5.5",
        "Speaking": "6",
    }.items():
        page.get_by_label(label, exact=True).fill(score)
    page.get_by_role("radio", name="No").check()
    press(page, "Save and continue")
    hint = page.locator(".pg-alert", has_text="This saving changed:")
    expect(hint).to_contain_text("English (HKU-E5) now appears met by what you wrote.")
    if scripts:
        me.check()
    follow(page, "See each finding")
    assert page.url.endswith("/findings/")


@pytest.mark.parametrize(
    ("width", "scripts"), [(PHONE, True), (1280, True), (1280, False)], ids=["phone", "desktop", "no scripts"]
)
def test_credits_are_asked_for_and_the_board_s_decision_is_told(
    live_server: Any, reader: Callable[..., Reader], width: int, scripts: bool
) -> None:
    publish_policies()
    start_clock_at(AT)
    offering = taught_offering()
    case = CaseFactory(offering=offering)
    me = reader(width=width, user=case.applicant.user, scripts=scripts)
    page = me.page
    page.goto(reverse("applications:overview", args=[case.pk]))
    follow(page, "Advanced standing")
    if scripts:
        me.check()
    page.get_by_label("Course", exact=True).fill("Biostatistics")
    page.get_by_label("Institution").fill("Example University")
    page.get_by_label("Credits you ask for").fill("nine")
    for part, value in {"Day": "30", "Month": "6", "Year": "2023"}.items():
        page.get_by_label(part).fill(value)
    page.get_by_role("group", name="Does the transcript show that you passed it?").get_by_label("Yes").check()
    press(page, "Save the courses")
    assert page.get_by_role("alert").get_by_role("link").inner_text() == (
        "Course 1, Credits you ask for: Write a whole number in figures, for example 4."
    )
    if scripts:
        me.check()
    page.get_by_label("Credits you ask for").fill("6")
    press(page, "Save the courses")
    expect(page.locator("#rules ~ .pg-findings").first).to_contain_text("Biostatistics")
    page.get_by_label("What makes the courses equivalent?").fill(
        "The same content, by hours and by examination."
    )
    if scripts:
        me.check()
    press(page, "Send the request")
    expect(page.get_by_role("main")).to_contain_text("With the Faculty Board")
    if scripts:
        me.check()
    assert StandingRequest.objects.get().courses.get().title == "Biostatistics"
    if not scripts:
        return
    office = reader(width=width, user=officer(offering.programme))
    there = office.open(reverse("admin:applications_application_change", args=[case.pk]))
    there.get_by_text("Write down the decision").click()
    box = there.locator("details", has_text="Write down the decision")
    box.get_by_label("grants credits").check()
    box.get_by_label("Credits granted").fill("4")
    for part, value in {"Day": "24", "Month": "3", "Year": "2026"}.items():
        box.get_by_label(part).fill(value)
    office.check()
    press(there, "Record the decision")
    office.check()
    assert CourseClaim.objects.get().granted == 4
    me.open(reverse("applications:standing", args=[case.pk]))
    expect(page.get_by_role("main")).to_contain_text("4 credits granted by the Faculty Board")


@pytest.mark.parametrize("width", [PHONE, 1280], ids=["phone", "desktop"])
def test_an_earlier_study_here_is_asked_by_this_university_and_judged(
    live_server: Any, reader: Callable[..., Reader], width: int
) -> None:
    publish_policies()
    start_clock_at(AT)
    offering = research_offering()
    offering.programme.discipline = "Physics"
    offering.programme.save()
    draft = ready_draft(offering)
    me = reader(width=width, user=draft.applicant.user)
    page = me.open(reverse("applications:section", args=[draft.pk, "experience"]))
    press(page, "Add an earlier study")
    box = page.get_by_role("group", name="Earlier study 1")
    box.get_by_label("Programme", exact=True).fill("PhD in Physics")
    box.get_by_label("Which degree was it for?").select_option("PhD")
    box.get_by_label("Discipline").select_option("Physics")
    box.get_by_role("group", name="From").get_by_label("Year").fill("2021")
    me.check()
    box.get_by_role("group", name="From").get_by_label("Day").fill("1")
    box.get_by_role("group", name="From").get_by_label("Month").fill("9")
    box.get_by_label("I was required to withdraw for academic reasons").check()
    press(page, "Save and continue")
    hint = page.locator(".pg-alert", has_text="This saving changed:")
    expect(hint).to_contain_text("(UST-28) is not met by what you wrote. You can still submit.")
    me.check()
