"""May this actor change these rules? One needs the right over every programme they judge."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from eligibility.models import Policy
from eligibility.queries import programmes_under
from programmes.models import Programme
from programmes.queries import programmes_of


def can_edit_policy(by: Actor, policy: Policy, at: datetime) -> bool:
    """Whether the actor may draft, approve and publish versions of the policy at `at`."""
    return can_edit_rules_of(by, programmes_under([policy])[policy.pk], at)


def check_can_edit_policy(by: Actor, policy: Policy, at: datetime) -> None:
    """Raise PermissionDenied unless `can_edit_policy`."""
    check_can_edit_rules_of(by, programmes_under([policy])[policy.pk], at)


def can_edit_register(by: Actor, institution_code: str, programme_slug: str, at: datetime) -> bool:
    """Whether the actor may write entries of the register for the programme or, where none is named, for
    every programme of the institution."""
    return can_edit_rules_of(by, _covered(institution_code, programme_slug), at)


def check_can_edit_register(by: Actor, institution_code: str, programme_slug: str, at: datetime) -> None:
    """Raise PermissionDenied unless `can_edit_register`."""
    check_can_edit_rules_of(by, _covered(institution_code, programme_slug), at)


def can_edit_rules_of(by: Actor, programmes: Iterable[Programme], at: datetime) -> bool:
    """Whether the actor holds EDIT_POLICY over all of them. Rules that judge nobody's programme are nobody's
    to edit."""
    needed = {programme.pk for programme in programmes}
    if by.user is None or not needed:
        return False
    held = programmes_of(by.user, Right.EDIT_POLICY, day_of(at)).filter(pk__in=needed)
    return held.count() == len(needed)


def check_can_edit_rules_of(by: Actor, programmes: Iterable[Programme], at: datetime) -> None:
    """Raise PermissionDenied unless `can_edit_rules_of`."""
    if not can_edit_rules_of(by, programmes, at):
        raise PermissionDenied(
            _("These rules judge programmes that you are not appointed to edit the rules of.")
        )


def _covered(institution_code: str, programme_slug: str) -> Iterable[Programme]:
    programmes = Programme.objects.filter(institution__code=institution_code)
    return programmes.filter(slug=programme_slug) if programme_slug else programmes
