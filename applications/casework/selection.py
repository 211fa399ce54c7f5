"""The cases an act on several is about: ticked one by one, or all that the list was narrowed to."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from applications.lifecycle.queries import applications_visible_to
from applications.worklists.filters import Narrowing
from applications.worklists.queries import annotate_listing

MOST_AT_ONCE = 200


def chosen_cases(user: User, asked: QueryDict, *, right: Right, at: datetime) -> list[Any]:
    """At most `MOST_AT_ONCE` of those chosen, as far as `user` holds `right` on them, with the columns of a
    list."""
    # under a right to act nothing is read blind
    cases = applications_visible_to(user, on=day_of(at), right=right)
    visible = annotate_listing(cases, user=user, at=at, blind=())
    if asked.get("all"):
        visible = Narrowing.read({name: values[-1] for name, values in asked.lists() if values}).apply(
            visible, at=at, user=user, blind=()
        )
    else:
        visible = visible.filter(pk__in=[pk for pk in map(_uuid, asked.getlist("case")) if pk])
    return list(visible[:MOST_AT_ONCE])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
