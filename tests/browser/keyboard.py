"""Somebody without a mouse: everything a test does to a page is done by pressing keys.

Within `by_keyboard` a test's own `fill`, `check`, `select_option` and `click` are carried out as such a
person does them. What Tab does not reach, or keys do not work, fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

# Stops of the longest page, from the address bar round to itself.
MOST_STOPS = 250
give_files = Locator.set_input_files
HAS_FOCUS = "element => element === document.activeElement"


def reach(element: Locator) -> None:
    """Press Tab until the element has the focus; within radio buttons go on by arrows."""
    page = element.page
    target = element.element_handle()
    assert target is not None
    for key in ("Tab", "Shift+Tab"):  # on from where the person is, or back
        if target.evaluate(HAS_FOCUS):
            return
        for _stop in range(MOST_STOPS):
            page.keyboard.press(key)
            if target.evaluate(HAS_FOCUS):
                return
            if target.evaluate(
                "e => e.type === 'radio' && [...e.form.elements[e.name]].includes(document.activeElement)"
            ):
                for _choice in range(30):
                    page.keyboard.press("ArrowDown")
                    if target.evaluate(HAS_FOCUS):
                        return
            if page.evaluate("document.activeElement === document.body"):
                break  # round the page
    raise AssertionError(f"no key reaches {target.evaluate('e => e.outerHTML.slice(0, 200)')}")


def fill(element: Locator, value: str, **_how: Any) -> None:
    reach(element)
    element.page.keyboard.press("Control+A")
    element.page.keyboard.insert_text(value)


def check(element: Locator, **_how: Any) -> None:
    reach(element)
    if not element.is_checked():
        element.page.keyboard.press("Space")
    assert element.is_checked()


def select_option(
    element: Locator, value: str | None = None, *, label: str | None = None, **_how: Any
) -> None:
    """Go down or up to the option."""
    reach(element)
    wanted = element.evaluate(
        "(e, [value, label]) => [...e.options].findIndex(o => value ? o.value === value : o.label === label)",
        [value, label],
    )
    assert wanted >= 0, (value, label)
    here = element.evaluate("e => e.selectedIndex")
    for _step in range(abs(wanted - here)):
        element.page.keyboard.press("ArrowDown" if wanted > here else "ArrowUp")
    assert element.evaluate("e => e.selectedIndex") == wanted


def click(element: Locator, **_how: Any) -> None:
    reach(element)
    element.page.keyboard.press("Enter")


def set_input_files(element: Locator, files: Any, **_how: Any) -> None:
    """The window in which files are then chosen is the system's, not the page's."""
    reach(element)
    give_files(element, files)


def press_access_key(page: Page, key: str) -> None:
    """Alt and the key, with the character by which Chromium knows an access key and playwright leaves out."""
    alt = 1
    pressed = {"type": "keyDown", "modifiers": alt, "key": key, "text": key, "unmodifiedText": key}
    page.context.new_cdp_session(page).send(
        "Input.dispatchKeyEvent", pressed | {"windowsVirtualKeyCode": ord(key.upper())}
    )


@contextmanager
def by_keyboard() -> Iterator[None]:
    acts = (fill, check, select_option, click, set_input_files)
    with pytest.MonkeyPatch.context() as patch:
        for act in acts:
            patch.setattr(Locator, act.__name__, act)
        yield
