"""The scales of English tests, and what follows from them by arithmetic: totals, and how long a score is
valid.

DOMAIN B5, B6. Scales are facts about tests; what an institution asks of them stands in its policy.
"""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from .records import FactsError, plain

PARTS = ("listening", "reading", "writing", "speaking")


class EnglishTestKind(StrEnum):
    """Tests told apart because a rule treats them differently.

    IELTS_ACADEMIC includes IELTS for UKVI (Academic). TOEFL_IBT is the 0–120 scale, TOEFL_IBT_1_6 the
    reports from 21 January 2026. TOEFL_PAPER (PBT) and TOEFL_REVISED_PAPER are no longer offered (AMB-10).
    """

    IELTS_ACADEMIC = "IELTS_ACADEMIC"
    IELTS_GENERAL_TRAINING = "IELTS_GENERAL_TRAINING"
    IELTS_INDICATOR = "IELTS_INDICATOR"
    TOEFL_IBT = "TOEFL_IBT"
    TOEFL_IBT_1_6 = "TOEFL_IBT_1_6"
    TOEFL_PAPER = "TOEFL_PAPER"
    TOEFL_REVISED_PAPER = "TOEFL_REVISED_PAPER"
    GCE_IGCSE = "GCE_IGCSE"
    CAMBRIDGE_CPE = "CAMBRIDGE_CPE"
    PTE_ACADEMIC = "PTE_ACADEMIC"
    DUOLINGO = "DUOLINGO"
    OTHER = "OTHER"


class TotalRule(StrEnum):
    """How a report gets its overall score from the parts."""

    NONE = "NONE"
    SUM = "SUM"
    MEAN_TO_NEAREST_HALF = "MEAN_TO_NEAREST_HALF"


@dataclass(frozen=True, slots=True)
class Range:
    """Scores from `low` to `high` in steps of `step`. Raises FactsError where no score could be one."""

    low: Decimal
    high: Decimal
    step: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise FactsError("$.high", "off_scale", plain(self.high), f"more than {plain(self.low)}")
        if not 0 < self.step <= self.high - self.low:
            raise FactsError("$.step", "off_scale", plain(self.step), "a step within the scale")

    def has(self, score: Decimal) -> bool:
        return self.low <= score <= self.high and (score - self.low) % self.step == 0

    def __str__(self) -> str:
        return f"{plain(self.low)} to {plain(self.high)} in steps of {plain(self.step)}"


def _range(low: str, high: str, step: str = "1") -> Range:
    return Range(Decimal(low), Decimal(high), Decimal(step))


@dataclass(frozen=True, slots=True)
class Scale:
    """What a report of one test can show. `grades` best first, for tests without numbers.

    `ended_on` is the last day it was held, `retired` says that it is no longer held though no day was found.
    """

    part: Range | None = None
    overall: Range | None = None
    parts: tuple[str, ...] = PARTS
    total: TotalRule = TotalRule.NONE
    comparable: Range | None = None
    grades: tuple[str, ...] = ()
    retired: bool = False
    ended_on: date | None = None
    began_on: date | None = None


_IELTS = Scale(
    part=_range("0", "9", "0.5"), overall=_range("0", "9", "0.5"), total=TotalRule.MEAN_TO_NEAREST_HALF
)
_GRADES = ("A*", "A", "B", "C", "D", "E", "F", "G", "U")

SCALES: dict[EnglishTestKind, Scale] = {
    EnglishTestKind.IELTS_ACADEMIC: _IELTS,
    EnglishTestKind.IELTS_GENERAL_TRAINING: _IELTS,
    EnglishTestKind.IELTS_INDICATOR: _IELTS,
    EnglishTestKind.TOEFL_IBT: Scale(part=_range("0", "30"), overall=_range("0", "120"), total=TotalRule.SUM),
    EnglishTestKind.TOEFL_IBT_1_6: Scale(
        part=_range("1", "6", "0.5"),
        overall=_range("1", "6", "0.5"),
        total=TotalRule.MEAN_TO_NEAREST_HALF,
        comparable=_range("0", "120"),
        began_on=date(2026, 1, 21),
    ),
    # the paper test's total is scaled from three sections by tables, so it is not recomputed here
    EnglishTestKind.TOEFL_PAPER: Scale(
        part=_range("31", "68"),
        overall=_range("310", "677"),
        parts=("listening", "writing", "reading"),
        retired=True,
    ),
    # no total is printed: the score asked for is the sum of the three sections (AMB-11)
    EnglishTestKind.TOEFL_REVISED_PAPER: Scale(
        part=_range("0", "30"),
        overall=_range("0", "90"),
        parts=("listening", "reading", "writing"),
        total=TotalRule.SUM,
        retired=True,
        ended_on=date(2021, 4, 11),
    ),
    # 9 to 1 grades exist at IGCSE; no source here maps them to letters, so they are taken but not compared
    EnglishTestKind.GCE_IGCSE: Scale(parts=(), grades=(*_GRADES, *"987654321")),
    EnglishTestKind.CAMBRIDGE_CPE: Scale(parts=(), grades=("A", "B", "C", "D", "E", "U")),
    EnglishTestKind.PTE_ACADEMIC: Scale(part=_range("10", "90"), overall=_range("10", "90")),
    EnglishTestKind.DUOLINGO: Scale(part=_range("10", "160", "5"), overall=_range("10", "160", "5")),
    EnglishTestKind.OTHER: Scale(parts=()),
}


def check_score(kind: EnglishTestKind, part: str, value: Decimal | str) -> None:
    """Refuse what the test cannot give: an IELTS 6.3, a TOEFL 121, a Speaking score on a test without
    Speaking.

    `part` is one of PARTS, `overall`, `comparable_total` or `grade`. Raises FactsError with path `$.<part>`:
    `off_scale`, or `no_such_score` where the report prints nothing of the kind.
    """
    scale = SCALES[kind]
    if part == "grade":
        if not scale.grades:
            raise FactsError("$.grade", "no_such_score", value, f"no letter grade for {kind}")
        if value not in scale.grades:
            raise FactsError("$.grade", "off_scale", value, "one of " + ", ".join(scale.grades))
        return
    allowed = (
        scale.overall if part == "overall" else scale.comparable if part == "comparable_total" else scale.part
    )
    if allowed is None or (part in PARTS and part not in scale.parts):
        if kind is EnglishTestKind.OTHER:
            return
        raise FactsError(f"$.{part}", "no_such_score", str(value), f"no {part} score for {kind}")
    if not isinstance(value, Decimal):
        raise FactsError(f"$.{part}", "wrong_type", value, "a number")
    if not allowed.has(value):
        raise FactsError(f"$.{part}", "off_scale", plain(value), str(allowed))


_NOUGHT, _HALF = Decimal(0), Decimal("0.5")


def total_of(kind: EnglishTestKind, parts: tuple[Decimal, ...]) -> Decimal | None:
    """The overall score that these parts give, None where the test has no rule for it.

    IELTS and TOEFL 1–6: the mean, to the nearest half; a quarter goes up to the half, three quarters to the
    whole (6.25 → 6.5, 6.125 → 6.0, 5.75 → 6.0).
    """
    rule = SCALES[kind].total
    if rule is TotalRule.SUM:
        return sum(parts, _NOUGHT)
    if rule is TotalRule.MEAN_TO_NEAREST_HALF:
        doubled = sum(parts, _NOUGHT) * 2 / len(parts)
        return (doubled + _HALF).to_integral_value(ROUND_FLOOR) / 2
    return None


def corresponding_day(day: date, years: int, *, leap_day_to_march: bool = False) -> date:
    """The same calendar day `years` later (earlier if negative).

    29 February has no corresponding day in a common year: the period then ends on the last day of the month,
    28 February (AMB-07), or on 1 March where that reading is chosen.
    """
    year = min(max(day.year + years, 1), 9999)  # as far as dates go: no day of anybody's life ends there
    if (day.month, day.day) == (2, 29) and not isleap(year):
        return date(year, 3, 1) if leap_day_to_march else date(year, 2, 28)
    return day.replace(year=year)


def last_valid_day(
    start: date, years: int, *, anniversary_inside: bool = True, leap_day_to_march: bool = False
) -> date:
    """Last day, inclusive, on which a score from `start` is valid for `years` (UST-09, AMB-06, AMB-07)."""
    day = corresponding_day(start, years, leap_day_to_march=leap_day_to_march)
    return day if anniversary_inside else day - timedelta(days=1)
