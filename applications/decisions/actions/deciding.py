"""Deciding in one step, where the programme asks for no check: prepared and released in one transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.support.actors import Actor
from applications.decisions.actions.preparing import DecisionRefused, write_prepared
from applications.decisions.actions.releasing import carry_out
from applications.decisions.models import ChecksAsked, Decision, RefusalReason
from applications.decisions.queries import checks_asked_by
from applications.decisions.terms import DecisionTerms, Ground
from applications.lifecycle.models import Application
from applications.offers.terms import OfferTerms


@transaction.atomic
def offer_place(
    application: Application, *, terms: OfferTerms, note: str = "", by: Actor, at: datetime
) -> Decision:
    """Decide for the applicant and make the offer. Raises what `prepare_decision` and `make_offer` raise, and
    DecisionRefused where the programme asks for a check first."""
    return _decide(application, DecisionTerms(offer=terms, note=note), by=by, at=at)


@transaction.atomic
def refuse_place(
    application: Application,
    *,
    reason: RefusalReason | str = "",
    reasons: tuple[Ground, ...] = (),
    words: str = "",
    note: str = "",
    by: Actor,
    at: datetime,
) -> Decision:
    """Decide against, with a reason, or several, that the applicant is told. Raises DecisionRefused without
    one, and where the programme asks for a check first."""
    grounds = reasons or ((Ground(str(reason)),) if reason else ())
    return _decide(application, DecisionTerms(reasons=grounds, words=words, note=note), by=by, at=at)


def _decide(application: Application, terms: DecisionTerms, *, by: Actor, at: datetime) -> Decision:
    prepared = write_prepared(application, terms=terms, by=by, at=at)
    if checks_asked_by(application.offering.programme) is not ChecksAsked.NONE:
        raise DecisionRefused(
            _("This programme asks for a check before a decision is released. Prepare the decision instead.")
        )
    return carry_out(prepared, by=by, at=at)
