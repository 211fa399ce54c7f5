import base64
import hashlib
import hmac
import struct
import time
from xml.etree import ElementTree

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from tests.factories.accounts import PASSWORD, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

SIGN_IN = "/account/login/"


def code_of(secret: str) -> str:
    """RFC 6238, as an authenticator app reckons it."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


@pytest.fixture
def required(settings):
    settings.STAFF_MUST_USE_MFA = True


@pytest.mark.usefixtures("required")
def test_staff_without_a_second_step_are_led_to_one_and_then_on(client):
    officer = StaffFactory(is_superuser=True)
    assert client.post(SIGN_IN, {"login": officer.email, "password": PASSWORD}).url == "/office/"
    answer = client.get("/office/accounts/user/")
    assert answer.url == "/account/second-step/?next=%2Foffice%2Faccounts%2Fuser%2F"
    assert "/account/2fa/totp/activate/" in client.get(answer.url).content.decode()

    client.post("/account/reauthenticate/", {"password": PASSWORD})
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    client.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    assert client.get("/office/accounts/user/").status_code == 200
    assert 'href="/office/accounts/user/"' in client.get(answer.url).content.decode()


@pytest.mark.usefixtures("required")
def test_a_post_of_theirs_is_not_carried_out_either(client):
    client.force_login(StaffFactory(is_superuser=True))
    assert client.post("/office/accounts/user/add/", {}).url == "/account/second-step/?next=%2Foffice%2F"


@pytest.mark.usefixtures("required")
def test_recovery_codes_alone_are_no_second_step(client):
    officer = StaffFactory()
    RecoveryCodes.activate(officer)
    client.force_login(officer)
    assert client.get("/office/").url.startswith("/account/second-step/")


@pytest.mark.usefixtures("required")
def test_applicants_need_none(client):
    client.force_login(UserFactory())
    assert client.get("/account/").status_code == 200
    assert client.get("/my/").status_code == 200


@pytest.mark.usefixtures("required")
def test_the_page_never_leads_off_the_site(client):
    officer = StaffFactory()
    TOTP.activate(officer, generate_totp_secret())
    client.force_login(officer)
    page = client.get("/account/second-step/", {"next": "https://evil.example/"}).content.decode()
    assert "evil.example" not in page.split("<main", 1)[1].split("</main", 1)[0]


def test_where_it_is_not_required_the_account_page_says_so(client):
    client.force_login(StaffFactory())
    assert client.get("/office/").status_code == 200
    assert "because this is a demonstration" in client.get("/account/").content.decode()


def test_the_password_alone_does_not_sign_in_whoever_has_a_second_step(client):
    user, secret = UserFactory(), generate_totp_secret()
    TOTP.activate(user, secret)
    assert (
        client.post(SIGN_IN, {"login": user.email, "password": PASSWORD}).url == "/account/2fa/authenticate/"
    )
    assert client.get("/account/").status_code == 302
    wrong = client.post("/account/2fa/authenticate/", {"code": "abcdef"})
    assert wrong.context["form"].errors == {
        "code": ["This code does not fit. Codes last half a minute: wait for the next and type it."]
    }
    client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert client.get("/account/").status_code == 200


def test_the_shared_secret_is_kept_encrypted(client):
    user, secret = UserFactory(), generate_totp_secret()
    TOTP.activate(user, secret)
    [kept] = Authenticator.objects.values_list("data", flat=True)
    assert kept["secret"] != secret
    assert secret not in str(kept)


def test_the_office_has_no_sign_in_of_its_own(client):
    assert client.get("/office/login/").url == "/account/login/?next=%2Foffice%2Flogin%2F"
    assert client.get("/office/").url == "/office/login/?next=/office/"
    client.force_login(UserFactory())
    assert client.get("/office/login/").status_code == 403


def test_the_key_is_a_picture_that_a_camera_can_read_on_a_dark_page(client):
    user = UserFactory()
    client.force_login(user)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    uri = client.get("/account/2fa/totp/activate/").context["totp_svg_data_uri"]
    picture = ElementTree.fromstring(base64.b64decode(uri.removeprefix("data:image/svg+xml;base64,")))
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert next(picture.iter("{http://www.w3.org/2000/svg}path")).get("fill") == "#fff"
