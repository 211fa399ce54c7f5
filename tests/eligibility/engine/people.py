"""People for the rules: each test names only what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from eligibility.engine import (
    HKT,
    Assessment,
    Degree,
    DegreeLevel,
    EnglishTest,
    EnglishTestKind,
    Facts,
    Honours,
    Language,
    Origin,
    ProgrammeLevel,
    Requirements,
    Residence,
    ResidenceStatus,
    Round,
    StudyMode,
    assess,
    from_json,
)
from eligibility.reading_yaml import read_policy_file

AT = datetime(2026, 3, 24, 9, 0, tzinfo=HKT)
ROUND_1 = Round("Round 1", closes_at=datetime(2026, 3, 31, 23, 59, tzinfo=HKT))
ROUND_2 = Round("Round 2", closes_at=datetime(2026, 5, 31, 23, 59, tzinfo=HKT), local_only=True)
MMEDSC, MPHIL, PHD = "HKU-MMEDSC", "HKUST-MPHIL", "HKUST-PHD"
LEVELS = {MMEDSC: ProgrammeLevel.TAUGHT_MASTER, MPHIL: ProgrammeLevel.MPHIL, PHD: ProgrammeLevel.PHD}


POLICIES = Path(__file__).parents[3] / "eligibility" / "policies"


@cache
def shipped() -> dict[str, Requirements]:
    """The shipped policies, read without Django: this folder's tests need nothing but the engine and YAML."""
    found = {}
    for path in sorted(POLICIES.glob("*.yaml")):
        values = read_policy_file(path).plain()
        if "policy" in values:
            del values["applies_to"], values["effective_from"]
            found[values["policy"]] = from_json(Requirements, values)
    return found


def policy(code: str, **readings: str) -> Requirements:
    """The shipped policy, with other readings: `policy(MMEDSC, AMB_01="strict_minute")`."""
    chosen = {name.replace("_", "-"): choice for name, choice in readings.items()}
    return replace(shipped()[code], readings=chosen)


def degree(**changes: Any) -> Degree:
    """A bachelor's with honours of a Hong Kong university, taught in English, not our own."""
    values: dict[str, Any] = {
        "level": DegreeLevel.BACHELOR,
        "title": "BSc",
        "institution_in_hong_kong": True,
        "honours": Honours.SECOND_UPPER,
        "teaching_language": Language.ENGLISH,
        "examination_language": Language.ENGLISH,
        "institution_medium": Language.ENGLISH,
        "completed_on": date(2025, 6, 30),
    }
    return Degree(**values | changes)


def elsewhere(**changes: Any) -> Degree:
    """A bachelor's from outside Hong Kong, taught and examined in another language."""
    other = {"teaching_language": Language.OTHER, "examination_language": Language.OTHER}
    return degree(
        **{"institution_in_hong_kong": False, "institution_medium": Language.OTHER} | other | changes
    )


def ielts(parts: str = "6.5 6.5 6.5 6.5", **changes: Any) -> EnglishTest:
    """IELTS Academic: Listening, Reading, Writing, Speaking; the overall score follows from them."""
    listening, reading, writing, speaking = (Decimal(part) for part in parts.split())
    values: dict[str, Any] = {
        "kind": EnglishTestKind.IELTS_ACADEMIC,
        "taken_on": date(2025, 6, 1),
        "listening": listening,
        "reading": reading,
        "writing": writing,
        "speaking": speaking,
    }
    return EnglishTest(**values | changes)


def toefl(total: int | None = 80, **changes: Any) -> EnglishTest:
    values: dict[str, Any] = {
        "kind": EnglishTestKind.TOEFL_IBT,
        "taken_on": date(2025, 6, 1),
        "overall": None if total is None else Decimal(total),
    }
    return EnglishTest(**values | changes)


def person(code: str = MMEDSC, **changes: Any) -> Facts:
    """A local full-time applicant with an honours degree of this University, for whom nothing is in doubt."""
    values: dict[str, Any] = {
        "programme_level": LEVELS[code],
        "mode": StudyMode.FULL_TIME,
        "degrees": (degree(of_this_university=True),),
        "first_language_is_english": False,
        "residence": Residence(ResidenceStatus.PERMANENT_RESIDENT, Origin.HONG_KONG),
        "rounds": (ROUND_1, ROUND_2) if code == MMEDSC else (ROUND_1,),
        "programme_starts_on": date(2026, 9, 1),
    }
    return Facts(**values | changes)


def ask(
    code: str = MMEDSC, *, at: datetime = AT, readings: dict[str, str] | None = None, **changes: Any
) -> Assessment:
    """Assess a person who differs from `person()` in what is named."""
    return assess(person(code, **changes), policy(code, **(readings or {})), at=at)
