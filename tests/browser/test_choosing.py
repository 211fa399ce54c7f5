"""Choosing by keyboard, without scripts, in another time zone, in every state the pages can be in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from admissions_portal.accounts.models import User
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.support.actors import Actor
from programmes.actions import save_programme
from programmes.loading import load_catalogue
from programmes.models import Bookmark, Programme
from tests.browser.chromium import Reader, follow, go, press
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.programmes import OfferingFactory, RoundFactory, hkt

pytestmark = pytest.mark.django_db(transaction=True)
MARCH, APRIL, JUNE = hkt(2026, 3, 24, 9), hkt(2026, 4, 15, 9), hkt(2026, 6, 10, 9)
MEDICINE, DOCTORATE = "Master of Medical Sciences", "Doctor of Philosophy in Chemistry"
COMPARED = "/compare/?p=hku-mmedsc&p=hkust-phd-chemistry&p=hkust-mphil-computer-science-engineering"


@pytest.fixture(autouse=True)
def catalogue() -> None:
    load_catalogue()
    start_clock_at(MARCH)


@pytest.fixture
def user() -> User:
    made: User = UserFactory()
    return made


def tab_to(page: Page, what: str) -> None:
    """Press Tab until the element described by a selector has the focus."""
    for _n in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("(what) => document.activeElement.matches(what)", what):
            return
    pytest.fail(f"{what} cannot be reached by the keyboard")


def box(name: str) -> str:
    """The selector of a programme's box of the comparison."""
    return f"#p-{Programme.objects.get(name=name).pk}"


def star(name: str) -> str:
    return f"#star-{Programme.objects.get(name=name).pk}"


def test_by_keyboard_from_the_search_to_the_comparison(anyone: Reader) -> None:
    page = anyone.open("/")
    tab_to(page, "#id_q")
    page.keyboard.type("chemistry")
    expect(page.locator("#found")).to_contain_text("2 programmes found. Searched: “chemistry”.")
    assert "q=chemistry" in page.url
    assert page.evaluate("document.activeElement.id") == "id_q"  # the focus stays where one types
    anyone.check()
    tab_to(page, box(DOCTORATE))
    page.keyboard.press("Space")
    page.locator("#id_q").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("mmedsc")
    expect(page.locator("#found")).to_contain_text("1 programme found.")
    expect(page.get_by_label(f"Compare {DOCTORATE}")).to_be_checked()  # ticked before, kept
    anyone.check()
    tab_to(page, box(MEDICINE))
    page.keyboard.press("Space")
    tab_to(page, "[formaction='/compare/']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    heads = page.locator("thead th a").all_text_contents()
    assert sorted(heads) == [DOCTORATE, MEDICINE]
    anyone.check()


def test_more_filters_open_by_keyboard_and_narrow_at_once(desktop: Reader) -> None:
    page = desktop.open("/")
    tab_to(page, ".pg-more summary")
    page.keyboard.press("Enter")
    desktop.check()
    tab_to(page, "#id_level")
    page.keyboard.press("d")  # Doctor of Philosophy
    expect(page.locator("#found")).to_contain_text(
        "3 programmes found. Searched: Doctor of Philosophy (PhD)."
    )
    tab_to(page, "#id_dates")
    page.keyboard.press("o")  # Open now
    expect(page.locator("#found")).to_contain_text("0 programmes found.")
    desktop.check()
    go(page.get_by_role("link", name="Leave out Open now: 3 programmes"))
    assert page.locator(".pg-progs h3").count() == 3
    assert page.locator(".pg-more").get_attribute("open") is not None
    desktop.check()


def test_without_scripts_everything_is_there(reader: Callable[..., Reader], user: User) -> None:
    someone = reader(width=320, scripts=False)
    page = someone.page
    page.goto("/")
    page.get_by_label("Search").fill("chemistry")
    page.get_by_label("Institution").select_option("HKUST")
    press(page, "Show")
    assert page.locator(".pg-progs h3").all_text_contents() == [
        DOCTORATE,
        "Master of Philosophy in Chemistry",
    ]
    page.locator(box(DOCTORATE)).check()
    page.locator(box("Master of Philosophy in Chemistry")).check()
    press(page, "Compare the ticked ones")
    assert page.locator("thead th a").count() == 2
    follow(page, "Change the choice")
    assert page.locator(box(DOCTORATE)).is_checked()
    # nobody is signed in: the star leads to the sign-in, and back with the programme saved
    go(page.locator(star(DOCTORATE)))
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").first.fill(PASSWORD)
    press(page, "Sign in")
    assert page.locator(star(DOCTORATE)).inner_text().startswith("Saved")
    assert Bookmark.objects.get().user == user
    go(page.locator(star(DOCTORATE)))
    assert Bookmark.objects.count() == 0


def test_the_star_changes_in_place_by_keyboard_and_keeps_what_is_ticked(
    reader: Callable[..., Reader], user: User
) -> None:
    someone = reader(user=user)
    page = someone.open("/")
    page.locator(box(DOCTORATE)).check()
    page.locator(star(MEDICINE)).focus()
    page.keyboard.press("Enter")
    expect(page.locator(star(MEDICINE))).to_have_text(f"Saved: {MEDICINE}. Take it off your list")
    expect(page.locator(star(MEDICINE))).to_be_focused()
    expect(page.locator(box(DOCTORATE))).to_be_checked()
    someone.check()
    page.keyboard.press("Enter")
    expect(page.locator(star(MEDICINE))).to_have_text(f"Save: {MEDICINE}")
    assert Bookmark.objects.count() == 0


def test_a_star_pressed_after_the_session_ended_leads_to_the_sign_in_and_is_saved_then(
    reader: Callable[..., Reader], user: User
) -> None:
    someone = reader(user=user)
    page = someone.open("/")
    Session.objects.all().delete()
    go(page.locator(star(MEDICINE)))
    assert page.locator("h1").inner_text() == "Sign in"
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").first.fill(PASSWORD)
    press(page, "Sign in")
    expect(page.locator(star(MEDICINE))).to_contain_text("Saved")
    assert Bookmark.objects.get().user == user


def test_saved_programmes_are_looked_at_and_taken_off_by_keyboard(
    reader: Callable[..., Reader], user: User
) -> None:
    for slug in ("hku-mmedsc", "hkust-phd-chemistry"):
        save_programme(Programme.objects.get(slug=slug), by=Actor.of(user), at=MARCH)
    reader(user=user).open("/saved/")
    someone = reader(width=320, user=user)
    page = someone.open("/saved/")
    for left in (1, 0):
        tab_to(page, ".pg-star")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.locator(".pg-progs > li").count() == left
    someone.check()  # empty


@pytest.mark.parametrize(
    ("at", "language"),
    [
        pytest.param(MARCH, "en", id="open to all"),
        pytest.param(APRIL, "zh-hant", id="open to local applicants"),
        pytest.param(JUNE, "zh-hans", id="closed"),
    ],
)
def test_each_page_in_each_season(reader: Callable[..., Reader], at: datetime, language: str) -> None:
    start_clock_at(at)
    someone = reader(width=320, language=language)
    for path in ("/", "/programmes/hku-mmedsc/", COMPARED):
        someone.open(path)


def test_choices_that_do_not_fit_and_long_names(phone: Reader) -> None:
    long = "Master of " + "Extraordinarilylongwordedsubjects and Their Applications " * 3
    offering = OfferingFactory(intake__programme__name=long.strip())
    RoundFactory(offering=offering, opens_at=hkt(2026, 4, 2, 9), closes_at=hkt(2026, 4, 30, 23, 59))
    slug = offering.programme.slug
    for path in ("/?q=alchemy", f"{COMPARED}&p={slug}", f"/?q=long&p={slug}&p=hku-mmedsc"):
        phone.open(path)
    phone.open(f"/compare/?p={slug}&p=gone")


@pytest.mark.parametrize(
    ("zone", "own"),
    [
        pytest.param("Europe/London", "(your time: 31 March at 16:59 BST)", id="summer time"),
        pytest.param("Pacific/Auckland", "(your time: 1 April at 04:59 GMT+13)", id="the next day"),
        pytest.param("Asia/Singapore", "", id="another zone, the same time"),
    ],
)
def test_a_deadline_is_told_in_the_readers_own_time_where_that_differs(
    reader: Callable[..., Reader], zone: str, own: str
) -> None:
    someone = reader(timezone=zone)
    page = someone.open("/?q=mmedsc")
    hints = page.locator(".pg-own-time")
    assert hints.all_text_contents() == ([own] if own else [])
    # told once more after the list was replaced, never announced, and the same instant
    page.get_by_label("Search").fill("medical")
    expect(page.locator("#found")).to_contain_text("“medical”")
    expect(hints).to_have_count(1 if own else 0)
    assert page.locator("[role=status] .pg-own-time, [aria-live] .pg-own-time").count() == 0
    assert page.locator("[data-pg-moment]").first.get_attribute("datetime") == "2026-03-31T23:59+08:00"
    someone.open("/programmes/hku-mmedsc/")
    assert hints.all_text_contents()[:1] == ([own] if own else [])
