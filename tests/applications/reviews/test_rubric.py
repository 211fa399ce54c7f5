"""A rubric's total: the weighted mean on the scale of 1 to 5, whatever weights and scales it has."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.reviews.rubric import (
    BEST,
    SINGLE_SCORE,
    WORST,
    Categories,
    Category,
    from_json,
    mean_of,
    plain,
    to_json,
)
from applications.reviews.rubric_checking import problem_with_scale, problems_in, problems_with_agreement

D = Decimal


def category(key: str = "mind", weight: str = "1", scale: str = "1 5 0.5", **words: str) -> Category:
    lowest, highest, step = map(D, scale.split())
    return Category(
        key=key,
        label={"en": key.capitalize()},
        help={"en": ""},
        weight=D(weight),
        lowest=lowest,
        highest=highest,
        step=step,
        words={D(points.strip("p")): {"en": said} for points, said in words.items()},
    )


def rubric(*categories: Category) -> Categories:
    return Categories(categories)


TWO = rubric(category("mind", "60", "0 10 1"), category("work", "40", "1 5 0.5"))


@pytest.mark.parametrize(
    ("categories", "points", "total"),
    [
        pytest.param(SINGLE_SCORE, {"score": "3.5"}, "3.50", id="one score of 1 to 5 is its own total"),
        pytest.param(TWO, {"mind": "10", "work": "5"}, "5.00", id="the best points everywhere make 5"),
        pytest.param(TWO, {"mind": "0", "work": "1"}, "1.00", id="the weakest points everywhere make 1"),
        pytest.param(TWO, {"mind": "10", "work": "1"}, "3.40", id="60 of 100 at the top, 40 at the bottom"),
        pytest.param(TWO, {"mind": "0", "work": "5"}, "2.60", id="and the other way round"),
        pytest.param(
            rubric(category("a", "1", "0 3 1"), category("b", "2", "0 3 1")),
            {"a": "1", "b": "0"},
            "1.44",
            id="a third of a third is rounded once",
        ),
        pytest.param(
            rubric(category("a", "1", "0 8 1"), category("b", "99", "0 8 1")),
            {"a": "1", "b": "0"},
            "1.01",
            id="half a hundredth goes up",
        ),
    ],
)
def test_the_total(categories: Categories, points: dict[str, str], total: str) -> None:
    assert str(categories.total({key: D(value) for key, value in points.items()})) == total


@st.composite
def scored(draw: st.DrawFn) -> tuple[Categories, dict[str, Decimal]]:
    """Any rubric that is allowed, and any points on its scales."""
    made, points = [], {}
    for n in range(draw(st.integers(1, 6))):
        step = D(draw(st.integers(1, 400))) / 100
        lowest = D(draw(st.integers(0, 5000))) / 100
        steps = draw(st.integers(1, 100))
        weight = plain(D(draw(st.integers(1, 100_000))) / 100)
        made.append(category(f"c{n}", weight, f"{lowest} {lowest + steps * step} {step}"))
        points[f"c{n}"] = draw(st.sampled_from(made[-1].scale))
    return Categories(tuple(made)), points


@given(scored())
def test_any_total_lies_between_1_and_5_and_more_points_never_make_less(
    drawn: tuple[Categories, dict[str, Decimal]],
) -> None:
    categories, points = drawn
    assert problems_in(categories) == []
    total = categories.total(points)
    assert WORST <= total <= BEST
    assert total.as_tuple().exponent == -2
    for each in categories:
        better = [more for more in each.scale if more > points[each.key]]
        assert all(categories.total(points | {each.key: more}) >= total for more in better[-3:])
    best = {each.key: each.highest for each in categories}
    worst = {each.key: each.lowest for each in categories}
    assert (categories.total(best), categories.total(worst)) == (BEST, WORST)


@given(scored())
def test_what_is_stored_is_read_back_the_same_and_weights_count_by_their_ratio_alone(
    drawn: tuple[Categories, dict[str, Decimal]],
) -> None:
    categories, points = drawn
    again = from_json(to_json(categories))
    assert again == categories
    tenfold = Categories(tuple(replace(each, weight=each.weight * 10) for each in again))
    assert tenfold.total(points) == categories.total(points)


def test_a_scale_lists_every_number_of_points_the_best_first() -> None:
    assert [str(points) for points in category(scale="1 3 0.5").scale] == ["3.0", "2.5", "2.0", "1.5", "1.0"]
    assert [str(points) for points in SINGLE_SCORE.all[0].scale] == (
        ["5.0", "4.5", "4.0", "3.5", "3.0", "2.5", "2.0", "1.5", "1.0"]
    )


def test_shares_are_in_per_cent_to_a_tenth() -> None:
    thirds = rubric(category("a", "1"), category("b", "1"), category("c", "1"))
    assert [str(thirds.share(each)) for each in thirds] == ["33.3"] * 3
    assert [str(TWO.share(each)) for each in TWO] == ["60.0", "40.0"]


def test_a_mean_is_rounded_half_up() -> None:
    assert [str(mean_of([D("4.0"), D("4.25")])), str(mean_of([D(1), D(1), D(2)]))] == ["4.13", "1.33"]


@pytest.mark.parametrize(
    ("scale", "problem"),
    [
        pytest.param("1 5 0.5", "", id="halves"),
        pytest.param("0 100 1", "", id="out of a hundred"),
        pytest.param("0 1 1", "", id="yes or no"),
        pytest.param(
            "1 5 0.3", "From 1 in steps of 0.3 one does not arrive at 5.", id="steps that miss the end"
        ),
        pytest.param("5 1 1", "The best points are more than the weakest.", id="backwards"),
        pytest.param("3 3 1", "The best points are more than the weakest.", id="no scale at all"),
        pytest.param("1 5 0", "The step is more than 0.", id="no step"),
        pytest.param("0 101 1", "A scale has at most 101 numbers of points.", id="too long to choose from"),
    ],
)
def test_what_is_no_scale(scale: str, problem: str) -> None:
    assert problem_with_scale(*map(D, scale.split())) == problem


@pytest.mark.parametrize(
    ("categories", "problems"),
    [
        pytest.param(rubric(), ["Write at least one category."], id="nothing to score"),
        pytest.param(
            rubric(category("a"), category("a")), ["Two categories have the short name “a”."], id="twice"
        ),
        pytest.param(rubric(category("a", "0")), ["A: the weight is more than 0."], id="no weight"),
        pytest.param(
            rubric(category("comment")), ["“comment” cannot be a short name. Choose another."], id="reserved"
        ),
        pytest.param(
            rubric(category("a", p6="Beyond")),
            ["A: 6 is not on the scale, so it needs no words."],
            id="words for points that cannot be given",
        ),
        pytest.param(
            rubric(*(category(f"c{n}") for n in range(21))), ["Write at most 20 categories."], id="too many"
        ),
    ],
)
def test_what_cannot_be_scored(categories: Categories, problems: list[str]) -> None:
    assert problems_in(categories) == problems


@pytest.mark.parametrize(
    ("agreement", "is_possible"), [(None, True), ("0", True), ("3.99", True), ("4", False), ("-1", False)]
)
def test_agreement_lies_on_the_common_scale(agreement: str | None, is_possible: bool) -> None:
    assert (problems_with_agreement(agreement and D(agreement)) == []) is is_possible  # type: ignore[arg-type]
