"""Taking personal data out of the portal is a right of its own."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_visible_to
from programmes.queries import programmes_of

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User


def can_export(user: User, *, at: datetime) -> bool:
    """Does any appointment of today give the right?"""
    return programmes_of(user, Right.EXPORT, on=day_of(at)).exists()


def exportable_cases(by: Actor, *, at: datetime) -> QuerySet[Application]:
    """The cases this actor may take out: those of programmes whose appointment gives the right."""
    return applications_visible_to(by.user, on=day_of(at), right=Right.EXPORT)
