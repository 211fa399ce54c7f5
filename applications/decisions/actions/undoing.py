"""Undoing what was decided: each an act of its own, with its own checks. What was sent stays on the file.

A refusal and an offer nobody has answered are taken back, and the case is in review again. A declined or
lapsed offer is opened again as it was, by a new date. An acceptance is never undone here: it binds both
sides, and the applicant may withdraw; nor is a withdrawal, which is for good.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from admissions_portal.support.actors import Actor
from applications.decisions.actions.preparing import DecisionRefused
from applications.decisions.models import Decision, DecisionUndo, Undoable
from applications.lifecycle.actions import apply_transition, lock_application, moved_on
from applications.lifecycle.messages import write_to_applicant
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_can_with
from applications.lifecycle.states import RUNNING
from applications.lifecycle.transitions import TRANSITIONS, Move
from applications.offers.actions import reopen_offer, take_back_offer
from applications.offers.models import Offer
from applications.offers.queries import offer_of


@transaction.atomic
def undo_refusal(
    application: Application, *, reason: str, words: str = "", by: Actor, at: datetime
) -> DecisionUndo:
    """A refusal was wrong: the case is in review again, and the applicant is told.

    Raises PermissionDenied without the right to undo decisions, DecisionRefused without a reason or while the
    person has another application running for the same place, TransitionRefused for a case not refused.
    """
    decision = _begin(application, Move.UNDO_REFUSAL, reason, by=by, at=at)
    _check_nothing_else_runs(application)
    apply_transition(application, Move.UNDO_REFUSAL, by=by, at=at)
    undo = _write(decision, Undoable.REFUSAL, reason, words, by=by, at=at)
    _end(decision)
    write_to_applicant(
        application, "refusal_undone", at=at, key=f"refusal_undone/{decision.pk}", words=undo.words
    )
    return undo


@transaction.atomic
def undo_offer(
    application: Application, *, reason: str, words: str = "", by: Actor, at: datetime
) -> DecisionUndo:
    """An offer that nobody has answered was wrong: its letter is void, the case is in review again, and the
    applicant is told. Raises as `undo_refusal`; OfferRefused once it is answered."""
    decision = _begin(application, Move.TAKE_BACK_OFFER, reason, by=by, at=at)
    offer = _offer(application)
    apply_transition(application, Move.TAKE_BACK_OFFER, by=by, at=at)
    take_back_offer(offer, words=words, by=by, at=at)
    undo = _write(decision, Undoable.OFFER, reason, words, by=by, at=at)
    _end(decision)
    return undo


@transaction.atomic
def undo_decline(
    application: Application, *, reply_by: datetime, reason: str, words: str = "", by: Actor, at: datetime
) -> DecisionUndo:
    """Somebody declined and did not mean it: the offer waits again, until `reply_by` (HKT, the minute as
    printed), with a new letter. Raises as `undo_refusal`, and OfferRefused for a date that has passed."""
    return _reopen(application, Undoable.DECLINE, Move.UNDO_DECLINE, reply_by, reason, words, by=by, at=at)


@transaction.atomic
def undo_lapse(
    application: Application, *, reply_by: datetime, reason: str, words: str = "", by: Actor, at: datetime
) -> DecisionUndo:
    """An offer lapsed and should not have: it waits again, until `reply_by`. Raises as `undo_decline`."""
    return _reopen(application, Undoable.LAPSE, Move.UNDO_LAPSE, reply_by, reason, words, by=by, at=at)


def _reopen(
    application: Application,
    what: Undoable,
    move: Move,
    reply_by: datetime,
    reason: str,
    words: str,
    *,
    by: Actor,
    at: datetime,
) -> DecisionUndo:
    decision = _begin(application, move, reason, by=by, at=at)
    _check_nothing_else_runs(application)
    offer = _offer(application)
    apply_transition(application, move, by=by, at=at)
    undo = _write(decision, what, reason, words, declined_because=offer.decline_reason, by=by, at=at)
    reopen_offer(offer, reply_by=reply_by, words=words, by=by, at=at)
    return undo


def _begin(application: Application, move: Move, reason: str, *, by: Actor, at: datetime) -> Decision:
    """The decision that stands, its case locked, where the move is possible and a reason is given."""
    check_can_with(Right.UNDO_DECISIONS, application, by=by, at=at)
    locked = lock_application(application)
    if locked.state not in TRANSITIONS[move].sources:
        raise moved_on(locked)
    if not reason.strip():
        raise DecisionRefused(_("Write why it is undone: the reason stays on the file."))
    return Decision.objects.select_for_update(of=("self",)).get(application=application)


def _check_nothing_else_runs(application: Application) -> None:
    others = Application.objects.filter(
        applicant=application.applicant_id, offering=application.offering_id, state__in=RUNNING, amends=None
    )
    if others.exclude(pk=application.pk).exists():
        raise DecisionRefused(
            _(
                "The person has begun another application for the same place meanwhile, and only one may "
                "run. Write to them first."
            )
        )


def _offer(application: Application) -> Offer:
    offer = offer_of(application)
    assert offer is not None, "a case in such a state has its offer"
    return offer


def _write(
    decision: Decision,
    what: Undoable,
    reason: str,
    words: str,
    *,
    declined_because: str = "",
    by: Actor,
    at: datetime,
) -> DecisionUndo:
    return DecisionUndo.objects.create(
        case=decision.case,
        decision=decision,
        what=what,
        reason=reason.strip(),
        words=words.strip(),
        declined_because=declined_because,
        undone_at=at,
        undone_by=by.user,
    )


def _end(decision: Decision) -> None:
    """It stays on the file and stands no more: the case may be decided again."""
    decision.application = None
    decision.save(update_fields=["application", "updated_at"])
