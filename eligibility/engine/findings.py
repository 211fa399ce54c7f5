"""What the engine says: one `Finding` per rule, one `Assessment` per person, and the words for both.

DOMAIN E: per rule met, not met, not applicable, needs evidence, refer, pending officer; overall, worst first,
ineligible > refer > needs evidence > eligible. No sentence is made here: `eligibility/wording.py` writes it
on demand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

ENGINE_VERSION = "5"
"""Raised whenever the same facts and requirements could give other findings; kept with each assessment."""


class Outcome(StrEnum):
    """What one rule says about one person (DOMAIN E)."""

    MET = "MET"
    NOT_MET = "NOT_MET"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    NEEDS_EVIDENCE = "NEEDS_EVIDENCE"
    REFER = "REFER"
    PENDING_OFFICER = "PENDING_OFFICER"


# By these names where rules are run: before Python 3.12 a member asked of its class costs a call.
MET, NOT_MET, NOT_APPLICABLE, NEEDS_EVIDENCE, REFER, PENDING_OFFICER = Outcome


class Verdict(StrEnum):
    """What all rules together say; ELIGIBLE means the minimum appears met and never that a place is
    promised (UST-04)."""

    ELIGIBLE = "ELIGIBLE"
    NEEDS_EVIDENCE = "NEEDS_EVIDENCE"
    REFER = "REFER"
    INELIGIBLE = "INELIGIBLE"


# How far an outcome lowers the verdict. A clause pending with an officer never lowers it.
SEVERITY: Mapping[Outcome, int] = {
    Outcome.MET: 0,
    Outcome.NOT_APPLICABLE: 0,
    Outcome.PENDING_OFFICER: 0,
    Outcome.NEEDS_EVIDENCE: 1,
    Outcome.REFER: 2,
    Outcome.NOT_MET: 3,
}
# From nothing to say to the worst, a clause still open above one that is settled: what sums up goes by it.
WORST_LAST: tuple[Outcome, ...] = (
    Outcome.NOT_APPLICABLE,
    Outcome.MET,
    Outcome.PENDING_OFFICER,
    Outcome.NEEDS_EVIDENCE,
    Outcome.REFER,
    Outcome.NOT_MET,
)
VERDICTS = (Verdict.ELIGIBLE, Verdict.NEEDS_EVIDENCE, Verdict.REFER, Verdict.INELIGIBLE)


class Finding(NamedTuple):
    """What one rule found. A NamedTuple because a hundred thousand are made when a policy changes.

    code      stable name of the rule (`HKU-E5`, `UST-08`)
    outcome   see Outcome
    reason    stable name of why, the key of the sentence in `wording.py` (`part_below_minimum`)
    clause    where the rule stands, as the source labels it (`Entrance requirement 5`)
    grade     the source's grade: H source text or official page, M departmental or older, L third party
    reading   the AMB reading that decided, or ""
    supplied  what the person gave, as JSON values
    needed    what the rule asks, as JSON values
    params    further values of the sentence (days, notes), as JSON values
    document  the kind of document that would settle it, or ""
    part_of   code of the finding this one is a limb or route of, or ""; a limb alone never lowers the verdict
    """

    code: str
    outcome: Outcome
    reason: str
    clause: str = ""
    grade: str = "H"
    reading: str = ""
    supplied: Mapping[str, Any] = {}
    needed: Mapping[str, Any] = {}
    params: Mapping[str, Any] = {}
    document: str = ""
    part_of: str = ""

    @property
    def severity(self) -> int:
        """0 for what does not lower the verdict, up to 3 for not met."""
        return SEVERITY[self.outcome]

    @property
    def is_summary(self) -> bool:
        """Sums up other findings (UST-01), so it is neither counted beside them nor anybody's to decide."""
        return self.reason == "layers"

    @property
    def is_for_officer(self) -> bool:
        """The rule left it to judgement, so an officer may record a result."""
        return self.outcome in (Outcome.REFER, Outcome.PENDING_OFFICER) and not self.is_summary


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything the engine said at one moment: the verdict and every finding, none skipped.

    `at` is the instant the rules were asked about (UTC or with offset), `policy` the policy's code.
    """

    policy: str
    at: datetime
    verdict: Verdict
    findings: tuple[Finding, ...]
    engine: str = ENGINE_VERSION

    def finding(self, code: str) -> Finding:
        """The finding of rule `code`. Raises KeyError where the policy has no such rule."""
        for finding in self.findings:
            if finding.code == code:
                return finding
        raise KeyError(code)

    @property
    def is_positive(self) -> bool:
        """Nothing stands in the way as declared; every page then carries the no-guarantee sentence
        (UST-04)."""
        return self.verdict == Verdict.ELIGIBLE
