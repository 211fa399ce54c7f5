"""Releasing what was prepared: one decision, or many together at a moment, each in its own transaction."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.decisions.actions.preparing import DecisionRefused, drop_preview, locked_prepared
from applications.decisions.models import (
    Decision,
    DecisionReason,
    ItemStatus,
    PreparedDecision,
    PreparedStatus,
    Release,
    ReleaseItem,
)
from applications.decisions.queries import items_due, items_visible_to, prepared_visible_to
from applications.decisions.standing import standing_of, standings_of
from applications.decisions.terms import refusal_says
from applications.lifecycle.actions import apply_transition, lock_application
from applications.lifecycle.messages import write_to_applicant
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_can_with
from applications.lifecycle.transitions import Move
from applications.offers.actions import make_offer

logger = logging.getLogger(__name__)

# Longer than a batch takes; a killed worker's items are taken up after it.
LEASE = timedelta(seconds=60)
BATCH = 20
# Some item may kill its worker; it must not do so for ever.
MAX_ATTEMPTS = 3
MOST_AT_ONCE = 200


@transaction.atomic
def release_prepared(prepared: PreparedDecision, *, by: Actor, at: datetime) -> Decision:
    """Make what was prepared the decision: the case moves, letter and message are queued.

    Raises PermissionDenied without the right to decide, DecisionRefused with all that stands in the way,
    and what `make_offer` raises.
    """
    check_can_with(Right.DECIDE, prepared.application, by=by, at=at)
    prepared = locked_prepared(prepared)
    standing = standing_of(prepared, release_at=at, releasing=True)
    if not standing.is_ready:
        raise DecisionRefused(" ".join(standing.why))
    return carry_out(prepared, by=by, at=at)


def carry_out(prepared: PreparedDecision, *, by: Actor, at: datetime) -> Decision:
    """Release without asking what stands in the way; within the transaction of whoever has asked."""
    application = prepared.application
    if prepared.is_offer:
        make_offer(application, terms=prepared.offer_terms, frozen=prepared.terms, by=by, at=at)
    else:
        codes = [row["reason"] for row in prepared.reasons]
        apply_transition(application, Move.REFUSE, by=by, at=at, reasons=codes)
    decision = Decision.objects.create(
        case=application,
        application=application,
        prepared=prepared,
        outcome=prepared.outcome,
        words=prepared.words,
        note=prepared.note,
        decided_by=by.user,
        decided_at=at,
    )
    DecisionReason.objects.bulk_create(
        DecisionReason(decision=decision, position=position, reason=row["reason"], clause=row["clause"])
        for position, row in enumerate(prepared.reasons, start=1)
    )
    if not prepared.is_offer:
        write_to_applicant(
            application,
            "application_refused",
            at=at,
            key=f"application_refused/{decision.pk}",
            **refusal_says(application, prepared.reasons, prepared.words),
        )
    prepared.status, prepared.ended_at = PreparedStatus.RELEASED, at
    prepared.save(update_fields=["status", "ended_at", "updated_at"])
    drop_preview(prepared)
    return decision


@transaction.atomic
def plan_release(
    chosen: Mapping[UUID, int], *, release_at: datetime, count: int, by: Actor, at: datetime
) -> Release:
    """These prepared decisions go out together at that moment: `at` itself means now.

    `chosen` are primary keys with the revision that was confirmed, `count` how many whoever confirms says
    they are. A tick carries it out. Raises DecisionRefused for a moment that has passed, another count, and
    where one of them cannot be released then, with the reason.
    """
    if release_at < at:
        raise DecisionRefused(_("That moment has passed. Choose a later one, or now."))
    if not chosen:
        raise DecisionRefused(_("Tick the decisions to release."))
    if len(chosen) > MOST_AT_ONCE:
        raise DecisionRefused(
            _("At most %(most)d decisions go out together. Release these first, then the rest.")
            % {"most": MOST_AT_ONCE}
        )
    if count != len(chosen):
        raise DecisionRefused(
            _("The list holds another number of decisions. Read it again, then type how many it holds.")
        )
    if by.user is None:
        raise PermissionDenied
    visible = (
        prepared_visible_to(by.user, on=day_of(at)).filter(pk__in=chosen).select_for_update(of=("self",))
    )
    standings = standings_of(list(visible), release_at=release_at)
    in_the_way = []
    for pk, revision in chosen.items():
        standing = standings.get(pk)
        if standing is None:
            in_the_way.append(_("One of them is no longer there: it was released or withdrawn meanwhile."))
        elif standing.prepared.revision != revision:
            in_the_way.append(
                _("%(number)s: it was changed meanwhile. Look at it again.")
                % {"number": standing.prepared.application.number}
            )
        elif not standing.is_ready:
            in_the_way.append(
                _("%(number)s: %(why)s")
                % {"number": standing.prepared.application.number, "why": " ".join(standing.why)}
            )
    if in_the_way:
        raise DecisionRefused(" ".join(dict.fromkeys(in_the_way)))
    release = Release.objects.create(release_at=release_at, made_at=at, made_by=by.user)
    ReleaseItem.objects.bulk_create(
        ReleaseItem(release=release, prepared_id=pk, revision=revision) for pk, revision in chosen.items()
    )
    for standing in standings.values():
        record_event(
            "decision.planned", about=standing.prepared.application, by=by, at=at, release=str(release.pk)
        )
    return release


@transaction.atomic
def call_off_release(release: Release, *, by: Actor, at: datetime) -> int:
    """Before its moment: what the actor may decide on in it goes back to the prepared ones; says how many.

    Raises PermissionDenied where that is nothing, DecisionRefused once the moment has come.
    """
    if by.user is None or not items_visible_to(by.user, on=day_of(at)).filter(release=release).exists():
        raise PermissionDenied
    release = Release.objects.select_for_update().get(pk=release.pk)
    if release.release_at <= at:
        raise DecisionRefused(_("Its moment has come: it can no longer be called off."))
    mine = items_visible_to(by.user, on=day_of(at)).filter(release=release, status=ItemStatus.WAITING)
    items = list(mine.select_for_update(of=("self",)))
    ReleaseItem.objects.filter(pk__in=[item.pk for item in items]).update(status=ItemStatus.CALLED_OFF)
    for item in items:
        record_event("decision.called_off", about=item.prepared.application, by=by, at=at)
    if items and not release.items.filter(status=ItemStatus.WAITING).exists():
        release.called_off_at, release.called_off_by = at, by.user
        release.save(update_fields=["called_off_at", "called_off_by"])
    return len(items)


def release_due_decisions(*, at: datetime) -> int:
    """Carry out every release whose moment has come; says how many decisions. Safe to run twice, at once, and
    to be killed: an item is one transaction under a lease, and one that cannot be released holds up none of
    the others."""
    count = 0
    while claimed := _claim(at):
        count += sum(_release_item(pk, at=at) for pk in claimed)
    return count


@transaction.atomic
def _claim(at: datetime) -> list[int]:
    free = Q(leased_until=None) | Q(leased_until__lt=timezone.now())
    items = list(items_due(at).filter(free).select_for_update(of=("self",), skip_locked=True)[:BATCH])
    for item in items:
        if item.attempts >= MAX_ATTEMPTS:  # nobody was left to write down why
            _stay(
                item, _("It could not be released: the portal failed each time. Release it by itself."), at=at
            )
    claimed = [item.pk for item in items if item.status == ItemStatus.WAITING]
    ReleaseItem.objects.filter(pk__in=claimed).update(
        leased_until=timezone.now() + LEASE, attempts=F("attempts") + 1
    )
    return claimed


def _release_item(pk: int, *, at: datetime) -> bool:
    try:
        with transaction.atomic():
            item = _waiting(pk)
            if item is None:
                return False
            by = Actor.of(item.release.made_by)
            # a sentence that stays on the file is for whoever confirmed the list
            with translation.override(item.release.made_by.language):
                try:
                    with transaction.atomic():
                        if item.prepared.revision != item.revision:
                            raise DecisionRefused(_("It was changed after the release was confirmed."))
                        release_prepared(item.prepared, by=by, at=at)
                except PermissionDenied:
                    _stay(item, _("Whoever confirmed the list may no longer decide on this case."), at=at)
                except Refusal as refusal:
                    _stay(item, str(refusal), at=at)
                else:
                    item.status = ItemStatus.RELEASED
                    item.save(update_fields=["status"])
    except Exception:
        logger.exception("a decision was not released", extra={"item": pk})
        return False
    return item.status == ItemStatus.RELEASED


def _waiting(pk: int) -> ReleaseItem | None:
    """The item, while it waits; its case is locked first, as by everybody who ends or changes what was
    prepared: in another order the two would wait for each other."""
    lock_application(Application.objects.get(prepared_decisions__release_items=pk))
    return (
        ReleaseItem.objects.select_for_update(of=("self",))
        .select_related("release__made_by", "prepared__application")
        .filter(pk=pk, status=ItemStatus.WAITING)
        .first()
    )


def _stay(item: ReleaseItem, why: str, *, at: datetime) -> None:
    item.status, item.why = ItemStatus.STAYED, why
    item.save(update_fields=["status", "why"])
    record_event("decision.stayed", about=item.prepared.application, by=Actor.system(), at=at)
