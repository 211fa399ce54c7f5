"""Identity numbers in history: that one was given or looked at, never a part of it."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "identity.given": _("Identity number given"),
    "identity.seen": _("Identity number looked at"),
    "identity.exported": _("Identity number taken out in a list"),
}
