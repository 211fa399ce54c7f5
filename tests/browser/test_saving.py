"""Two tabs, a connection that drops, no scripts, a session that ended: in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from admissions_portal.clock.actions import start_clock_at
from applications.applicants.models import Applicant
from applications.lifecycle.models import Application
from applications.submission.models import UnsavedText
from tests.browser.chromium import PHONE, Reader, follow, press
from tests.factories.drafts import AT, publish_policies, ready_draft, taught_offering


@pytest.fixture
def draft(live_server: Any) -> Application:
    publish_policies()
    start_clock_at(AT)
    return ready_draft(taught_offering())


def url_of(draft: Application) -> str:
    return reverse("applications:section", args=[draft.pk, "personal"])


def name_of(draft: Application) -> str:
    return Applicant.objects.get(pk=draft.applicant_id).preferred_name


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [PHONE, 1280], ids=["phone", "desktop"])
def test_two_tabs_show_both_texts_and_the_person_chooses(
    draft: Application, reader: Callable[..., Reader], width: int, scripts: bool
) -> None:
    me = reader(width=width, user=draft.applicant.user, scripts=scripts)
    me.page.goto(url_of(draft))
    other = me.context.new_page()
    other.goto(url_of(draft))
    other.get_by_label("Preferred name").fill("Ada")
    press(other, "Save and continue")
    me.page.get_by_label("Preferred name").fill("Bea")
    press(me.page, "Save and continue")
    assert me.page.locator(".pg-text").all_inner_texts() == ["Ada", "Bea"]
    if scripts:
        me.check()
    press(me.page, "Save what I chose")
    assert me.page.get_by_role("alert").get_by_role("link").inner_text() == "Preferred name"
    if scripts:
        me.check()
    me.page.get_by_role("radio").last.check()
    press(me.page, "Save what I chose")
    assert name_of(draft) == "Bea"


def test_a_connection_that_drops_is_tried_again_and_nothing_is_lost(
    draft: Application, reader: Callable[..., Reader]
) -> None:
    me = reader(user=draft.applicant.user)
    page = me.page
    page.goto(url_of(draft))
    line = page.locator("[data-pg-save]")
    me.context.set_offline(True)
    me.watch.forgive("ERR_INTERNET_DISCONNECTED")
    page.get_by_label("Preferred name").fill("Ada")
    page.get_by_label("Family name").focus()
    expect(line).to_contain_text("Not saved yet: no connection. Your text is still here")
    me.context.set_offline(False)
    expect(line).to_contain_text("Saved at 09:0")
    assert UnsavedText.objects.get().typed["preferred_name"] == ["Ada"]
    elsewhere = reader(width=PHONE, user=draft.applicant.user)
    elsewhere.open(url_of(draft))
    assert elsewhere.page.get_by_label("Preferred name").input_value() == "Ada"
    assert "did not save it with the button below" in elsewhere.page.locator("main").inner_text()
    press(elsewhere.page, "Save and continue")
    assert (name_of(draft), UnsavedText.objects.count()) == ("Ada", 0)


def test_leaving_asks_only_for_what_could_not_be_kept(
    draft: Application, reader: Callable[..., Reader]
) -> None:
    me = reader(user=draft.applicant.user)
    page, asked = me.page, []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto(url_of(draft))
    page.get_by_label("Preferred name").press_sequentially("Ada")
    follow(page, "Back to my applications")
    assert asked == []
    page.goto(url_of(draft))
    assert page.get_by_label("Preferred name").input_value() == "AdaChloe"
    me.context.route("**/typed/", lambda route: route.abort())
    me.watch.forgive("ERR_FAILED")
    page.get_by_label("Preferred name").press_sequentially("h")
    expect(page.locator("[data-pg-save]")).to_contain_text("Not saved yet: no connection")
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Back to my applications").click(no_wait_after=True)
    assert (asked, page.url.endswith(url_of(draft))) == (["beforeunload"], True)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_session_that_ended_gives_back_what_was_typed(
    draft: Application, reader: Callable[..., Reader], scripts: bool
) -> None:
    me = reader(user=draft.applicant.user, scripts=scripts)
    me.page.goto(url_of(draft))
    me.page.get_by_label("Preferred name").fill("Ada")
    Session.objects.all().delete()
    me.watch.forgive("401: .*/personal/")
    press(me.page, "Save and continue")
    assert "What you typed is kept: sign in" in me.page.locator("main").inner_text()
    if scripts:
        me.check()
    me.sign_in(draft.applicant.user)
    me.page.goto(url_of(draft))
    assert me.page.get_by_label("Preferred name").input_value() == "Ada"
    press(me.page, "Save and continue")
    assert name_of(draft) == "Ada"


def test_the_end_of_the_session_is_said_before_and_can_be_put_off(
    draft: Application, reader: Callable[..., Reader], settings: Any
) -> None:
    settings.SESSION_COOKIE_AGE = 300
    me = reader(user=draft.applicant.user)
    me.open(url_of(draft))
    notice = me.page.locator("[data-pg-session]")
    expect(notice).to_contain_text("You will be signed out in 5 minutes")
    settings.SESSION_COOKIE_AGE = 36_000
    me.page.get_by_role("button", name="Stay signed in").click()
    expect(notice).to_be_hidden()
    me.page.reload()
    assert int(notice.get_attribute("data-pg-session") or 0) > 30_000


def test_what_is_pressed_without_a_connection_is_saved_once_it_is_back(
    draft: Application, reader: Callable[..., Reader]
) -> None:
    me = reader(width=PHONE, user=draft.applicant.user)
    page = me.page
    page.goto(url_of(draft))
    line = page.locator("[data-pg-save]")
    me.context.set_offline(True)
    me.watch.forgive("ERR_INTERNET_DISCONNECTED")
    expect(line).to_have_text(
        "No connection. Your text is still here, and is saved as soon as the connection is back."
    )
    page.get_by_label("Preferred name").fill("Ada")
    page.locator("main").get_by_role("button", name="Save and continue").click()
    assert page.get_by_label("Preferred name").input_value() == "Ada"
    assert name_of(draft) == "Chloe"
    with page.expect_navigation():
        me.context.set_offline(False)
    assert (name_of(draft), UnsavedText.objects.count()) == ("Ada", 0)


def test_a_connection_that_drops_while_the_form_is_sent_loses_nothing(
    draft: Application, reader: Callable[..., Reader]
) -> None:
    """The page stays, says so and goes on by itself; what was sent halfway has arrived as text before."""
    me = reader(user=draft.applicant.user)
    page = me.page
    page.goto(url_of(draft))
    me.watch.forgive("ERR_FAILED|ERR_CONNECTION")
    page.route("**/typed/", lambda route: route.abort(), times=1)
    page.get_by_label("Preferred name").fill("Ada")
    page.locator("main").get_by_role("button", name="Save and continue").click(no_wait_after=True)
    expect(page.locator("[data-pg-save]")).to_contain_text("Not saved yet: no connection. Your text is still")
    assert page.get_by_label("Preferred name").input_value() == "Ada"
    page.wait_for_url(lambda url: "saved=personal" in url)
    assert name_of(draft) == "Ada"
    page.goto(url_of(draft))
    page.route(f"**{url_of(draft)}", lambda route: route.abort("connectionfailed"))
    page.get_by_label("Preferred name").fill("Bea")
    with page.expect_event("requestfailed"):
        page.locator("main").get_by_role("button", name="Save and continue").click(no_wait_after=True)
    elsewhere = reader(width=PHONE, user=draft.applicant.user)
    elsewhere.page.goto(url_of(draft))
    assert elsewhere.page.get_by_label("Preferred name").input_value() == "Bea"
