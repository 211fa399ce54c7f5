"""Delivery: once, when due, again after a failure, and never by two workers at the same time."""

import smtplib
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.utils import timezone

from admissions_portal.outbox import actions
from admissions_portal.outbox.actions import (
    deliver_due_messages,
    hold_message,
    queue_message,
    release_message,
)
from admissions_portal.outbox.models import Message
from tests.factories.papers import AT, PaperFactory

pytestmark = pytest.mark.django_db


def queue(number=1, **changes):
    return queue_message(
        "sample", to=f"p{number}@example.org", context={"name": "LIN"}, about=None, at=AT, **changes
    )


class FailingBackend(BaseEmailBackend):
    """A mail server that answers with `failure`; counts how often it was asked."""

    failure: Exception
    asked = 0

    def send_messages(self, email_messages):
        type(self).asked += 1
        raise self.failure


@pytest.fixture
def failing(settings):
    FailingBackend.asked = 0
    settings.DELIVERY_BACKEND = f"{__name__}.FailingBackend"
    return FailingBackend


def sent_to():
    return sorted(mail_.to[0] for mail_ in mail.outbox)


def again():
    """Let every lease and pause run out."""
    Message.objects.update(leased_until=timezone.now() - timedelta(seconds=1))


def test_a_due_message_leaves_once():
    message = queue(sender="MMedSc Office")
    assert deliver_due_messages(at=AT) == 1
    assert deliver_due_messages(at=AT) == 0
    message.refresh_from_db()
    assert (message.status, message.attempts, message.leased_until, message.error) == ("SENT", 1, None, "")
    [sent] = mail.outbox
    assert (sent.subject, sent.to) == ("Hello LIN (en)", ["p1@example.org"])
    assert sent.from_email == "MMedSc Office <admissions@example.hk>"
    assert sent.message()["Message-ID"] == f"<{message.pk}@127.0.0.1>"
    assert sent.message()["Auto-Submitted"] == "auto-generated"


def test_a_message_waits_for_its_hour():
    queue(due_at=AT + timedelta(days=1))
    assert deliver_due_messages(at=AT + timedelta(hours=23)) == 0
    assert deliver_due_messages(at=AT + timedelta(days=1)) == 1


def test_a_message_waits_for_its_letter_and_carries_it():
    paper = PaperFactory(number="OFF-2026-00001")
    queue(paper=paper, attach=True)
    assert deliver_due_messages(at=AT) == 0
    paper.status, paper.pdf, paper.pages, paper.rendered_at = "RENDERED", b"%PDF letter", 2, AT
    paper.save()
    assert deliver_due_messages(at=AT) == 1
    [sent] = mail.outbox
    assert sent.attachments == [("OFF-2026-00001-v1.pdf", b"%PDF letter", "application/pdf")]


def test_a_letter_that_is_only_linked_is_not_attached():
    queue(paper=PaperFactory(rendered=True))
    deliver_due_messages(at=AT)
    assert mail.outbox[0].attachments == []


def test_a_batch_is_limited_and_oldest_first():
    for number, hours in ((1, 3), (2, 1), (3, 2)):
        queue(number, due_at=AT - timedelta(hours=hours))
    assert deliver_due_messages(at=AT, limit=2) == 2
    assert sent_to() == ["p1@example.org", "p3@example.org"]


def test_a_leased_message_is_left_to_its_worker_until_the_lease_runs_out():
    queue()
    Message.objects.update(leased_until=timezone.now() + timedelta(minutes=1))
    assert deliver_due_messages(at=AT) == 0
    again()
    assert deliver_due_messages(at=AT) == 1


def test_a_message_sent_by_another_worker_meanwhile_is_not_sent_again(monkeypatch):
    """Our lease ran out while we were slow, and somebody else has sent it."""
    message = queue()
    claimed = actions._claim(AT, 1)
    again()
    deliver_due_messages(at=AT)
    monkeypatch.setattr(actions, "_claim", lambda at, limit: claimed)
    deliver_due_messages(at=AT)
    assert sent_to() == ["p1@example.org"]
    message.refresh_from_db()
    assert message.status == "SENT"


@pytest.mark.parametrize(
    ("failure", "status", "error"),
    [
        pytest.param(
            smtplib.SMTPRecipientsRefused({"p1@example.org": (550, b"no such p1@example.org")}),
            "FAILED",
            "SMTPRecipientsRefused 550",
            id="no such address",
        ),
        pytest.param(
            smtplib.SMTPRecipientsRefused({"p1@example.org": (450, b"greylisted")}),
            "QUEUED",
            "SMTPRecipientsRefused 450",
            id="come back later",
        ),
        pytest.param(
            smtplib.SMTPDataError(554, b"spam"), "FAILED", "SMTPDataError 554", id="content refused"
        ),
        pytest.param(
            ConnectionRefusedError("no server"), "QUEUED", "ConnectionRefusedError", id="server away"
        ),
        pytest.param(TimeoutError("slow"), "QUEUED", "TimeoutError", id="server silent"),
        pytest.param(
            smtplib.SMTPAuthenticationError(535, b"no"),
            "QUEUED",
            "SMTPAuthenticationError 535",
            id="password changed",
        ),
        pytest.param(ValueError("header"), "FAILED", "ValueError", id="a mail no server could take"),
    ],
)
def test_what_a_failure_leads_to(failing, failure, status, error):
    failing.failure = failure
    message = queue()
    deliver_due_messages(at=AT)
    message.refresh_from_db()
    assert (message.status, message.error, message.attempts) == (status, error, 1)
    assert "p1@" not in message.error
    if status == "QUEUED":
        assert message.leased_until > timezone.now() + timedelta(seconds=20)


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [
        pytest.param(0, 30, id="first"),
        pytest.param(3, 240, id="fourth"),
        pytest.param(10, 3600, id="an hour at most"),
    ],
)
def test_pauses_double_up_to_an_hour(failing, attempts, seconds):
    failing.failure = TimeoutError()
    message = queue()
    Message.objects.update(attempts=attempts)
    before = timezone.now()
    deliver_due_messages(at=AT)
    message.refresh_from_db()
    assert abs((message.leased_until - before).total_seconds() - seconds) < 5


def test_attempts_are_capped(failing):
    failing.failure = TimeoutError()
    message = queue()
    Message.objects.update(attempts=19)
    deliver_due_messages(at=AT)
    message.refresh_from_db()
    assert (message.status, message.attempts, message.error) == ("FAILED", 20, "TimeoutError")


def test_a_message_that_kills_every_worker_is_given_up():
    message = queue()
    Message.objects.update(attempts=20)
    deliver_due_messages(at=AT)
    message.refresh_from_db()
    assert (message.status, message.error) == ("FAILED", "The worker died each time it was sent.")
    assert mail.outbox == []


def test_a_server_that_is_away_is_asked_once_a_batch(failing, settings):
    failing.failure = ConnectionRefusedError()
    for number in range(3):
        queue(number)
    assert deliver_due_messages(at=AT) == 3
    assert failing.asked == 1
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    settings.DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    deliver_due_messages(at=AT)
    again()
    deliver_due_messages(at=AT)
    assert sent_to() == ["p0@example.org", "p1@example.org", "p2@example.org"]


def test_one_refused_address_does_not_stop_the_batch(failing):
    failing.failure = smtplib.SMTPRecipientsRefused({"p1@example.org": (550, b"")})
    for number in range(3):
        queue(number)
    deliver_due_messages(at=AT)
    assert failing.asked == 3


def test_a_held_message_stays_until_released():
    message = queue()
    assert hold_message(message) is True
    assert deliver_due_messages(at=AT) == 0
    assert release_message(message) is True
    assert deliver_due_messages(at=AT) == 1
    assert (hold_message(message), release_message(message)) == (False, False)


@pytest.mark.parametrize(
    ("is_demo", "is_sign_in", "body"),
    [
        pytest.param(False, True, "", id="production blanks what opens an account"),
        pytest.param(False, False, "the body", id="production keeps other mail"),
        pytest.param(True, True, "the body", id="the demo's mailbox is where codes are read"),
    ],
)
def test_what_is_left_of_a_body_once_sent(settings, is_demo, is_sign_in, body):
    settings.IS_DEMO = is_demo
    message = queue()
    Message.objects.update(is_sign_in=is_sign_in, body="the body")
    deliver_due_messages(at=AT)
    message.refresh_from_db()
    assert (message.status, message.body) == ("SENT", body)
    assert mail.outbox[0].body == "the body"


def test_a_sign_in_mail_that_was_given_up_keeps_no_code_and_is_asked_for_anew(settings, failing):
    settings.IS_DEMO = False
    failing.failure = smtplib.SMTPRecipientsRefused({"p1@example.org": (550, b"")})
    message = queue()
    Message.objects.update(is_sign_in=True)
    deliver_due_messages(at=AT)
    message.refresh_from_db()
    assert (message.status, message.body) == ("FAILED", "")
    assert release_message(message) is False


@pytest.mark.django_db(transaction=True)
def test_four_workers_send_each_message_once():
    for number in range(24):
        queue(number)
    start = threading.Barrier(4)

    def work():
        try:
            start.wait(10)
            while deliver_due_messages(at=AT, limit=5):
                pass
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sent_to() == sorted(f"p{number}@example.org" for number in range(24))
    assert {*Message.objects.values_list("status", "attempts")} == {("SENT", 1)}
