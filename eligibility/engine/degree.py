"""Degree rules: HKU-E3, UST-02, and when a degree still to come must be awarded (AMB-22, AMB-23, AMB-24)."""

from __future__ import annotations

from datetime import date
from typing import Any

from .case import Case, Standing
from .documents import DocumentKind
from .facts import Acceptance, AwardStatus, Degree, DegreeLevel, Honours
from .findings import MET, NEEDS_EVIDENCE, NOT_APPLICABLE, NOT_MET, PENDING_OFFICER, REFER, Finding
from .requirements import Rule

CERTIFICATE = DocumentKind.DEGREE_CERTIFICATE
TRANSCRIPT = DocumentKind.TRANSCRIPT
COMPLETION_LETTER = DocumentKind.COMPLETION_LETTER
A_BACHELORS = {"bachelor": True}
"""What UST-02 and UST-03 (a) ask for, as a value for a finding."""


def describe(degree: Degree | None) -> dict[str, Any]:
    """The qualification as values for a finding."""
    if degree is None:
        return {}
    return {
        "level": degree.level,
        "title": degree.title,
        "institution": degree.institution,
        "honours": degree.honours if degree.honours else "",
        "status": degree.status,
        "completed_on": degree.completed_on.isoformat() if degree.completed_on else "",
    }


def honours_standing(case: Case, degree: Degree) -> Standing:
    """HKU-E3 on one qualification. Only limb (a) is computed; limbs (b) and (c) are the University's to
    judge."""
    if degree.award_is_accepted:
        # a comparable institution's degree is as one of this University's: a Pass degree is without honours,
        # a medical one carries none
        comparable = degree.acceptance is Acceptance.COMPARABLE
        if comparable and degree.honours is Honours.PASS:
            return Standing(REFER, "pass_degree", "AMB-23")
        if comparable and degree.level is DegreeLevel.MBBS and case.reading("AMB-24") == "refer":
            return Standing(REFER, "mbbs", "AMB-24")
        return Standing(MET, "accepted_by_register", document=CERTIFICATE)
    if not degree.of_this_university:
        return Standing(REFER, "another_institution", document=TRANSCRIPT)
    if degree.level is DegreeLevel.MBBS and case.reading("AMB-24") == "refer":
        return Standing(REFER, "mbbs", "AMB-24")
    if not degree.is_first_degree:
        return Standing(REFER, "other_qualification_of_this_university")
    if degree.status is AwardStatus.EXPECTED:
        return Standing(NEEDS_EVIDENCE, _still_to_come(case), "AMB-22", CERTIFICATE)
    if degree.level is DegreeLevel.MBBS:
        return Standing(MET, "mbbs_accepted", "AMB-24", CERTIFICATE)
    if degree.honours is None:
        return Standing(NEEDS_EVIDENCE, "honours_not_stated", document=CERTIFICATE)
    if degree.honours is Honours.PASS:
        return Standing(REFER, "pass_degree", "AMB-23")
    if degree.honours in case.requirements.degree.honours:
        reading = "AMB-23" if degree.honours is Honours.THIRD else ""
        return Standing(MET, "honours_of_this_university", reading, CERTIFICATE)
    return Standing(REFER, "no_honours_printed", document=TRANSCRIPT)


def _beside(case: Case, degree: Degree) -> dict[str, Any]:
    """Another declared qualification and what the rule would make of it (C16)."""
    standing = honours_standing(case, degree)
    return {
        "supplied": case.values(describe, degree),
        "outcome": standing.outcome.value,
        "reason": standing.reason,
        "params": {},
    }


def better(case: Case) -> dict[str, Any]:
    """A declared qualification that would serve better than the one named, as values for a finding (C16)."""
    return {"better": case.values(describe, case.better)} if case.better is not None else {}


def _still_to_come(case: Case) -> str:
    """Why an expected degree is not enough; whether it may be expected at all is a reading (AMB-22)."""
    return "award_expected" if case.reading("AMB-22") == "may_be_expected" else "award_not_held"


def award_standing(case: Case, degree: Degree) -> Standing:
    """Whether a degree is held, or will be in time (AMB-22)."""
    if degree.status is AwardStatus.AWARDED:
        if degree.completed_on is not None and degree.completed_on > case.today:
            return Standing(NEEDS_EVIDENCE, "awarded_in_the_future", document=CERTIFICATE)
        held = degree.completed_on is None or degree.completed_on <= case.on
        if held or case.reading("AMB-22") == "may_be_expected":
            return Standing(MET, "awarded")
    if case.reading("AMB-22") == "must_hold_at_submission":
        return Standing(NOT_MET, "must_hold_already", "AMB-22")
    if degree.completed_on is None:
        return Standing(NEEDS_EVIDENCE, "completion_date_missing", "AMB-22", COMPLETION_LETTER)
    deadline = award_deadline(case)
    if deadline is None or degree.completed_on <= deadline:
        return Standing(NEEDS_EVIDENCE, "expected_in_time", "AMB-22", CERTIFICATE)
    # HKU names a day; HKUST's text names none, so being late there is for the university to weigh
    stated = case.requirements.degree.award_by_month is not None
    return Standing(NOT_MET if stated else REFER, "expected_too_late", "AMB-22")


def award_deadline(case: Case) -> date | None:
    """Last day for an expected award: the policy's day in the year of admission, else the expected start."""
    policy, start = case.requirements.degree, case.facts.programme_starts_on
    if start is None or policy.award_by_month is None or policy.award_by_day is None:
        return start
    return date(start.year, policy.award_by_month, policy.award_by_day)


def bachelor_with_honours(case: Case, rule: Rule) -> Finding:
    """HKU-E3: honours of this University, or a qualification the University judges equivalent."""
    degree = case.qualification
    needed = {"honours": list(case.requirements.degree.honours)}
    if degree is None:
        return rule.finds(NEEDS_EVIDENCE, "no_qualification", needed=needed, document=CERTIFICATE)
    standing = honours_standing(case, degree)
    params: dict[str, Any] = {}
    if len(case.facts.degrees) > 1:
        params["named_by_applicant"] = degree.relied_on
        params["others"] = [
            _beside(case, other) for other in sorted(case.facts.degrees, key=repr) if other is not degree
        ]
    params |= better(case)
    if standing.reason == "accepted_by_register":
        params["reference"] = degree.acceptance_reference
    return rule.finds(
        standing.outcome,
        standing.reason,
        reading=standing.reading or ("AMB-31" if len(case.facts.degrees) > 1 else ""),
        supplied=case.values(describe, degree),
        needed=needed,
        params=params,
        document=standing.document,
    )


def bachelor_or_equivalent(case: Case, rule: Rule) -> Finding:
    """UST-02: a bachelor's degree, or an equivalent that is for the university to approve. No honours
    needed."""
    degree = case.first_degree
    if degree is not None:
        if degree.status is AwardStatus.EXPECTED:
            return rule.finds(
                NEEDS_EVIDENCE,
                _still_to_come(case),
                reading="AMB-22",
                supplied=case.values(describe, degree),
                needed=A_BACHELORS,
                params=better(case),
                document=CERTIFICATE,
            )
        return rule.finds(
            MET,
            "first_degree",
            supplied=case.values(describe, degree),
            needed=A_BACHELORS,
            params=better(case),
            document=CERTIFICATE,
        )
    other = case.qualification
    if other is None:
        return rule.finds(NEEDS_EVIDENCE, "no_qualification", needed=A_BACHELORS, document=CERTIFICATE)
    if other.award_is_accepted:
        return rule.finds(
            MET,
            "accepted_by_register",
            supplied=case.values(describe, other),
            needed=A_BACHELORS,
            params={"reference": other.acceptance_reference},
            document=CERTIFICATE,
        )
    return rule.finds(
        REFER,
        "no_first_degree",
        supplied=case.values(describe, other),
        needed=A_BACHELORS,
        document=TRANSCRIPT,
    )


def institution_recognised(case: Case, rule: Rule) -> Finding:
    """UST-02, UST-03 "from a recognized institution": no list is published, so an officer confirms any but
    our own."""
    degree = case.first_degree or case.qualification
    if degree is not None and degree.of_this_university:
        return rule.finds(MET, "this_university", supplied=case.values(describe, degree))
    if degree is not None and degree.acceptance_reference:
        return rule.finds(
            MET,
            "accepted_by_register",
            supplied=case.values(describe, degree),
            params={"reference": degree.acceptance_reference},
        )
    return rule.finds(PENDING_OFFICER, "officer_confirms", supplied=case.values(describe, degree))


def degree_in_time(case: Case, rule: Rule) -> Finding:
    """A final-year student may apply; the award must follow in time (AMB-22)."""
    # where only the bachelor's is asked for, it is the bachelor's that must be awarded
    degree = (
        case.qualification
        if case.requirements.degree.by_qualification
        else case.first_degree or case.qualification
    )
    if degree is None:
        return rule.finds(NOT_APPLICABLE, "no_qualification")
    standing = award_standing(case, degree)
    if standing.reason == "must_hold_already":
        deadline: date | None = case.on
    else:
        deadline = award_deadline(case) if degree.status is AwardStatus.EXPECTED else None
    return rule.finds(
        standing.outcome,
        standing.reason,
        reading=standing.reading,
        supplied=case.values(describe, degree),
        needed={"by": deadline.isoformat()} if deadline else {},
        document=standing.document,
    )
