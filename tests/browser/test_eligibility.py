"""The public check as a reader meets it: two institutions, a link in the fragment, no script, paper."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from admissions_portal.clock.actions import start_clock_at
from tests.browser.chromium import DESKTOP, PHONE, Reader, follow, go, press
from tests.factories.checks import MMEDSC, MPHIL, PHD, programmes_to_check
from tests.factories.programmes import hkt

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _world(live_server: object) -> None:
    programmes_to_check()
    start_clock_at(hkt(2026, 3, 24, 9))


def choose(page: Page, **chosen: str) -> None:
    """Press radio buttons by name and value; `degree__x` is of the first degree."""
    for name, value in chosen.items():
        page.locator(f'[name="{name.replace("degree__", "degree-0-")}"][value="{value}"]').check()


def finding(page: Page, code: str) -> str:
    """What the page says of one rule: the word of its outcome."""
    return page.locator(".pg-findings > li", has_text=f"({code})").first.locator(".pg-status").inner_text()


def at_hku(page: Page, *, in_hong_kong: str) -> None:
    """Somebody taught and examined in Chinese answers HKU's questions."""
    page.get_by_label("Which kind of qualification is it?").select_option("BACHELOR")
    choose(
        page,
        degree__in_hong_kong=in_hong_kong,
        degree__status="AWARDED",
        degree__teaching_language="OTHER",
        degree__examination_language="OTHER",
        mode="FULL_TIME",
    )
    page.locator('[name="degree-0-of-hku"][value="NO"]').check()


def to_hkust(page: Page, *, first_language: str) -> None:
    """The same answers at HKUST's MPhil, where only what is new is asked."""
    page.get_by_label("Programme", exact=True).select_option(MPHIL)
    press(page, "Check there")
    expect(page.locator("h1")).to_have_text("A few more questions")
    assert page.locator('[name="degree-0-in_hong_kong"]:visible').count() == 0
    choose(page, first_language=first_language, degree__institution_medium="OTHER")
    choose(page, **{"degree-0-of-hkust": "NO"})


def test_a3_in_hong_kong_taught_in_chinese_needs_a_test_at_hkust_only(phone: Reader) -> None:
    page = phone.open("/eligibility/")
    follow(page, "Master of Medical Sciences")
    phone.check()
    assert page.locator('[name="first_language"]').count() == 0
    at_hku(page, in_hong_kong="YES")
    press(page, "Show the result")
    phone.check()
    assert finding(page, "HKU-E5") == "Not applicable"
    to_hkust(page, first_language="NO")
    phone.check()
    press(page, "Show the result")
    phone.check()
    assert page.locator(".pg-sub").inner_text() == "Master of Philosophy in Chemistry"
    assert finding(page, "UST-06") == "Needs evidence"
    assert "A test is needed, and none is declared yet." in page.locator(".pg-findings").inner_text()


def test_a3_outside_hong_kong_with_english_as_first_language_needs_a_test_at_hku_only(
    reader: Callable[..., Reader],
) -> None:
    someone = reader(width=DESKTOP, scripts=False)  # all of it by plain forms
    page = someone.page
    page.goto(f"/eligibility/{MMEDSC}/")
    at_hku(page, in_hong_kong="NO")
    press(page, "Show the result")
    assert finding(page, "HKU-E5") == "Needs evidence"
    assert page.get_by_role("button", name="Copy a link to these answers").count() == 0
    to_hkust(page, first_language="YES")
    press(page, "Show the result")
    assert finding(page, "UST-06") == "Not applicable"
    assert "the first language is English" in page.locator(".pg-findings").inner_text()
    assert "?" not in page.url
    press(page, "Change my answers")
    assert page.locator('[name="first_language"][value="YES"]').is_checked()


def test_without_a_script_tests_are_added_removed_and_put_right(reader: Callable[..., Reader]) -> None:
    someone = reader(width=PHONE, scripts=False)
    page = someone.page
    page.goto(f"/eligibility/{MPHIL}/")
    for kind in ("IELTS_ACADEMIC", "TOEFL_PAPER"):
        page.get_by_label("Which test?").select_option(kind)
        press(page, "Add this test")
        assert page.url.endswith("#added")
    page.locator('[name="test-0-overall"]').fill("6.3")
    go(page.get_by_role("button", name="Remove test 2"))
    assert page.locator('[name="test-0-overall"]').input_value() == "6.3"
    press(page, "Show the result")
    problem = page.locator(".pg-errors a")
    assert problem.inner_text() == "Test 1, Overall: Overall goes in steps of 0.5; 6.3 cannot be a score."
    page.locator('[name="test-0-overall"]').fill("6.5")
    press(page, "Show the result")
    assert page.locator("h1").inner_text() == "Your eligibility check"


def test_the_link_carries_the_answers_in_its_fragment_and_the_server_never_sees_them_in_an_address(
    reader: Callable[..., Reader],
) -> None:
    writer = reader()
    asked: list[str] = []
    writer.page.on("request", lambda request: asked.append(request.url))
    page = writer.open(f"/eligibility/{MMEDSC}/")
    at_hku(page, in_hong_kong="NO")
    press(page, "Show the result")
    page.wait_for_url(re.compile(r"#1\."))
    link = page.url
    writer.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy a link to these answers").click()
    copied = "Copied. Whoever opens the link sees your answers."
    expect(page.locator("[data-pg-copied]")).to_have_text(copied)
    assert page.evaluate("navigator.clipboard.readText()") == link
    assert [url for url in asked if "?" in url] == []

    other = reader(width=PHONE)
    other.page.goto(link)
    expect(other.page.locator("h1")).to_have_text("Your eligibility check")
    other.check()
    assert finding(other.page, "HKU-E5") == "Needs evidence"
    assert other.page.title().startswith("Your eligibility check")
    press(other.page, "Change my answers")
    assert other.page.locator('[name="degree-0-in_hong_kong"][value="NO"]').is_checked()
    assert "#" not in other.page.url
    # another language is another page: the answers go along in the fragment
    go(other.page.get_by_role("button", name="繁體中文"))
    expect(other.page.locator("html")).to_have_attribute("lang", "zh-Hant-HK")
    expect(other.page.locator('[name="degree-0-in_hong_kong"][value="NO"]')).to_be_checked()


BROKEN = {
    "cut off": "1.eyJtb2Rl",
    "no base64": "1.%%%",
    "of a later version": "2.e30",
    "without answers": "1." + base64.urlsafe_b64encode(b'["mode"]').decode(),
    "with names of its own": "1." + base64.urlsafe_b64encode(b'{"<img>": "x"}').decode(),
    "foreign": "somewhere-else",
    "no address at all": "%E0%A4%A",
}


def test_a_broken_or_foreign_link_says_so_and_fills_nothing_in(desktop: Reader) -> None:
    page = desktop.page
    for fragment in BROKEN.values():
        page.goto("about:blank")
        page.goto(f"/eligibility/{MMEDSC}/#{fragment}")
        expect(page.get_by_text("This link holds no answers we can read.")).to_be_visible()
        assert page.locator("input:checked").count() == 0
        assert "#" not in page.url
    desktop.check()


def test_a_place_on_the_page_is_no_link_to_answers(desktop: Reader) -> None:
    page = desktop.page
    page.goto(f"/eligibility/{MMEDSC}/#part-degree")
    expect(page.locator("[data-pg-broken]")).to_be_hidden()
    assert page.url.endswith("#part-degree")


def test_a_link_whose_answers_cannot_arrive_says_so(desktop: Reader) -> None:
    page = desktop.page
    answers = base64.urlsafe_b64encode(b'{"mode": "FULL_TIME"}').decode().rstrip("=")
    desktop.watch.forgive(f"{MMEDSC}/ net::ERR_FAILED")
    page.route("**/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.goto(f"/eligibility/{MMEDSC}/#1.{answers}")
    expect(page.get_by_text("The answers of this link did not reach us.")).to_be_visible()


def test_all_problems_at_once_lead_to_their_fields(desktop: Reader) -> None:
    page = desktop.open(f"/eligibility/{PHD}/")
    page.get_by_label("Which test?").select_option("IELTS_ACADEMIC")
    press(page, "Add this test")
    expect(page.locator("#added")).to_be_focused()
    page.locator('[name="test-0-overall"]').fill("6.3")
    page.locator('[name="test-0-taken_on_day"]').fill("31")
    page.locator('[name="test-0-taken_on_month"]').fill("2")
    page.locator('[name="test-0-taken_on_year"]').fill("2026")
    choose(page, degree__status="EXPECTED")
    press(page, "Show the result")
    desktop.check()
    assert page.locator(".pg-errors li").count() == 3
    expect(page.locator(".pg-errors")).to_be_focused()
    page.locator(".pg-errors a").last.click()
    expect(page.locator('[name="test-0-overall"]')).to_be_focused()


def test_what_only_some_answers_ask_for_is_hidden_until_then(desktop: Reader) -> None:
    page = desktop.page
    page.goto(f"/eligibility/{MPHIL}/")
    day, discipline = page.get_by_label("Day"), page.get_by_label("In which discipline?")
    expect(discipline).to_be_hidden()
    choose(page, degree__status="AWARDED")
    expect(day).to_be_hidden()
    choose(page, degree__status="EXPECTED")
    expect(day).to_be_visible()
    choose(page, **{"earlier-hkust-leaving": "ACADEMIC_REASONS"})
    expect(discipline).to_be_visible()
    desktop.check()


def test_on_paper_stand_answers_findings_clauses_day_and_rules(desktop: Reader) -> None:
    page = desktop.open(f"/eligibility/{MMEDSC}/")
    at_hku(page, in_hong_kong="YES")
    press(page, "Show the result")
    page.emulate_media(media="print")
    paper = page.locator("main").inner_text()
    for words in (
        "Each requirement",
        "Your answers",
        "Is the institution in Hong Kong?",
        "Checked 24\xa0March\xa02026, 09:0",
        "Fingerprint",
    ):
        assert words in paper
    assert "Change my answers" not in paper
    assert "Check there" not in paper
    assert page.locator("header.pg-head").is_hidden()
    page.emulate_media(media="screen")


def test_the_whole_check_by_keyboard(desktop: Reader) -> None:
    page = desktop.page
    page.goto(f"/eligibility/{MPHIL}/")
    page.get_by_label("Which kind of qualification is it?").focus()
    page.keyboard.press("B")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.locator('[name="degree-0-of-hkust"][value="YES"]').is_checked()
    with page.expect_navigation():
        page.get_by_role("button", name="Show the result").last.focus()
        page.keyboard.press("Enter")
    assert page.locator("h1").inner_text() == "Your eligibility check"


def test_the_pages_of_requirements(anyone: Reader) -> None:
    page = anyone.open("/eligibility/requirements/")
    assert page.get_by_text("Older tests the text still lists.").count() == 3
    anyone.open("/eligibility/requirements/HKUST-MPHIL/1/")
