"""Reading what may leave the portal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_visible_to

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User


def exportable_cases(user: User, *, at: datetime) -> QuerySet[Application]:
    """The cases this person may take out: those of programmes whose appointment gives the right."""
    return applications_visible_to(user, on=day_of(at), right=Right.EXPORT)
