"""Writing history: called by actions, inside their transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from admissions_portal.history.models import Event
from admissions_portal.support.actors import Actor


def record_event(kind: str, *, about: models.Model, by: Actor, at: datetime, **data: Any) -> Event:
    """Write that `kind` happened to `about`. `data` takes ids, codes, numbers and ISO dates only."""
    return Event.objects.create(
        kind=kind,
        about_kind=about._meta.model_name or "",
        about_id=str(about.pk),
        at=at,
        actor_kind=by.kind,
        actor_id=by.id,
        data=data,
    )
