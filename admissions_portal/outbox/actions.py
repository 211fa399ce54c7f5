"""Queueing messages (any action, inside its transaction) and delivering them (a worker, after the commit)."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import formataddr, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone, translation

from admissions_portal.outbox.kinds import kind_named
from admissions_portal.outbox.models import Message
from admissions_portal.outbox.wording import render_subject_and_body
from admissions_portal.papers.models import Paper

logger = logging.getLogger(__name__)

# Longer than one batch may take; a killed worker's messages are taken up after it.
LEASE = timedelta(seconds=60)
BATCH = 50
# 30 s, 1, 2, 4 … minutes, at most an hour apart: a mail server may be away for a night
MAX_ATTEMPTS = 20
LONGEST_PAUSE = timedelta(hours=1)


def queue_message(
    kind: str,
    *,
    to: AbstractBaseUser | str,
    language: str | None = None,
    context: Mapping[str, Any],
    about: models.Model | None,
    at: datetime,
    due_at: datetime | None = None,
    key: str | None = None,
    paper: Paper | None = None,
    attach: bool = False,
    sender: str = "",
) -> Message:
    """Write the mail that the kind's templates make of `context`; it leaves after the commit.

    `to` is a user or an address; `language` defaults to the user's own. `at` and `due_at` are domain time
    (HKT); without `due_at` it is due at once. With a `paper` it waits until that is made, and carries it if
    `attach`. `sender` names the office that writes. A `key` makes it the only one: queueing the same key
    again returns the first message unchanged. Raises LookupError for a kind nobody registered.
    """
    kind_named(kind)
    if key is not None and (earlier := Message.objects.filter(key=key).first()):
        return earlier
    to_user, to_address = (
        (None, to) if isinstance(to, str) else (to.pk, getattr(to, to.get_email_field_name()))
    )
    language = language or getattr(to, "language", None) or settings.LANGUAGE_CODE
    subject, body = render_subject_and_body(kind, language, {**context, "at": at})
    fields = {
        "kind": kind,
        "to_user": to_user,
        "to_address": to_address,
        "sender": sender,
        "language": language,
        "subject": subject,
        "body": body,
        "about_kind": (about._meta.model_name or "") if about is not None else "",
        "about_id": str(about.pk) if about is not None else "",
        "paper": paper,
        "attach_paper": attach,
        "queued_at": at,
        "due_at": due_at or at,
    }
    if key is None:
        return Message.objects.create(**fields)
    # get_or_create's savepoint decides between two who queue the same key at once
    return Message.objects.get_or_create(key=key, defaults=fields)[0]


def deliver_due_messages(*, at: datetime, limit: int = BATCH) -> int:
    """Claim up to `limit` messages due at the domain's `at` and send them; return how many were claimed.

    The package's docstring says what is guaranteed. Safe to run anywhere, twice, at once and to be killed.
    """
    claimed = _claim(at, limit)
    if not claimed:
        return 0
    connection = get_connection(settings.DELIVERY_BACKEND)
    try:
        for done, pk in enumerate(claimed, 1):
            if not _deliver(pk, connection):
                _give_back(claimed[done:])
                break
    finally:
        connection.close()
    return len(claimed)


def note_read(message: Message, *, at: datetime) -> bool:
    """Its recipient has opened it in the portal; False where they had before. The caller asks whose it is."""
    if message.read_at is not None:
        return False
    message.read_at = at
    return bool(Message.objects.filter(pk=message.pk, read_at=None).update(read_at=at))


def hold_message(message: Message) -> bool:
    """Keep a waiting message back; False where it has left already."""
    return bool(
        Message.objects.filter(pk=message.pk, status=Message.Status.QUEUED).update(status=Message.Status.HELD)
    )


def release_message(message: Message) -> bool:
    """Let a held or failed message go, from its first attempt on; False where it is neither.

    A sign-in mail that failed stays: its code is gone and out of date, and is asked for anew.
    """
    may_go = Q(status=Message.Status.HELD) | Q(status=Message.Status.FAILED, is_sign_in=False)
    return bool(
        Message.objects.filter(may_go, pk=message.pk).update(
            status=Message.Status.QUEUED, attempts=0, leased_until=None, error=""
        )
    )


def _sendable() -> Q:
    return Q(status=Message.Status.QUEUED) & (Q(paper=None) | Q(paper__status=Paper.Status.RENDERED))


def _is_free() -> Q:
    return Q(leased_until=None) | Q(leased_until__lt=timezone.now())


@transaction.atomic
def _claim(at: datetime, limit: int) -> list[Any]:
    claimed = list(
        Message.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(_sendable() & _is_free(), due_at__lte=at)
        .order_by("due_at", "id")
        .values_list("pk", flat=True)[:limit]
    )
    # the attempt is on record before the mail is: a message that kills its worker runs out of attempts
    Message.objects.filter(pk__in=claimed).update(
        leased_until=timezone.now() + LEASE, attempts=F("attempts") + 1
    )
    return claimed


def _give_back(pks: list[Any]) -> None:
    """The server is away: the rest of the batch was not tried, and waits no longer than the next tick."""
    Message.objects.filter(pk__in=pks, status=Message.Status.QUEUED).update(
        leased_until=None, attempts=F("attempts") - 1
    )


def _deliver(pk: Any, connection: BaseEmailBackend) -> bool:
    """Send one claimed message under its row's lock, and commit at once that it was sent.

    False: the server is away.
    """
    server_answers = True
    with transaction.atomic():
        # waits: another's claim may hold the row for a moment, and to skip it would cost a whole lease
        message = Message.objects.select_for_update().filter(pk=pk, status=Message.Status.QUEUED).first()
        # held back meanwhile, or sent by the worker that took over our lease
        if message is None:
            return True
        if message.attempts > MAX_ATTEMPTS:
            message.status = Message.Status.FAILED
            message.error = message.error or "The worker died each time it was sent."
        else:
            server_answers = _send(message, connection)
        if message.status != Message.Status.QUEUED:
            message.leased_until = None
            # its code opens an account, whether or not it arrived; the demo's mailbox is where it is read
            if message.is_sign_in and not settings.IS_DEMO:
                message.body = ""
        message.save(update_fields=["status", "sent_at", "body", "error", "leased_until"])
    return server_answers


def _send(message: Message, connection: BaseEmailBackend) -> bool:
    try:
        connection.open()  # once for the batch
        connection.send_messages([_mail_of(message)])
    except Exception as failure:
        final = _is_final(failure) or message.attempts >= MAX_ATTEMPTS
        # the class and the server's code, not its text: that repeats the address
        message.error = _reason(failure)
        message.leased_until = timezone.now() + min(
            timedelta(seconds=30 * 2 ** (message.attempts - 1)), LONGEST_PAUSE
        )
        if final:
            message.status = Message.Status.FAILED
        logger.error(
            "message was not sent", extra={"mail": str(message.pk), "reason": message.error, "final": final}
        )
        # a broken session would fail the rest of the batch as well
        connection.close()
        return _concerns_this_mail_alone(failure)
    message.status = Message.Status.SENT
    message.sent_at = timezone.now()
    message.error = ""
    return True


def _mail_of(message: Message) -> EmailMessage:
    own_name, own_address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    with translation.override(message.language):
        mail = EmailMessage(
            subject=message.subject,
            body=message.body,
            from_email=formataddr((message.sender or own_name, own_address)),
            to=[message.to_address],
            headers={
                "Message-ID": f"<{message.pk}@{urlsplit(settings.PORTAL_ORIGIN).hostname}>",
                "Auto-Submitted": "auto-generated",
                "Content-Language": message.language,
            },
        )
    if message.attach_paper and message.paper is not None and message.paper.pdf is not None:
        mail.attach(message.paper.filename, bytes(message.paper.pdf), "application/pdf")
    return mail


def _concerns_this_mail_alone(failure: Exception) -> bool:
    """The server refused this mail; anything else would meet the next one as well."""
    return isinstance(
        failure,
        smtplib.SMTPRecipientsRefused | smtplib.SMTPSenderRefused | smtplib.SMTPDataError | ValueError,
    )


def _is_final(failure: Exception) -> bool:
    """A refusal of this message that will not change; anything else may be the server's bad day."""
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _text in failure.recipients.values())
    if isinstance(failure, smtplib.SMTPResponseException):
        return 550 <= failure.smtp_code < 560
    # a header or an address that no server could take
    return isinstance(failure, ValueError)


def _reason(failure: Exception) -> str:
    codes: list[int] = []
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in failure.recipients.values()]
    elif isinstance(failure, smtplib.SMTPResponseException):
        codes = [failure.smtp_code]
    return " ".join([type(failure).__name__, *map(str, codes)])
