"""What happened to a case, as sentences for its history."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "application.started": _("Application begun"),
    "application.mode_changed": _("Study mode of the draft changed"),
    "application.carried_over": _("Begun with answers of an earlier application"),
    "application.submitted": _("Application submitted"),
    "application.amendment_begun": _("Amendment begun"),
    "application.amendment_left_out": _("Amendment left out"),
    "application.submitted_again": _("Application submitted again"),
    "message.resent": _("Message to the applicant sent again"),
    "letter.remade": _("Letter made again"),
    "contact.changed": _("Contact details changed by the applicant"),
    "application.review_begun": _("Review begun"),
    "application.refused": _("Decided: no place offered"),
    "application.refusal_undone": _("Refusal undone: the application is in review again"),
    "application.withdrawn": _("Withdrawn by the applicant"),
    "application.discarded": _("Draft deleted by the applicant"),
    "conflict.declared": _("Conflict of interest declared"),
    "conflict.recorded": _("Conflict of interest of a colleague recorded"),
    "conflict.found": _("Conflict of interest found by comparing names and addresses"),
    "conflict.lifted": _("Conflict of interest lifted"),
}
