"""What the applicant is told about an offer."""

from __future__ import annotations

from datetime import datetime

from admissions_portal.outbox.models import Message
from applications.lifecycle.messages import write_to_applicant
from applications.offers.models import Offer
from applications.offers.terms import shown_terms


def write_about_offer(
    offer: Offer, kind: str, *, at: datetime, key: str | None = None, with_letter: bool = False
) -> Message:
    """Queue the message of this kind with the terms as they were frozen.

    `with_letter`: it waits until the letter is made. The same key, by default kind and offer, is one message.
    """
    return write_to_applicant(
        offer.application,
        kind,
        at=at,
        key=key or f"{kind}/{offer.pk}",
        paper=offer.letter if with_letter else None,
        offer=offer,
        terms=offer.terms,
        conditions=offer.conditions.count(),
        **shown_terms(offer.terms),
    )
