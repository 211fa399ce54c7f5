"""Pages that send nothing by themselves ask for more time when somebody wants to stay signed in."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_staying_gives_the_session_its_whole_time_again(client, settings):
    client.force_login(UserFactory())
    soon = timezone.now() + timedelta(minutes=5)
    Session.objects.update(expire_date=soon)
    answer = client.post("/account/stay/")
    assert (answer.status_code, answer.json()) == (200, {"seconds": settings.SESSION_COOKIE_AGE})
    assert Session.objects.get().expire_date > soon


def test_once_signed_out_there_is_nothing_to_prolong(client):
    answer = client.post("/account/stay/")
    assert (answer.status_code, answer.json()) == (401, {"seconds": 0})
