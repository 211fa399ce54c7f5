"""A decision prepared, looked at, released with others and undone, each page by its rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from admissions_portal import clock
from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from applications.decisions.actions import release_due_decisions
from applications.decisions.models import ChecksAsked
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from tests.browser.chromium import DESKTOP, PHONE, Reader, follow, press
from tests.factories.applications import CaseFactory, officer
from tests.factories.decisions import AT, REFUSAL, asking, prepared


@pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_prepared_released_together_and_undone(width: int, reader: Callable[..., Reader]) -> None:
    start_clock_at(AT)
    case = CaseFactory()
    prepared(CaseFactory(offering=case.offering), REFUSAL)
    elsewhere = CaseFactory()
    asking(elsewhere.offering.programme, ChecksAsked.SCHOOL)
    prepared(elsewhere)
    address = f"/office/applications/application/{case.pk}/"

    office = reader(width=width, user=officer(case.offering.programme))
    page = office.open(f"{address}refuse/")
    page.get_by_label("Other applicants were placed higher").check()
    press(page, "Prepare it and look at letter and mail")
    office.check()
    assert page.locator("h1").inner_text() == "Prepared: no place for LAM Tsz Ching"
    assert "Other applicants were placed higher" in page.locator(".pg-mail").inner_text()
    office.open(f"{address}offer/")
    page = office.open(f"{address}prepared/")
    follow(page, "Release several together")
    office.check()
    press(page, "Go on: read the list and confirm")
    office.check()
    page.get_by_label("How many decisions does the list hold?").fill("2")
    press(page, "Release them now")
    office.check()
    release_due_decisions(at=clock.now())
    page.reload()
    assert page.get_by_text("Released: 2").is_visible()
    assert Application.objects.get(pk=case.pk).state == State.REFUSED

    school = reader(width=width, user=officer(elsewhere.offering.programme, Role.SCHOOL))
    page = school.open(f"/office/applications/application/{elsewhere.pk}/prepared/")
    press(page, "I agree with this decision")
    school.check()

    coordinator = reader(width=width, user=officer(case.offering.programme, Role.COORDINATOR))
    page = coordinator.open(f"{address}undo/")
    page.get_by_label("Why it is undone").fill("The wrong list was used.")
    press(page, "Undo the refusal")
    assert Application.objects.get(pk=case.pk).state == State.IN_REVIEW
    administrator = reader(width=width, user=officer(case.offering.programme, Role.ADMINISTRATOR))
    administrator.open("/office/applications/prepareddecision/checks/")
