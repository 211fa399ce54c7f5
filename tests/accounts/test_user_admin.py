import pytest
from django.contrib import admin

from admissions_portal.accounts.models import User
from tests.factories.accounts import PASSWORD, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

PAGES = ["/office/accounts/user/", "/office/accounts/user/add/", "/office/account/emailaddress/"]


@pytest.mark.parametrize("page", PAGES)
def test_users_are_the_administrator_s_alone(client, page):
    client.force_login(StaffFactory(is_superuser=True))
    assert client.get(page).status_code == 200
    client.force_login(StaffFactory())
    assert client.get(page).status_code == 403


def test_a_user_is_opened_and_changed_but_never_deleted(client):
    somebody = UserFactory()
    client.force_login(StaffFactory(is_superuser=True))
    page = f"/office/accounts/user/{somebody.pk}/"
    assert client.get(f"{page}change/").status_code == 200
    assert client.get(f"{page}delete/").status_code == 403
    assert client.get(f"{page}password/").status_code == 200


def test_a_user_is_made(client):
    client.force_login(StaffFactory(is_superuser=True))
    client.post(
        "/office/accounts/user/add/",
        {
            "email": "officer@example.edu.hk",
            "name": "Officer",
            "language": "en",
            "is_staff": "on",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )
    made = User.objects.get(email="officer@example.edu.hk")
    assert (made.is_staff, made.is_superuser, made.check_password(PASSWORD)) == (True, False, True)


def test_an_address_is_one_person_s_whatever_its_capitals(client):
    UserFactory(email="lin@example.org")
    client.force_login(StaffFactory(is_superuser=True))
    answer = client.post(
        "/office/accounts/user/add/",
        {
            "email": "LIN@example.org",
            "language": "en",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )
    assert answer.status_code == 200
    assert User.objects.filter(email__iexact="lin@example.org").count() == 1


def test_passwords_and_leaving_go_through_the_same_door_as_everybody_s(client):
    client.force_login(StaffFactory(is_superuser=True))
    assert client.get("/office/password_change/").url == "/account/password/change/"
    assert client.post("/office/logout/").url == "/"
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("secret", ["Authenticator", "UserSession", "Group", "EmailConfirmation"])
def test_secrets_sessions_and_groups_are_not_in_the_admin(secret):
    assert secret not in {model.__name__ for model in admin.site._registry}
