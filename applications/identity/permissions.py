"""Who may see a whole number: a right of its own (I1), on the case itself."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from admissions_portal.accounts.roles import Right
from admissions_portal.support.actors import Actor
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import can_with


def can_see_identity_number(application: Application, *, by: Actor, at: datetime) -> bool:
    """Does the actor hold the right on this case today?"""
    return can_with(Right.SEE_IDENTITY_NUMBERS, application, by=by, at=at)


def check_can_see_identity_number(application: Application, *, by: Actor, at: datetime) -> None:
    """Raises PermissionDenied unless `can_see_identity_number`."""
    if not can_see_identity_number(application, by=by, at=at):
        raise PermissionDenied
