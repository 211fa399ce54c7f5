"""Clauses that only an officer can settle (HKU-E1, E2, E4; every School or department clause), and what
they recorded.

Pending never lowers a verdict; a recorded result counts as one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .case import Case
from .documents import DocumentKind
from .facts import OfficerFinding, QualifyingExamination
from .findings import MET, NEEDS_EVIDENCE, NOT_APPLICABLE, NOT_MET, PENDING_OFFICER, REFER, Finding
from .requirements import Rule

_OPEN_TO_OFFICERS = (PENDING_OFFICER, REFER)


def recorded(case: Case, finding: Finding) -> Finding:
    """The finding with what an officer recorded about it for this person."""
    return settled(finding, case.facts.officer_findings)


def settled(finding: Finding, results: Iterable[OfficerFinding]) -> Finding:
    """The finding with the officer's result in it: where the rule left it to judgement, or as an override.

    A rule that reached its own result from the facts is replaced by an override alone, which needs authority
    (C13). The rule's own finding stays in `params`: `own_outcome`, `own_reason`, `own_reading`.
    """
    for result in results:
        if result.code != finding.code or not (result.overrides or finding.outcome in _OPEN_TO_OFFICERS):
            continue
        own: dict[str, Any] = {
            "own_outcome": finding.outcome.value,
            "own_reason": finding.reason,
            "own_reading": finding.reading,
            "reference": result.reference,
        }
        if result.overrides:
            own["overridden"] = True
        evidence = result.outcome is NEEDS_EVIDENCE
        return finding._replace(
            outcome=result.outcome,
            reason="officer_overrode" if result.overrides else "officer_recorded",
            reading="" if result.overrides else finding.reading,
            params={**finding.params, **own},
            document=finding.document or (DocumentKind.ASKED_FOR if evidence else ""),
        )
    return finding


def officer_confirms(case: Case, rule: Rule) -> Finding:
    """HKU-E1, HKU-E2, School and department clauses: nothing in the form can decide them."""
    return rule.finds(PENDING_OFFICER, "officer_confirms")


def subject_of_research(case: Case, rule: Rule) -> Finding:
    """UST-03 "as to their chosen subject of research": the department's to judge."""
    return rule.finds(PENDING_OFFICER, "officer_confirms", supplied={"subject": case.facts.chosen_subject})


_EXAMINATION = {
    None: (PENDING_OFFICER, "examination_undecided"),
    QualifyingExamination.NOT_REQUIRED: (NOT_APPLICABLE, "examination_not_required"),
    QualifyingExamination.REQUIRED: (NEEDS_EVIDENCE, "examination_to_be_passed"),
    QualifyingExamination.PASSED: (MET, "examination_passed"),
    QualifyingExamination.FAILED: (NOT_MET, "examination_failed"),
}


def qualifying_examination(case: Case, rule: Rule) -> Finding:
    """HKU-E4 "if required": only "required and not yet passed" holds a case, only a failure ends it."""
    result = case.facts.qualifying_examination
    outcome, reason = _EXAMINATION[result]
    required = result in (QualifyingExamination.REQUIRED, QualifyingExamination.FAILED)
    return rule.finds(
        outcome,
        reason,
        supplied={"examination": result.value} if result else {},
        needed={"examination": QualifyingExamination.PASSED.value} if required else {},
        document=DocumentKind.EXAMINATION_RESULT if outcome is NEEDS_EVIDENCE else "",
    )
