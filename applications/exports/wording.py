"""What left the portal, as sentences for history."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "list.exported": _("List exported: %(rows)s rows"),
    "case.exported": _("Made as one PDF: %(pages)s pages"),
}
