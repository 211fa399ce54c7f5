"""Acts on the catalogue that people rely on. Other edits are plain ones, made in the admin."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.dates import hong_kong_time
from admissions_portal.support.refusals import Refusal
from programmes.models import Bookmark, Programme, Round, refused_from


class CloseMovedEarlier(Refusal):
    """A published close can only move later: people plan by it."""


def check_close_moves_later(round_: Round, closes_at: datetime | None, reading: str) -> None:
    """Raise CloseMovedEarlier if people would be refused sooner than was published. A first date is free."""
    if round_.closed_from is None or round_.closes_at is None:
        return
    if closes_at is None or refused_from(closes_at, reading) < round_.closed_from:
        raise CloseMovedEarlier(
            _("This round was published to close on %(when)s. A published close can only move later.")
            % {"when": hong_kong_time(round_.closes_at)}
        )


@transaction.atomic
def set_close(round_: Round, closes_at: datetime | None, *, reading: str, by: Actor, at: datetime) -> Round:
    """Set when the round closes (the printed minute, HKT) and by which reading (AMB-01), and record it.

    Raises CloseMovedEarlier. The lock makes a submission that is being decided wait for the new instant.
    """
    current = Round.objects.select_for_update().get(pk=round_.pk)
    check_close_moves_later(current, closes_at, reading)
    before = current.closed_from
    current.set_close(closes_at, reading)
    if current.closed_from == before:
        return current
    current.save(update_fields=["closes_at", "close_reading", "closed_from"])
    record_event(
        "round.close_set",
        about=current,
        by=by,
        at=at,
        was=before.isoformat() if before else None,
        now=current.closed_from.isoformat() if current.closed_from else None,
    )
    return current


@transaction.atomic
def save_programme(programme: Programme, *, by: Actor, at: datetime) -> Bookmark:
    """Put the programme on the person's own list (HKU-19); a second time changes nothing.

    No history: what somebody only looks at is nobody's business, and nothing is decided by it.
    """
    bookmark, _made = Bookmark.objects.get_or_create(
        user=by.user, programme=programme, defaults={"saved_at": at}
    )
    return bookmark


@transaction.atomic
def forget_programme(programme: Programme, *, by: Actor) -> bool:
    """Take the programme off the person's own list; whether it stood there."""
    gone, _rows = Bookmark.objects.filter(user=by.user, programme=programme).delete()
    return gone > 0
