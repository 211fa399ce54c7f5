"""A coordinator writes a rubric on a telephone; a blind reader scores by it with the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from applications.lifecycle.models import Application
from applications.reviews.models import Review
from tests.browser.chromium import DESKTOP, PHONE, Reader, follow, press
from tests.browser.keyboard import by_keyboard
from tests.factories.applications import CaseFactory, officer
from tests.factories.programmes import hkt

NOW = hkt(2026, 4, 2, 10, 0)


@pytest.fixture
def case(transactional_db: None) -> Application:
    start_clock_at(NOW)
    return CaseFactory()


def test_a_rubric_is_written_and_used_and_a_blind_reader_scores_by_it(
    reader: Callable[..., Reader], case: Application
) -> None:
    programme = case.offering.programme
    office = reader(width=PHONE, user=officer(programme, Role.COORDINATOR, name="Prof. NG"))
    page = office.open("/office/applications/rubric/")
    follow(page, programme.name)
    press(page, "Begin a draft")
    office.check()
    press(page, "Add a category")
    first, second = (page.get_by_role("group", name=f"Category {number}") for number in (1, 2))
    first.get_by_label("Name, in English").fill("Research promise")
    first.get_by_label("Weight").fill("60")
    first.get_by_label("Points in words, in English").fill("5 = Outstanding\n1 = None to be seen")
    second.get_by_label("Name, in English").fill("Earlier study")
    for label, value in (
        ("Weight", "40"),
        ("Weakest points", "0"),
        ("Best points", "20"),
        ("In steps of", "3"),
    ):
        second.get_by_label(label).fill(value)
    page.get_by_label("Readers do not see whose case it is").check()
    page.get_by_label("Why", exact=True).fill("Agreed by the board")
    press(page, "Save the draft")
    office.check()
    assert [link.inner_text() for link in page.locator(".pg-errors a").all()] == [
        "Category 2, Best points: From 0 in steps of 3 one does not arrive at 20."
    ]
    second.get_by_label("In steps of").fill("2")
    press(page, "Save the draft")
    office.check()
    press(page, "Use it from now on")
    office.check()

    someone = reader(width=DESKTOP, user=officer(programme, Role.REVIEWER, name="Dr. KAUR"))
    page = someone.open(f"/office/applications/application/{case.pk}/")
    assert case.profile.data["family_name"] not in page.content()
    with by_keyboard():
        page.get_by_label("5.0: Outstanding", exact=True).check()
        page.get_by_label("10", exact=True).check()
        page.get_by_label("Recommendation", exact=True).select_option(label="Offer")
        press(page, "Save score")
    someone.check()
    assert Review.objects.get().score == Decimal("4.20")
