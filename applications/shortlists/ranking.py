"""Ranks with ties shown: equal mean scores share a rank, and nothing but the committee breaks a tie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _


def rank_cases(cases: Iterable[Any]) -> list[Any]:
    """Give each case `rank` (an int, or None where nobody has scored), `is_tied` and `rank_label` (`3=`).

    Ranks count from the highest `mean_score`; after two cases at 3 comes 5. The order of `cases` is kept.
    """
    listed = list(cases)
    how_many = Counter(case.mean_score for case in listed if case.mean_score is not None)
    rank_of, above = {}, 0
    for score in sorted(how_many, reverse=True):
        rank_of[score] = above + 1
        above += how_many[score]
    for case in listed:
        case.rank = rank_of.get(case.mean_score)
        case.is_tied = case.rank is not None and how_many[case.mean_score] > 1
        case.rank_label = (
            _unranked(case) if case.rank is None else f"{case.rank}=" if case.is_tied else str(case.rank)
        )
    return listed


def _unranked(case: Any) -> str:
    return _("hidden from you") if getattr(case, "is_held_back", False) else _("not scored")
