"""A page of a list, and a case's place in one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Subquery, Window

from applications.lifecycle.models import Application
from applications.worklists.filters import Narrowing
from applications.worklists.listing import Counts
from applications.worklists.queries import annotate_listing, last_runs, tally_of

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User

PAGE_SIZE = 50
# How many of a list's cases may leave it from before a case while somebody looks at that case.
_REACH = 30


@dataclass(frozen=True, slots=True)
class ListPage:
    """The cases of a page of a list, each with `annotate_listing`'s columns, `waiting_since` and `tally`."""

    page: Page
    cases: list[Any]


class _Counted(Paginator):
    """A paginator that was told how many there are."""

    def __init__(self, count: int) -> None:
        super().__init__(range(count), PAGE_SIZE)


def page_of(
    visible: QuerySet[Application],
    narrowing: Narrowing,
    number: str,
    *,
    counts: Counts,
    blind: Collection[int],
    user: User,
    at: datetime,
) -> ListPage:
    """The page of that `number`, or the nearest there is. Two queries; one more past the end of a search.

    First the keys, in order, of which a page is cut; then what is shown, of these alone: to find out what the
    rules and readers said of 50,000 cases that are skipped takes a minute. How many a list holds is known
    from the filters' counts, except of a search or a pile, which is counted as it is cut.
    """
    cases = annotate_listing(visible, user=user, at=at, blind=blind)
    keys = narrowing.apply(visible, at=at, user=user, blind=blind).values_list("pk", flat=True)
    if narrowing.is_searching:
        asked = max(int(number), 1) if number.isascii() and number.isdecimal() and len(number) < 8 else 1
        start = (asked - 1) * PAGE_SIZE
        rows = list(keys.values_list("pk", Window(Count("*")))[start : start + PAGE_SIZE])
        page = _Counted(rows[0][1] if rows else keys.count() if start else 0).get_page(asked)
        if start and not rows:
            rows = [(pk, 0) for pk in keys[page.start_index() - 1 : page.end_index()]]
        cut = [pk for pk, _count in rows]
    else:
        page = _Counted(counts.held_by(narrowing)).get_page(number)
        cut = list(keys[page.start_index() - 1 : page.end_index()]) if page.object_list else []
    place = {pk: position for position, pk in enumerate(cut)}
    shown = Narrowing(pile=narrowing.pile).narrow(cases.filter(pk__in=cut), at=at, user=user, blind=blind)
    listed = sorted(
        shown.order_by().annotate(findings=Subquery(last_runs().values("findings")[:1])),
        key=lambda case: place[case.pk],
    )
    for case in listed:
        case.tally = tally_of(case.findings or ())  # type: ignore[attr-defined]  # for the row
    return ListPage(page, listed)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands in a list: the cases beside it with their own places, counted from 1.

    `position` is None for a case that has left the list since; what stands beside it then are the cases
    between which it stood.
    """

    total: int
    position: int | None
    previous: tuple[UUID, int] | None
    next: tuple[UUID, int] | None


def place_in(
    visible: QuerySet[Application], narrowing: Narrowing, pk: UUID, *, at_place: int, user: User, at: datetime
) -> Place:
    """The place of a case that stood `at_place` (counted from 1) when somebody came to it from the list.

    Cases leave a list while it is worked through, so those around the place are looked at, and where the case
    is not among them its successor is whatever moved up. One query, two in an order by name.
    """
    cases = narrowing.apply(visible, at=at, user=user)
    start = max(0, at_place - 1 - _REACH)
    around = list(
        cases.annotate(total=Window(Count("pk"))).values_list("pk", "total")[start : at_place + _REACH]
    )
    keys = [key for key, _total in around]
    total = around[0][1] if around else 0
    known = pk in keys
    index = keys.index(pk) if known else min(max(at_place - 1 - start, 0), len(keys))
    after = index + 1 if known else index
    return Place(
        total,
        start + index + 1 if known else None,
        (keys[index - 1], start + index) if index > 0 else None,
        (keys[after], start + after + 1) if after < len(keys) else None,
    )
