"""Phases of review and cases given to readers, as sentences for history, and the mails to readers."""

from django.utils.translation import gettext_lazy as _

from admissions_portal.outbox.kinds import MessageKind

SENTENCES = {
    "phase.made": _("Phase of review made"),
    "phase.changed": _("Phase of review changed"),
    "phase.removed": _("Phase of review removed"),
    "review.case_given": _("Given to a reader for a score"),
    "review.taken_back": _("Taken back from a reader"),
}
KINDS = (
    MessageKind("reviews_given", _("Cases to score"), "reviewnotice"),
    MessageKind("reviews_ending", _("Scores due soon"), "reviewnotice"),
)
