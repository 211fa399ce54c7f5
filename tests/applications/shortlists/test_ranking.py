"""Ranks: equal scores share one, and nobody unscored has one."""

from decimal import Decimal
from types import SimpleNamespace

from applications.shortlists.ranking import rank_cases


def test_equal_scores_share_a_rank_and_the_next_one_counts_them_all() -> None:
    scores = ["4.75", "4.40", "4.20", "4.20", "3.95", None]
    cases = rank_cases(SimpleNamespace(mean_score=Decimal(s) if s else None) for s in scores)
    assert [case.rank for case in cases] == [1, 2, 3, 3, 5, None]
    assert [case.rank_label for case in cases] == ["1", "2", "3=", "3=", "5", "not scored"]


def test_the_order_of_the_list_does_not_change_the_ranks() -> None:
    cases = rank_cases(SimpleNamespace(mean_score=Decimal(s)) for s in ("3.0", "5.0", "4.0"))
    assert [case.rank for case in cases] == [3, 1, 2]
