"""Django's admin in the portal's look: lists, forms and the small comforts of scripts."""

from collections.abc import Callable

import pytest

from tests.browser.chromium import DESKTOP, PHONE, Reader, go
from tests.factories.accounts import StaffFactory, UserFactory


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def administrator(request: pytest.FixtureRequest, reader: Callable[..., Reader]) -> Reader:
    return reader(width=request.param, user=StaffFactory(is_superuser=True, name="HO Wing Yan"))


def test_lists_and_forms_of_the_office_keep_every_rule(administrator: Reader) -> None:
    applicant = UserFactory(email="lin@example.com")
    administrator.open("/office/")
    page = administrator.open("/office/accounts/user/?is_staff__exact=0&q=lin")
    assert page.locator("#result_list tbody tr").count() == 1
    go(page.get_by_role("link", name="lin@example.com"))
    administrator.check()
    assert f"/office/accounts/user/{applicant.pk}/change/?" in page.url  # and the way back to the list


def test_what_is_wrong_in_an_office_form_is_said_at_its_top(administrator: Reader) -> None:
    applicant = UserFactory()
    page = administrator.open(f"/office/accounts/user/{applicant.pk}/change/")
    page.get_by_label("E-mail address").fill("")
    go(page.get_by_role("button", name="Save", exact=True))
    administrator.check()
    assert page.locator(".errornote").inner_text() == "One thing to put right; it is marked below."
    assert page.evaluate("document.activeElement.className") == "errornote"


def test_the_summary_takes_the_focus_and_leads_into_the_field(anyone: Reader) -> None:
    page = anyone.open("/account/login/")
    go(page.get_by_role("button", name="Sign in", exact=True))
    anyone.check()
    assert page.evaluate("document.activeElement.className") == "pg-errors"
    page.locator(".pg-errors a").first.click()
    assert page.evaluate("document.activeElement.name") == "login"


def test_leaving_typed_text_asks_first(reader: Callable[..., Reader]) -> None:
    someone = reader(user=StaffFactory(is_superuser=True))
    page = someone.open(f"/office/accounts/user/{UserFactory().pk}/change/")
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", stay)
    page.get_by_label("Name").fill("WONG Siu Fai")
    page.get_by_role("link", name="Home").click(no_wait_after=True)
    page.wait_for_function("document.querySelector('form[data-pg-dirty]') !== null")
    assert asked == ["beforeunload"]
    assert page.get_by_label("Name").input_value() == "WONG Siu Fai"
