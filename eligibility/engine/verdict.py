"""Runs every rule of a policy over one person's facts, keeps every finding, decides.

One function a check, in its family's file; `CHECKS` is all there is to know which. No rule is skipped: what
does not concern a person is a finding "not applicable".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from . import degree, english, experience, officers, readmission, residence, rounds
from .case import HKT, Case, check_instant
from .exemption import hku_exemption, hkust_exemption
from .facts import Facts
from .findings import (
    MET,
    NOT_APPLICABLE,
    SEVERITY,
    VERDICTS,
    WORST_LAST,
    Assessment,
    Finding,
    Outcome,
    Verdict,
)
from .qualifications import choose_qualifications
from .records import FactsError
from .requirements import Check, Layer, Requirements, Rule, of_policy

CHECKS: Mapping[Check, Callable[[Case, Rule], Finding]] = {
    Check.OFFICER_CONFIRMS: officers.officer_confirms,
    Check.SUBJECT_OF_RESEARCH: officers.subject_of_research,
    Check.QUALIFYING_EXAMINATION: officers.qualifying_examination,
    Check.BACHELOR_WITH_HONOURS: degree.bachelor_with_honours,
    Check.BACHELOR_OR_EQUIVALENT: degree.bachelor_or_equivalent,
    Check.INSTITUTION_RECOGNISED: degree.institution_recognised,
    Check.DEGREE_IN_TIME: degree.degree_in_time,
    Check.OUTSTANDING_OR_EXPERIENCED: experience.outstanding_or_experienced,
    Check.OUTSTANDING_BACHELOR: experience.outstanding_bachelor,
    Check.POSTGRADUATE_EXPERIENCE: experience.postgraduate_experience,
    Check.INDIVIDUAL_MERIT: experience.individual_merit,
    Check.ENGLISH_BY_QUALIFICATION: english.english_requirement,
    Check.ENGLISH_BY_FIRST_LANGUAGE_AND_MEDIUM: english.english_requirement,
    Check.ENGLISH_ROUTE: english.english_route,
    Check.ENGLISH_VALIDITY: english.english_validity,
    Check.ENGLISH_OVERLAY: english.english_overlay,
    Check.STUDY_MODE_OFFERED: residence.study_mode_offered,
    Check.RESIDENCE_STATUS: residence.residence_status,
    Check.MODE_AND_STATUS: residence.mode_and_status,
    Check.EARLIER_WITHDRAWAL: readmission.earlier_withdrawal,
    Check.READMISSION_BAR: readmission.readmission_bar,
    Check.ROUND_OPEN: rounds.round_open,
    Check.ROUND_FOR_LOCALS: rounds.round_for_locals,
}


class Plan(NamedTuple):
    """A policy as it is run: each rule with its function, those that sum up (UST-01) with their place."""

    checks: tuple[tuple[Callable[[Case, Rule], Finding], Rule], ...]
    summaries: tuple[tuple[int, Rule], ...]
    layers: Mapping[str, Layer]


@of_policy
def _plan(requirements: Requirements) -> Plan:
    rules = requirements.rules
    return Plan(
        tuple((CHECKS[rule.check], rule) for rule in rules if rule.check is not Check.ALL_LAYERS),
        tuple((number, rule) for number, rule in enumerate(rules) if rule.check is Check.ALL_LAYERS),
        {rule.code: rule.layer for rule in rules},
    )


def assess(facts: Facts, requirements: Requirements, *, at: datetime) -> Assessment:
    """Every finding of `requirements` on `facts` at the instant `at` (with offset), and the verdict.

    An application that was received is judged as of `facts.received_at`, whenever it is asked (AMB-03,
    AMB-05). Deterministic: the same three arguments give the same bytes. Dates are those of Hong Kong
    (AMB-30). Raises FactsError only: an `at` without offset, or a level that the policy is not for.
    """
    case, plan = prepare(facts, requirements, at=at), _plan(requirements)
    findings = [check(case, rule) for check, rule in plan.checks]
    if facts.officer_findings:
        findings = [officers.recorded(case, finding) for finding in findings]
    for number, rule in plan.summaries:
        findings.insert(number, _all_layers(plan, rule, findings))
    return Assessment(requirements.policy, at, verdict_of(findings), tuple(findings))


def prepare(facts: Facts, requirements: Requirements, *, at: datetime) -> Case:
    """The case with what several rules need: the best English test, then the qualifications, then the
    exemption."""
    check_instant(at)
    if facts.programme_level not in requirements.levels:
        expected = "one of " + ", ".join(level.value for level in requirements.levels)
        raise FactsError("$.programme_level", "unknown_value", facts.programme_level.value, expected)
    moment = facts.received_at or at
    if facts.submit_clicked_at is not None and requirements.reading("AMB-03") == "submit_click":
        moment = facts.submit_clicked_at
    on = moment.astimezone(HKT).date()
    case = Case(facts, requirements, moment, on, on if at <= moment else at.astimezone(HKT).date())
    case.residence = residence.residence_that_counts(case)
    case.sittings = english.sittings_of(case)
    choose_qualifications(case)
    if requirements.degree.by_qualification:
        case.exemption = hku_exemption(case, case.qualification)
    else:
        case.exemption = hkust_exemption(case)
    case.round = rounds.current_round(case)
    return case


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """The worst outcome decides: ineligible > refer > needs evidence > eligible (DOMAIN E).

    Limbs and routes (`part_of`) count through their rule; what is pending with an officer lowers nothing.
    """
    outcomes = {finding.outcome for finding in findings if not finding.part_of}
    return VERDICTS[max(map(SEVERITY.__getitem__, outcomes), default=0)]


def _all_layers(plan: Plan, rule: Rule, findings: Iterable[Finding]) -> Finding:
    """UST-01: University, programme and English requirements, each reported apart, all needed."""
    worst: dict[str, Outcome] = {}
    for finding in findings:
        layer = plan.layers[finding.code]
        if finding.part_of or layer is Layer.INTAKE:
            continue
        so_far = worst.get(layer.value, MET)
        if WORST_LAST.index(finding.outcome) > WORST_LAST.index(so_far):
            so_far = finding.outcome
        worst[layer.value] = so_far
    outcome = max(worst.values(), key=WORST_LAST.index, default=NOT_APPLICABLE)
    return rule.finds(
        outcome, "layers", params={"layers": {name: worst[name].value for name in sorted(worst)}}
    )
