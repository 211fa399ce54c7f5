"""Who may ask for credits, and who may write down what the Faculty Board decided."""

from __future__ import annotations

from datetime import datetime

from admissions_portal.accounts.roles import Right
from admissions_portal.support.actors import Actor
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import can_with, check_can_with


def can_record_decision(application: Application, *, by: Actor, at: datetime) -> bool:
    """The office that decides on the case also writes down what its Board decided."""
    return can_with(Right.DECIDE, application, by=by, at=at)


def check_can_record_decision(application: Application, *, by: Actor, at: datetime) -> None:
    """Raises PermissionDenied unless `can_record_decision`."""
    check_can_with(Right.DECIDE, application, by=by, at=at)
