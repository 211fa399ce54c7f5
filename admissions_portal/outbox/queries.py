"""Reading the outbox."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from admissions_portal.outbox.models import Message


def messages_about(thing: models.Model) -> models.QuerySet[Message]:
    """Every message about `thing`, oldest first."""
    return Message.objects.filter(about_kind=thing._meta.model_name, about_id=str(thing.pk)).order_by(
        "queued_at", "id"
    )


def oldest_overdue_message(at: datetime) -> Message | None:
    """The message due longest at the domain's `at` and not yet sent, or None."""
    return (
        Message.objects.filter(status=Message.Status.QUEUED, due_at__lte=at).order_by("due_at", "id").first()
    )


def newest_messages(search: str = "") -> models.QuerySet[Message]:
    """Everything queued, newest first, whose address or subject holds `search`.

    For the demo's mailbox alone.
    """
    messages = Message.objects.select_related("paper").defer("paper__pdf", "paper__context")
    if search:
        messages = messages.filter(
            models.Q(to_address__icontains=search) | models.Q(subject__icontains=search)
        )
    return messages.order_by("-queued_at", "-id")
