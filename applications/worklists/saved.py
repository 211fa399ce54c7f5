"""One's own lists, with what they hold now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet, Value
from django.db.models.functions import JSONObject
from django.http import QueryDict

from admissions_portal.clock import day_of
from applications.lifecycle.blind import programmes_read_blind
from applications.lifecycle.models import Application
from applications.worklists.filters import Narrowing
from applications.worklists.models import SavedList

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class KeptList:
    """A saved list, and how many cases it holds now."""

    saved: SavedList
    count: int

    @property
    def query(self) -> str:
        """The address to open. A list of everything says so, or the first list would open in its place."""
        return self.saved.query or "order=waiting"


def lists_of(user: User) -> QuerySet[SavedList]:
    """Those of one person, in the order they put them in."""
    return SavedList.objects.filter(user=user.pk).order_by("position", "id")


def beginning_of(user: User, *, at: datetime) -> tuple[str, frozenset[int]]:
    """The address that the list of cases opens with for this person, "" for all of them; and what
    `read_blind_by` says. One query for both: it is asked of a bare address alone."""
    own = lists_of(user).order_by().filter(is_first=True).values_list(JSONObject(first="query"), flat=True)
    blind = (
        programmes_read_blind(user, on=day_of(at)).order_by().values_list(JSONObject(blind="pk"), flat=True)
    )
    rows = list(blind.union(own, all=True))
    return (
        next((row["first"] for row in rows if "first" in row), ""),
        frozenset(row["blind"] for row in rows if "blind" in row),
    )


def narrowing_of(saved: SavedList) -> Narrowing:
    """Read again as any address: what is understood no more is left out."""
    return Narrowing.read(QueryDict(saved.query).dict())


def kept_lists(visible: QuerySet[Application], *, user: User, at: datetime) -> list[KeptList]:
    """One's own lists, each counted as it would open. Two queries, one where nothing is kept."""
    lists = list(lists_of(user))
    if not lists:
        return []
    first, *others = [
        narrowing_of(each)
        .narrow(visible.order_by(), at=at, user=user)
        .values(kept=Value(each.pk))
        .annotate(cases=Count("pk", distinct=True))
        for each in lists
    ]
    counts = {row["kept"]: row["cases"] for row in first.union(*others, all=True)}
    return [KeptList(each, counts.get(each.pk, 0)) for each in lists]
