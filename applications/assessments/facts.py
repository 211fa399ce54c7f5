"""A case as the engine's facts: the one place that knows both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from admissions_portal.clock import day_of
from applications.applicants.choices import EarlierLevel
from applications.applicants.choices import Leaving as HowItEnded
from applications.applicants.choices import ResidenceStatus as DeclaredStatus
from applications.assessments.corrections import corrected, corrections_of
from applications.assessments.models import OfficerFinding as RecordedFinding
from applications.assessments.queries import officer_findings_of, statuses_of
from applications.assessments.register import AcceptanceRegister, acceptance_register
from applications.lifecycle.models import Application
from applications.lifecycle.queries import person_of
from eligibility.engine import (
    Acceptance,
    AwardStatus,
    Degree,
    DegreeLevel,
    EarlierStudy,
    EnglishTest,
    EnglishTestKind,
    Facts,
    Honours,
    Language,
    Leaving,
    OfficerFinding,
    Origin,
    Outcome,
    PostgraduateStudy,
    ProgrammeLevel,
    QualifyingExamination,
    Residence,
    ResidenceStatus,
    Round,
    StudyKind,
    StudyMode,
)
from eligibility.models import AcceptedAward
from programmes.models import CloseReading, Offering, Programme

# The office records these for the examination's clause; the engine wants the examination's own words.
EXAMINATION_CODE = "HKU-E4"
_EXAMINATION = {
    Outcome.NOT_APPLICABLE: QualifyingExamination.NOT_REQUIRED,
    Outcome.NEEDS_EVIDENCE: QualifyingExamination.REQUIRED,
    Outcome.MET: QualifyingExamination.PASSED,
    Outcome.NOT_MET: QualifyingExamination.FAILED,
}


def facts_of(application: Application, *, at: datetime, received_at: datetime | None = None) -> Facts:
    """Everything the rules may know about the case at `at`, and nothing else: no name, no address.

    A draft is read from the live profile, a submitted case from the profile as frozen. `received_at` is the
    instant of the submission being decided now; afterwards the case's own counts (AMB-03, AMB-04b).
    """
    return facts_of_many([application], at=at, received_at=received_at)[0]


def facts_of_many(
    cases: Sequence[Application],
    *,
    at: datetime,
    received_at: datetime | None = None,
    register: AcceptanceRegister | None = None,
    people: Mapping[UUID, Mapping[str, Any]] | None = None,
) -> list[Facts]:
    """The facts of each case, in their order; four questions, however many cases `queries.in_chunks` gave.

    `register` is the acceptance register to go by, that of the database unless told (C15): what it held on
    the Hong Kong day on which the case was received, or for a draft on that of `at`. `people` are the
    answers of those whom the caller has read, by case.
    """
    # about a draft no officer has found anything: it is not the office's to see
    received = [case.pk for case in cases if not case.is_draft]
    recorded, statuses = officer_findings_of(received), statuses_of(received)
    # what the office corrected since stands beside the frozen answers and counts (B14)
    corrections = corrections_of(cases)
    offered: dict[int, _Offered] = {}
    for case in cases:
        if case.offering_id not in offered:
            offered[case.offering_id] = _Offered.of(case.offering)
    if register is None:
        register = acceptance_register(each.programme.institution.code for each in offered.values())
    read = people or {}
    return [
        _facts(
            corrected(read[case.pk] if case.pk in read else person_of(case), corrections.get(case.pk, ())),
            offered[case.offering_id],
            counting(recorded.get(case.pk, ())),
            register,
            # an officer's word counts in the place of what was declared, which stays frozen (C2, UST-18)
            settled_status=statuses.settled.get(case.pk, ""),
            is_contradicted=case.pk in statuses.contradicted,
            received_at=received_at or case.submitted_at,
            at=at,
        )
        for case in cases
    ]


@dataclass(frozen=True, slots=True)
class Counting:
    """The officers' findings that count for one case, by code: the latest of each, and the overrides."""

    found: Mapping[str, RecordedFinding]
    overriding: Mapping[str, RecordedFinding]


def counting(recorded: Iterable[RecordedFinding]) -> Counting:
    """For each code the latest finding, and the latest override that nobody has withdrawn."""
    rows = sorted((row for row in recorded if not row.is_withdrawn), key=lambda row: (row.found_at, row.pk))
    return Counting(
        {row.code: row for row in rows if not row.overrides},
        {row.code: row for row in rows if row.overrides},
    )


@dataclass(frozen=True, slots=True)
class _Offered:
    """What an offering tells the rules of every case for it."""

    programme: Programme
    level: ProgrammeLevel
    mode: StudyMode
    starts_on: date | None
    rounds: tuple[Round, ...]

    @classmethod
    def of(cls, offering: Offering) -> _Offered:
        programme = offering.programme
        return cls(
            programme,
            ProgrammeLevel(programme.level),
            StudyMode(offering.mode),
            offering.intake.expected_start_on,
            tuple(
                Round(
                    row.label,
                    _universal(row.closes_at),
                    # an opening that only a reading gave is the policy's to read (AMB-02)
                    None if row.opens_reading else _universal(row.opens_at),
                    row.is_local_only,
                    strict_minute=row.close_reading == CloseReading.STRICT,
                )
                for row in sorted(offering.rounds.all(), key=lambda row: row.number)
            ),
        )


def _facts(
    profile: Mapping[str, Any],
    offered: _Offered,
    recorded: Counting,
    register: AcceptanceRegister,
    *,
    settled_status: str = "",
    is_contradicted: bool = False,
    received_at: datetime | None,
    at: datetime,
) -> Facts:
    day = day_of(received_at or at)
    examination = recorded.found.get(EXAMINATION_CODE)
    results = {code: row for code, row in recorded.found.items() if code != EXAMINATION_CODE}
    return Facts(
        programme_level=offered.level,
        mode=offered.mode,
        degrees=tuple(
            _degree(row, offered.programme, register.entry_for(row, offered.programme, day))
            for row in profile["qualifications"]
        ),
        first_language_is_english=profile["first_language_is_english"],
        english_tests=tuple(_english_test(row) for row in profile["english_tests"]),
        postgraduate_study=tuple(_study(row) for row in profile["postgraduate_studies"]),
        earlier_studies=tuple(
            _earlier(row)
            for row in profile["earlier_studies"]
            if row["university"] == offered.programme.institution.code and row["leaving"] not in _NOT_LEFT
        ),
        residence=declared_residence(
            settled_status or profile["residence_status"],
            profile["origin"],
            profile["nationality"],
            contradicted=is_contradicted,
        ),
        rounds=offered.rounds,
        received_at=_universal(received_at),
        programme_starts_on=offered.starts_on,
        qualifying_examination=_EXAMINATION[Outcome(examination.outcome)] if examination else None,
        officer_findings=tuple(
            OfficerFinding(
                code,
                Outcome(row.outcome),
                reference=f"officer-finding/{row.pk}",
                overrides=row.overrides,
            )
            for code, row in sorted({**results, **recorded.overriding}.items())
        ),
        chosen_subject=offered.programme.discipline,
        discipline=offered.programme.discipline,
    )


def _universal(at: datetime | None) -> datetime | None:
    """One way to write an instant, so that a moment told now and the same read back later are one fact."""
    return at.astimezone(UTC) if at else None


def _degree(row: Mapping[str, Any], programme: Programme, entry: AcceptedAward | None) -> Degree:
    return Degree(
        level=DegreeLevel(row["level"]),
        title=row["title"],
        institution=row["institution"],
        country=row["country"],
        institution_in_hong_kong=row["country"] == "HK" if row["country"] else None,
        of_this_university=bool(row["university"]) and row["university"] == programme.institution.code,
        honours=Honours(row["honours"]) if row["honours"] else None,
        teaching_language=_language(row["teaching_language"]),
        examination_language=_language(row["examination_language"]),
        institution_medium=_language(row["institution_medium"]),
        status=AwardStatus(row["status"]),
        completed_on=iso_day(row["completed_on"]),
        relied_on=row["relied_on"],
        acceptance_reference=entry.reference if entry else "",
        acceptance=Acceptance(entry.kind) if entry else None,
    )


def _english_test(row: Mapping[str, Any]) -> EnglishTest:
    names = ("listening", "reading", "writing", "speaking", "overall", "comparable_total")
    scores: dict[str, Any] = {name: None if row[name] is None else Decimal(row[name]) for name in names}
    return EnglishTest(
        kind=EnglishTestKind(row["kind"]),
        taken_on=iso_day(row["taken_on"]),
        issued_on=iso_day(row["issued_on"]),
        grade=row["grade"],
        one_skill_retake=row["one_skill_retake"],
        home_edition=row["home_edition"],
        booked=row["booked"],
        name=row["name"],
        **scores,
    )


def _study(row: Mapping[str, Any]) -> PostgraduateStudy:
    return PostgraduateStudy(
        mode=StudyMode(row["mode"]),
        kind=StudyKind(row["kind"]),
        months=row["months"],
        certified_normal_months=row["certified_normal_months"],
        completed=row["completed"],
        started_on=iso_day(row["started_on"]),
        ended_on=iso_day(row["ended_on"]),
        satisfactory=row["satisfactory"],
        institution=row["institution"],
    )


# with the award, or not ended: nothing that UST-27 or UST-28 speaks of
_NOT_LEFT = (HowItEnded.COMPLETED, HowItEnded.CURRENT)


def _earlier(row: Mapping[str, Any]) -> EarlierStudy:
    """A discipline that the catalogue lacks goes by the programme's own name; "not sure" is not said."""
    known = {"OTHER": row["programme"], "NOT_SURE": ""}
    other = row["level"] == EarlierLevel.OTHER
    unsaid = row["leaving"] in ("", HowItEnded.NOT_SURE)
    return EarlierStudy(
        discipline=known.get(row["discipline"], row["discipline"]),
        level=ProgrammeLevel(row["level"]) if row["level"] and not other else None,
        leaving=None if unsaid else Leaving(row["leaving"]),
        another_level=other,
    )


# Who holds one of these is a Chinese resident for an entry permit, wherever they live (AMB-28).
_CHINESE = ("CN", "HK", "MO", "TW")


def declared_residence(
    status: str, origin: str = "", nationality: str = "", *, contradicted: bool = False
) -> Residence | None:
    """A declared status as a fact; None where nothing was said. "I am not sure" is an answer too (UST-18).
    `contradicted`: a paper shows another one, and which counts is open (AMB-04b)."""
    if not status:
        return None
    unsure = status == DeclaredStatus.NOT_SURE
    return Residence(
        ResidenceStatus.OTHER if unsure else ResidenceStatus(status),
        Origin(origin) if origin else None,
        nationality in _CHINESE if nationality else None,
        unsure,
        contradicted,
    )


def _language(value: str) -> Language | None:
    return Language(value) if value else None


def iso_day(value: str | None) -> date | None:
    """A day as the profile keeps it, ISO 8601 or nothing."""
    return date.fromisoformat(value) if value else None
