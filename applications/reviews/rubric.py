"""What readers score: weighted categories, each on a scale of its own, and the total that makes them one.

The total of a case is the same kind of number whatever the rubric: each category's points are put on the
common scale of 1 (the lowest points) to 5 (the highest), then the weighted mean is taken, to two decimals.
What is shown is what is averaged further, so that a committee can reckon it again by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from programmes.questions.content import KEY, LANGUAGES, Texts, fingerprint, said

__all__ = [
    "BEST",
    "KEY",
    "LANGUAGES",
    "SINGLE_SCORE",
    "WORST",
    "Categories",
    "Category",
    "Texts",
    "fingerprint",
    "from_json",
    "mean_of",
    "plain",
    "to_json",
]

# the common scale of totals
WORST, BEST = Decimal(1), Decimal(5)
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Category:
    """One thing that is scored: from `lowest` (weakest) to `highest` (best) in steps of `step`.

    `weight` counts against the other categories' weights, whatever they add up to. `words` says in words what
    some points mean.
    """

    key: str
    label: Texts
    help: Texts
    weight: Decimal
    lowest: Decimal
    highest: Decimal
    step: Decimal
    words: Mapping[Decimal, Texts] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return said(self.label)

    @property
    def hint(self) -> str:
        return said(self.help)

    @property
    def scale(self) -> list[Decimal]:
        """Every number of points there is, the best first."""
        steps = int((self.highest - self.lowest) / self.step)
        return [self.lowest + self.step * number for number in range(steps, -1, -1)]

    def said_of(self, points: Decimal) -> str:
        """The words for these points in the reader's language; "" where there are none."""
        return said(self.words[points]) if points in self.words else ""


@dataclass(frozen=True, slots=True)
class Categories:
    """All that one version of a rubric scores, in its order."""

    all: tuple[Category, ...]

    def __iter__(self) -> Iterator[Category]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def share(self, category: Category) -> Decimal:
        """How much of the total the category is, in per cent to one decimal."""
        whole = sum((each.weight for each in self.all), Decimal(0))
        return (category.weight * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)

    def total(self, points: Mapping[str, Decimal]) -> Decimal:
        """The weighted mean on the common scale, to two decimals, half up. `points` by category key, all of
        them. Fractions until the last step: a mean of thirds is rounded once."""
        whole, weights = Fraction(0), Fraction(0)
        for each in self.all:
            part = Fraction(points[each.key] - each.lowest) / Fraction(each.highest - each.lowest)
            whole += Fraction(each.weight) * part
            weights += Fraction(each.weight)
        total = Fraction(WORST) + whole / weights * Fraction(BEST - WORST)
        return _rounded(total)


# How a programme without a rubric of its own is scored: one score of 1.0 to 5.0 in halves, which is its
# total. Scores given by it name no rubric, so it never changes.
SINGLE_SCORE = Categories(
    (
        Category(
            key="score",
            label={"en": "Score", "zh-hant": "評分", "zh-hans": "评分"},
            help={"en": ""},
            weight=Decimal(1),
            lowest=Decimal("1.0"),
            highest=Decimal("5.0"),
            step=Decimal("0.5"),
        ),
    )
)


def mean_of(points: Sequence[Decimal]) -> Decimal:
    """Two decimals, half up. `points` are not empty."""
    return _rounded(Fraction(sum(points, Decimal(0))) / len(points))


def _rounded(number: Fraction) -> Decimal:
    return (Decimal(number.numerator) / Decimal(number.denominator)).quantize(_HUNDREDTH, ROUND_HALF_UP)


def plain(number: Decimal) -> str:
    """A number as people write it: no exponent, no zeros behind the point that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def from_json(rows: Sequence[Mapping[str, Any]]) -> Categories:
    """The categories as stored by `to_json`."""
    return Categories(
        tuple(
            Category(
                key=row["key"],
                label=row["label"],
                help=row["help"],
                weight=Decimal(row["weight"]),
                lowest=Decimal(row["lowest"]),
                highest=Decimal(row["highest"]),
                step=Decimal(row["step"]),
                words={Decimal(points): texts for points, texts in row["words"].items()},
            )
            for row in rows
        )
    )


def to_json(content: Categories) -> list[dict[str, Any]]:
    """Plain JSON that says the same and nothing else; every number is text."""
    return [
        {
            "key": each.key,
            "label": dict(each.label),
            "help": dict(each.help),
            "weight": plain(each.weight),
            "lowest": plain(each.lowest),
            "highest": plain(each.highest),
            "step": plain(each.step),
            "words": {plain(points): dict(texts) for points, texts in each.words.items()},
        }
        for each in content
    ]
