"""Who may write a request, and who may decide it."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from applications.occasional.models import OccasionalRequest
from applications.occasional.queries import requests_visible_to


def check_is_own_request(request: OccasionalRequest, by: Actor) -> None:
    """Raises PermissionDenied unless the actor is the person who asks."""
    if by.user is None or request.applicant.user_id != by.user.pk:
        raise PermissionDenied


def can_decide_request(request: OccasionalRequest, *, by: Actor, at: datetime) -> bool:
    """Whoever decides on the programme's applications decides on its occasional students."""
    return (
        by.user is not None
        and requests_visible_to(by.user, on=day_of(at), right=Right.DECIDE).filter(pk=request.pk).exists()
    )


def check_can_decide_request(request: OccasionalRequest, *, by: Actor, at: datetime) -> None:
    """Raises PermissionDenied unless `can_decide_request`."""
    if not can_decide_request(request, by=by, at=at):
        raise PermissionDenied
