"""What the person of a request may do at all; what they may do to one thing is asked of that thing."""

from __future__ import annotations

from django.http import HttpRequest

from admissions_portal import clock
from admissions_portal.accounts.roles import Right
from programmes.queries import rights_somewhere


def rights_today(request: HttpRequest) -> frozenset[Right]:
    """Every right the signed-in person holds anywhere today (HKT). Asked once a request: menus ask for each
    line."""
    known: frozenset[Right] | None = getattr(request, "_rights_today", None)
    if known is None:
        known = rights_somewhere(request.user, clock.day_of(clock.now()))
        request._rights_today = known  # type: ignore[attr-defined]
    return known
