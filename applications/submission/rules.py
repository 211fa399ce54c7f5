"""What the rules say, as the applicant reads it: of a draft as it stands now, of a submitted case as kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from applications.assessments.latest import what_rules_say
from applications.lifecycle.models import Application
from applications.submission.effects import Before, Effect, effects_since
from eligibility.engine import Verdict
from eligibility.wording import FindingText, VerdictText, explain_all, explain_verdict

# The shape that says the verdict before its words do.
_SHAPES = {
    Verdict.ELIGIBLE: "met",
    Verdict.NEEDS_EVIDENCE: "evidence",
    Verdict.REFER: "refer",
    Verdict.INELIGIBLE: "notmet",
}


@dataclass(frozen=True, slots=True)
class RulesSoFar:
    """The verdict and every finding in words, worst first; `effects` is what a saving changed."""

    verdict: VerdictText
    findings: list[FindingText]
    effects: list[Effect] = field(default_factory=list)

    @property
    def shape(self) -> str:
        """Name of the icon and of the note's kind."""
        return _SHAPES[self.verdict.verdict]


def rules_so_far(application: Application, *, at: datetime, before: Before | None = None) -> RulesSoFar:
    """A draft is judged now, under the policy of the day; nothing is stored. A case shows its last run.

    `before` is what was found before a section was saved (`effects.found_now`).
    """
    said = what_rules_say(application, at=at)
    return RulesSoFar(
        explain_verdict(said.verdict, said.findings),
        explain_all(said.findings, said.requirements),
        effects_since(before, said) if before else [],
    )
