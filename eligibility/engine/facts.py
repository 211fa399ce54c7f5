"""What is known about one person who applies, and nothing else: no name, no birth date, no clock.

Frozen dataclasses that `records.from_json` reads strictly. `None` always means "not said", never "no".
Scores are checked against their scale when the record is made (`scales.py`), so an IELTS 6.3 cannot exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from .findings import Outcome
from .records import FactsError
from .scales import EnglishTestKind, check_score


class ProgrammeLevel(StrEnum):
    """The degree applied for."""

    TAUGHT_MASTER = "TAUGHT_MASTER"
    MPHIL = "MPHIL"
    PHD = "PHD"


class StudyMode(StrEnum):
    FULL_TIME = "FULL_TIME"
    PART_TIME = "PART_TIME"


class DegreeLevel(StrEnum):
    """Level of a qualification held. MBBS is apart because its award carries no honours (AMB-24)."""

    SUB_DEGREE = "SUB_DEGREE"
    BACHELOR = "BACHELOR"
    MBBS = "MBBS"
    POSTGRADUATE_DIPLOMA = "POSTGRADUATE_DIPLOMA"
    MASTER = "MASTER"
    RESEARCH_MASTER = "RESEARCH_MASTER"
    DOCTORATE = "DOCTORATE"
    OTHER = "OTHER"


class Honours(StrEnum):
    """The class as the certificate prints it, never inferred from a grade average (DOMAIN D1, AMB-23).

    NONE_PRINTED: the award is unclassified. PASS: the certificate says so, a degree without honours.
    """

    FIRST = "FIRST"
    SECOND_UPPER = "SECOND_UPPER"
    SECOND_LOWER = "SECOND_LOWER"
    SECOND = "SECOND"
    THIRD = "THIRD"
    HONOURS_UNCLASSIFIED = "HONOURS_UNCLASSIFIED"
    PASS = "PASS"
    NONE_PRINTED = "NONE_PRINTED"


class Language(StrEnum):
    """Whether teaching, examining or an institution uses English. MIXED: bilingual or partly (AMB-08)."""

    ENGLISH = "ENGLISH"
    OTHER = "OTHER"
    MIXED = "MIXED"


class AwardStatus(StrEnum):
    AWARDED = "AWARDED"
    EXPECTED = "EXPECTED"


class Acceptance(StrEnum):
    """What an entry of the acceptance register says (C15).

    RECOGNISED: the institution is (UST-02, UST-03). EQUIVALENT: the award is of the standard asked for.
    COMPARABLE: the institution is one "accepted for this purpose" (HKU-E3), so its awards count as this
    University's own do.
    """

    RECOGNISED = "RECOGNISED"
    EQUIVALENT = "EQUIVALENT"
    COMPARABLE = "COMPARABLE"


@dataclass(frozen=True, slots=True)
class Degree:
    """One qualification.

    completed_on     awarded: when the result was officially published or awarded (AMB-15);
                     expected: when the institution can certify completion, not the ceremony (C16)
    institution_medium      medium of instruction of the institution as a whole (UST-06)
    acceptance_reference    entry of the acceptance register that accepts it, or "" (C15)
    acceptance              what that entry says; None there = that the award is equivalent
    Raises FactsError for an acceptance without its entry: a rule met by the register cites it.
    """

    level: DegreeLevel
    title: str = ""
    institution: str = ""
    country: str = ""
    institution_in_hong_kong: bool | None = None
    of_this_university: bool = False
    honours: Honours | None = None
    teaching_language: Language | None = None
    examination_language: Language | None = None
    institution_medium: Language | None = None
    status: AwardStatus = AwardStatus.AWARDED
    completed_on: date | None = None
    relied_on: bool = False
    acceptance_reference: str = ""
    acceptance: Acceptance | None = None

    def __post_init__(self) -> None:
        if self.acceptance is not None and not self.acceptance_reference:
            raise FactsError("$.acceptance_reference", "missing_field", "", "the entry of the register")

    @property
    def award_is_accepted(self) -> bool:
        """The register accepts the award itself, not only its institution.

        Of a comparable institution it accepts the first degrees; a diploma or a master's is judged there as
        this University's own would be.
        """
        if self.acceptance is Acceptance.COMPARABLE:
            return self.is_first_degree
        return bool(self.acceptance_reference) and self.acceptance is not Acceptance.RECOGNISED

    @property
    def is_first_degree(self) -> bool:
        """A bachelor's degree, which an MBBS is too."""
        return self.level in (DegreeLevel.BACHELOR, DegreeLevel.MBBS)

    @property
    def is_postgraduate(self) -> bool:
        return self.level in (
            DegreeLevel.POSTGRADUATE_DIPLOMA,
            DegreeLevel.MASTER,
            DegreeLevel.RESEARCH_MASTER,
            DegreeLevel.DOCTORATE,
        )


@dataclass(frozen=True, slots=True)
class EnglishTest:
    """One sitting of one test, or a booking of it.

    taken_on           date of the test; of the booked sitting where `booked`
    overall            the overall or total score as printed; None where the report prints none
    comparable_total   the 0–120 total printed on a TOEFL iBT report that uses the 1–6 scale (AMB-12)
    grade              letter grade, for GCE, IGCSE and CPE
    one_skill_retake   IELTS One Skill Retake, or any score put together from several sittings (AMB-13)
    home_edition       taken at home (TOEFL iBT Home Edition)
    name               which test it is, for kind OTHER; a policy that lists it says on which scale
    Raises FactsError for a score that the test's scale cannot give.
    """

    kind: EnglishTestKind
    taken_on: date | None = None
    issued_on: date | None = None
    listening: Decimal | None = None
    reading: Decimal | None = None
    writing: Decimal | None = None
    speaking: Decimal | None = None
    overall: Decimal | None = None
    comparable_total: Decimal | None = None
    grade: str = ""
    one_skill_retake: bool = False
    home_edition: bool = False
    booked: bool = False
    name: str = ""

    def __post_init__(self) -> None:
        if self.name and self.kind is not EnglishTestKind.OTHER:
            raise FactsError("$.name", "unknown_field", self.name, "nothing here for a known test")
        for part in ("listening", "reading", "writing", "speaking", "overall", "comparable_total", "grade"):
            value = getattr(self, part)
            if value is not None and value != "":
                check_score(self.kind, part, value)


class StudyKind(StrEnum):
    """What the postgraduate work was; paid research assistance is no registered study (AMB-19)."""

    STUDY = "STUDY"
    RESEARCH = "RESEARCH"
    RESEARCH_ASSISTANTSHIP = "RESEARCH_ASSISTANTSHIP"


@dataclass(frozen=True, slots=True)
class PostgraduateStudy:
    """One stretch of work at postgraduate level in one mode (UST-03 b, AMB-19).

    months                   length registered so far, in whole months, as the applicant counts it
    certified_normal_months  normal length of the programme, as the institution certifies it; counts once
                             `completed`
    satisfactory             the transcript shows it passed; None = not said
    """

    mode: StudyMode
    kind: StudyKind = StudyKind.STUDY
    months: int | None = None
    certified_normal_months: int | None = None
    completed: bool = False
    started_on: date | None = None
    ended_on: date | None = None
    satisfactory: bool | None = None
    institution: str = ""

    def __post_init__(self) -> None:
        for name in ("months", "certified_normal_months"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 600:
                raise FactsError(f"$.{name}", "off_scale", value, "a number of months from 0 to 600")
        if self.started_on and self.ended_on and self.ended_on < self.started_on:
            raise FactsError(
                "$.ended_on", "impossible_date", self.ended_on.isoformat(), "a date after started_on"
            )


class ResidenceStatus(StrEnum):
    """Hong Kong status as declared, in the classes universities publish (DOMAIN C2).

    STUDENT_VISA: held, or needed because nothing else is held. VISITOR: may not enrol, so needs a student
    visa. DEPENDANT: age when first issued not said.
    """

    PERMANENT_RESIDENT = "PERMANENT_RESIDENT"
    RIGHT_OF_ABODE_OR_LAND = "RIGHT_OF_ABODE_OR_LAND"
    ONE_WAY_PERMIT = "ONE_WAY_PERMIT"
    UNCONDITIONAL_STAY = "UNCONDITIONAL_STAY"
    EMPLOYMENT_VISA = "EMPLOYMENT_VISA"
    DEPENDANT_UNDER_18 = "DEPENDANT_UNDER_18"
    DEPENDANT_18_OR_OVER = "DEPENDANT_18_OR_OVER"
    DEPENDANT = "DEPENDANT"
    QMAS = "QMAS"
    CAPITAL_INVESTMENT = "CAPITAL_INVESTMENT"
    SECOND_GENERATION = "SECOND_GENERATION"
    IANG = "IANG"
    STUDENT_VISA = "STUDENT_VISA"
    VISITOR = "VISITOR"
    OTHER = "OTHER"


class Origin(StrEnum):
    """Where a person is from, for visa papers and part-time study (DOMAIN C3, AMB-28)."""

    HONG_KONG = "HONG_KONG"
    MAINLAND = "MAINLAND"
    MACAO = "MACAO"
    TAIWAN = "TAIWAN"
    OVERSEAS = "OVERSEAS"


@dataclass(frozen=True, slots=True)
class Residence:
    """Status as declared (AMB-04b); evidence is checked before an offer.

    origin             where the person lives permanently; `chinese_national` tells the classes of UST-19
                       apart (AMB-28)
    unsure             the person has answered that they do not know what they hold (UST-18); `status` then
                       says nothing
    contradicted       a paper shows another status than the one declared, and no officer has settled which
                       counts (AMB-04b)
    """

    status: ResidenceStatus
    origin: Origin | None = None
    chinese_national: bool | None = None
    unsure: bool = False
    contradicted: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """One application round of the intake, for the applied mode.

    closes_at is the published closing minute (23:59 HKT), not the instant after it: what the minute means
    is reading AMB-01, or `strict_minute` where the round has its own. opens_at None: no opening was
    published, so the round takes applications until it closes, or waits for its opening (AMB-02).
    """

    name: str
    closes_at: datetime | None = None
    opens_at: datetime | None = None
    local_only: bool = False
    strict_minute: bool | None = None

    def __post_init__(self) -> None:
        for name in ("closes_at", "opens_at"):
            value = getattr(self, name)
            if value is not None and value.tzinfo is None:
                raise FactsError(
                    f"$.{name}", "impossible_instant", value.isoformat(), "an instant with its offset"
                )


class Leaving(StrEnum):
    """How an earlier study at this university ended before its award (UST-27, UST-28).

    WITHDREW: by the student's own decision. AFTER_LEAVE: the conditions for re-enrolment at the end of an
    academic leave were not met. OTHER_REASONS: required to withdraw, as after a disciplinary case (AMB-25).
    """

    WITHDREW = "WITHDREW"
    ACADEMIC_REASONS = "ACADEMIC_REASONS"
    AFTER_LEAVE = "AFTER_LEAVE"
    OTHER_REASONS = "OTHER_REASONS"


@dataclass(frozen=True, slots=True)
class EarlierStudy:
    """A study at this university that ended without its award; discipline and level make a programme
    (AMB-25). `another_level`: for a degree of none of the levels applied for, such as a bachelor's."""

    discipline: str = ""
    level: ProgrammeLevel | None = None
    leaving: Leaving | None = None
    another_level: bool = False

    def __post_init__(self) -> None:
        if self.another_level and self.level is not None:
            raise FactsError("$.another_level", "unknown_value", True, "one level, or another")


class QualifyingExamination(StrEnum):
    """What the office recorded about HKU-E4's examination."""

    NOT_REQUIRED = "NOT_REQUIRED"
    REQUIRED = "REQUIRED"
    PASSED = "PASSED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class OfficerFinding:
    """What an officer recorded about a rule; `reference` finds the reason in the file.

    It settles what the rule left to judgement. With `overrides` it replaces any result of the rule, which
    takes authority and a reason (C13); the rule's own stays in the finding.
    Only MET, NOT_MET, NOT_APPLICABLE and NEEDS_EVIDENCE are results. Raises FactsError for another.
    """

    code: str
    outcome: Outcome
    reference: str = ""
    overrides: bool = False

    def __post_init__(self) -> None:
        if self.outcome in (Outcome.PENDING_OFFICER, Outcome.REFER):
            raise FactsError(
                "$.outcome",
                "unknown_value",
                self.outcome.value,
                "MET, NOT_MET, NOT_APPLICABLE or NEEDS_EVIDENCE",
            )


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts of one application, as declared or as verified.

    received_at          server instant of the completed submission, None while it is a draft;
                         `submit_clicked_at` is that of the button, where a fee came between (AMB-03)
    residence            status declared at submission; `residence_at_registration` once known (AMB-04b)
    discipline           of the programme applied for, as the catalogue spells it (AMB-25)
    earlier_studies      at this university, ended without an award (UST-27, UST-28)
    programme_starts_on  expected start of the intake
    rounds               of the intake and mode applied for; None where rounds were not part of the question
    """

    programme_level: ProgrammeLevel
    mode: StudyMode | None = None
    degrees: tuple[Degree, ...] = ()
    first_language_is_english: bool | None = None
    english_tests: tuple[EnglishTest, ...] = ()
    postgraduate_study: tuple[PostgraduateStudy, ...] = ()
    residence: Residence | None = None
    rounds: tuple[Round, ...] | None = None
    received_at: datetime | None = None
    programme_starts_on: date | None = None
    qualifying_examination: QualifyingExamination | None = None
    officer_findings: tuple[OfficerFinding, ...] = ()
    chosen_subject: str = ""
    submit_clicked_at: datetime | None = None
    residence_at_registration: Residence | None = None
    discipline: str = ""
    earlier_studies: tuple[EarlierStudy, ...] = ()

    def __post_init__(self) -> None:
        if sum(degree.relied_on for degree in self.degrees) > 1:
            raise FactsError("$.degrees", "several_relied_on", None, "at most one qualification relied on")
        for name in ("received_at", "submit_clicked_at"):
            instant = getattr(self, name)
            if instant is not None and instant.tzinfo is None:
                raise FactsError(
                    f"$.{name}", "impossible_instant", instant.isoformat(), "an instant with its offset"
                )
        codes = [finding.code for finding in self.officer_findings]
        if len(set(codes)) != len(codes):
            raise FactsError("$.officer_findings", "recorded_twice", None, "one result for each code")
