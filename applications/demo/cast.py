"""The fictional people of `people.yaml`, read once, their details filled in from a fixed random source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from admissions_portal.clock import HONG_KONG

# When the demonstration opens; Round 1 has a week to go.
OPENING = datetime(2026, 3, 24, 9, 0, tzinfo=HONG_KONG)
SEED = 2026
_STREETS = ("Hill Road", "Water Street", "Temple Street", "Bridge Road", "Garden Road")


@dataclass(frozen=True, slots=True)
class Cast:
    """All that `people.yaml` says."""

    staff: list[dict[str, Any]]
    applicants: list[dict[str, Any]]
    degrees: dict[str, dict[str, Any]]
    rounds: dict[str, Any]


@cache
def cast() -> Cast:
    """The cast, every applicant with a birth date, telephone, address and dates of their own, the same each
    time."""
    data = yaml.safe_load((Path(__file__).parent / "people.yaml").read_text(encoding="utf-8"))
    source = Random(SEED)  # not for secrets: the same people on every machine
    for person in data["applicants"]:
        person["born"] = date(1994, 1, 1) + timedelta(days=source.randrange(3200))
        person["phone"] = f"+85221230{source.randrange(1000):03d}"
        person["address"] = [
            f"Flat {source.choice('ABCDEFGH')}, {source.randrange(2, 30)}/F, Example House",
            f"{source.randrange(1, 120)} {source.choice(_STREETS)} (fictional)",
        ]
        person["graduated"] = date(
            2025 - source.randrange(4), source.choice((6, 7, 11)), source.randrange(1, 29)
        )
        person["tested"] = date(2025, 1, 11) + timedelta(days=7 * source.randrange(50))
        person["began"] = (
            OPENING - timedelta(days=source.randrange(75, 110)) + timedelta(minutes=source.randrange(600))
        )
    return Cast(data["staff"], data["applicants"], data["degrees"], data["rounds"])
