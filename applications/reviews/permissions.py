"""May this actor change how a programme's cases are scored?"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from programmes.models import Programme
from programmes.queries import has_right


def can_edit_rubric(by: Actor, programme: Programme, at: datetime) -> bool:
    """Whether the actor sets up the reviews of this programme today."""
    return by.user is not None and has_right(by.user, Right.ASSIGN_REVIEWS, programme, day_of(at))


def check_can_edit_rubric(by: Actor, programme: Programme, at: datetime) -> None:
    """Raise PermissionDenied unless `can_edit_rubric`."""
    if not can_edit_rubric(by, programme, at):
        raise PermissionDenied
