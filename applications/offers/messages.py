"""What the applicant is told about an offer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from admissions_portal.outbox.models import Message
from applications.lifecycle.messages import write_to_applicant
from applications.offers.models import Offer
from applications.offers.terms import shown_terms


def write_about_offer(
    offer: Offer,
    kind: str,
    *,
    at: datetime,
    key: str | None = None,
    with_letter: bool = False,
    words: str = "",
) -> Message:
    """Queue the message of this kind with the terms as they were frozen.

    `with_letter`: it waits until the letter is made. The same key, by default kind and version of the letter,
    is one message. `words`: the office's own, beside the text.
    """
    return write_to_applicant(
        offer.case,
        kind,
        at=at,
        key=key or f"{kind}/{offer.letter_id}",
        paper=offer.letter if with_letter else None,
        words=words,
        **said_of(offer, conditions=offer.conditions.count()),
    )


def said_of(offer: Offer, *, conditions: int) -> dict[str, Any]:
    """What every template about an offer knows of it; a preview asks for one that is not saved."""
    return {"offer": offer, "terms": offer.terms, "conditions": conditions, **shown_terms(offer.terms)}
