"""The case page with everything on it: readable on a phone, worked through by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from admissions_portal.clock.actions import start_clock_at
from admissions_portal.support.actors import Actor
from applications.assessments.actions import assess_application
from applications.checklists.actions import check_section
from applications.checklists.models import SectionCheck
from applications.lifecycle.models import Application
from tests.applications.casework.test_case_page import NOW
from tests.applications.casework.test_messages import paper, written
from tests.browser.chromium import DESKTOP, PHONE, Reader, go
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.drafts import publish_policies


@pytest.fixture
def case(transactional_db: None, settings: Any, tmp_path: Path) -> Application:
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    publish_policies()
    start_clock_at(NOW)
    made = CaseFactory(offering__intake__programme__slug="hku-mmedsc")
    assess_application(made, by=Actor.system(), at=NOW)
    by = acting(officer(made.offering.programme, name="CHEUNG Ka Wai"))
    for section, comment in (("personal", "x"), ("english", "Telephone the board about the report.")):
        check_section(made, section, state="TO_DO", comment=comment, by=by, at=NOW)
    check_section(made, "personal", state="IN_ORDER", by=by, at=NOW)
    SectionCheck.objects.filter(section="personal").update(content="another")
    written(made, "FAILED", error="SMTPRecipientsRefused 550", paper=paper(made))
    written(made, "SENT")
    return made


def test_the_checklist_is_worked_through_by_keyboard_and_one_stays_where_one_is(
    reader: Callable[..., Reader], case: Application
) -> None:
    someone = reader(width=DESKTOP, user=officer(case.offering.programme, name="HO Wing Yan"))
    page = someone.open(f"/office/applications/application/{case.pk}/")
    part = page.get_by_role("region", name="Checklist")
    assert part.get_by_text("0 of 7 in order or not needed").count() == 1
    button = part.get_by_role("button", name=re.compile("In order.*Degrees"))
    button.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("#checklist")
    assert part.get_by_text("1 of 7 in order or not needed").count() == 1
    # what came of it stays in sight, though the page begins further up
    said = page.get_by_text("The checklist says so now.")
    box = said.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 300
    # and Tab goes on within the part
    page.keyboard.press("Tab")
    assert part.locator(":focus").count() == 1


def test_what_could_not_be_sent_is_sent_again(reader: Callable[..., Reader], case: Application) -> None:
    someone = reader(width=PHONE, user=officer(case.offering.programme, name="HO Wing Yan"))
    page = someone.open(f"/office/applications/application/{case.pk}/")
    part = page.get_by_role("region", name="Messages to the applicant")
    part.get_by_text("We have it (SENT)").click()
    assert part.get_by_text("Dear LAM Tsz Ching,").first.is_visible()
    go(part.get_by_role("button", name="Send again"))
    assert part.get_by_role("button", name="Send again").count() == 0
    assert part.get_by_role("button", name="Make again").count() == 1
    someone.check()
