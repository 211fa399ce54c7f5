"""What a policy asks: thresholds as data, rules with their clause, readings with their names.

A policy file (`eligibility/policies/*.yaml`) or a stored `PolicyVersion` is read into `Requirements` by
`records.from_json`; nothing here knows where it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property, wraps
from types import MappingProxyType
from typing import Any, TypeVar

from .facts import Honours, Origin, ProgrammeLevel, ResidenceStatus, StudyMode
from .findings import Finding, Outcome
from .minimum import EnglishMinimum as EnglishMinimum
from .minimum import stricter as stricter
from .readings import READINGS as READINGS
from .records import FactsError
from .scales import EnglishTestKind

T = TypeVar("T")
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Check(StrEnum):
    """The rules the engine knows; a policy says which it uses, under which code and clause."""

    OFFICER_CONFIRMS = "OFFICER_CONFIRMS"
    SUBJECT_OF_RESEARCH = "SUBJECT_OF_RESEARCH"
    INSTITUTION_RECOGNISED = "INSTITUTION_RECOGNISED"
    QUALIFYING_EXAMINATION = "QUALIFYING_EXAMINATION"
    BACHELOR_WITH_HONOURS = "BACHELOR_WITH_HONOURS"
    BACHELOR_OR_EQUIVALENT = "BACHELOR_OR_EQUIVALENT"
    OUTSTANDING_OR_EXPERIENCED = "OUTSTANDING_OR_EXPERIENCED"
    OUTSTANDING_BACHELOR = "OUTSTANDING_BACHELOR"
    POSTGRADUATE_EXPERIENCE = "POSTGRADUATE_EXPERIENCE"
    INDIVIDUAL_MERIT = "INDIVIDUAL_MERIT"
    DEGREE_IN_TIME = "DEGREE_IN_TIME"
    ENGLISH_BY_QUALIFICATION = "ENGLISH_BY_QUALIFICATION"
    ENGLISH_BY_FIRST_LANGUAGE_AND_MEDIUM = "ENGLISH_BY_FIRST_LANGUAGE_AND_MEDIUM"
    ENGLISH_ROUTE = "ENGLISH_ROUTE"
    ENGLISH_VALIDITY = "ENGLISH_VALIDITY"
    ENGLISH_OVERLAY = "ENGLISH_OVERLAY"
    STUDY_MODE_OFFERED = "STUDY_MODE_OFFERED"
    RESIDENCE_STATUS = "RESIDENCE_STATUS"
    MODE_AND_STATUS = "MODE_AND_STATUS"
    ROUND_OPEN = "ROUND_OPEN"
    ROUND_FOR_LOCALS = "ROUND_FOR_LOCALS"
    EARLIER_WITHDRAWAL = "EARLIER_WITHDRAWAL"
    READMISSION_BAR = "READMISSION_BAR"
    ALL_LAYERS = "ALL_LAYERS"
    # of requests that never affect admission (`advanced_standing.py`, `readmission.py`)
    CREDITS_WITHIN_CAP = "CREDITS_WITHIN_CAP"
    COURSE_COUNTS = "COURSE_COUNTS"
    BOARD_DECIDES = "BOARD_DECIDES"
    REQUESTED_IN_TIME = "REQUESTED_IN_TIME"
    CREDITS_REUSED = "CREDITS_REUSED"


ADVANCED_STANDING_CHECKS = frozenset(
    {Check.CREDITS_WITHIN_CAP, Check.COURSE_COUNTS, Check.BOARD_DECIDES, Check.REQUESTED_IN_TIME}
)
CREDIT_CHECKS = ADVANCED_STANDING_CHECKS | {Check.CREDITS_REUSED}


class Layer(StrEnum):
    """Who asks; UST-01 reports the first four apart. INTAKE: round, study mode and status."""

    UNIVERSITY = "UNIVERSITY"
    SCHOOL = "SCHOOL"
    PROGRAMME = "PROGRAMME"
    ENGLISH = "ENGLISH"
    INTAKE = "INTAKE"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a policy.

    clause   what the source calls it ("Entrance requirement 5"); quote: its own words, short
    grade    H the source text says so, M departmental or older, L third party (DOMAIN)
    title    the rule in a few plain words, English, for the finding's heading
    note     what a reader must know about the source ("figures reported by university units"), or ""
    kinds    for ENGLISH_ROUTE: the tests of this route
    part_of  code of the rule this one is a limb or route of
    """

    code: str
    check: Check
    clause: str
    title: str
    quote: str = ""
    grade: str = "H"
    layer: Layer = Layer.UNIVERSITY
    note: str = ""
    kinds: tuple[EnglishTestKind, ...] = ()
    part_of: str = ""

    def finds(
        self,
        outcome: Outcome,
        reason: str,
        *,
        reading: str = "",
        supplied: Mapping[str, Any] = NOTHING,
        needed: Mapping[str, Any] = NOTHING,
        params: Mapping[str, Any] = NOTHING,
        document: str = "",
    ) -> Finding:
        """A finding of this rule, with its clause and grade."""
        # what `Finding(...)` does in the end, at half its price: fifteen are made for each person
        return tuple.__new__(
            Finding,
            (
                self.code,
                outcome,
                reason,
                self.clause,
                self.grade,
                reading,
                supplied,
                needed,
                params,
                document,
                self.part_of,
            ),
        )


def within(name: str, number: int | None, least: int, most: int) -> None:
    """Refuse a number of the policy that cannot be. Raises FactsError with path `$.<name>`; None is no
    number."""
    if number is not None and not least <= number <= most:
        raise FactsError(f"$.{name}", "off_scale", number, f"a number from {least} to {most}")


class Treatment(StrEnum):
    """What a policy does with something its text does not name."""

    ACCEPT = "ACCEPT"
    REFER = "REFER"
    REFUSE = "REFUSE"


@dataclass(frozen=True, slots=True)
class EnglishRequirements:
    """English figures of a policy; `valid_years` counts from the test date.

    overlay                         what a School or department asks beyond them (UST-10)
    home_edition, indicator         tests taken at home, named by no source text
    unlisted                        any other test, where the list itself may be incomplete
    english_medium_masters          a master's from an English-medium institution over a bachelor's that is
                                    not
    """

    minima: tuple[EnglishMinimum, ...]
    overlay: tuple[EnglishMinimum, ...] = ()
    valid_years: int = 2
    home_edition: Treatment = Treatment.REFER
    indicator: Treatment = Treatment.REFUSE
    unlisted: Treatment = Treatment.REFUSE
    english_medium_masters: Treatment = Treatment.REFER

    def __post_init__(self) -> None:
        within("valid_years", self.valid_years, 1, 50)


@dataclass(frozen=True, slots=True)
class DegreeRequirements:
    """What is asked of degrees.

    honours               classes that count as "with honours" (AMB-23)
    outstanding           classes that only indicate an outstanding record (AMB-20)
    award_by_month/_day   last day of the admission year for an expected award (AMB-22), None = none is stated
    by_qualification      the rules look at the qualification relied on (HKU), not at the bachelor's (HKUST)
    """

    honours: tuple[Honours, ...] = (
        Honours.FIRST,
        Honours.SECOND_UPPER,
        Honours.SECOND_LOWER,
        Honours.SECOND,
        Honours.THIRD,
        Honours.HONOURS_UNCLASSIFIED,
    )
    outstanding: tuple[Honours, ...] = ()
    award_by_month: int | None = None
    award_by_day: int | None = None
    by_qualification: bool = False

    def __post_init__(self) -> None:
        if (self.award_by_month is None) != (self.award_by_day is None):
            raise FactsError("$.award_by_day", "missing_field", self.award_by_day, "month and day together")
        if self.award_by_month is not None:
            try:
                date(
                    2001, self.award_by_month, self.award_by_day or 0
                )  # any common year: 29 February is refused
            except ValueError:
                raise FactsError(
                    "$.award_by_day", "impossible_date", self.award_by_day, "a day of that month"
                ) from None


@dataclass(frozen=True, slots=True)
class ExperienceRequirements:
    """Months of satisfactory postgraduate work that stand in for an outstanding bachelor's (UST-03 b)."""

    full_time_months: int = 12
    part_time_months: int = 24

    def __post_init__(self) -> None:
        within("full_time_months", self.full_time_months, 1, 600)
        within("part_time_months", self.part_time_months, 1, 600)


@dataclass(frozen=True, slots=True)
class ResidenceRequirements:
    """Who is non-local, as the institution itself defines it (AMB-04), and what follows for the study mode.

    unclear                     classes that no definition settles: an officer decides
    local_part_time_only        local when studying part-time, for an officer when full-time
    part_time_non_local         what happens to a non-local's part-time application
    part_time_refer_origins     origins of non-locals whose part-time study an officer decides
    """

    non_local: tuple[ResidenceStatus, ...] = (ResidenceStatus.STUDENT_VISA, ResidenceStatus.VISITOR)
    unclear: tuple[ResidenceStatus, ...] = (ResidenceStatus.OTHER,)
    local_part_time_only: tuple[ResidenceStatus, ...] = ()
    part_time_non_local: Treatment = Treatment.ACCEPT
    part_time_refer_origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class CreditRequirements:
    """Credits for courses passed before: advanced standing (HKU-AS1 to AS4), reuse on re-admission (UST-29).

    years          how long before admission a course may have been completed
    most_credits   what may be granted at most, in credits of the programme; None = no limit is stated
    Raises FactsError for figures that cannot be.
    """

    rules: tuple[Rule, ...]
    years: int = 5
    most_credits: int | None = None

    def __post_init__(self) -> None:
        within("years", self.years, 1, 50)
        within("most_credits", self.most_credits, 1, 300)


@dataclass(frozen=True)  # no slots: what follows from a policy alone is kept with it (`of_policy`)
class Requirements:
    """A whole policy as the engine reads it.

    `readings` holds the choices that differ from the proposed ones; `reading()` answers for all.
    `advanced_standing` and `credit_reuse` are asked apart and never affect admission.
    Raises FactsError for an unknown reading or choice, and for two rules with one code.
    """

    policy: str
    title: str
    levels: tuple[ProgrammeLevel, ...]
    rules: tuple[Rule, ...]
    english: EnglishRequirements
    degree: DegreeRequirements = field(default_factory=DegreeRequirements)
    experience: ExperienceRequirements = field(default_factory=ExperienceRequirements)
    residence: ResidenceRequirements = field(default_factory=ResidenceRequirements)
    modes: tuple[StudyMode, ...] = ()
    readings: Mapping[str, str] = field(default_factory=dict)
    advanced_standing: CreditRequirements | None = None
    credit_reuse: CreditRequirements | None = None

    def __post_init__(self) -> None:
        for name, choice in self.readings.items():
            if name not in READINGS:
                raise FactsError(f"$.readings.{name}", "unknown_field", name, "one of " + ", ".join(READINGS))
            if choice not in READINGS[name]:
                raise FactsError(
                    f"$.readings.{name}", "unknown_value", choice, "one of " + ", ".join(READINGS[name])
                )
        codes = [rule.code for rule in self.every_rule]
        wholes = [rule.code for rule in self.every_rule if not rule.part_of]
        for path, rules, expected in (
            ("$.rules", self.rules, frozenset(Check) - CREDIT_CHECKS),
            ("$.advanced_standing.rules", _rules(self.advanced_standing), ADVANCED_STANDING_CHECKS),
            ("$.credit_reuse.rules", _rules(self.credit_reuse), CREDIT_CHECKS - ADVANCED_STANDING_CHECKS),
        ):
            for number, rule in enumerate(rules):
                here = f"{path}[{number}]"
                if codes.count(rule.code) > 1:
                    raise FactsError(f"{here}.code", "recorded_twice", rule.code, "each code once")
                if rule.check not in expected:
                    raise FactsError(
                        f"{here}.check",
                        "unknown_value",
                        rule.check.value,
                        "one of " + ", ".join(sorted(expected)),
                    )
                if rule.part_of and rule.part_of not in wholes:  # a limb of a limb would count for nothing
                    raise FactsError(
                        f"{here}.part_of", "unknown_value", rule.part_of, "the code of a whole rule"
                    )

    def reading(self, name: str) -> str:
        """The choice made for a reading (`AMB-05` → `at_submission`)."""
        return self.choices[name]

    @cached_property
    def choices(self) -> Mapping[str, str]:
        """The choice for every reading, by its name."""
        return {name: self.readings.get(name) or choices[0] for name, choices in READINGS.items()}

    @cached_property
    def kept(self) -> dict[Any, Any]:
        """What `of_policy` has worked out so far."""
        return {}

    @property
    def every_rule(self) -> tuple[Rule, ...]:
        """The rules about admission, then those about credits."""
        return (*self.rules, *_rules(self.advanced_standing), *_rules(self.credit_reuse))

    def rule(self, code: str) -> Rule:
        """The rule with this code, of admission or of credits. Raises KeyError where there is none."""
        for rule in self.every_rule:
            if rule.code == code:
                return rule
        raise KeyError(code)


def of_policy(work: Callable[[Requirements], T]) -> Callable[[Requirements], T]:
    """What follows from the policy alone is worked out once for a policy, not once for a person."""

    @wraps(work)
    def once(requirements: Requirements) -> T:
        kept = requirements.kept
        if work not in kept:
            kept[work] = work(requirements)
        return kept[work]

    return once


def _rules(block: CreditRequirements | None) -> tuple[Rule, ...]:
    return block.rules if block is not None else ()
