"""What a policy asks of each English test, overlays included (UST-10): worked out once for the policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from .records import plain
from .requirements import EnglishMinimum, Requirements, of_policy, stricter
from .scales import PARTS, SCALES, EnglishTestKind


class Asked(NamedTuple):
    """What a policy asks of one test, the same as values for a finding, and its figures one by one: of the
    whole first, then of the parts that the report prints.

    parts_of_old_scale   of TOEFL 1–6: single parts have a minimum, stated on the older scale (AMB-12)
    """

    minimum: EnglishMinimum
    needed: dict[str, Any]
    least: tuple[tuple[str, Decimal], ...]
    parts_of_old_scale: bool = False


def minimum_for(
    requirements: Requirements, kind: EnglishTestKind, name: str = "", *, raised: bool = True
) -> EnglishMinimum | None:
    """What the policy asks of this test, raised by every overlay (UST-10) or as the university's rule alone
    has it; None where the university does not list it. `name` tells tests of kind OTHER apart."""
    asked = asked_of(requirements, kind, name, raised=raised)
    return asked.minimum if asked else None


def asked_of(requirements: Requirements, kind: EnglishTestKind, name: str, *, raised: bool) -> Asked | None:
    return _asked(requirements)[raised].get(_which(kind, name))


@of_policy
def _asked(requirements: Requirements) -> tuple[dict[tuple[EnglishTestKind, str], Asked], ...]:
    """Every test the policy lists: first by the university's rule alone, then raised by every overlay."""
    english, choice = requirements.english, requirements.reading("AMB-09")
    alone: dict[tuple[EnglishTestKind, str], EnglishMinimum] = {}
    for row in english.minima:
        if row.reading in ("", choice):
            alone.setdefault(_which(row.kind, row.name), row)
    raised = dict(alone)
    for row in english.overlay:
        test = _which(row.kind, row.name)
        if row.reading in ("", choice) and test in raised:
            raised[test] = stricter(raised[test], row)
            new_scale = raised.get(_ONE_TO_SIX)
            if row.kind is EnglishTestKind.TOEFL_IBT and row.overall is not None and new_scale is not None:
                raised[_ONE_TO_SIX] = _as_high(new_scale, row.overall)
    return tuple(
        {
            test: Asked(row, describe_minimum(row), _least(row), test == _ONE_TO_SIX and _has_parts(rows))
            for test, row in rows.items()
        }
        for rows in (alone, raised)
    )


_ONE_TO_SIX = (EnglishTestKind.TOEFL_IBT_1_6, "")


def _as_high(minimum: EnglishMinimum, total: Decimal) -> EnglishMinimum:
    """What is asked of a report on the 1–6 scale where a layer asks more of the 0–120 total: as much of the
    comparable total it prints (AMB-12). The lower band that stood for the lower total goes."""
    if minimum.comparable is None or minimum.comparable >= total:
        return minimum
    return replace(minimum, comparable=total, band=None)


def _has_parts(rows: Mapping[tuple[EnglishTestKind, str], EnglishMinimum]) -> bool:
    """Whether a part of a TOEFL iBT has a minimum of its own, by its row for either scale."""
    both = (rows.get(_ONE_TO_SIX), rows.get((EnglishTestKind.TOEFL_IBT, "")))
    return any(row is not None and (row.each_part is not None or bool(row.parts)) for row in both)


def _least(minimum: EnglishMinimum) -> tuple[tuple[str, Decimal], ...]:
    figures = {"overall": [minimum.overall]}
    for part in PARTS if minimum.scale else SCALES[minimum.kind].parts:
        figures[part] = [minimum.parts.get(part), minimum.each_part]
    given = {name: [figure for figure in both if figure is not None] for name, both in figures.items()}
    return tuple((name, max(both)) for name, both in given.items() if both)


def _which(kind: EnglishTestKind, name: str) -> tuple[EnglishTestKind, str]:
    """A test by its kind, and by its name where the kind does not tell."""
    return kind, _spelt(name) if kind is EnglishTestKind.OTHER else ""


def _spelt(name: str) -> str:
    """Without what typing adds: upper case and spaces."""
    return " ".join(name.split()).casefold()


def minima(requirements: Requirements, *, raised: bool = True) -> list[dict[str, Any]]:
    """What each test that can still be taken must show, as values for a finding: policy and overlays
    together, or the university's rule alone."""
    return _minima(requirements)[raised]


@of_policy
def _minima(requirements: Requirements) -> tuple[list[dict[str, Any]], ...]:
    return tuple(
        [asked.needed for asked in tests.values() if not SCALES[asked.minimum.kind].retired]
        for tests in _asked(requirements)
    )


def describe_minimum(minimum: EnglishMinimum) -> dict[str, Any]:
    """What is asked of a test as values for a finding."""
    values: dict[str, Any] = {"kind": minimum.kind, **({"name": minimum.name} if minimum.name else {})}
    for name in ("overall", "each_part", "comparable"):
        figure = getattr(minimum, name)
        if figure is not None:
            values[name] = plain(figure)
    for name, figure in minimum.parts.items():
        values[name] = plain(figure)
    if minimum.grade:
        values["grade"] = minimum.grade
    return values
