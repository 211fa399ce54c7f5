import re

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.urls import reverse

from admissions_portal.accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

SIGN_UP, SIGN_IN, CONFIRM = "/account/signup/", "/account/login/", "/account/confirm-email/"
NEW = {"email": "hannah.lin@example.org", "password1": PASSWORD}


def test_from_an_address_to_an_account_that_is_signed_in(client, mails, code_in):
    answer = client.post(SIGN_UP, {**NEW, "next": "/programmes/mmedsc/"})
    assert answer.url == CONFIRM
    [mail] = mails()
    assert (mail.to_address, mail.subject, mail.is_sign_in) == (
        "hannah.lin@example.org",
        "Confirm your e-mail address",
        True,
    )
    assert max(len(line) for line in mail.body.splitlines()) <= 64

    answer = client.post(CONFIRM, {"code": code_in(mail)})
    assert answer.url == "/programmes/mmedsc/"
    user = User.objects.get()
    assert client.session["_auth_user_id"] == str(user.pk)
    assert EmailAddress.objects.get(user=user).verified

    client.post("/account/logout/")
    assert "_auth_user_id" not in client.session
    answer = client.post(SIGN_IN, {"login": "Hannah.Lin@example.org", "password": PASSWORD})
    assert answer.url == reverse("applications:home")


def test_an_address_that_nobody_confirmed_opens_nothing(client, mails):
    client.post(SIGN_UP, NEW)
    client.cookies.clear()
    cache.clear()  # ten seconds later: one code at a time
    answer = client.post(SIGN_IN, {"login": NEW["email"], "password": PASSWORD})
    assert answer.url == CONFIRM
    assert client.get("/account/").url == "/account/login/?next=/account/"


def test_a_wrong_code_is_told_and_five_of_them_end_it(client, mails, code_in):
    client.post(SIGN_UP, NEW)
    answer = client.post(CONFIRM, {"code": "BBBB-BBBB"})
    assert answer.context["verify_form"].errors == {
        "code": ["This is not the code we sent last. Type it again, or ask for a new one."]
    }
    for _attempt in range(4):
        answer = client.post(CONFIRM, {"code": "BBBB-BBBB"})
    assert answer.url == SIGN_IN
    assert client.post(CONFIRM, {"code": code_in(mails()[0])}).url == SIGN_IN


def test_the_code_may_be_typed_in_small_letters_without_its_dash(client, mails, code_in):
    client.post(SIGN_UP, NEW)
    answer = client.post(CONFIRM, {"code": code_in(mails()[0]).replace("-", " ").lower()})
    assert answer.url == reverse("applications:home")


def test_a_known_and_an_unknown_address_get_the_same_answers(client, mails):
    UserFactory(email="known@example.org")
    pages = []
    for email in ("known@example.org", "fresh@example.org"):
        client.cookies.clear()
        posted = client.post(SIGN_UP, {"email": email, "password1": PASSWORD})
        shown = client.get(posted.url)
        refused = client.post(posted.url, {"code": "BBBB-BBBB"})
        pages.append(
            [
                (page.status_code, page.content.decode().replace(email, "ADDRESS").split("<main", 1)[-1])
                for page in (posted, shown, refused)
            ]
        )
    tokenless = [[(status, _without_token(page)) for status, page in answers] for answers in pages]
    assert tokenless[0] == tokenless[1]
    assert [mail.subject for mail in mails()] == [
        "You already have an account",
        "Confirm your e-mail address",
    ]


def _without_token(page: str) -> str:
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1", page)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"email": "hannah.lin@example"}, "Write the address in full, for example name@example.org."),
        ({"email": ""}, "An answer is needed here."),
    ],
)
def test_an_address_that_cannot_be_one_is_told_and_what_was_typed_stays(client, typed, problem):
    answer = client.post(SIGN_UP, {**NEW, **typed})
    assert answer.context["form"].errors == {"email": [problem]}
    assert f'value="{typed["email"]}"' in answer.content.decode() or not typed["email"]


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short-9", "Use at least 10 characters; three or four words together are easy to remember."),
        ("hannah.lin@example", "Leave your name and e-mail address out of the password."),
        (
            "password1234",
            "This would be guessed quickly. Put three or four words together that do not belong.",
        ),
        ("1234567890", "This would be guessed quickly. Put three or four words together that do not belong."),
    ],
    ids=["short", "the address", "common", "figures"],
)
def test_a_password_anybody_could_guess_is_refused_in_one_sentence(client, password, sentence):
    answer = client.post(SIGN_UP, {**NEW, "password1": password})
    assert answer.context["form"].errors == {"password1": [sentence]}
    assert not User.objects.exists()


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_mails_come_in_the_language_one_signed_up_in(client, mails, language):
    client.cookies["django_language"] = language
    client.post(SIGN_UP, NEW)
    assert (User.objects.get().language, mails()[0].language) == (language, language)
