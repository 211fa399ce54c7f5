"""What the rules and the officers did, as sentences for history."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "application.assessed": _("Rules run on the case"),
    "application.reassessed": _("Rules run again on every open case"),
    "finding.recorded": _("Finding recorded on %(code)s"),
    "finding.overridden": _("Finding on %(code)s overridden"),
    "finding.override_withdrawn": _("Override on %(code)s withdrawn"),
}
