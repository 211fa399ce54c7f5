"""Reading copies of records. Somebody else's does not exist."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from applications.privacy.models import RecordCopy

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User


def latest_copy(user: User, *, at: datetime) -> RecordCopy | None:
    """The person's own copy while it is kept, or None."""
    return _finished(user, at).order_by("-made_at", "id").first()


def copy_of(user: User, pk: uuid.UUID, *, at: datetime) -> RecordCopy | None:
    """One copy of this person's own, while it is kept."""
    return _finished(user, at).filter(pk=pk).first()


def copies_to_forget(at: datetime) -> QuerySet[RecordCopy]:
    """Those whose days are over, the oldest first."""
    return RecordCopy.objects.filter(forget_at__lte=at).order_by("forget_at", "id")


def _finished(user: User, at: datetime) -> QuerySet[RecordCopy]:
    return RecordCopy.objects.filter(user=user.pk, forget_at__gt=at).exclude(sha256="")
