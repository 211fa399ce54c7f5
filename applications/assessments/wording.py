"""What the rules and the officers did: sentences for history and the kinds of messages."""

from django.utils.translation import gettext_lazy as _

from admissions_portal.outbox.kinds import MessageKind

SENTENCES = {
    "application.corrected": _("An answer corrected by the office"),
    "application.assessed": _("Rules run on the case"),
    "application.reassessed": _("Rules run again on every open case"),
    "finding.recorded": _("Finding recorded on %(code)s"),
    "finding.overridden": _("Finding on %(code)s overridden"),
    "finding.override_withdrawn": _("Override on %(code)s withdrawn"),
    "status.shown": _("Status in Hong Kong shown by a document"),
    "status.contradicted": _("A document shows another status in Hong Kong than the one declared"),
    "status.settled": _("Status in Hong Kong settled by the office"),
}
KINDS = (MessageKind("status_settled", _("Status in Hong Kong settled"), "application"),)
