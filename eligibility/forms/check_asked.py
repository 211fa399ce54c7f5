"""What the public check has to ask under a set of rules, and nothing else.

Each check of the engine reads some facts. A question that no rule of the programme reads is not put: HKU
never asks for the first language, HKUST never where the institution stands, nobody but a doctoral programme
for postgraduate work (DOMAIN A3, UST-03).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from eligibility.engine import SCALES, Check, EnglishTestKind, Requirements, ResidenceStatus

_DEGREE: Final[Mapping[Check, frozenset[str]]] = {
    Check.BACHELOR_WITH_HONOURS: frozenset({"level", "own", "honours", "status"}),
    Check.BACHELOR_OR_EQUIVALENT: frozenset({"level", "status"}),
    Check.INSTITUTION_RECOGNISED: frozenset({"level", "own"}),
    Check.DEGREE_IN_TIME: frozenset({"level", "status", "completed_on"}),
    Check.OUTSTANDING_OR_EXPERIENCED: frozenset({"level", "status"}),
    Check.OUTSTANDING_BACHELOR: frozenset({"level", "status"}),
    Check.ENGLISH_BY_QUALIFICATION: frozenset(
        {"level", "own", "in_hong_kong", "teaching_language", "examination_language"}
    ),
    # the degree's own language tells an English programme of another institution from the rest (AMB-08)
    Check.ENGLISH_BY_FIRST_LANGUAGE_AND_MEDIUM: frozenset(
        {"level", "institution_medium", "teaching_language"}
    ),
}
# Which part of the page each check belongs to, so that its clause stands beside the question.
GROUP_OF: Final[Mapping[Check, str]] = {
    **dict.fromkeys(_DEGREE, "degree"),
    Check.INDIVIDUAL_MERIT: "degree",
    Check.ENGLISH_BY_QUALIFICATION: "english",
    Check.ENGLISH_BY_FIRST_LANGUAGE_AND_MEDIUM: "english",
    Check.ENGLISH_ROUTE: "english",
    Check.ENGLISH_VALIDITY: "english",
    Check.ENGLISH_OVERLAY: "english",
    Check.POSTGRADUATE_EXPERIENCE: "study",
    Check.EARLIER_WITHDRAWAL: "earlier",
    Check.READMISSION_BAR: "earlier",
    Check.RESIDENCE_STATUS: "intake",
    Check.MODE_AND_STATUS: "intake",
    Check.STUDY_MODE_OFFERED: "intake",
    Check.ROUND_OPEN: "intake",
    Check.ROUND_FOR_LOCALS: "intake",
}


@dataclass(frozen=True)
class Asked:
    """The questions of one set of rules.

    degree, study     names of the fields asked of each degree, of each stretch of postgraduate work
    tests             those the rules list that can still be taken; `older` are no longer offered (AMB-10)
    unlisted          a test the rules do not list is for an officer, so it can be named
    """

    degree: frozenset[str] = frozenset()
    study: frozenset[str] = frozenset()
    tests: tuple[EnglishTestKind, ...] = ()
    older: tuple[EnglishTestKind, ...] = ()
    unlisted: bool = False
    first_language: bool = False
    mode: bool = False
    residence: tuple[ResidenceStatus, ...] = field(default=())
    origin: bool = False
    earlier: bool = False


def asked_by(requirements: Requirements) -> Asked:
    """The questions that the rules in force read; those of a School or department are in them already."""
    checks = {rule.check for rule in requirements.rules}
    degree = frozenset[str]().union(*(_DEGREE.get(check, frozenset()) for check in checks))
    if Check.OUTSTANDING_BACHELOR in checks and requirements.degree.outstanding:
        degree |= {"honours"}
    if Check.ENGLISH_BY_QUALIFICATION in checks and requirements.reading("AMB-08b") == "institution":
        degree |= {"institution_medium"}
    study = frozenset[str]()
    if Check.POSTGRADUATE_EXPERIENCE in checks:
        by_days = requirements.reading("AMB-19") == "calendar_days"
        length = {"started_on", "ended_on"} if by_days else {"months", "completed", "certified_normal_months"}
        study = frozenset({"kind", "mode", "satisfactory", *length})
    english = checks & {Check.ENGLISH_BY_QUALIFICATION, Check.ENGLISH_BY_FIRST_LANGUAGE_AND_MEDIUM}
    listed = _tests(requirements) if english else ()
    hidden = requirements.reading("AMB-10") == "hidden"
    residence = checks & {Check.RESIDENCE_STATUS, Check.MODE_AND_STATUS, Check.ROUND_FOR_LOCALS}
    return Asked(
        degree=degree,
        study=study,
        tests=tuple(kind for kind in listed if not SCALES[kind].retired),
        older=tuple(kind for kind in listed if SCALES[kind].retired and not hidden),
        unlisted=bool(english) and requirements.english.unlisted.value == "REFER",
        first_language=Check.ENGLISH_BY_FIRST_LANGUAGE_AND_MEDIUM in checks,
        mode=bool(checks & {Check.STUDY_MODE_OFFERED, Check.MODE_AND_STATUS}),
        residence=tuple(ResidenceStatus) if residence else (),
        earlier=bool(checks & {Check.EARLIER_WITHDRAWAL, Check.READMISSION_BAR}),
        origin=Check.MODE_AND_STATUS in checks and bool(requirements.residence.part_time_refer_origins),
    )


def _tests(requirements: Requirements) -> tuple[EnglishTestKind, ...]:
    """The tests of the rules' list, then those its routes name beside it."""
    kinds = [row.kind for row in requirements.english.minima]
    kinds += [kind for rule in requirements.rules for kind in rule.kinds]
    return tuple(dict.fromkeys(kinds))
