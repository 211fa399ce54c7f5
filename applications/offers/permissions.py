"""Who may answer an offer."""

from __future__ import annotations

from admissions_portal.support.actors import Actor
from applications.lifecycle.permissions import check_is_own, is_own
from applications.offers.models import Offer


def can_answer_offer(offer: Offer, by: Actor) -> bool:
    """The applicant alone, while the offer is open."""
    return offer.is_open and is_own(offer.application, by)


def check_can_answer_offer(offer: Offer, by: Actor) -> None:
    """Raises PermissionDenied for anybody but the applicant; whether it is too late is the action's to
    say."""
    check_is_own(offer.application, by)
