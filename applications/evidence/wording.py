"""Documents in words: sentences of history and the kinds of messages."""

from django.utils.translation import gettext_lazy as _

from admissions_portal.outbox.kinds import MessageKind

SENTENCES = {
    "document.added": _("Document added"),
    "document.removed": _("Document removed"),
    "document.verified": _("Document verified"),
    "document.rejected": _("Document not accepted"),
}
KINDS = (MessageKind("document_rejected", _("Document not accepted"), "application"),)
