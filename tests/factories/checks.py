"""The public check for tests: the programmes it is put to, and the answers of a person."""

from __future__ import annotations

from programmes.models import Institution, Level, School
from tests.factories.drafts import publish_policies
from tests.factories.programmes import (
    InstitutionFactory,
    IntakeFactory,
    LocalRoundFactory,
    OfferingFactory,
    ProgrammeFactory,
    RoundFactory,
)

MMEDSC, MPHIL, PHD = "hku-mmedsc", "hkust-mphil", "hkust-phd"
NAMES = {"hku": "The University of Hong Kong", "hkust": "The Hong Kong University of Science and Technology"}


def programmes_to_check() -> None:
    """HKU’s MMedSc in two rounds, HKUST’s MPhil and PhD in Chemistry undated, the shipped rules."""
    publish_policies()
    InstitutionFactory(code="hku", name=NAMES["hku"], short_name="HKU", brand="hku")
    hkust: Institution = InstitutionFactory(
        code="hkust", name=NAMES["hkust"], short_name="HKUST", brand="hkust"
    )
    science = School.objects.create(institution=hkust, code="science", name="School of Science", source="B3")
    taught = ProgrammeFactory(
        institution__code="hku", slug=MMEDSC, name="Master of Medical Sciences", award="MMedSc"
    )
    intake = IntakeFactory(programme=taught)
    for mode in ("FULL_TIME", "PART_TIME"):
        offering = OfferingFactory(intake=intake, mode=mode)
        RoundFactory(offering=offering)
        LocalRoundFactory(offering=offering)
    for slug, level, name in (
        (MPHIL, Level.MPHIL, "Master of Philosophy in Chemistry"),
        (PHD, Level.PHD, "Doctor of Philosophy in Chemistry"),
    ):
        research = ProgrammeFactory(
            institution=hkust, school=science, slug=slug, level=level, name=name, discipline="Chemistry"
        )
        offering = OfferingFactory(intake=IntakeFactory(programme=research))
        RoundFactory(offering=offering, closes_at=None, closed_from=None)


def answers(**changes: str) -> dict[str, str]:
    """Somebody with an honours degree from Hong Kong, taught in English, local, full-time.

    `degree__in_hong_kong="NO"` is of the first degree, `test_0__kind` of the first test; "" leaves a question
    open.
    """
    given = {
        "degree-0-level": "BACHELOR",
        "degree-0-of-hku": "NO",
        "degree-0-of-hkust": "NO",
        "degree-0-in_hong_kong": "YES",
        "degree-0-status": "AWARDED",
        "degree-0-honours": "SECOND_UPPER",
        "degree-0-teaching_language": "ENGLISH",
        "degree-0-examination_language": "ENGLISH",
        "degree-0-institution_medium": "ENGLISH",
        "first_language": "NO",
        "earlier-hkust-leaving": "NO",
        "mode": "FULL_TIME",
        "status": "PERMANENT_RESIDENT",
        "origin": "HONG_KONG",
    }
    for name, value in changes.items():
        place = name.replace("degree__", "degree-0-").replace("_0__", "-0-").replace("_1__", "-1-")
        given[place] = value
    return given


def ielts(scores: str = "6.5 6.5 6.5 6.5", *, row: int = 0, taken_on: str = "1 6 2025") -> dict[str, str]:
    """An IELTS Academic as it is typed: Listening, Reading, Writing, Speaking; day month year."""
    parts = dict(zip(("listening", "reading", "writing", "speaking"), scores.split(), strict=True))
    day = dict(zip(("day", "month", "year"), taken_on.split(), strict=True))
    return {
        f"test-{row}-kind": "IELTS_ACADEMIC",
        **{f"test-{row}-{name}": score for name, score in parts.items()},
        **{f"test-{row}-taken_on_{name}": number for name, number in day.items()},
    }
