import pytest
from django.urls import reverse

from tests.factories.accounts import PASSWORD, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

SIGN_IN = "/account/login/"
MISMATCH = "This e-mail address and password do not belong together. Check both; capital letters count."


def sign_in(client, email, password=PASSWORD, **more):
    return client.post(SIGN_IN, {"login": email, "password": password, **more})


def test_applicants_go_to_their_applications_and_staff_to_the_office(client):
    assert sign_in(client, UserFactory().email).url == reverse("applications:home")
    client.logout()
    assert sign_in(client, StaffFactory().email).url == "/office/"


@pytest.mark.parametrize("email", ["known@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_sentence(client, email):
    UserFactory(email="known@example.org")
    answer = sign_in(client, email, "not-the-password")
    assert answer.context["form"].non_field_errors() == [MISMATCH]
    assert f'value="{email}"' in answer.content.decode()


def test_after_five_wrong_passwords_one_must_wait_even_with_the_right_one(client):
    email = UserFactory().email
    for _attempt in range(5):
        sign_in(client, email, "not-the-password")
    assert sign_in(client, email).context["form"].non_field_errors() == [
        "Too many attempts in a short time. Wait a few minutes and try again, or set a new password."
    ]


def test_a_flood_of_sign_ins_is_told_to_wait_a_minute(client):
    answers = [client.post(SIGN_IN, {}).status_code for _attempt in range(31)]
    assert answers == [200] * 30 + [429]
    page = client.post(SIGN_IN, {})
    assert "Wait a minute" in page.content.decode()


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/programmes/mmedsc/?mode=part-time", "/programmes/mmedsc/?mode=part-time"),
        ("https://evil.example/", "/my/"),
        ("//evil.example/", "/my/"),
        ("javascript:alert(1)", "/my/"),
        ("", "/my/"),
    ],
    ids=["ours", "another site", "another site without scheme", "script", "nothing"],
)
def test_one_goes_on_to_where_one_wanted_but_never_off_the_site(client, wanted, reached):
    assert sign_in(client, UserFactory().email, next=wanted).url == reached


def test_where_one_wanted_to_go_survives_the_way_to_signing_up(client):
    page = client.get(SIGN_IN, {"next": "/programmes/mmedsc/"}).content.decode()
    assert 'href="/account/signup/?next=%2Fprogrammes%2Fmmedsc%2F"' in page
    page = client.get("/account/signup/", {"next": "/programmes/mmedsc/"}).content.decode()
    assert '<input type="hidden" name="next" value="/programmes/mmedsc/">' in page


def test_signing_out_takes_a_post(client):
    client.force_login(UserFactory())
    assert client.get("/account/logout/").status_code == 200
    assert client.get("/account/").status_code == 200
    assert client.post("/account/logout/").url == "/"
    assert client.get("/account/").status_code == 302


def test_a_closed_account_opens_nothing(client):
    answer = sign_in(client, UserFactory(is_active=False).email)
    assert answer.url == "/account/inactive/"


def test_signed_in_stays_only_where_asked(client):
    email = UserFactory().email
    sign_in(client, email)
    assert client.session.get_expire_at_browser_close()
    client.logout()
    sign_in(client, email, remember="on")
    assert not client.session.get_expire_at_browser_close()


def test_a_forgotten_password_is_replaced_by_code(client, mails, code_in):
    user = UserFactory(email="known@example.org")
    assert (
        client.post("/account/password/reset/", {"email": user.email}).url
        == "/account/password/reset/confirm/"
    )
    [mail] = mails()
    answer = client.post("/account/password/reset/confirm/", {"code": code_in(mail)})
    assert answer.url == "/account/password/reset/complete/"
    client.post(answer.url, {"password1": "another-lantern-58"})
    assert sign_in(client, user.email, "another-lantern-58").url == reverse("applications:home")
    assert [mail.subject for mail in mails()] == ["Code for a new password", "Your password was changed"]


def test_asking_for_a_new_password_does_not_say_who_has_an_account(client, mails):
    UserFactory(email="known@example.org")
    for email in ("known@example.org", "nobody@example.org"):
        client.cookies.clear()
        answer = client.post("/account/password/reset/", {"email": email})
        assert answer.url == "/account/password/reset/confirm/"
        assert client.get(answer.url).status_code == 200
    assert [mail.subject for mail in mails()] == ["Code for a new password", "No account with this address"]


def test_no_mail_about_accounts_carries_a_key_in_a_link(client, mails):
    UserFactory(email="known@example.org")
    for page, email in [
        ("/account/signup/", "new@example.org"),
        ("/account/signup/", "known@example.org"),
        ("/account/password/reset/", "known@example.org"),
        ("/account/password/reset/", "nobody@example.org"),
    ]:
        client.cookies.clear()
        client.post(page, {"email": email, "password1": PASSWORD})
    assert len(mails()) == 4
    links = {word for mail in mails() for word in mail.body.split() if "://" in word}
    pages = ("/", "/account/login/", "/account/password/reset/", "/account/signup/")
    assert links == {f"http://127.0.0.1:8000{page}" for page in pages}


def test_a_passkey_that_does_not_answer_is_told(client):
    answer = client.post("/account/2fa/webauthn/login/", {"credential": ""}, follow=True)
    assert answer.redirect_chain == [(SIGN_IN, 302)]
    assert "No passkey answered. Try it again, or use the password." in answer.content.decode()
