"""Reviewing in a browser: a reader goes from case to case by keyboard; the office sets up and gives out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from applications.reviews.assignment import ReviewAssignment
from applications.reviews.models import Review
from programmes.models import Offering
from tests.browser.chromium import DESKTOP, PHONE, Reader, follow, press
from tests.browser.keyboard import by_keyboard
from tests.factories.applications import CaseFactory, officer
from tests.factories.programmes import OfferingFactory, hkt
from tests.factories.reviewing import PhaseFactory

NOW = hkt(2026, 4, 2, 10, 0)


@pytest.fixture
def offering(transactional_db: None) -> Offering:
    start_clock_at(NOW)
    made = OfferingFactory()
    for _ in range(3):
        CaseFactory(offering=made)
    return made


def test_a_reader_scores_case_after_case_by_keyboard(
    reader: Callable[..., Reader], offering: Offering
) -> None:
    PhaseFactory(intake=offering.intake)
    someone = reader(user=officer(offering.programme, Role.REVIEWER, name="Prof. LAM"))
    page = someone.open("/office/applications/application/my-reviews/")
    with by_keyboard():
        follow(page, "Next case to score")
        for done in (1, 2):
            page.get_by_label("4.0", exact=True).check()
            page.get_by_label("Recommendation", exact=True).select_option(label="Offer")
            press(page, "Save score")
            assert f"You have scored {done} of 3." in page.locator("main").inner_text()
            follow(page, "Next case to score")
        press(page, "Score it later")
    assert Review.objects.count() == 2
    assert "This is the only case that waits for your score." in page.locator("body").inner_text()
    someone.check()


@pytest.mark.parametrize(("width", "scripts"), [(DESKTOP, True), (PHONE, False)], ids=["desktop", "phone"])
def test_the_office_sets_up_a_phase_and_gives_out_its_cases(
    reader: Callable[..., Reader], offering: Offering, width: int, scripts: bool
) -> None:
    for name in ("Prof. LAM", "Dr. KAUR"):
        officer(
            offering.programme, Role.REVIEWER, name=name, email=f"{name[-4:].strip().lower()}@example.edu"
        )
    someone = reader(width=width, scripts=scripts, user=officer(offering.programme, name="HO Wing Yan"))
    page = someone.page
    page.goto("/office/applications/reviewphase/add/")
    page.get_by_label("Programme and intake").select_option(index=1)
    page.get_by_label("Name").fill("First reading")
    for label, day in (("First day", "1"), ("Last day", "30")):
        group = page.get_by_role("group", name=label)
        for part, value in (("Day", day), ("Month", "4"), ("Year", "2026")):
            group.get_by_label(part).fill(value)
    press(page, "Show what it does")
    if scripts:
        someone.check()
    assert "3 of them need readers: 6 in all." in page.get_by_role("status").inner_text()
    press(page, "Save the phase")
    someone.page.goto("/office/applications/reviewphase/")
    if scripts:
        someone.check()
    follow(page, "3 cases need readers")
    press(page, "Show who would get how many")
    if scripts:
        someone.check()
    press(page, "Give the cases")
    assert "6 cases are given." in page.locator("main").inner_text()
    assert ReviewAssignment.objects.count() == 6
    number = ReviewAssignment.objects.first().application.number  # type: ignore[union-attr]
    page.goto("/office/applications/reviewphase/list/")
    page.get_by_label("Or the lines themselves").fill(
        f"{number},lam@example.edu\n{number},nobody@example.edu"
    )
    press(page, "Show what each line does")
    if scripts:
        someone.check()
    assert "2 lines cannot be done." in page.get_by_role("status").inner_text()
