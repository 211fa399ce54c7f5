"""Runs every rule of a policy over one person's facts, keeps every finding, decides.

One function a check, in the family's own file; this table is all there is to know which. No rule is skipped: what
does not concern a person is a finding "not applicable".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

from .facts import Facts, OfficerFinding
from .findings import VERDICTS, Assessment, Finding, Outcome, Verdict
from .requirements import Check, Requirements, Rule

HKT = timezone(timedelta(hours=8), "HKT")
"""Hong Kong time: UTC+8 all year, no daylight saving (AMB-30)."""


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """The worst outcome decides: ineligible > refer > needs evidence > eligible (DOMAIN E).

    Limbs and routes (`part_of`) count through their rule; what is pending with an officer lowers nothing.
    """
    return VERDICTS[max((finding.severity for finding in findings if not finding.part_of), default=0)]


def assess(facts: Facts, requirements: Requirements, *, at: datetime) -> Assessment:
    """Every finding of `requirements` on `facts` at the instant `at` (with offset), and the verdict.

    Deterministic: the same three arguments give the same bytes. Dates are those of Hong Kong (AMB-30).
    Raises FactsError only, for an `at` without offset.
    """
    raise NotImplementedError
