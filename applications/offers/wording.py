"""Offers in words: sentences of history, kinds of messages, titles of papers."""

from django.utils.translation import gettext_lazy as _

from admissions_portal.outbox.kinds import MessageKind

SENTENCES = {
    "offer.made": _("Offer made"),
    "offer.accepted": _("Offer accepted"),
    "offer.declined": _("Offer declined"),
    "offer.lapsed": _("Offer lapsed without a reply"),
    "offer.taken_back": _("Offer taken back by the office before an answer"),
    "offer.decline_undone": _("Declined offer opened again by the office"),
    "offer.lapse_undone": _("Lapsed offer opened again by the office"),
    "condition.met": _("Condition of the offer met"),
}
PAPERS = {"offer": _("Offer of admission")}
KINDS = (
    MessageKind("offer_made", _("Offer made"), "application"),
    MessageKind("offer_reply_reminder", _("Reply to the offer"), "application"),
    MessageKind("offer_accepted", _("Offer accepted"), "application"),
    MessageKind("offer_declined", _("Offer declined"), "application"),
    MessageKind("offer_lapsed", _("Offer lapsed"), "application"),
    MessageKind("offer_taken_back", _("Offer taken back"), "application"),
    MessageKind("offer_opened_again", _("Offer opened again"), "application"),
)
