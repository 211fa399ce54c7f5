"""Django's mail backend that writes rows.

Allauth's mails leave as every other does, after the commit and by a worker.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import translation

from admissions_portal import clock
from admissions_portal.outbox.kinds import ACCOUNT
from admissions_portal.outbox.models import Message


class OutboxEmailBackend(BaseEmailBackend):
    """Only sign-in and account mails come this way; the portal's own use `queue_message`."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        at = clock.now()
        rows = [
            Message(
                kind=ACCOUNT.name,
                to_address=address,
                language=translation.get_language() or "en",
                subject=" ".join(str(mail.subject).split()),
                body=str(mail.body),
                is_sign_in=True,
                queued_at=at,
                due_at=at,
            )
            for mail in email_messages
            for address in mail.recipients()
        ]
        Message.objects.bulk_create(rows)
        return len(email_messages)
