"""A browser and readers in front of it. Every complaint of a page fails the test that opened it."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.chromium import DESKTOP, PHONE, Reader, executable

# playwright's loop runs in this thread beside Django's own, which then refuses the ORM without need
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = executable()
    if path is None:
        pytest.fail(
            "No Chromium found: install chromium, name one in PORTAL_CHROMIUM, or run with -m 'not browser'."
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"],
        )
        yield browser
        browser.close()


@pytest.fixture
def reader(
    browser: Browser, live_server: LiveServer, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Reader]]:
    """`reader(width=320, user=…, language="zh-hant", scripts=False, timezone=…)`: one more browser."""
    readers: list[Reader] = []

    def sit_down(
        *, width: int = DESKTOP, user: object | None = None, language: str = "en", **others: Any
    ) -> Reader:
        name = request.node.name.replace("/", "_")
        someone = Reader.sit_down(
            browser, live_server.url, width=width, name=name, language=language, **others
        )
        readers.append(someone)
        if user is not None:
            someone.sign_in(user)
        return someone

    yield sit_down
    for someone in readers:
        someone.leave()


@pytest.fixture
def phone(reader: Callable[..., Reader]) -> Reader:
    """A reader at 320 px, nobody signed in."""
    return reader(width=PHONE)


@pytest.fixture
def desktop(reader: Callable[..., Reader]) -> Reader:
    """A reader at 1280 px, nobody signed in."""
    return reader(width=DESKTOP)


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def anyone(request: pytest.FixtureRequest, reader: Callable[..., Reader]) -> Reader:
    """The same test twice: at 320 and at 1280 px."""
    return reader(width=request.param)
