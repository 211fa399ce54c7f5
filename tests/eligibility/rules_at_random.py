"""Complete rules and layers nobody thought of, for tests that must hold for all of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from eligibility.engine import (
    PARTS,
    READINGS,
    SCALES,
    Check,
    EnglishMinimum,
    EnglishTestKind,
    FactsError,
    Honours,
    Layer,
    Origin,
    Overlay,
    ProgrammeLevel,
    Range,
    Requirements,
    ResidenceStatus,
    Rule,
    StudyMode,
    from_json,
)
from eligibility.engine.requirements import (
    ADVANCED_STANDING_CHECKS,
    CREDIT_CHECKS,
    CreditRequirements,
    DegreeRequirements,
    EnglishRequirements,
    ExperienceRequirements,
    ResidenceRequirements,
    Treatment,
)

# text as a file or the database may hold it: no surrogates, and no NUL, which PostgreSQL refuses
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
CODES = st.sampled_from(["A-1", "A-2", "B-1", "B-2", "Ü"])


def lists(values: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(list(values)), unique=True, max_size=4).map(tuple)


@st.composite
def rows(draw: Any) -> EnglishMinimum:
    """One test and figures its report could show."""
    kind = draw(st.sampled_from(EnglishTestKind))
    added = kind is EnglishTestKind.OTHER
    scale = SCALES[kind]
    own = Range(Decimal(0), Decimal(100)) if added else None
    part, overall, comparable = (own, own, None) if added else (scale.part, scale.overall, scale.comparable)

    def figure(range_: Range | None) -> Any:
        if range_ is None:
            return None
        steps = int((range_.high - range_.low) / range_.step)
        return draw(st.none() | st.integers(0, steps).map(lambda n: range_.low + n * range_.step))

    parts = {name: figure(part) for name in (PARTS if added else scale.parts)}
    values = {
        "overall": figure(overall),
        "each_part": figure(part),
        "parts": {name: least for name, least in parts.items() if least is not None},
        "comparable": figure(comparable),
        "grade": draw(st.sampled_from(["", *scale.grades])),
        "reading": draw(st.sampled_from(["", "source", "later_papers"])),
        "never_expires": draw(st.booleans()),
        "name": draw(TEXTS.filter(bool)) if added else "",
        "scale": own,
    }
    try:
        return EnglishMinimum(kind, **values)
    except FactsError:  # a row that asks nothing
        return EnglishMinimum(EnglishTestKind.IELTS_ACADEMIC, overall=Decimal(6))


def rules(checks: Any, prefix: str = "") -> st.SearchStrategy[tuple[Rule, ...]]:
    one = st.builds(
        Rule,
        code=CODES.map(lambda code: prefix + code),
        check=st.sampled_from(sorted(checks)),
        clause=TEXTS,
        title=TEXTS,
        quote=TEXTS,
        grade=st.sampled_from("HML"),
        layer=st.sampled_from(Layer),
        note=TEXTS,
        kinds=lists(EnglishTestKind),
    )
    return st.lists(one, unique_by=lambda rule: rule.code, max_size=3).map(tuple)


def credits_(checks: Any, prefix: str) -> st.SearchStrategy[CreditRequirements | None]:
    return st.none() | st.builds(
        CreditRequirements,
        rules=rules(checks, prefix),
        years=st.integers(1, 9),
        most_credits=st.none() | st.integers(1, 30),
    )


REQUIREMENTS = st.builds(
    Requirements,
    policy=CODES,
    title=TEXTS,
    levels=lists(ProgrammeLevel),
    rules=rules(set(Check) - CREDIT_CHECKS),
    english=st.builds(
        EnglishRequirements,
        minima=st.lists(rows(), max_size=3).map(tuple),
        overlay=st.lists(rows(), max_size=2).map(tuple),
        valid_years=st.integers(1, 5),
        home_edition=st.sampled_from(Treatment),
        indicator=st.sampled_from(Treatment),
        unlisted=st.sampled_from(Treatment),
        english_medium_masters=st.sampled_from(Treatment),
    ),
    degree=st.builds(
        lambda honours, outstanding, day, by: DegreeRequirements(honours, outstanding, *day, by),
        lists(Honours),
        lists(Honours),
        st.sampled_from([(None, None), (8, 31), (8, 1), (2, 28)]),
        st.booleans(),
    ),
    experience=st.builds(ExperienceRequirements, st.integers(1, 30), st.integers(1, 30)),
    residence=st.builds(
        ResidenceRequirements,
        lists(ResidenceStatus),
        lists(ResidenceStatus),
        lists(ResidenceStatus),
        st.sampled_from(Treatment),
        lists(Origin),
    ),
    modes=lists(StudyMode),
    readings=st.fixed_dictionaries(
        {}, optional={name: st.sampled_from(choices) for name, choices in READINGS.items()}
    ),
    advanced_standing=credits_(ADVANCED_STANDING_CHECKS, "AS-"),
    credit_reuse=credits_(CREDIT_CHECKS - ADVANCED_STANDING_CHECKS, "CR-"),
)
OVERLAYS = st.builds(
    Overlay,
    policy=CODES,
    title=TEXTS,
    layer=st.sampled_from([Layer.SCHOOL, Layer.PROGRAMME]),
    clause=TEXTS,
    english=st.lists(rows(), unique_by=lambda row: (row.kind, row.name, row.reading), max_size=3).map(tuple),
    rules=rules({Check.OFFICER_CONFIRMS, Check.SUBJECT_OF_RESEARCH}),
    outstanding=lists(Honours),
)
EITHER = REQUIREMENTS | OVERLAYS


def copy_of(record: Requirements | Overlay, stored: Any) -> Requirements | Overlay:
    """The record read anew from its stored form."""
    return from_json(type(record), stored)
