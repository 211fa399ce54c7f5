"""Reading what the rules and the officers said."""

from __future__ import annotations

from django.utils.translation import gettext

from applications.assessments.models import Assessment
from applications.lifecycle.models import Application
from eligibility.engine import Finding, Outcome, from_json

# What an officer may record for a clause.
RESULTS = (Outcome.MET, Outcome.NOT_MET, Outcome.NEEDS_EVIDENCE, Outcome.NOT_APPLICABLE)


def latest_assessment(application: Application) -> Assessment | None:
    """The last run of the rules over the case."""
    return application.assessments.select_related("policy_version").order_by("-at", "-id").first()


def findings_of(assessment: Assessment) -> tuple[Finding, ...]:
    """The stored findings as the engine gave them, for `eligibility.wording`."""
    return from_json(tuple[Finding, ...], assessment.findings)


def clauses_for_officers(application: Application) -> list[tuple[str, str]]:
    """Code and title of each clause an officer may record a result for: left pending, referred, or recorded
    before."""
    assessment = latest_assessment(application)
    if assessment is None:
        return []
    recorded = set(application.officer_findings.values_list("code", flat=True))
    rules = assessment.policy_version.requirements()
    return [
        (finding.code, gettext(rules.rule(finding.code).title))
        for finding in findings_of(assessment)
        if finding.is_for_officer or finding.code in recorded
    ]
