"""Two officers save one case at once and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.support.actors import Actor
from applications.assessments.actions import assess_application
from applications.assessments.models import OfficerFinding
from applications.lifecycle.models import Application
from tests.browser.chromium import DESKTOP, PHONE, Reader, press
from tests.factories.applications import CaseFactory, officer
from tests.factories.drafts import publish_policies
from tests.factories.programmes import hkt

NOW = hkt(2026, 5, 4, 9, 0)


@pytest.fixture
def case(transactional_db: None, settings: Any, tmp_path: Path) -> Application:
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    publish_policies()
    start_clock_at(NOW)
    made = CaseFactory(offering__intake__programme__slug="hku-mmedsc")
    assess_application(made, by=Actor.system(), at=NOW)
    return made


@pytest.mark.parametrize(("width", "scripts"), [(DESKTOP, True), (PHONE, False)], ids=["desktop", "phone"])
def test_two_officers_save_one_case_at_once_and_nothing_is_lost(
    reader: Callable[..., Reader], case: Application, width: int, scripts: bool
) -> None:
    programme = case.offering.programme
    address = f"/office/applications/application/{case.pk}/"
    first = reader(user=officer(programme, name="HO Wing Yan"))
    second = reader(width=width, user=officer(programme, name="CHEUNG Ka Wai"), scripts=scripts)
    for someone in (first, second):
        someone.page.goto(address)
    record(first, "Met", "The registry telephoned.")
    first.page.get_by_text("Your finding is on the file").wait_for()

    record(second, "Not met", "The transcript says otherwise.")
    if scripts:
        second.check()
    page = second.page
    notice = page.get_by_role("alert").filter(has_text="This case has changed since you opened it")
    told = notice.inner_text()
    assert "Finding recorded on HKU-E1" in told
    assert "HO Wing Yan" in told
    assert "The transcript says otherwise." in told
    assert page.get_by_label("Reason", exact=True).input_value() == "The transcript says otherwise."
    assert reasons() == ["The registry telephoned."]

    press(page, "Go on all the same")
    page.get_by_text("Your finding is on the file").wait_for()
    assert reasons() == ["The registry telephoned.", "The transcript says otherwise."]


def test_who_opened_a_file_is_read_by_the_coordinator(
    reader: Callable[..., Reader], case: Application
) -> None:
    programme = case.offering.programme
    address = f"/office/applications/application/{case.pk}/"
    reader(user=officer(programme, name="HO Wing Yan")).page.goto(address)
    for width in (DESKTOP, PHONE):
        someone = reader(width=width, user=officer(programme, Role.COORDINATOR, name="Prof. PATEL Arjun"))
        page = someone.open(address)
        shown = page.get_by_role("region", name="Who opened this file").inner_text()
        assert "HO Wing Yan, The case once, 4 May 2026, 09:00" in " ".join(shown.split())


def record(someone: Reader, result: str, reason: str) -> None:
    page = someone.page
    page.get_by_text("Record a finding", exact=True).click()
    page.get_by_label("Clause", exact=True).select_option(value="HKU-E1")
    page.get_by_label("Finding", exact=True).select_option(label=result)
    page.get_by_label("Reason", exact=True).fill(reason)
    press(page, "Record finding")


def reasons() -> list[str]:
    return list(OfficerFinding.objects.order_by("pk").values_list("reason", flat=True))
