"""What an exported list of cases can hold: a heading, what it means, whether it is personal data, and its
value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.accounts.roles import Right
from admissions_portal.support.sheets import Cell
from applications.applicants.choices import Origin
from applications.applicants.identity import printed
from applications.identity.queries import identity_number_of
from applications.lifecycle.states import State
from applications.reviews.queries import CategoryMeans
from applications.reviews.rubric import Category
from eligibility.labels import VERDICTS
from programmes.models import Mode


@dataclass(frozen=True, slots=True)
class Column:
    """`value` takes a case with `annotate_listing`'s columns. `personal`: marked as personal data in the
    legend."""

    key: str
    heading: str | Promise
    meaning: str | Promise
    value: Callable[[Any], Cell]
    personal: bool = False
    # holds what only this right shows, and is in a file only where it was asked for
    right: Right | None = None


def _round(case: Any) -> Cell:
    """An example date says so in the cell itself: nobody may take it for the institution's."""
    if case.round.is_example:
        return _("%(round)s (example date)") % {"round": case.round.title}
    return case.round.title


def _identity_number(case: Any) -> Cell:
    given = identity_number_of(case)
    return printed(given.number, given.kind) if given else None


COLUMNS: tuple[Column, ...] = (
    Column(
        "rank",
        gettext_lazy("Rank"),
        gettext_lazy("By mean score; equal scores share a rank"),
        lambda c: c.rank_label,
    ),
    Column("number", gettext_lazy("Number"), gettext_lazy("Application number"), lambda c: c.number),
    Column(
        "family_name",
        gettext_lazy("Family name"),
        gettext_lazy("As written by the applicant"),
        lambda c: c.family_name,
        True,
    ),
    Column(
        "given_names",
        gettext_lazy("Given names"),
        gettext_lazy("As written by the applicant"),
        lambda c: c.given_names,
        True,
    ),
    Column(
        "chinese_name",
        gettext_lazy("Chinese name"),
        gettext_lazy("As written by the applicant"),
        lambda c: c.chinese_name,
        True,
    ),
    Column(
        "programme",
        gettext_lazy("Programme"),
        gettext_lazy("Programme applied for"),
        lambda c: c.offering.programme.name,
    ),
    Column(
        "mode",
        gettext_lazy("Study mode"),
        gettext_lazy("Full-time or part-time"),
        lambda c: str(Mode(c.offering.mode).label),
    ),
    Column(
        "specialisation",
        gettext_lazy("Specialisation"),
        gettext_lazy("First choice; empty where the programme has none"),
        lambda c: c.specialisation.name if c.specialisation else None,
    ),
    Column(
        "origin",
        gettext_lazy("Permanent home"),
        gettext_lazy("As declared"),
        lambda c: str(Origin(c.origin).label) if c.origin else None,
        True,
    ),
    Column(
        "round",
        gettext_lazy("Round"),
        gettext_lazy("The round in which the application was received"),
        _round,
    ),
    Column(
        "submitted_at",
        gettext_lazy("Received (HKT)"),
        gettext_lazy("Server time in Hong Kong, UTC+8"),
        lambda c: c.submitted_at,
    ),
    Column(
        "state",
        gettext_lazy("State"),
        gettext_lazy("Where the application stands"),
        lambda c: str(State(c.state).label),
    ),
    Column(
        "verdict",
        gettext_lazy("Rules"),
        gettext_lazy("What the rules said last; minimum requirements only, no guarantee of admission"),
        lambda c: str(VERDICTS[c.verdict]) if c.verdict else None,
    ),
    Column(
        "readers",
        gettext_lazy("Scores in"),
        gettext_lazy("How many scores make the mean: none of who abstained or has a conflict of interest"),
        lambda c: c.readers,
    ),
    Column(
        "mean_score",
        gettext_lazy("Mean score"),
        gettext_lazy(
            "Mean of the reviewers’ totals from 1 to 5, to two decimals; a total is the weighted mean of its "
            "categories, each put on that scale"
        ),
        lambda c: c.mean_score,
    ),
    Column(
        "spread",
        gettext_lazy("Difference"),
        gettext_lazy("The largest difference between two reviewers’ totals"),
        lambda c: c.spread,
    ),
    Column(
        "disagrees",
        gettext_lazy("Readers disagree"),
        gettext_lazy("Yes where that difference is larger than the programme’s rubric calls agreement"),
        lambda c: _("yes") if c.disagrees else _("no"),
    ),
)


def category_columns(shown: CategoryMeans | None) -> tuple[Column, ...]:
    """A column for each category, where all scores of a list are of the same ones."""
    if shown is None:
        return ()
    return tuple(_category_column(category, shown) for category in shown.categories)


def _category_column(category: Category, shown: CategoryMeans) -> Column:
    meaning = _(
        "Mean points of %(category)s, from %(lowest)s to %(highest)s; it makes %(share)s %% of the total"
    ) % {
        "category": category.title,
        "lowest": category.lowest,
        "highest": category.highest,
        "share": shown.categories.share(category),
    }
    return Column(
        f"category_{category.key}",
        category.title,
        meaning,
        lambda c: shown.means.get(c.pk, {}).get(category.key),
    )


IDENTITY_NUMBER = Column(
    "identity_number",
    gettext_lazy("Identity number"),
    gettext_lazy("As its document prints it; given after an offer was accepted"),
    _identity_number,
    personal=True,
    right=Right.SEE_IDENTITY_NUMBERS,
)
