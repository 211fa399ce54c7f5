"""What the rules say of a case as it stands: of a draft as it is written now, of a submitted case as kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from admissions_portal.clock import day_of
from applications.assessments.facts import facts_of_many
from applications.assessments.queries import findings_of, latest_assessment, requirements_of
from applications.assessments.register import AcceptanceRegister
from applications.lifecycle.models import Application
from eligibility.engine import Finding, Requirements, Verdict, assess
from eligibility.queries import rules_for


@dataclass(frozen=True, slots=True)
class RulesSay:
    """Verdict and findings, and the rules they rest on."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    requirements: Requirements


def what_rules_say(
    application: Application,
    *,
    at: datetime,
    rules: Requirements | None = None,
    register: AcceptanceRegister | None = None,
    person: Mapping[str, Any] | None = None,
) -> RulesSay:
    """A case shows its last run. A draft is judged at `at`, under the rules of that day, and nothing is
    stored. `rules` are those, `register` the university's and `person` the answers, where the caller has
    read them."""
    kept = None if application.is_draft else latest_assessment(application)
    if kept is not None:
        return RulesSay(Verdict(kept.verdict), findings_of(kept), requirements_of(kept))
    on = day_of(application.submitted_at or at)
    if rules is None:
        rules = rules_for(application.offering.programme, on=on).requirements()
    people = None if person is None else {application.pk: person}
    (facts,) = facts_of_many([application], at=at, register=register, people=people)
    result = assess(facts, rules, at=at)
    return RulesSay(result.verdict, result.findings, rules)
