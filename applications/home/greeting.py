"""How the page greets: by the preferred name, at the hour it is in Hong Kong."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from admissions_portal.clock import HONG_KONG


def greeting(name: str, *, at: datetime) -> str:
    """`Good morning, Hannah`; without a name the page's own title."""
    if not name:
        return _("My applications")
    hour = at.astimezone(HONG_KONG).hour
    if 5 <= hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if 12 <= hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}
