"""A real browser that reports everything that goes wrong, and one check for every page passed."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, Response

# Where a browser may be found, the lightest first; PORTAL_CHROMIUM names another.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, DESKTOP = 320, 1280
SCHEMES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"color_scheme": "light", "forced_colors": "active"},
}
# the elements that stick out, for the message of a failure
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .slice(0, 5).map((element) => element.outerHTML.slice(0, 120))"""

# axe walks through each list, and 250 countries tell it what three do
SHORT_LISTS = """() => {
    for (const list of document.querySelectorAll("select"))
        [...list.options].slice(3).filter((option) => !option.selected).forEach((option) => option.remove());
}"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# sizes are read first: a parent's must not count twice
TWICE_THE_TEXT = """() => {
    const all = [...document.querySelectorAll("body, body *")];
    const sizes = all.map((element) => parseFloat(getComputedStyle(element).fontSize));
    all.forEach((element, number) => { element.style.fontSize = `${2 * sizes[number]}px`; });
}"""
# what hides a part of its own text
CUT = """() => [...document.querySelectorAll("main :is(a, button, label, legend, p, h1, h2, dd, dt, li)")]
    .filter((element) => !element.closest(".visually-hidden"))
    .filter((element) => getComputedStyle(element).overflowY === "hidden")
    .filter((element) => element.scrollHeight > element.clientHeight + 2)
    .slice(0, 5).map((element) => element.outerHTML.slice(0, 120))"""
# controls that no edge of their own sets off from the page
WITHOUT_EDGE = """() => [...document.querySelectorAll("main :is(input, select, textarea, .btn)")]
    .filter((element) => !element.matches(".btn-link"))
    .filter((element) => element.type !== "hidden" && element.checkVisibility())
    .filter((element) => !element.closest(".visually-hidden"))
    .filter((element) => {
        const { appearance, borderTopWidth } = getComputedStyle(element);
        return appearance === "none" && parseFloat(borderTopWidth) === 0;
    })
    .slice(0, 5).map((element) => element.outerHTML.slice(0, 120))"""


def executable() -> str | None:
    """The path of a Chromium on this machine, or None."""
    return os.environ.get("PORTAL_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@dataclass
class Watch:
    """What a page complained about: console errors and warnings, CSP, scripts, failed requests."""

    problems: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def forgive(self, pattern: str) -> None:
        """Let complaints matching `pattern` pass, for a test that provokes them."""
        self.forgiven.append(pattern)

    def note(self, problem: str) -> None:
        self.problems.append(problem)

    @property
    def unforgiven(self) -> list[str]:
        return [p for p in self.problems if not any(re.search(pattern, p) for pattern in self.forgiven)]

    def attach(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.note(f"script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # a refused request is noted once, by its response
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.note(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        # leaving a page ends what it was still loading; a download is an aborted navigation
        if request.failure != "net::ERR_ABORTED":
            self.note(f"request: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.note(f"{response.status}: {response.url}")


@dataclass
class Reader:
    """Somebody in front of a screen: one browser context and its page."""

    context: BrowserContext
    page: Page
    watch: Watch
    base_url: str
    shots: str = ""
    numbers: count[int] = field(default_factory=lambda: count(1))

    @classmethod
    def sit_down(
        cls,
        browser: Browser,
        base_url: str,
        *,
        width: int,
        name: str = "",
        language: str = "en",
        scripts: bool = True,
        timezone: str = "Asia/Hong_Kong",
    ) -> Reader:
        context = browser.new_context(
            base_url=base_url,
            viewport={"width": width, "height": 720 if width >= 768 else 640},
            locale={"en": "en-GB", "zh-hant": "zh-HK", "zh-hans": "zh-CN"}[language],
            timezone_id=timezone,
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        context.set_default_timeout(10_000)
        page, watch = context.new_page(), Watch()
        watch.attach(page)
        return cls(context, page, watch, base_url, shots=f"{name}-{width}")

    def sign_in(self, user: object) -> None:
        """Enter with a session made for the user; the sign-in page itself has tests of its own."""
        from django.conf import settings
        from django.test import Client

        client = Client()
        client.force_login(user)  # type: ignore[arg-type]
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.base_url}]
        )

    def open(self, path: str) -> Page:
        """Go to `path` and check the page that answers."""
        self.page.goto(path)
        self.check()
        return self.page

    def check(self, *, schemes: tuple[str, ...] = ("light", "dark"), only: str = "") -> None:
        """The page as it stands: nothing against accessibility in light or dark, nothing sideways."""
        check_page(self.page, self._shot(), schemes, only)
        assert self.watch.unforgiven == [], f"at {self.page.url}"

    def check_every_way(self, *, only: str = "") -> None:
        """A page on which nothing more is pressed: light, dark, in forced colours, and at twice the text.

        In forced colours, as Windows' contrast themes show it, every control still has an edge. `only` names
        the part whose colours are looked at in the dark and in forced ones: head and foot are the same on
        every page.
        """
        self.page.evaluate(SHORT_LISTS)
        self.check(schemes=tuple(SCHEMES), only=only)
        self.page.emulate_media(forced_colors="active")
        bare = self.page.evaluate(WITHOUT_EDGE)
        self.page.emulate_media(forced_colors="none")
        assert bare == [], f"no edge in forced colours at {self.page.url}: {bare}"
        self.check_at_twice_the_text()

    def check_at_twice_the_text(self) -> None:
        """Every text twice as large, as a reader may set it: nothing sticks out or is cut (WCAG 1.4.4)."""
        self.page.evaluate(TWICE_THE_TEXT)
        keep_picture(self.page, self._shot(), "200")
        wide = self.page.evaluate(SIDEWAYS)
        assert wide <= 0, (
            f"{self.page.url} at 200 % scrolls {wide} px sideways: {self.page.evaluate(TOO_WIDE)}"
        )
        assert self.page.evaluate(CUT) == [], f"text is cut at {self.page.url}"

    def leave(self) -> None:
        self.context.close()
        assert self.watch.unforgiven == []

    def _shot(self) -> Path | None:
        directory = os.environ.get("PORTAL_SCREENSHOTS")
        return Path(directory) / f"{self.shots}-{next(self.numbers):02}.png" if directory else None


def go(element: Locator) -> None:
    """Click what leads to another page and wait until that is there; a click alone returns on the old one."""
    with element.page.expect_navigation():
        element.click()


def press(page: Page, name: str) -> None:
    """Send a form by its button."""
    go(page.locator("main").get_by_role("button", name=name, exact=True))


def follow(page: Page, name: str) -> None:
    """Follow a link of the page's own part."""
    go(page.locator("main").get_by_role("link", name=name, exact=True).first)


def keep_picture(page: Page, shot: Path | None, name: str) -> None:
    """Where PORTAL_SCREENSHOTS is set."""
    if shot:
        shot.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=shot.with_name(f"{shot.stem}-{name}.png"), full_page=True, caret="initial")


def check_page(
    page: Page, shot: Path | None = None, schemes: tuple[str, ...] = ("light", "dark"), only: str = ""
) -> None:
    """Assert what every page owes: WCAG 2.2 AA in light and dark, no sideways scroll, title and language.

    With PORTAL_SCREENSHOTS set, keeps a picture of each.
    """
    page.wait_for_load_state("load")  # a click returns before the style sheets are there
    here = page.url
    assert page.title().strip(), f"no title at {here}"
    assert page.locator("html").get_attribute("lang") in {"en", "zh-Hant-HK", "zh-Hans"}, (
        f"no language at {here}"
    )
    wide = page.evaluate(SIDEWAYS)
    assert wide <= 0, f"{here} scrolls {wide} px sideways at {page.viewport_size}: {page.evaluate(TOO_WIDE)}"
    # from its top: what a bar that stays covers, wherever one happens to stand, is not too small
    stood = page.evaluate("(() => { const stood = scrollY; scrollTo(0, 0); return stood })()")
    for scheme in schemes:
        page.emulate_media(**SCHEMES[scheme])
        keep_picture(page, shot, scheme)
        # colours are all that differs in the others; preloading would inject style sheets against the CSP
        rules = (
            {"type": "tag", "values": WCAG}
            if scheme == "light"
            else {"type": "rule", "values": ["color-contrast"]}
        )
        options = {"preload": False, "resultTypes": ["violations"], "runOnly": rules}
        # axe itself is half a megabyte: it goes into the page once
        found = (
            Axe().run(page, options=options).response
            if scheme == "light"
            else page.evaluate("([part, options]) => axe.run(part || document, options)", [only, options])
        )
        violations = [
            f"{rule['id']} ({scheme}): {node['html'][:160]}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]
        assert violations == [], f"at {here}: {violations}"
    page.emulate_media(color_scheme="light", forced_colors="none")
    page.evaluate("stood => scrollTo(0, stood)", stood)
