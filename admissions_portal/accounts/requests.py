"""Whose request it is."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from admissions_portal.accounts.models import User


def user_of(request: HttpRequest) -> User:
    """The signed-in user. Raises PermissionDenied for a visitor: `login_required` was forgotten."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
