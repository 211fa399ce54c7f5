"""The pages that belong to no subject: notices, errors, language and appearance."""

from collections.abc import Callable

import pytest

from tests.browser.chromium import Reader, go


@pytest.mark.parametrize("path", ["/privacy/", "/accessibility/", "/contact/"])
def test_notices_can_be_read_on_any_screen(anyone: Reader, path: str) -> None:
    page = anyone.open(path)
    assert page.locator("main h1").count() == 1


def test_a_wrong_address_leads_somewhere(anyone: Reader) -> None:
    anyone.watch.forgive("404")
    page = anyone.open("/no-such-page/")
    assert page.locator("main h1").inner_text() == "There is no page at this address"
    assert page.locator("main a[href='/']").count() == 1


def test_the_reader_chooses_a_language_without_scripts(reader: Callable[..., Reader]) -> None:
    someone = reader(width=320, scripts=False)
    someone.page.goto("/contact/")
    go(someone.page.get_by_role("button", name="繁體中文"))
    assert someone.page.url.endswith("/contact/")
    assert someone.page.locator("html").get_attribute("lang") == "zh-Hant-HK"


def test_the_reader_chooses_dark_and_it_is_kept(anyone: Reader) -> None:
    page = anyone.open("/contact/")
    go(page.get_by_role("button", name="Dark", exact=True))
    page.goto("/privacy/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 22, 26)"
    anyone.check()


def test_the_keyboard_reaches_the_content_first(desktop: Reader) -> None:
    page = desktop.open("/privacy/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
