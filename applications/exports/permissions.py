"""Taking personal data out of the portal is a right of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied

from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from applications.exports.columns import Column
from applications.exports.queries import exportable_cases
from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_visible_to
from programmes.queries import programmes_of


def check_can_export(by: Actor, cases: Sequence[Application], *, at: datetime) -> None:
    """Raises PermissionDenied unless an appointment of today gives the right, and gives it on every case."""
    if by.user is None or not programmes_of(by.user, Right.EXPORT, on=day_of(at)).exists():
        raise PermissionDenied
    asked = {case.pk for case in cases}
    if asked.difference(exportable_cases(by.user, at=at).values_list("pk", flat=True)):
        raise PermissionDenied


def check_can_export_column(column: Column, by: Actor, cases: Sequence[Application], *, at: datetime) -> None:
    """Raises PermissionDenied unless the actor holds on every case the right the column asks for besides."""
    if column.right is None:
        return
    if by.user is None:
        raise PermissionDenied
    allowed = applications_visible_to(by.user, on=day_of(at), right=column.right)
    if {case.pk for case in cases}.difference(allowed.values_list("pk", flat=True)):
        raise PermissionDenied
