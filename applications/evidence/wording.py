"""Documents in words: sentences of history and the kinds of messages."""

from django.utils.translation import gettext_lazy as _

from admissions_portal.outbox.kinds import MessageKind

SENTENCES = {
    "document.added": _("Document added"),
    "document.held": _("Document held: it could not be read safely"),
    "document.released": _("Held document read after all"),
    "document.described": _("Document described by the applicant"),
    "document.removed": _("Document removed"),
    "document.verified": _("Document verified"),
    "document.rejected": _("Document not accepted"),
    "document.retyped": _("Document moved: it proves something else"),
    "document.filed": _("Document filed by the office"),
    "document.print_corrected": _("Name and birth date as printed read again"),
    "document.difference_found": _("A printed name or birth date differs"),
    "document.difference_settled": _("A printed name or birth date settled"),
    "document.difference_reopened": _("A printed name or birth date open again"),
    "document.original_sighted": _("Original sighted"),
    "document.original_sighted_withdrawn": _("Record of a sighted original taken back"),
    "document.sent_by_issuer": _("Document sent by the issuing body"),
    "document.sent_by_issuer_withdrawn": _("Record of a document sent by the issuing body taken back"),
    "evidence.requested": _("Asked of the applicant"),
    "evidence.request_answered": _("Request answered by the applicant"),
    "evidence.request_reopened": _("Request open again: what was sent was not accepted"),
    "evidence.request_settled": _("Request settled"),
    "evidence.request_withdrawn": _("Request withdrawn"),
}
KINDS = (
    MessageKind("document_rejected", _("Document not accepted"), "application"),
    MessageKind("document_retyped", _("Document filed under another point"), "application"),
    MessageKind("evidence_requested", _("The office asks for something"), "application"),
    MessageKind("evidence_request_reminder", _("Reminder of what the office asked for"), "application"),
    MessageKind("evidence_request_withdrawn", _("A request withdrawn"), "application"),
)
