"""Offers in words: sentences of history, kinds of messages, and the one way the applicant is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from admissions_portal.outbox.actions import queue_message
from admissions_portal.outbox.kinds import MessageKind
from admissions_portal.outbox.models import Message
from admissions_portal.support.templatetags.portal import money
from applications.lifecycle.queries import greeting_of
from applications.offers.models import Offer
from programmes.models import Mode

SENTENCES = {
    "offer.made": gettext_lazy("Offer made"),
    "offer.accepted": gettext_lazy("Offer accepted"),
    "offer.declined": gettext_lazy("Offer declined"),
    "offer.lapsed": gettext_lazy("Offer lapsed without a reply"),
}
PAPERS = {"offer": gettext_lazy("Offer of admission")}
KINDS = (
    MessageKind("offer_made", gettext_lazy("Offer made"), "application"),
    MessageKind("offer_reply_reminder", gettext_lazy("Reply to the offer"), "application"),
    MessageKind("offer_accepted", gettext_lazy("Offer accepted"), "application"),
    MessageKind("offer_declined", gettext_lazy("Offer declined"), "application"),
    MessageKind("offer_lapsed", gettext_lazy("Offer lapsed"), "application"),
)


def tell_applicant(
    offer: Offer, kind: str, *, at: datetime, key: str | None = None, with_letter: bool = False
) -> Message:
    """Queue the message of this kind in the applicant's language, from the office that made the offer.

    `with_letter`: it waits until the letter is made. The same key, by default kind and offer, is one message.
    """
    application = offer.application
    return queue_message(
        kind,
        to=application.applicant.user,
        context={
            "offer": offer,
            "terms": offer.terms,
            "application": application,
            "office": application.offering.programme.office,
            "name": greeting_of(application),
            "conditions": offer.conditions.count(),
            **shown_terms(offer.terms),
        },
        about=application,
        at=at,
        key=key or f"{kind}/{offer.pk}",
        paper=offer.letter if with_letter else None,
        sender=offer.terms["office"],
    )


def shown_terms(terms: Mapping[str, Any]) -> dict[str, Any]:
    """The frozen terms as a page or a mail shows them: mode in words, start as a date, the fee with its
    note in one."""
    return {
        "mode": Mode(terms["mode"]).label,
        "starts_on": date.fromisoformat(terms["expected_start_on"]) if terms["expected_start_on"] else None,
        "fee": fee_line(terms),
    }


def fee_line(terms: Mapping[str, Any]) -> str:
    """Amount, instalments and, while it is provisional, the note of approval, never apart (HKU-06); ""
    where none is known."""
    if terms["fee_amount"] is None:
        return ""
    parts = [money(Decimal(terms["fee_amount"]), terms["fee_currency"])]
    if count := terms["instalments"]:
        parts.append(
            ngettext("in %(count)d instalment", "in %(count)d instalments", count) % {"count": count}
        )
    line = _(", ").join(parts)
    if terms["fee_is_provisional"]:
        return _("%(fee)s. Provisional: %(note)s") % {"fee": line, "note": terms["fee_note"]}
    return line
