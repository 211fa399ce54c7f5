"""The kinds of messages around a submission."""

from django.utils.translation import gettext_lazy as _

from admissions_portal.outbox.kinds import MessageKind

KINDS = (
    MessageKind("application_received", _("Receipt of the application"), "application"),
    MessageKind("draft_reminder", _("Reminder to submit"), "application"),
    MessageKind("round_closed", _("A round has closed on a draft"), "application"),
)

PAPERS = {"receipt": _("Receipt of an application"), "draft_copy": _("Copy of a draft")}
# what the public page says of a genuine receipt
PROOFS = {"receipt": "applications/submission/_proof.html"}
