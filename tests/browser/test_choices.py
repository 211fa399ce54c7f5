"""Single courses without scripts, from first page to decision, and a code for late entry by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from applications.applicants.choices import Origin, ResidenceStatus
from applications.late_entry.actions import CodeScope, CodeTerms, make_access_code
from applications.late_entry.models import AccessCode, AccessCodeUse
from applications.lifecycle.models import Application
from applications.occasional.models import OccasionalRequest, OccasionalStatus
from programmes.models import Programme, Statement
from tests.browser.chromium import PHONE, Reader, follow, press
from tests.factories.accounts import StaffFactory, UserFactory
from tests.factories.applications import acting, officer
from tests.factories.drafts import AT, publish_policies, ready_draft, taught_offering
from tests.factories.evidence import pdf
from tests.factories.programmes import (
    AppointmentFactory,
    OfferingFactory,
    ProgrammeFactory,
    RoundFactory,
    hkt,
)

LATE = hkt(2026, 6, 1, 9, 0)


@pytest.fixture
def programme(live_server: Any, settings: Any, tmp_path: Any) -> Programme:
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    start_clock_at(LATE)
    made: Programme = ProgrammeFactory(slug="mmedsc", number_prefix="MMS")
    Statement.objects.create(
        institution=made.institution,
        programme=made,
        topic=Statement.Topic.OCCASIONAL,
        text="Selected courses.",
        quote="take only selected Core or Specialised Courses",
        source="HKU-15",
    )
    return made


def office_of(programme: Programme) -> User:
    user: User = StaffFactory()
    AppointmentFactory(user=user, programme=programme, role=Role.PROGRAMME_OFFICE)
    return user


def test_single_courses_from_the_first_page_to_the_decision_without_scripts(
    programme: Programme, reader: Callable[..., Reader]
) -> None:
    me = reader(width=PHONE, user=UserFactory(), scripts=False)
    page = me.page
    page.goto(reverse("applications:occasional_about", args=["mmedsc"]))
    press(page, "Begin the request")
    page.get_by_label("Family name").fill("LAM")
    page.get_by_label("Telephone").fill("2123 4567")
    page.get_by_label("Course, by title or code").first.fill("Statistics for biologists")
    page.get_by_label("Kind of course").first.select_option("Core course")
    page.get_by_label("Files").set_input_files(
        {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    press(page, "Save and look it over")
    assert "Write in a few words why you want to take the courses." in page.locator("main").inner_text()
    follow(page, "Write in a few words why you want to take the courses.")
    page.get_by_label("Why you want to take them").fill("For my work.")
    press(page, "Save and look it over")
    press(page, "Send the request")
    text = page.locator("main").inner_text()
    assert all(words in text for words in ("Received", "MMSO26-000001", "Statistics for biologists"))
    asked = OccasionalRequest.objects.get()
    assert (asked.status, asked.files.count()) == (OccasionalStatus.RECEIVED, 1)
    office = reader(user=office_of(programme), scripts=False)
    office.page.goto(reverse("admin:applications_occasionalrequest_changelist"))
    follow(office.page, "LAM")
    office.page.get_by_label("Statistics for biologists").check()
    press(office.page, "Decide and tell the person")
    page.reload()
    assert "Approved" in page.locator("main").inner_text()


def test_the_pages_of_an_occasional_student_owe_nothing(
    programme: Programme, reader: Callable[..., Reader]
) -> None:
    me = reader(width=PHONE, user=UserFactory())
    me.open(reverse("applications:occasional_about", args=["mmedsc"]))
    press(me.page, "Begin the request")
    me.check()
    me.page.get_by_label("Kind of course").first.select_option("Core course")
    press(me.page, "Save and look it over")
    me.check()
    me.page.get_by_label("Course, by title or code").first.fill("Statistics " * 12)
    me.page.get_by_label("Family name").fill("LAM")
    me.page.get_by_label("Telephone").fill("2123 4567")
    me.page.get_by_label("Why you want to take them").fill("For my work. " * 60)
    press(me.page, "Save and look it over")
    me.check()
    press(me.page, "Send the request")
    me.check()
    for width in (PHONE, 1280):
        office = reader(width=width, user=office_of(programme))
        office.open(reverse("admin:applications_occasionalrequest_changelist"))
        follow(office.page, "LAM")
        office.check()
    press(me.page, "Withdraw the request")
    me.check()


@pytest.fixture
def draft(live_server: Any) -> Application:
    publish_policies()
    start_clock_at(LATE)
    return ready_draft(taught_offering())


def test_a_code_is_entered_by_keyboard_and_the_application_submitted(
    draft: Application, reader: Callable[..., Reader]
) -> None:
    office = acting(officer(draft.offering.programme))
    _code, text = make_access_code(
        CodeScope(draft.offering.programme), CodeTerms(hkt(2026, 6, 5, 23, 59)), by=office, at=LATE
    )
    me = reader(width=PHONE, user=draft.applicant.user)
    me.open(reverse("applications:review", args=[draft.pk]))
    me.page.get_by_role("link", name="Enter an access code").focus()
    with me.page.expect_navigation():
        me.page.keyboard.press("Enter")
    me.check()
    me.page.get_by_label("Access code").focus()
    me.page.keyboard.type("AAAA-BBBB-CCCC")
    me.watch.forgive("409: .*/access-code/")
    with me.page.expect_navigation():
        me.page.keyboard.press("Enter")
    assert "No code is written like this." in me.page.get_by_role("alert").inner_text()
    me.check()
    field = me.page.get_by_label("Access code")
    assert field.input_value() == "AAAA-BBBB-CCCC"
    field.focus()
    me.page.keyboard.press("Control+A")
    me.page.keyboard.type(text.lower())
    with me.page.expect_navigation():
        me.page.keyboard.press("Enter")
    assert "by late entry your application is taken until" in me.page.locator("main").inner_text()
    me.check()
    for box in me.page.get_by_role("checkbox").all():
        box.focus()
        me.page.keyboard.press("Space")
    button = me.page.get_by_role("button", name="Submit application")
    button.focus()
    with me.page.expect_navigation():
        me.page.keyboard.press("Enter")
    assert Application.objects.get(pk=draft.pk).number == "MMS26-000001"
    assert AccessCodeUse.objects.get().application_id == draft.pk


def test_the_office_makes_a_code_and_sees_it_once(draft: Application, reader: Callable[..., Reader]) -> None:
    office = reader(user=officer(draft.offering.programme))
    office.open(reverse("admin:applications_accesscode_changelist"))
    follow(office.page, "New access code")
    press(office.page, "Make the code")
    office.check()
    page = office.page
    page.get_by_label("What it opens").select_option(index=1)
    for label, value in (("Day", "5"), ("Month", "6"), ("Year", "2026")):
        page.get_by_label(label, exact=True).fill(value)
    press(page, "Make the code")
    assert "The code, shown this once" in page.locator("main").inner_text()
    office.check()
    page.reload()
    assert "The code, shown this once" not in page.locator("main").inner_text()
    press(page, "Revoke")
    assert AccessCode.objects.get().is_revoked
    office.open(reverse("admin:applications_extension_add"))


def test_the_choice_with_its_modes_and_advice_owes_nothing(live_server: Any, anyone: Reader) -> None:
    publish_policies()
    start_clock_at(AT)
    full_time = taught_offering()
    part_time = OfferingFactory(
        intake=full_time.intake,
        mode="PART_TIME",
        pattern="Day-release",
        non_local_note="Ask the office first.",
    )
    RoundFactory(offering=part_time)
    draft = ready_draft(part_time, residence_status=ResidenceStatus.STUDENT_VISA, origin=Origin.MAINLAND)
    anyone.sign_in(draft.applicant.user)
    anyone.open(reverse("applications:section", args=[draft.pk, "choice"]))
    assert "You chose part-time study as a non-local applicant" in anyone.page.locator("main").inner_text()
    press(anyone.page, "Choose full-time")
    assert "You chose part-time study" not in anyone.page.locator("main").inner_text()
    anyone.check()
    anyone.open(reverse("applications:carry_over", args=[draft.pk]) + f"?to={part_time.pk}")
