"""Who may let somebody in late."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from applications.late_entry.queries import RIGHT
from programmes.models import Programme
from programmes.queries import has_right


def can_let_in_late(programme: Programme, *, by: Actor, at: datetime) -> bool:
    """Does the actor hold an appointment that decides on this programme's applications today?"""
    return by.user is not None and has_right(by.user, RIGHT, programme, day_of(at))


def check_can_let_in_late(programme: Programme, *, by: Actor, at: datetime) -> None:
    """Raises PermissionDenied unless `can_let_in_late`."""
    if not can_let_in_late(programme, by=by, at=at):
        raise PermissionDenied
