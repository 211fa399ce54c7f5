"""After submitting: changed and sent again, the receipt checked, a change proposed and answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from admissions_portal.clock.actions import move_clock_to, start_clock_at
from admissions_portal.papers.actions import render_due_papers
from applications.changes.models import ChangeProposal
from applications.lifecycle.models import Application
from applications.submission.actions import submit_application
from applications.submission.declarations import in_force
from tests.browser.chromium import PHONE, Reader, follow, press
from tests.factories.applications import officer
from tests.factories.drafts import AT, own, publish_policies, ready_draft, taught_offering
from tests.factories.programmes import hkt


@pytest.fixture
def draft(live_server: Any, settings: Any, tmp_path: Any) -> Application:
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    publish_policies()
    start_clock_at(AT)
    return ready_draft(taught_offering())


def words(me: Reader) -> str:
    return " ".join(me.page.locator("main").inner_text().split())


def declare(me: Reader, button: str) -> None:
    for box in me.page.locator("main input[type=checkbox]").all():
        box.check()
    press(me.page, button)


def test_without_scripts_it_is_submitted_changed_submitted_again_and_the_receipt_checked(
    draft: Application, reader: Callable[..., Reader]
) -> None:
    me = reader(width=PHONE, user=draft.applicant.user, scripts=False)
    me.page.goto(f"/applications/{draft.pk}/review/")
    follow(me.page, "Copy as PDF")
    press(me.page, "Make the PDF")
    assert "The PDF is being made." in words(me)
    render_due_papers()
    follow(me.page, "Look again in a moment")
    assert "Open the PDF" in words(me)
    follow(me.page, "Back to the review")
    declare(me, "Submit application")
    assert "Your application has been received" in words(me)
    press(me.page, "Change the application")
    assert "Nothing is changed yet." in words(me)
    follow(me.page, "Open “Programme choice”")
    me.page.get_by_label("Specialisation", exact=True).select_option("(2) Clinical Physics")
    press(me.page, "Save and continue")
    amendment = Application.objects.get(amends=draft)
    me.page.goto(f"/applications/{amendment.pk}/review/")
    assert "Metabolic Medicine Clinical Physics" in words(me)
    declare(me, "Submit again")
    assert "Version 1, received" in words(me)
    follow(me.page, "check this receipt")
    assert "Genuine and in force." in words(me)
    assert draft.applicant.family_name not in words(me)
    draft.refresh_from_db()
    first = draft.submissions.get(sequence=1)
    me.page.goto(f"/receipts/?number={draft.number}&code={first.receipt_code}")
    assert "Genuine, but replaced." in words(me)


def test_a_change_is_proposed_after_the_close_and_the_office_answers_it(
    draft: Application, anyone: Reader, reader: Callable[..., Reader]
) -> None:
    submit_application(draft, declaration=in_force(on=AT.date()), by=own(draft), at=AT)
    render_due_papers()
    move_clock_to(hkt(2026, 4, 2, 9, 0))
    anyone.sign_in(draft.applicant.user)
    anyone.open(f"/applications/{draft.pk}/receipt/")
    anyone.open("/my/contact/")
    page = anyone.open(f"/applications/{draft.pk}/changes/")
    follow(page, "The answers under “Your details”")
    anyone.check()
    page.get_by_label("Given names").fill("Tsz Ching Chloe")
    press(page, "Send to the office")
    anyone.check()  # the mistake: no reason
    assert page.get_by_label("Given names").input_value() == "Tsz Ching Chloe"
    page.get_by_label("Why").fill("As on my identity card")
    press(page, "Send to the office")
    anyone.check()
    assert "Waiting for the office" in words(anyone)
    office = reader(user=officer(draft.offering.programme))
    page = office.open(f"/office/applications/application/{draft.pk}/")
    page.get_by_text("Do not accept it").click()
    office.check()
    page.get_by_role("button", name="Accept the change").click()
    page.get_by_text("The change is accepted").wait_for()
    assert ChangeProposal.objects.get().status == "ACCEPTED"
    office.check()


def test_the_pages_of_an_amendment_and_of_a_receipt_are_fit_for_everybody(
    draft: Application, anyone: Reader
) -> None:
    submission = submit_application(draft, declaration=in_force(on=AT.date()), by=own(draft), at=AT)
    render_due_papers()
    anyone.sign_in(draft.applicant.user)
    page = anyone.open(f"/applications/{draft.pk}/receipt/")
    press(page, "Change the application")
    anyone.check()
    amendment = Application.objects.get(amends=draft)
    anyone.open(f"/applications/{amendment.pk}/copy/")
    anyone.open(f"/verify/{submission.receipt_code}/")
