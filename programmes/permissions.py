"""What the person of a request may do at all; what they may do to one thing is asked of that thing."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest

from admissions_portal import clock
from admissions_portal.accounts.roles import RIGHTS_OF, Right, Role
from programmes.models import Programme
from programmes.queries import appointments_on, rights_somewhere


def rights_today(request: HttpRequest, on: date | None = None) -> frozenset[Right]:
    """Every right the signed-in person holds anywhere today (HKT), `on` where the day is known already. Asked
    once a request: menus ask for each line."""
    known: frozenset[Right] | None = getattr(request, "_rights_today", None)
    if known is None:
        known = rights_somewhere(request.user, on or clock.day_of(clock.now()))
        request._rights_today = known  # type: ignore[attr-defined]
    return known


def rights_on_page(request: HttpRequest, programme: Programme, on: date) -> frozenset[Right]:
    """Every right that appointments give the signed-in person on the programme on the day (HKT), as
    `rights_over`; what they may do elsewhere is learned with it, so that the page's menus need not ask."""
    user = request.user
    if not user.is_active or not user.is_staff:
        return frozenset()
    held = list(appointments_on(on).filter(user=user.pk).order_by().values_list("programme", "role"))
    everywhere = {Right.EDIT_CATALOGUE} if user.is_superuser else set()
    request._rights_today = frozenset(everywhere).union(  # type: ignore[attr-defined]
        *(RIGHTS_OF[Role(role)] for _programme, role in held)
    )
    return frozenset().union(*(RIGHTS_OF[Role(role)] for pk, role in held if pk == programme.pk))
