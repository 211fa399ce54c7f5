"""Somebody fills in who they are without a mouse on the narrowest phone; an officer settles what is open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from admissions_portal.clock.actions import start_clock_at
from applications.applicants.models import Applicant
from applications.assessments.actions import assess_application
from applications.identity.models import IdentityNumber
from applications.lifecycle.states import State
from tests.browser.chromium import PHONE, Reader, press
from tests.browser.keyboard import by_keyboard
from tests.factories.accounts import UserFactory
from tests.factories.applications import CaseFactory, DraftFactory, acting, officer
from tests.factories.drafts import AT, publish_policies, taught_offering


@pytest.fixture(autouse=True)
def portal(live_server: LiveServer) -> None:
    publish_policies()
    start_clock_at(AT)


def test_details_and_status_by_keyboard_at_320_pixels(reader: Callable[..., Reader]) -> None:
    draft = DraftFactory(offering=taught_offering(), applicant=Applicant.objects.create(user=UserFactory()))
    me = reader(width=PHONE, user=draft.applicant.user)
    page = me.open(reverse("applications:section", args=[draft.pk, "personal"]))
    with by_keyboard():
        page.get_by_label("Family name").fill("LAM\u3000CHENG")
        page.get_by_label("Given names").fill("Yuet Ngor")
        page.get_by_label("Chinese name").fill("林鄭•𠮷")
        for part, value in (("Day", "14"), ("Month", "8"), ("Year", "1999")):
            page.get_by_label(part, exact=True).fill(value)
        page.get_by_label("Nationality").select_option("CN")
        page.get_by_label("Identity document").select_option("HKID")
        page.get_by_label("First four characters of its number").fill("1234")
        page.get_by_label("Telephone").fill("2123 456")
        page.get_by_label("Flat, floor, block, building").fill("Flat B, 12/F, Example House")
        page.get_by_label("Postcode").fill("999077")
        page.get_by_label("Country or region").select_option("HK")
        press(page, "Save and continue")
        assert page.get_by_role("alert").get_by_role("link").all_inner_texts() == [
            "First four characters of its number: A Hong Kong identity card begins with one or two letters, "
            "then figures. Write the first four characters, for example A123 or AB98.",
            "Telephone: A Hong Kong number has eight figures. Check it, or begin with the other country’s "
            "code.",
            "Postcode: Addresses in Hong Kong have no postcode. Leave it empty.",
        ]
    me.check()
    with by_keyboard():
        page.get_by_label("First four characters of its number").fill("ab98")
        page.get_by_label("Telephone").fill("2123 4567")
        page.get_by_label("Postcode").fill("")
        press(page, "Save and continue")
    me.check()
    with by_keyboard():
        page.get_by_label("I am not sure").check()
        page.get_by_label("What shows it").select_option("NONE")
        page.get_by_label("Hong Kong", exact=True).check()
        press(page, "Save and continue")
    person = Applicant.objects.get()
    assert (person.full_name, person.chinese_name) == ("LAM CHENG Yuet Ngor", "林鄭·𠮷")
    assert (person.identity_start, person.phone.as_e164) == ("AB98", "+85221234567")
    assert (person.residence_status, person.residence_paper) == ("NOT_SURE", "NONE")


def test_the_whole_number_is_given_and_seen(reader: Callable[..., Reader]) -> None:
    case = CaseFactory(offering=taught_offering(), state=State.ACCEPTED)
    me = reader(width=PHONE, user=case.applicant.user)
    page = me.open(reverse("applications:identity_number", args=[case.pk]))
    IdentityNumber.objects.create(
        application=case, kind="HKID", number="A1234563", index="0" * 64, given_at=AT
    )
    me.open(page.url)
    expect(page.locator("main")).to_contain_text("A12…(•)")
    page.get_by_label("Its whole number").fill("A123456(4)")
    press(page, "Give the number")
    me.check()
    office = reader(user=officer(case.offering.programme))
    desk = office.open(reverse("admin:applications_application_change", args=[case.pk]))
    press(desk, "Show the whole number")
    expect(desk.locator("dl")).to_contain_text("A123456(3)")
    office.check()


def test_an_officer_settles_an_open_status(reader: Callable[..., Reader]) -> None:
    case = CaseFactory(offering=taught_offering(), applicant__residence_status="NOT_SURE")
    wing_yan = officer(case.offering.programme)
    assess_application(case, by=acting(wing_yan), at=AT)
    office = reader(width=PHONE, user=wing_yan)
    page = office.open(reverse("admin:applications_application_change", args=[case.pk]))
    page.get_by_label("Status in Hong Kong", exact=True).select_option("IANG")
    press(page, "Settle the status")
    expect(page.get_by_label("What shows it")).to_have_attribute("aria-invalid", "true")
    office.check()
    page.get_by_label("What shows it").fill("Visa label seen.")
    press(page, "Settle the status")
    expect(page.locator("body")).to_contain_text("Settled by")
    office.check()
