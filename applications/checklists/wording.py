"""What was looked at, as sentences for history; a comment stands in its own row."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {"section.checked": _("Checklist: a section looked at")}
