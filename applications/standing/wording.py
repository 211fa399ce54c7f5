"""Advanced standing in words: sentences of history, kinds of messages."""

from django.utils.translation import gettext_lazy as _

from admissions_portal.outbox.kinds import MessageKind

SENTENCES = {
    "standing.requested": _("Advanced standing requested"),
    "standing.course_decided": _("Faculty Board’s decision recorded on course %(course)s"),
}
KINDS = (
    MessageKind("standing_requested", _("Request for credits received"), "application"),
    MessageKind("standing_decided", _("Decision on your request for credits"), "application"),
)
