"""Writing history: called by actions, inside their transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models

from admissions_portal.history.models import Event
from admissions_portal.support.actors import Actor
from admissions_portal.support.copying import copy_rows


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


def record_events(
    kind: str,
    things: Iterable[tuple[Any, dict[str, Any]]],
    *,
    model: type[models.Model],
    by: Actor,
    at: datetime,
) -> None:
    """The same happened to many things of one model, each given by primary key with its event's data."""
    copy_rows(
        Event,
        ("kind", "about_kind", "about_id", "at", "actor_kind", "actor_id", "data"),
        (
            (kind, model._meta.model_name, str(pk), at, by.kind, by.id, json.dumps(data))
            for pk, data in things
        ),
    )
