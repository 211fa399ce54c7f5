"""What the rules and the officers found on a case, on its page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from applications.assessments.models import Assessment, OfficerFinding
from applications.assessments.queries import left_to_officers, open_to_override, titled
from applications.casework.forms import CaseFindingForm, CaseOverrideForm, CaseStatusForm
from applications.casework.reading import CaseReading
from eligibility.engine import Finding, Outcome, Requirements, Verdict
from eligibility.queries import RulesInForce
from eligibility.wording import Audience, FindingText, explain_all, explain_verdict


def rules_on(reading: CaseReading) -> dict[str, Any]:
    """What the rules say, and the forms of whoever may find otherwise."""
    may_find, may_override = (
        reading.may_still(right) for right in (Right.VERIFY_EVIDENCE, Right.OVERRIDE_FINDING)
    )
    shown: dict[str, Any] = {
        "assessment": reading.assessment,
        "may_override": may_override,
        "finding_form": None,
        "override_form": None,
        "status_form": CaseStatusForm() if may_find else None,
    }
    if reading.assessment is None or reading.rules is None:
        return shown
    findings, recorded = reading.findings, reading.officer_findings
    requirements = reading.rules.requirements()
    shown |= told_rules(reading.assessment, findings, reading.rules, recorded)
    if may_find:
        left = titled(requirements, left_to_officers(findings, recorded))
        shown["finding_form"] = CaseFindingForm(codes=named(left))
    if may_override:
        shown["override_form"] = CaseOverrideForm(
            codes=named(titled(requirements, open_to_override(findings)))
        )
    return shown


def told_rules(
    assessment: Assessment,
    findings: Sequence[Finding],
    rules: RulesInForce,
    recorded: Sequence[OfficerFinding],
) -> dict[str, Any]:
    """Verdict and findings as an officer reads them, and the versions they were found under."""
    return {
        "versions": rules.versions,
        "verdict": explain_verdict(Verdict(assessment.verdict), findings, audience=Audience.STAFF),
        "findings": findings_shown(findings, rules.requirements(), recorded),
    }


def named(clauses: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(code, _("%(code)s: %(title)s") % {"code": code, "title": title}) for code, title in clauses]


@dataclass(frozen=True, slots=True)
class FindingShown:
    """A finding in words, the rule's own outcome where an officer's counts in its place, and that officer's
    row."""

    text: FindingText
    own: Outcome | None = None
    officer: OfficerFinding | None = None


def findings_shown(
    findings: Iterable[Finding], requirements: Requirements, recorded: Iterable[OfficerFinding]
) -> list[FindingShown]:
    """Worst first, each with what an officer made of it. `recorded`: every officer's finding on the case."""
    findings = list(findings)
    params = {finding.code: finding.params for finding in findings}
    by_reference = {f"officer-finding/{row.pk}": row for row in recorded}
    return [
        FindingShown(
            text,
            Outcome(own) if (own := params[text.code].get("own_outcome")) else None,
            by_reference.get(params[text.code].get("reference", "")),
        )
        for text in explain_all(findings, requirements, audience=Audience.STAFF)
    ]
