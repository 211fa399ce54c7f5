"""A case as the engine's facts: the one place that knows both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from applications.applicants.choices import ResidenceStatus as DeclaredStatus
from applications.assessments.models import OfficerFinding as RecordedFinding
from applications.lifecycle.models import Application
from applications.lifecycle.queries import person_of
from eligibility.engine import (
    AwardStatus,
    Degree,
    DegreeLevel,
    EnglishTest,
    EnglishTestKind,
    Facts,
    Honours,
    Language,
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
from programmes.models import CloseReading

# The office records these for the examination's clause; the engine wants the examination's own words.
EXAMINATION_CODE = "HKU-E4"
_EXAMINATION = {
    Outcome.NOT_APPLICABLE: QualifyingExamination.NOT_REQUIRED,
    Outcome.NEEDS_EVIDENCE: QualifyingExamination.REQUIRED,
    Outcome.MET: QualifyingExamination.PASSED,
    Outcome.NOT_MET: QualifyingExamination.FAILED,
}


def facts_of(application: Application, *, received_at: datetime | None = None) -> Facts:
    """Everything the rules may know about the case, and nothing else: no name, no address.

    A draft is read from the live profile, a submitted case from the profile as frozen. `received_at` is the
    instant of the submission being decided now; afterwards the case's own counts (AMB-03, AMB-04b).
    """
    profile = person_of(application)
    offering = application.offering
    programme = offering.programme
    recorded = latest_findings(application.officer_findings.all())
    examination = recorded.pop(EXAMINATION_CODE, None)
    return Facts(
        programme_level=ProgrammeLevel(programme.level),
        mode=StudyMode(offering.mode),
        degrees=tuple(
            _degree(row, university=programme.institution.code) for row in profile["qualifications"]
        ),
        first_language_is_english=profile["first_language_is_english"],
        english_tests=tuple(_english_test(row) for row in profile["english_tests"]),
        postgraduate_study=tuple(_study(row) for row in profile["postgraduate_studies"]),
        residence=_residence(profile),
        rounds=tuple(
            Round(
                row.label,
                row.closes_at,
                # an opening that only a reading gave is the policy's to read (AMB-02)
                None if row.opens_reading else row.opens_at,
                row.is_local_only,
                strict_minute=row.close_reading == CloseReading.STRICT,
            )
            for row in sorted(offering.rounds.all(), key=lambda row: row.number)
        ),
        received_at=received_at or application.submitted_at,
        programme_starts_on=offering.intake.expected_start_on,
        qualifying_examination=_EXAMINATION[Outcome(examination.outcome)] if examination else None,
        officer_findings=tuple(
            OfficerFinding(code, Outcome(row.outcome), reference=f"officer-finding/{row.pk}")
            for code, row in sorted(recorded.items())
        ),
        chosen_subject=programme.discipline,
    )


def latest_findings(recorded: Iterable[RecordedFinding]) -> dict[str, RecordedFinding]:
    """The officer's finding that counts for each code: the latest."""
    return {row.code: row for row in sorted(recorded, key=lambda row: (row.found_at, row.pk))}


def _degree(row: Mapping[str, Any], *, university: str) -> Degree:
    return Degree(
        level=DegreeLevel(row["level"]),
        title=row["title"],
        institution=row["institution"],
        country=row["country"],
        institution_in_hong_kong=row["country"] == "HK" if row["country"] else None,
        of_this_university=bool(row["university"]) and row["university"] == university,
        honours=Honours(row["honours"]) if row["honours"] else None,
        teaching_language=_language(row["teaching_language"]),
        examination_language=_language(row["examination_language"]),
        institution_medium=_language(row["institution_medium"]),
        status=AwardStatus(row["status"]),
        completed_on=iso_day(row["completed_on"]),
        relied_on=row["relied_on"],
    )


def _english_test(row: Mapping[str, Any]) -> EnglishTest:
    scores = ("listening", "reading", "writing", "speaking", "overall", "comparable_total")
    return EnglishTest(
        kind=EnglishTestKind(row["kind"]),
        taken_on=iso_day(row["taken_on"]),
        issued_on=iso_day(row["issued_on"]),
        grade=row["grade"],
        one_skill_retake=row["one_skill_retake"],
        home_edition=row["home_edition"],
        booked=row["booked"],
        **{name: None if row[name] is None else Decimal(row[name]) for name in scores},
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


def _residence(profile: Mapping[str, Any]) -> Residence | None:
    """ "I am not sure" is a status nobody has said yet: the engine is told nothing."""
    status = profile["residence_status"]
    if not status or status == DeclaredStatus.NOT_SURE:
        return None
    return Residence(ResidenceStatus(status), Origin(profile["origin"]) if profile["origin"] else None)


def _language(value: str) -> Language | None:
    return Language(value) if value else None


def iso_day(value: str | None) -> date | None:
    """A day as the profile keeps it, ISO 8601 or nothing."""
    return date.fromisoformat(value) if value else None
