"""May this actor touch this case? Each `can_` answers templates, its twin `check_` refuses."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from applications.lifecycle.queries import applications_visible_to

if TYPE_CHECKING:
    from applications.lifecycle.models import Application


def is_own(application: Application, by: Actor) -> bool:
    """Is the actor the applicant? The portal itself is not."""
    return by.user is not None and application.applicant.user_id == by.user.pk


def check_is_own(application: Application, by: Actor) -> None:
    """Raises PermissionDenied unless the actor is the applicant."""
    if not is_own(application, by):
        raise PermissionDenied


def can_with(right: Right, application: Application, *, by: Actor, at: datetime) -> bool:
    """Does the actor hold an appointment that gives `right` on this case today?"""
    return (
        by.user is not None
        and applications_visible_to(by.user, on=day_of(at), right=right).filter(pk=application.pk).exists()
    )


def check_can_with(right: Right, application: Application, *, by: Actor, at: datetime) -> None:
    """Raises PermissionDenied unless `can_with`. The portal acting by itself is never an officer."""
    if not can_with(right, application, by=by, at=at):
        raise PermissionDenied
