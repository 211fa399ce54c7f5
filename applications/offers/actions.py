"""Making an offer, meeting its conditions, answering it, letting it lapse; ending it, opening it again."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.history.actions import record_event
from admissions_portal.outbox.actions import hold_message
from admissions_portal.papers.actions import request_paper, void_paper
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.evidence.models import EvidenceRequest, PrintedDifference
from applications.evidence.queries import requests_before_offer, unsettled_name_differences
from applications.lifecycle.actions import apply_transition, lock_application, next_number
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_can_with, check_is_own
from applications.lifecycle.transitions import Move
from applications.offers.letter import TEMPLATE, letter_context
from applications.offers.messages import write_about_offer
from applications.offers.models import Condition, ConditionStatus, Offer, OfferStatus
from applications.offers.queries import offers_past_reply
from applications.offers.terms import ConditionTerms, OfferTerms, catalogue_terms
from programmes.models import refused_from

logger = logging.getLogger(__name__)


class OfferRefused(Refusal):
    """The offer cannot be made as it stands, or cannot be answered any more."""


@transaction.atomic
def make_offer(
    application: Application,
    *,
    terms: OfferTerms,
    frozen: Mapping[str, Any] | None = None,
    by: Actor,
    at: datetime,
) -> Offer:
    """Offer a place: the case moves to OFFERED, the letter and the message are queued.

    The applicant is told when the letter is there, in one message. `frozen`: the catalogue's facts where they
    were frozen when the offer was prepared, else as they stand. Raises OfferRefused for a date to reply
    by or a condition's date that has already passed, or while the office waits for something it asked for and
    said that no offer is made before it (D2), or a document prints a name that differs (D6);
    TransitionRefused and PermissionDenied as
    `apply_transition` does.
    """
    check_terms_in_time(terms, at=at)
    lock_application(application)  # nobody asks for anything between this look and the offer
    if open_requests := requests_before_offer(application):
        raise OfferRefused(still_asked_for(open_requests))
    if differences := unsettled_name_differences(application):
        raise OfferRefused(still_differs(differences))
    application = apply_transition(
        application, Move.MAKE_OFFER, by=by, at=at, conditions=len(terms.conditions)
    )
    offer = drafted_offer(application, terms=terms, frozen=frozen, at=at)
    offer.number, offer.made_by = next_number(f"OFF-{day_of(at).year}"), by.user
    offer.letter = request_paper(
        "offer",
        number=offer.number,
        template=TEMPLATE,
        context=letter_context(offer, terms.conditions),
        about=offer,
        at=at,
    )
    offer.save()
    Condition.objects.bulk_create(
        Condition(
            offer=offer,
            position=position,
            text=condition.text,
            evidence=condition.evidence,
            due_on=condition.due_on,
        )
        for position, condition in enumerate(terms.conditions, start=1)
    )
    write_about_offer(offer, "offer_made", at=at, with_letter=True)
    return offer


def drafted_offer(
    application: Application, *, terms: OfferTerms, frozen: Mapping[str, Any] | None = None, at: datetime
) -> Offer:
    """The offer as it would stand if it were made at `at`, without number and letter; nothing is saved."""
    return Offer(
        case=application,
        application_id=application.pk,  # the key alone: a draft must not become `application.offer`
        made_at=at,
        opened_at=at,
        reply_by=terms.reply_by,
        closed_from=refused_from(terms.reply_by),
        terms=dict(frozen or catalogue_terms(application)),
    )


def check_terms_in_time(terms: OfferTerms, *, at: datetime) -> None:
    """Raises OfferRefused for a date to reply by, or a condition's, that has passed at `at`."""
    if refused_from(terms.reply_by) <= at:
        raise OfferRefused(_("The date to reply by has passed. Choose a later one."))
    for condition in terms.conditions:
        if condition.due_on < day_of(at):
            raise OfferRefused(
                _("The condition “%(text)s” is due on a day that has passed. Choose a later one.")
                % {"text": condition.text}
            )


def still_asked_for(requests: Iterable[EvidenceRequest]) -> str:
    """Why no offer is made while these are open."""
    return _(
        "The office itself still asks for: %(requests)s. Settle or withdraw each first, or ask for "
        "it as something that nothing waits for."
    ) % {"requests": _("; ").join(request.title for request in requests)}


def still_differs(differences: Iterable[PrintedDifference]) -> str:
    """Why no offer is made while a document prints another name or birth date (D6)."""
    return _(
        "A document prints another name or date of birth than the application: %(documents)s. "
        "Settle each on the case page first."
    ) % {"documents": _("; ").join(dict.fromkeys(each.printed.document.name for each in differences))}


@transaction.atomic
def take_back_offer(offer: Offer, *, words: str = "", by: Actor, at: datetime) -> Offer:
    """The office ends an offer that nobody has answered yet: its letter is void, the applicant is told, with
    the office's own `words` if any. The case is free for another decision.

    Who may, and the move of the case, is asked by whoever calls. Raises OfferRefused once it was answered or
    has lapsed.
    """
    offer = _locked(offer.pk, offer.case)
    if not offer.is_open:
        raise OfferRefused(
            _("This offer no longer waits for an answer: it is “%(status)s”. Reload the page.")
            % {"status": offer.get_status_display()}
        )
    offer.status, offer.taken_back_at, offer.application = OfferStatus.TAKEN_BACK, at, None
    offer.save(update_fields=["status", "taken_back_at", "application", "updated_at"])
    void_paper(offer.letter, at=at)
    for message in offer.letter.messages.all():
        hold_message(message)  # a mail that still waited for its letter no longer promises anything
    write_about_offer(offer, "offer_taken_back", at=at, words=words.strip())
    return offer


@transaction.atomic
def reopen_offer(offer: Offer, *, reply_by: datetime, words: str = "", by: Actor, at: datetime) -> Offer:
    """An offer that was declined or has lapsed waits for an answer again, by a new date: a new version of its
    letter replaces the first, the warnings begin anew, and the applicant is told.

    Who may, and the move of the case, is asked by whoever calls. Raises OfferRefused for a date that has
    passed, PaperRefused as `request_paper` does.
    """
    offer = _locked(offer.pk, offer.case)
    check_terms_in_time(OfferTerms(reply_by), at=at)
    offer.status, offer.opened_at = OfferStatus.OPEN, at
    offer.reply_by, offer.closed_from = reply_by, refused_from(reply_by)
    offer.answered_at = offer.answered_by = offer.lapsed_at = None
    offer.decline_reason = ""
    conditions = [
        ConditionTerms(row.text, row.evidence, row.due_on, is_met=row.status == ConditionStatus.MET)
        for row in offer.conditions.all()
    ]
    void_paper(offer.letter, at=at)
    offer.letter = request_paper(
        "offer",
        number=offer.number,
        template=TEMPLATE,
        context=letter_context(offer, conditions),
        about=offer,
        at=at,
        supersedes=offer.letter,
    )
    offer.save()
    offer.reply_reminders.all().delete()
    write_about_offer(offer, "offer_opened_again", at=at, with_letter=True, words=words.strip())
    return offer


@transaction.atomic
def accept_offer(offer: Offer, *, by: Actor, at: datetime) -> Offer:
    """The applicant takes the place. Twice is once. Raises OfferRefused after the last minute, or once
    answered."""
    return _answer(offer, OfferStatus.ACCEPTED, Move.ACCEPT, by=by, at=at)


@transaction.atomic
def decline_offer(offer: Offer, *, reason: str = "", by: Actor, at: datetime) -> Offer:
    """The applicant gives the place up, with a reason if they wish. Twice is once."""
    return _answer(offer, OfferStatus.DECLINED, Move.DECLINE, by=by, at=at, reason=reason)


@transaction.atomic
def meet_condition(condition: Condition, *, by: Actor, at: datetime) -> Condition:
    """An officer has seen what the condition asks for. Twice is once.

    Raises PermissionDenied without the right to verify evidence on the case, OfferRefused once the offer has
    been declined or has lapsed.
    """
    check_can_with(Right.VERIFY_EVIDENCE, condition.offer.case, by=by, at=at)
    offer = _locked(condition.offer_id, condition.offer.case)
    condition = offer.conditions.get(pk=condition.pk)
    if condition.status == ConditionStatus.MET:
        return condition
    if not offer.is_in_force:
        raise OfferRefused(_("This offer has ended, and its conditions with it."))
    condition.status, condition.met_at, condition.met_by = ConditionStatus.MET, at, by.user
    condition.save(update_fields=["status", "met_at", "met_by", "updated_at"])
    record_event("condition.met", about=offer.case, by=by, at=at, condition=condition.pk)
    return condition


@transaction.atomic
def end_offer_withdrawn(offer: Offer, *, at: datetime) -> Offer:
    """The application was withdrawn: an offer still open or accepted ends with it, and its letter.

    Who may withdraw is asked by whoever calls, which moves the case. Nothing changes for an offer that has
    ended already.
    """
    offer = _locked(offer.pk, offer.case)
    if offer.is_in_force:
        offer.status, offer.withdrawn_at = OfferStatus.WITHDRAWN, at
        offer.save(update_fields=["status", "withdrawn_at", "updated_at"])
        void_paper(offer.letter, at=at)
    return offer


def lapse_offers(*, at: datetime) -> int:
    """Let every open offer lapse whose last minute has ended; says how many. Safe to run twice or late.

    Each is a transaction of its own: one that cannot lapse is logged, and the others do.
    """
    count = 0
    for offer_id, application_id in offers_past_reply(at).values_list("pk", "application_id"):
        try:
            count += _lapse(offer_id, application_id, at=at)
        except Exception:
            logger.exception("offer did not lapse", extra={"offer": str(offer_id)})
    return count


@transaction.atomic
def _lapse(offer_id: UUID, application_id: UUID, *, at: datetime) -> bool:
    """False where it was answered meanwhile."""
    offer = _locked(offer_id, Application(pk=application_id))
    if not offer.is_open:
        return False
    offer.status, offer.lapsed_at = OfferStatus.LAPSED, at
    offer.save(update_fields=["status", "lapsed_at", "updated_at"])
    apply_transition(offer.case, Move.LAPSE, by=Actor.system(), at=at)
    void_paper(offer.letter, at=at)
    write_about_offer(offer, "offer_lapsed", at=at)
    return True


def _answer(
    offer: Offer, status: OfferStatus, move: Move, *, by: Actor, at: datetime, reason: str = ""
) -> Offer:
    check_is_own(offer.case, by)
    offer = _locked(offer.pk, offer.case)
    if offer.status == status:
        return offer
    if not offer.is_open:
        raise OfferRefused(
            _(
                "This offer has already been answered or has lapsed: it is “%(status)s”. "
                "Write to the office if that is wrong."
            )
            % {"status": offer.get_status_display()}
        )
    if at >= offer.closed_from:
        raise OfferRefused(
            _("The time to reply has ended. Write to the office if you still want the place; it decides.")
        )
    offer.status, offer.answered_at, offer.answered_by = status, at, by.user
    offer.decline_reason = reason.strip()[:500]
    offer.save(update_fields=["status", "answered_at", "answered_by", "decline_reason", "updated_at"])
    apply_transition(offer.case, move, by=by, at=at)
    if move is Move.DECLINE:
        void_paper(offer.letter, at=at)
    write_about_offer(offer, "offer_accepted" if move is Move.ACCEPT else "offer_declined", at=at)
    return offer


def _locked(offer_id: UUID, application: Application) -> Offer:
    """The offer as it is now, its case locked first: the same order everywhere, so that nobody waits in a
    ring."""
    lock_application(application)
    return (
        Offer.objects.select_for_update(of=("self",))
        .select_related("case__applicant__user", "letter")
        .defer("letter__pdf")
        .get(pk=offer_id)
    )
