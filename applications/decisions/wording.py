"""Decisions in words: sentences of history, kinds of messages, titles of papers."""

from django.utils.translation import gettext_lazy as _

from admissions_portal.outbox.kinds import MessageKind

SENTENCES = {
    "decision.prepared": _("Decision prepared"),
    "decision.changed": _("Prepared decision changed"),
    "decision.looked_again": _("Prepared decision looked at again"),
    "decision.withdrawn": _("Prepared decision withdrawn"),
    "decision.checked": _("Prepared decision checked (%(level)s)"),
    "decision.sent_back": _("Prepared decision sent back (%(level)s)"),
    "decision.planned": _("Release of the decision confirmed"),
    "decision.called_off": _("Release of the decision called off"),
    "decision.stayed": _("Decision not released with the others"),
    "decision.checks_set": _("Checks before a release set (%(asked)s)"),
}
PAPERS = {"offer_preview": _("Preview of an offer letter")}
KINDS = (
    MessageKind("application_refused", _("Decision"), "application"),
    MessageKind("refusal_undone", _("Decision undone"), "application"),
)
