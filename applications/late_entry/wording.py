"""What happened around late entry, as sentences for the history, and the message it causes."""

from django.utils.translation import gettext_lazy as _

from admissions_portal.outbox.kinds import MessageKind

SENTENCES = {
    "code.made": _("Access code made"),
    "code.revoked": _("Access code revoked"),
    "extension.given": _("Extension given"),
    "extension.revoked": _("Extension revoked"),
    "application.access_code_used": _("Access code for late entry entered"),
    "application.received_late": _("Received after the close, by late entry"),
}
KINDS = (MessageKind("extension_given", _("More time to submit"), "application"),)
