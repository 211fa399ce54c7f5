"""A message is a row of the action's own transaction, in its reader's language, and once per key."""

import pytest
from django.core import mail
from django.core.mail import send_mail
from django.db import transaction

from admissions_portal.outbox.actions import queue_message
from admissions_portal.outbox.kinds import MessageKind, register_kinds
from admissions_portal.outbox.models import Message
from admissions_portal.outbox.queries import messages_about
from tests.factories.accounts import UserFactory
from tests.factories.papers import AT

pytestmark = pytest.mark.django_db


def queue(to=None, **changes):
    return queue_message(
        "sample", to=to or UserFactory(), context={"name": "O'Brien"}, about=None, at=AT, **changes
    )


def test_the_row_holds_what_will_be_read():
    user = UserFactory(email="lin@example.org", language="zh-hant")
    message = queue_message(
        "sample", to=user, context={"name": "O'Brien"}, about=user, at=AT, sender="MMedSc Office"
    )
    message.refresh_from_db()
    assert (message.to_user, message.to_address, message.language) == (user.pk, "lin@example.org", "zh-hant")
    assert message.subject == "Hello O'Brien (zh-hant)"
    assert message.body.splitlines() == [
        "Dear O'Brien,",
        "",
        "We are glad to offer you a place in a programme whose name is",
        "long enough to be folded.",
        "",
        "  Programme       Master of Medical Sciences, full-time, and a",
        "                  long line of words",
        "Sign in: http://127.0.0.1:8000/offers/",
    ]
    assert (message.queued_at, message.due_at, message.status) == (AT, AT, "QUEUED")
    assert list(messages_about(user)) == [message]
    assert mail.outbox == []


def test_an_address_may_stand_for_a_person_without_an_account():
    message = queue("referee@example.org", language="zh-hans")
    assert (message.to_user, message.to_address, message.language) == (None, "referee@example.org", "zh-hans")


def test_the_same_key_is_the_same_message():
    first, again, other = queue(key="offer/1"), queue(key="offer/1"), queue(key="offer/2")
    assert first == again
    assert {*Message.objects.values_list("key", flat=True)} == {"offer/1", "offer/2"}
    assert other != first


def test_messages_without_a_key_are_each_their_own():
    queue()
    queue()
    assert Message.objects.filter(key=None).count() == 2


def test_a_message_is_not_queued_when_the_action_fails():
    class Failure(Exception):
        pass

    @transaction.atomic
    def act():
        queue()
        raise Failure

    with pytest.raises(Failure):
        act()
    assert not Message.objects.exists()


def test_a_kind_nobody_registered_is_a_bug():
    with pytest.raises(LookupError, match="'unheard-of'"):
        queue_message("unheard-of", to="a@example.org", context={}, about=None, at=AT)


def test_two_kinds_cannot_share_a_name():
    register_kinds(MessageKind("sample", "Sample", "user"))
    with pytest.raises(ValueError, match="'sample'"):
        register_kinds(MessageKind("sample", "Another", "offer"))


def test_mail_of_a_library_becomes_a_row_marked_as_sign_in(settings):
    settings.EMAIL_BACKEND = "admissions_portal.outbox.backend.OutboxEmailBackend"
    assert send_mail("Your\n code", "code ABC123", None, ["a@example.org", "b@example.org"]) == 1
    rows = Message.objects.order_by("to_address").values_list(
        "kind", "to_address", "subject", "body", "is_sign_in"
    )
    assert list(rows) == [
        ("account", "a@example.org", "Your code", "code ABC123", True),
        ("account", "b@example.org", "Your code", "code ABC123", True),
    ]
