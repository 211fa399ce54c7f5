"""Who may do what with a prepared decision."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from admissions_portal.accounts.roles import Right
from admissions_portal.support.actors import Actor
from applications.decisions.models import CheckLevel, PreparedDecision
from applications.lifecycle.permissions import can_with

# Who sees what is being prepared: whoever prepares, checks or answers for it. Readers do not.
SEE_PREPARED = (
    Right.DECIDE,
    Right.CHECK_FOR_SCHOOL,
    Right.CHECK_FOR_GRADUATE_SCHOOL,
    Right.UNDO_DECISIONS,
)


def is_another(prepared: PreparedDecision, by: Actor) -> bool:
    """Has the actor neither prepared, nor changed, nor checked this revision? Four eyes see more than two."""
    if by.user is None:
        return False
    hands = {prepared.prepared_by_id, prepared.changed_by_id}
    return by.user.pk not in hands | {check.checked_by_id for check in prepared.checks_given}


def can_check(prepared: PreparedDecision, level: CheckLevel, *, by: Actor, at: datetime) -> bool:
    """May the actor give this level's check, or send the decision back?"""
    return is_another(prepared, by) and can_with(level.right, prepared.application, by=by, at=at)


def check_can_check(prepared: PreparedDecision, level: CheckLevel, *, by: Actor, at: datetime) -> None:
    """Raises PermissionDenied unless the actor holds the level's right on the case."""
    if not can_with(level.right, prepared.application, by=by, at=at):
        raise PermissionDenied
