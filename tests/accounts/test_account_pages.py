"""Every page about signing in stands in our layout: a language, one heading, one main, no inline script."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import URLPattern, URLResolver, get_resolver

from admissions_portal.accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(client):
    return client


@pytest.fixture
def signing_up(client):
    client.post("/account/signup/", {"email": "new@example.org", "password1": PASSWORD})
    return client


@pytest.fixture
def resetting(client):
    client.post("/account/password/reset/", {"email": UserFactory().email})
    return client


@pytest.fixture
def choosing(resetting, mails, code_in):
    resetting.post("/account/password/reset/confirm/", {"code": code_in(mails()[0])})
    return resetting


@pytest.fixture
def member(client):
    """Signed in, and shown once more who it is, as what changes the way of signing in asks for."""
    user = UserFactory(email="member@example.org")
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture
def passwordless(client):
    user = UserFactory()
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    return client


@pytest.fixture
def stepped(member):
    user = User.objects.get(email="member@example.org")
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    Authenticator.objects.create(
        user=user, type="webauthn", data={"name": "My telephone", "credential": {}, "passwordless": True}
    )
    return member


@pytest.fixture
def at_second_step(client):
    user = UserFactory()
    TOTP.activate(user, generate_totp_secret())
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    return client


PAGES = [
    ("visitor", "account_login", "/account/login/"),
    ("visitor", "account_signup", "/account/signup/"),
    ("visitor", "account_reset_password", "/account/password/reset/"),
    ("visitor", "account_inactive", "/account/inactive/"),
    ("visitor", "account_password_reset_completed", "/account/password/reset/done/"),
    ("signing_up", "account_email_verification_sent", "/account/confirm-email/"),
    ("resetting", "account_confirm_password_reset_code", "/account/password/reset/confirm/"),
    ("choosing", "account_complete_password_reset", "/account/password/reset/complete/"),
    ("member", "settings", "/account/"),
    ("member", "second_step", "/account/second-step/"),
    ("member", "account_email", "/account/email/"),
    ("member", "account_change_password", "/account/password/change/"),
    ("member", "account_logout", "/account/logout/"),
    ("member", "account_reauthenticate", "/account/reauthenticate/"),
    ("passwordless", "account_set_password", "/account/password/set/"),
    ("member", "usersessions_list", "/account/sessions/"),
    ("member", "mfa_index", "/account/2fa/"),
    ("member", "mfa_activate_totp", "/account/2fa/totp/activate/"),
    ("member", "mfa_add_webauthn", "/account/2fa/webauthn/add/"),
    ("member", "mfa_list_webauthn", "/account/2fa/webauthn/"),
    ("at_second_step", "mfa_authenticate", "/account/2fa/authenticate/"),
    ("stepped", "mfa_reauthenticate", "/account/2fa/reauthenticate/"),
    ("stepped", "mfa_deactivate_totp", "/account/2fa/totp/deactivate/"),
    ("stepped", "mfa_view_recovery_codes", "/account/2fa/recovery-codes/"),
    ("stepped", "mfa_generate_recovery_codes", "/account/2fa/recovery-codes/generate/"),
    ("stepped", "mfa_edit_webauthn", "/account/2fa/webauthn/keys/{pk}/edit/"),
    ("stepped", "mfa_remove_webauthn", "/account/2fa/webauthn/keys/{pk}/remove/"),
]
# Without a page: they redirect, answer with a file, or belong to a way of signing in that we do not offer.
NO_PAGE = {
    "account_confirm_login_code",
    "stay",  # a POST that answers with nothing
    "mfa_login_webauthn",
    "mfa_download_recovery_codes",
    "mfa_reauthenticate_webauthn",
}


@pytest.mark.parametrize(("who", "name", "path"), PAGES, ids=[name for _who, name, _path in PAGES])
def test_a_page_stands_in_our_layout(request, who, name, path):
    client = request.getfixturevalue(who)
    if "{pk}" in path:
        path = path.format(pk=Authenticator.objects.get(type="webauthn").pk)
    answer = client.get(path)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert re.search(r'<html lang="en"', page)
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert len(re.findall(r"<main[ >]", page)) == 1
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL).group(1).strip()
    assert title.endswith("– Postgraduate Admissions")
    assert not title.startswith("–")
    assert not re.findall(r"<script(?![^>]*(?:src=|type=\"application/json\"))", page)
    assert not re.findall(r"<style|\sstyle=|\son[a-z]+=", page)
    assert "placeholder=" not in page


def test_every_page_of_the_library_is_looked_at():
    names = set(_names_under("account/"))
    assert names - NO_PAGE == {name for _who, name, _path in PAGES}


def _names_under(prefix):
    def walk(patterns):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns)
            elif isinstance(pattern, URLPattern) and pattern.name:
                yield pattern.name

    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and str(resolver.pattern) == prefix:
            yield from walk(resolver.url_patterns)


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_the_language_chosen_is_that_of_pages_and_mails(member, language):
    answer = member.post("/account/", {"language": language})
    assert answer.cookies["django_language"].value == language
    assert User.objects.get().language == language


def test_an_unknown_language_is_refused(member):
    answer = member.post("/account/", {"language": "fr"})
    assert answer.context["form"].errors == {
        "language": ["“fr” is not among the answers. Choose one from the list."]
    }


def test_a_second_address_is_confirmed_by_code_and_can_become_the_first(member, mails, code_in):
    answer = member.post("/account/email/", {"action_add": "", "email": "lin@example.net"})
    assert answer.url == "/account/confirm-email/"
    member.post(answer.url, {"code": code_in(mails()[-1])})
    member.post("/account/email/", {"action_primary": "", "email": "lin@example.net"})
    assert User.objects.get().email == "lin@example.net"
    member.post("/account/email/", {"action_remove": "", "email": "member@example.org"})
    assert list(EmailAddress.objects.values_list("email", "primary", "verified")) == [
        ("lin@example.net", True, True)
    ]


def test_the_address_we_write_to_cannot_be_removed(member):
    answer = member.post("/account/email/", {"action_remove": "", "email": "member@example.org"}, follow=True)
    assert "We write to this address. Choose another one" in answer.content.decode()
    assert EmailAddress.objects.count() == 1


@pytest.mark.parametrize(
    ("addresses", "warned"),
    [
        (["lin@connect.hku.hk.example"], False),
        (["lin@stu.edu.hk"], True),
        (["lin@university.edu"], True),
        (["lin@college.ac.uk"], True),
        (["lin@stu.edu.hk", "lin@example.org"], False),
        (["lin@education.org"], False),
    ],
)
def test_an_address_that_may_end_with_the_studies_is_pointed_out(client, addresses, warned):
    user = UserFactory(email=addresses[0])
    for email in addresses[1:]:
        EmailAddress.objects.create(user=user, email=email, verified=True)
    client.force_login(user)
    assert (
        "Your only address looks like a university’s" in client.get("/account/").content.decode()
    ) is warned


def test_the_password_is_changed_only_with_the_present_one(member):
    wrong = member.post(
        "/account/password/change/", {"oldpassword": "not-this-one", "password1": "another-lantern-58"}
    )
    assert wrong.context["form"].errors == {
        "oldpassword": ["This is not your present password. Capital letters count."]
    }
    member.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": "another-lantern-58"})
    assert User.objects.get().check_password("another-lantern-58")
