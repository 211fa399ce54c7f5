"""The office decides."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.decisions.models import Decision, DecisionOutcome, RefusalReason
from applications.lifecycle.actions import apply_transition
from applications.lifecycle.messages import write_to_applicant
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_can_with
from applications.lifecycle.transitions import Move
from applications.offers.actions import make_offer
from applications.offers.terms import OfferTerms


class DecisionRefused(Refusal):
    """The decision lacks something the applicant has a right to."""


@transaction.atomic
def offer_place(
    application: Application, *, terms: OfferTerms, note: str = "", by: Actor, at: datetime
) -> Decision:
    """Decide for the applicant and make the offer, in one transaction. Raises what `make_offer` raises."""
    check_can_with(Right.DECIDE, application, by=by, at=at)
    make_offer(application, terms=terms, by=by, at=at)
    return Decision.objects.create(
        application=application,
        outcome=DecisionOutcome.OFFER,
        note=note.strip(),
        decided_by=by.user,
        decided_at=at,
    )


@transaction.atomic
def refuse_place(
    application: Application, *, reason: RefusalReason | str, note: str = "", by: Actor, at: datetime
) -> Decision:
    """Decide against, with a reason the applicant is told. Raises DecisionRefused without one."""
    check_can_with(Right.DECIDE, application, by=by, at=at)
    if reason not in RefusalReason.values:
        raise DecisionRefused(_("Choose the reason: the applicant is told it."))
    application = apply_transition(application, Move.REFUSE, by=by, at=at, reason=str(reason))
    decision = Decision.objects.create(
        application=application,
        outcome=DecisionOutcome.REFUSE,
        reason=reason,
        note=note.strip(),
        decided_by=by.user,
        decided_at=at,
    )
    write_to_applicant(
        application,
        "application_refused",
        at=at,
        key=f"application_refused/{application.pk}",
        decision=decision,
    )
    return decision
