"""Who left this university before and comes back: the bar on the same programme, and credits taken then
(UST-27, UST-28, UST-29, AMB-25, AMB-27)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .case import Case, Standing
from .credits import (
    TRANSCRIPT,
    Asked,
    Course,
    CreditAssessment,
    CreditRequest,
    asked,
    course_finding,
    decide,
    describe_course,
)
from .documents import DocumentKind
from .facts import EarlierStudy, Leaving
from .findings import MET, NEEDS_EVIDENCE, NOT_APPLICABLE, NOT_MET, PENDING_OFFICER, REFER, SEVERITY, Finding
from .requirements import Check, Requirements, Rule

RECORD = DocumentKind.EARLIER_STUDY_RECORD


def earlier_withdrawal(case: Case, rule: Rule) -> Finding:
    """UST-27: who withdrew of their own accord may apply for any programme."""
    left = [study for study in case.facts.earlier_studies if study.leaving is Leaving.WITHDREW]
    if not left:
        return rule.finds(NOT_APPLICABLE, "never_withdrew")
    return rule.finds(MET, "withdrew", supplied={"earlier": describe_study(min(left, key=repr))})


def readmission_bar(case: Case, rule: Rule) -> Finding:
    """UST-28: who was required to withdraw may not come back to the same programme; the worst of several
    studies counts."""
    studies = [study for study in case.facts.earlier_studies if study.leaving is not Leaving.WITHDREW]
    if not studies:
        return rule.finds(NOT_APPLICABLE, "never_required_to_withdraw")
    judged = [(bar_standing(case, study), study) for study in studies]
    standing, study = min(judged, key=lambda pair: (-SEVERITY[pair[0].outcome], repr(pair[1])))
    return rule.finds(
        standing.outcome,
        standing.reason,
        reading=standing.reading,
        supplied={"earlier": describe_study(study)},
        needed={
            "another_than": {"discipline": case.facts.discipline, "level": case.facts.programme_level.value}
        },
        document=standing.document,
    )


def bar_standing(case: Case, study: EarlierStudy) -> Standing:
    """One earlier study against the programme applied for: same discipline and same level (AMB-25)."""
    if study.leaving is None:
        return Standing(NEEDS_EVIDENCE, "leaving_not_stated", "AMB-25", RECORD)
    if study.leaving is Leaving.OTHER_REASONS:
        return Standing(REFER, "left_for_other_reasons", "AMB-25", RECORD)
    here, there = _spelt(case.facts.discipline), _spelt(study.discipline)
    if not here or not there:
        return Standing(NEEDS_EVIDENCE, "earlier_programme_not_stated", "AMB-25", RECORD)
    if here != there:
        return Standing(MET, "another_discipline", "AMB-25")
    if case.reading("AMB-25") == "discipline_only" or study.level is case.facts.programme_level:
        return Standing(NOT_MET, "same_programme", "AMB-25")
    if study.level is None and not study.another_level:
        return Standing(NEEDS_EVIDENCE, "earlier_programme_not_stated", "AMB-25", RECORD)
    return Standing(REFER, "same_discipline_other_level", "AMB-25", RECORD)


def describe_study(study: EarlierStudy) -> dict[str, Any]:
    """An earlier study as values for a finding."""
    return {
        "discipline": study.discipline,
        "level": study.level.value if study.level else "",
        "leaving": study.leaving.value if study.leaving else "",
    }


def _spelt(text: str) -> str:
    """Without what typing adds: upper case and spaces."""
    return " ".join(text.split()).casefold()


def assess_credit_reuse(
    request: CreditRequest, requirements: Requirements, *, at: datetime
) -> CreditAssessment:
    """Which grades and credits of an earlier study may be used again after re-admission (UST-29).

    `request.starts_on` is the first day of the term of re-admission (AMB-27), `Course.accepted` the
    department's approval. Never affects admission. Raises FactsError only: an `at` without offset, or a
    policy without rules for it.
    """
    question = asked(
        request,
        requirements,
        requirements.credit_reuse,
        at=at,
        reference=request.starts_on,
        reading="AMB-27",
    )
    return decide(question, each={Check.CREDITS_REUSED: credits_reused}, whole={})


def credits_reused(question: Asked, rule: Rule, course: Course) -> Finding:
    """UST-29 on one course: within five years, never used for a qualification, approved by the department."""
    if course.used_for_qualification:
        reason = "course_used_for_qualification"
        return rule.finds(
            NOT_MET, reason, supplied=describe_course(course, question.requirements), needed={"unused": True}
        )
    finding = course_finding(question, rule, course)
    if finding.outcome in (MET, PENDING_OFFICER) and course.used_for_qualification is None:
        return finding._replace(outcome=NEEDS_EVIDENCE, reason="course_use_not_stated", document=TRANSCRIPT)
    return finding
