"""Who may join two records or tell them apart: the right, on both cases (E11)."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from admissions_portal.accounts.roles import Right
from admissions_portal.support.actors import Actor
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import can_with


def can_judge_pair(case: Application, other: Application, *, by: Actor, at: datetime) -> bool:
    """Two records at one institution, and the right on either case: so neither side is the actor's own and
    with neither the actor has a conflict of interest."""
    return (
        case.offering.programme.institution_id == other.offering.programme.institution_id
        and case.applicant_id != other.applicant_id
        and all(can_with(Right.MERGE_PEOPLE, each, by=by, at=at) for each in (case, other))
    )


def check_can_judge_pair(case: Application, other: Application, *, by: Actor, at: datetime) -> None:
    """Raises PermissionDenied unless `can_judge_pair`."""
    if not can_judge_pair(case, other, by=by, at=at):
        raise PermissionDenied
