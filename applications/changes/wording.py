"""What happened to proposals, and the kinds of messages about them."""

from django.utils.translation import gettext_lazy as _

from admissions_portal.outbox.kinds import MessageKind

SENTENCES = {
    "change.proposed": _("Change proposed by the applicant"),
    "change.withdrawn": _("Proposed change taken back"),
    "change.accepted": _("Proposed change accepted"),
    "change.refused": _("Proposed change not accepted"),
}
KINDS = (MessageKind("change_decided", _("Answer to a proposed change"), "application"),)
