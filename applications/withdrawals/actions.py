"""Withdrawing a submitted application, and deleting a draft."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.changes.actions import withdraw_proposal
from applications.changes.queries import open_proposals_of
from applications.decisions.actions import end_prepared
from applications.evidence.bytes import delete_bytes
from applications.lifecycle.actions import apply_transition, lock_application
from applications.lifecycle.messages import write_to_applicant
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_can_with, check_is_own
from applications.lifecycle.states import OPEN_TO_APPLICANT, State
from applications.lifecycle.transitions import Move
from applications.offers.actions import end_offer_withdrawn
from applications.offers.queries import offer_of
from applications.submission.amendments import amendment_of, leave_out_amendment
from applications.submission.queries import draft_copies_of
from applications.withdrawals.models import Withdrawal, WithdrawalReason


class WithdrawalRefused(Refusal):
    """There is nothing here that could be withdrawn or deleted."""


@transaction.atomic
def withdraw_application(
    application: Application, *, reason: WithdrawalReason, words: str = "", by: Actor, at: datetime
) -> Withdrawal:
    """The applicant takes the application back, for good; changes proposed or begun, and an offer that is
    open or accepted, end with it.

    Twice is once: the first reason stands. Nobody undoes it; a new application may be begun while a round is
    open. The reason and the words stand in their own row, never in history. Raises PermissionDenied for
    anybody but the applicant, WithdrawalRefused for a draft, TransitionRefused for a case that has ended
    otherwise.
    """
    check_is_own(application, by)
    locked = lock_application(application)
    if found := Withdrawal.objects.filter(application=locked).first():
        return found
    if locked.is_draft:
        raise WithdrawalRefused(
            _("This application has not been submitted, so there is nothing to withdraw. You may delete it.")
        )
    if amendment := amendment_of(locked):
        leave_out_amendment(amendment, by=by, at=at)
    for proposal in open_proposals_of([locked]):
        withdraw_proposal(proposal, by=by, at=at)
    came_from = State(locked.state)
    apply_transition(application, Move.WITHDRAW, by=by, at=at, came_from=came_from.value)
    end_prepared(application, by=by, at=at)
    offer = offer_of(application)
    if offer is not None:
        end_offer_withdrawn(offer, at=at)
    withdrawal = Withdrawal.objects.create(
        application=application,
        reason=reason,
        words=words.strip()[:500],
        from_state=came_from,
        withdrawn_at=at,
        withdrawn_by=by.user,
    )
    write_to_applicant(
        locked,
        "application_withdrawn",
        at=at,
        key=f"application_withdrawn/{application.pk}",
        withdrawal=withdrawal,
        had_offer=came_from in (State.OFFERED, State.ACCEPTED),
    )
    return withdrawal


@transaction.atomic
def note_withdrawal(withdrawal: Withdrawal, *, by: Actor, at: datetime) -> Withdrawal:
    """An officer has seen that the applicant withdrew. Twice is once: the first stays.

    Raises PermissionDenied without the right to verify evidence on the case.
    """
    check_can_with(Right.VERIFY_EVIDENCE, withdrawal.application, by=by, at=at)
    locked = Withdrawal.objects.select_for_update(of=("self",)).get(pk=withdrawal.pk)
    if locked.noted_at is None:
        locked.noted_at, locked.noted_by = at, by.user
        locked.save(update_fields=["noted_at", "noted_by", "updated_at"])
        record_event("withdrawal.noted", about=locked.application, by=by, at=at)
    return locked


@transaction.atomic
def discard_draft(application: Application, *, by: Actor, at: datetime) -> None:
    """Delete a draft with its answers and files, for good; the profile stays. Gone already is gone.

    A draft that amends an application is left out, and the application stands as it was received.

    Nobody but its applicant ever saw it, so nothing is kept but that it happened (DPP2). Raises
    PermissionDenied for anybody but the applicant, WithdrawalRefused once it was submitted.
    """
    check_is_own(application, by)
    if application.amends_id:
        leave_out_amendment(application, by=by, at=at)
        return
    locked = Application.objects.select_for_update(of=("self",)).filter(pk=application.pk).first()
    if locked is None:
        return
    if locked.state not in OPEN_TO_APPLICANT:
        raise WithdrawalRefused(
            _("This application has been submitted: it cannot be deleted, but you may withdraw it.")
        )
    files = [(document.file.storage, document.file.name) for document in locked.documents.all()]
    record_event("application.discarded", about=locked, by=by, at=at, offering=locked.offering_id)
    draft_copies_of(locked).delete()
    locked.delete()
    for storage, path in files:
        delete_bytes(storage, path)
