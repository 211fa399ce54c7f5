"""Signing up, signing in and the second step, in a real browser."""

import re
from collections.abc import Callable

import pytest
from django.core.cache import cache

from admissions_portal.accounts.models import User
from admissions_portal.outbox.models import Message
from tests.browser.chromium import Reader, go, press
from tests.factories.accounts import PASSWORD, UserFactory


@pytest.fixture(autouse=True)
def outbox(settings, live_server):
    """Mails become rows, and no limit remembers the test before."""
    cache.clear()
    settings.EMAIL_BACKEND = "admissions_portal.outbox.backend.OutboxEmailBackend"


def code() -> str:
    body = Message.objects.latest("queued_at").body
    return re.findall(r"^ {2}([A-Z]{4}-[A-Z]{4})$", body, re.MULTILINE)[0]


def test_from_a_mistyped_address_to_an_account(anyone: Reader) -> None:
    page = anyone.open("/account/signup/?next=/account/")
    page.get_by_label("E-mail address").fill("lin")
    page.get_by_label("Password").fill("short")
    press(page, "Create account")
    assert page.locator(".pg-errors li").count() == 2
    anyone.check()
    page.get_by_label("E-mail address").fill("lin@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Create account")
    anyone.check()
    page.get_by_label("Code").fill("BBBB-BBBB")
    press(page, "Confirm")
    assert "not the code we sent last" in page.locator(".pg-errors").inner_text()
    anyone.check()
    page.get_by_label("Code").fill(code())
    press(page, "Confirm")
    assert page.locator("h1").inner_text() == "Account"
    anyone.check()


def test_the_pages_of_an_account(anyone: Reader) -> None:
    user = UserFactory()
    anyone.sign_in(user)
    for path in ("", "email/", "password/change/", "sessions/", "2fa/", "second-step/", "logout/"):
        anyone.open(f"/account/{path}")
    page = anyone.open("/account/2fa/totp/activate/")
    assert page.locator("h1").inner_text() == "Is it you?"
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Go on")
    assert page.locator("h1").inner_text() == "Set up an authenticator app"
    assert page.locator("main img").evaluate("picture => picture.naturalWidth > 100")
    anyone.check()


def test_a_passkey_is_added_and_signs_in_alone(desktop: Reader) -> None:
    page = desktop.page
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    user = UserFactory()
    desktop.sign_in(user)
    desktop.open("/account/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Go on")
    desktop.check()
    page.get_by_label("Name of the passkey").fill("My telephone")
    page.get_by_label("Also sign in with it alone").check()
    press(page, "Add this device")
    page.wait_for_url("**/2fa/recovery-codes/")
    assert page.locator("main ul li").count() == 10
    desktop.check()
    desktop.open("/account/2fa/webauthn/")
    go(page.locator("footer").get_by_role("button", name="Sign out"))
    desktop.open("/account/login/?next=/account/")
    press(page, "Sign in with a passkey")
    page.get_by_role("heading", name="Account", exact=True).wait_for()


def test_a_passkey_that_is_not_there_is_told_beside_the_button(desktop: Reader) -> None:
    page = desktop.page
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    desktop.open("/account/login/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('none')) }")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.locator("[data-pg-passkey-failed]").wait_for(state="visible")
    assert "The password works without it." in page.locator("[data-pg-passkey-failed]").inner_text()
    desktop.check()


def test_one_signs_up_and_leaves_without_scripts(reader: Callable[..., Reader]) -> None:
    someone = reader(width=320, scripts=False)
    page = someone.page
    page.goto("/account/signup/?next=/account/")
    page.get_by_label("E-mail address").fill("lin@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Create account")
    page.get_by_label("Code").fill(code())
    press(page, "Confirm")
    assert page.locator("h1").inner_text() == "Account"
    press(page, "Sign out on this device")
    page.goto("/account/")
    assert page.locator("h1").inner_text() == "Sign in"
    assert User.objects.count() == 1
