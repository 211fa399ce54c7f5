"""What happened to a request, as sentences for its history, and the messages it causes."""

from django.utils.translation import gettext_lazy as _

from admissions_portal.outbox.kinds import MessageKind

SENTENCES = {
    "occasional.started": _("Request begun"),
    "occasional.sent": _("Request sent"),
    "occasional.approved": _("Decided: approved"),
    "occasional.declined": _("Decided: not approved"),
    "occasional.withdrawn": _("Request withdrawn"),
}
KINDS = (
    MessageKind("occasional_received", _("Receipt of an occasional student’s request"), "occasionalrequest"),
    MessageKind("occasional_decided", _("Decision on an occasional student’s request"), "occasionalrequest"),
)
