"""The way from case to case along the list one came from.

The list and the place in it stand in the address of the case (`in`, `place`). An act leads back to the
case without them, so the last few are also kept in a cookie, each with its case: two tabs have two.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from applications.casework.reading import CaseReading
from applications.lifecycle.queries import applications_listed_for
from applications.worklists.filters import Narrowing
from applications.worklists.pages import place_in

COOKIE = "lists"
_KEPT = 5
_LONGEST = 400


def beside_on(reading: CaseReading, came: tuple[str, int] | None) -> dict[str, Any]:
    """`beside`: where the case stands in the list, the addresses of its neighbours and of the list."""
    if came is None:
        return {"beside": None}
    query, at_place = came
    narrowing = Narrowing.read(QueryDict(query).dict())
    visible = applications_listed_for(reading.user, on=reading.on)
    place = place_in(visible, narrowing, reading.case.pk, at_place=at_place, user=reading.user, at=reading.at)
    return {
        "beside": {
            "place": place,
            "previous": place.previous and case_address(*place.previous, query),
            "next": place.next and case_address(*place.next, query),
            "list": f"{reverse('admin:applications_application_changelist')}?{query or 'order=waiting'}",
        }
    }


def case_address(pk: UUID, place: int, query: str) -> str:
    """The address of a case that stands there in a list."""
    page = reverse("admin:applications_application_change", args=[pk])
    return f"{page}?{urlencode({'in': query, 'place': place})}"


def came_from(request: HttpRequest, pk: UUID) -> tuple[str, int] | None:
    """The list and the place that the address names, or the cookie for this case; None where neither does."""
    if "place" in request.GET:
        return _read(request.GET.get("in", ""), request.GET["place"])
    return next((_read(query, place) for case, query, place in _kept(request) if case == str(pk)), None)


def remember_list(response: HttpResponse, request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep in the cookie from which list one came to the case."""
    came = came_from(request, pk)
    if "place" in request.GET and came is not None:
        others = [each for each in _kept(request) if each[0] != str(pk)]
        kept = [(str(pk), *came), *others][:_KEPT]
        response.set_cookie(
            COOKIE,
            json.dumps(kept, separators=(",", ":")).encode().hex(),
            path=reverse("admin:applications_application_changelist"),
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


def _read(query: Any, place: Any) -> tuple[str, int] | None:
    number = str(place)
    if (
        not number.isascii()
        or not number.isdecimal()
        or not 0 < len(number) < 8
        or len(str(query)) > _LONGEST
    ):
        return None
    return Narrowing.read(QueryDict(str(query)).dict()).query(), max(int(number), 1)


def _kept(request: HttpRequest) -> list[tuple[str, str, Any]]:
    """What the cookie says, which anybody may have written: only its shape is trusted."""
    try:
        kept = json.loads(bytes.fromhex(request.COOKIES.get(COOKIE, "")))
    except ValueError:
        return []
    if not isinstance(kept, list):
        return []
    return [tuple(each) for each in kept[:_KEPT] if isinstance(each, list) and len(each) == 3]
