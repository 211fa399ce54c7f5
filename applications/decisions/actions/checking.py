"""The School and the graduate school look at what was prepared; which of them, the programme says."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from applications.decisions.actions.preparing import DecisionRefused, locked_prepared
from applications.decisions.models import (
    CheckLevel,
    ChecksAsked,
    DecisionCheck,
    DecisionChecks,
    PreparedDecision,
    PreparedStatus,
)
from applications.decisions.permissions import check_can_check, is_another
from applications.decisions.queries import checks_asked_by
from applications.decisions.standing import standing_of
from programmes.models import Programme
from programmes.queries import has_right


@transaction.atomic
def give_check(prepared: PreparedDecision, level: CheckLevel, *, by: Actor, at: datetime) -> DecisionCheck:
    """This level agrees with the decision as it stands.

    Raises PermissionDenied without the level's right on the case; DecisionRefused for whoever prepared,
    changed or checked it already, out of turn, and where the case has changed since it was prepared.
    """
    prepared = _to_check(prepared, level, by=by, at=at)
    if standing_of(prepared, release_at=at).has_changed:
        raise DecisionRefused(
            _("The case has changed since this was prepared. The programme office looks at it again first.")
        )
    check = _write(prepared, level, is_given=True, by=by, at=at)
    record_event("decision.checked", about=prepared.application, by=by, at=at, level=level.value)
    return check


@transaction.atomic
def send_back(
    prepared: PreparedDecision, level: CheckLevel, *, reason: str, by: Actor, at: datetime
) -> DecisionCheck:
    """This level does not agree: the office changes the decision, or withdraws it. Raises as `give_check`,
    and DecisionRefused without a reason."""
    prepared = _to_check(prepared, level, by=by, at=at)
    if not reason.strip():
        raise DecisionRefused(_("Write what should change: the programme office reads it."))
    check = _write(prepared, level, is_given=False, reason=reason.strip(), by=by, at=at)
    prepared.status = PreparedStatus.SENT_BACK
    prepared.save(update_fields=["status", "updated_at"])
    record_event("decision.sent_back", about=prepared.application, by=by, at=at, level=level.value)
    return check


@transaction.atomic
def set_checks(programme: Programme, asked: ChecksAsked, *, by: Actor, at: datetime) -> DecisionChecks | None:
    """Say which checks the programme asks for; it counts at once, for what is prepared as well. None where
    nothing changes.

    Raises PermissionDenied without the right to edit the programme.
    """
    if by.user is None or not has_right(by.user, Right.EDIT_CATALOGUE, programme, day_of(at)):
        raise PermissionDenied
    if checks_asked_by(programme) is asked:
        return None
    row, _made = DecisionChecks.objects.update_or_create(
        programme=programme, defaults={"asked": asked, "set_at": at, "set_by": by.user}
    )
    record_event("decision.checks_set", about=programme, by=by, at=at, asked=asked.value)
    return row


def _to_check(prepared: PreparedDecision, level: CheckLevel, *, by: Actor, at: datetime) -> PreparedDecision:
    check_can_check(prepared, level, by=by, at=at)
    prepared = locked_prepared(prepared)
    if not is_another(prepared, by):
        raise DecisionRefused(
            _("You prepared or checked this decision yourself. Somebody else gives this check.")
        )
    standing = standing_of(prepared, release_at=at)
    if prepared.status != PreparedStatus.PREPARED or standing.next_check is not level:
        raise DecisionRefused(
            _("This decision does not wait for the check of the %(level)s. Reload the page.")
            % {"level": level.label}
        )
    return prepared


def _write(
    prepared: PreparedDecision,
    level: CheckLevel,
    *,
    is_given: bool,
    reason: str = "",
    by: Actor,
    at: datetime,
) -> DecisionCheck:
    return DecisionCheck.objects.create(
        prepared=prepared,
        revision=prepared.revision,
        level=level,
        is_given=is_given,
        reason=reason,
        checked_at=at,
        checked_by=by.user,
    )
