"""What the rules and the officers did, as sentences for history."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "application.assessed": _("Rules run on the case"),
    "finding.recorded": _("Finding recorded on %(code)s"),
}
