"""Rubrics as they come to be used."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from admissions_portal.accounts.roles import Role
from applications.reviews.models import Rubric
from applications.reviews.rubric import Categories, Category
from applications.reviews.rubric_actions import draft_rubric, save_rubric, use_rubric
from programmes.models import Programme
from tests.factories.applications import acting, officer
from tests.factories.programmes import hkt

USED = hkt(2026, 3, 1, 9)


def category(key: str, label: str, weight: int, lowest: str, highest: str, step: str) -> Category:
    return Category(
        key,
        {"en": label, "zh-hant": "", "zh-hans": ""},
        {"en": "", "zh-hant": "", "zh-hans": ""},
        Decimal(weight),
        Decimal(lowest),
        Decimal(highest),
        Decimal(step),
    )


# 60 % research on 0 to 10, 40 % study on 1 to 5 in halves
RESEARCH_AND_STUDY = Categories(
    (
        category("research", "Research promise", 60, "0", "10", "1"),
        category("study", "Earlier study", 40, "1", "5", "0.5"),
    )
)


def use(
    programme: Programme,
    categories: Categories = RESEARCH_AND_STUDY,
    *,
    agreement: str | None = "1.00",
    is_blind: bool = False,
    at: datetime = USED,
    **changed: Any,
) -> Rubric:
    """The programme's cases are scored by these categories from `at` on."""
    by = changed.get("by") or acting(officer(programme, Role.COORDINATOR))
    draft = draft_rubric(programme, by=by, at=at)
    draft = save_rubric(
        draft,
        categories=categories,
        agreement=None if agreement is None else Decimal(agreement),
        is_blind=is_blind,
        reason="Agreed by the board",
        seen="",
        by=by,
        at=at,
    )
    return use_rubric(draft, seen="", by=by, at=at)
