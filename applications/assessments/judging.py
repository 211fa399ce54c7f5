"""Facts and rules put together: the same way for one case and for a hundred thousand."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from applications.applicants.queries import canonical_json
from applications.assessments.models import Assessment
from eligibility import engine
from eligibility.queries import RulesInForce, rules_of


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules are asked of one case, before they are asked.

    `inputs` is its fingerprint over engine, versions and facts: where it is that of the last assessment,
    asking again would say the same again.
    """

    facts: engine.Facts
    rules: RulesInForce
    facts_json: dict[str, Any]
    facts_text: str
    inputs: str

    @property
    def versions(self) -> tuple[int, ...]:
        """Primary keys of the versions that judge, the University's first."""
        return self.rules.ids

    def result(self, *, at: datetime) -> engine.Assessment:
        """What the rules say at `at`."""
        return engine.assess(self.facts, self.rules.requirements(), at=at)


def judge(facts: engine.Facts, rules: RulesInForce) -> Judgement:
    """The question with its fingerprint."""
    facts_json = engine.to_json(facts)
    text = compact(facts_json)
    asked = f"{engine.ENGINE_VERSION} {rules.ids} {text}"
    return Judgement(facts, rules, facts_json, text, hashlib.sha256(asked.encode()).hexdigest())


def compact(value: Any) -> str:
    """JSON without a space; the engine gives its keys in one order, so equal records are equal texts."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def says_the_same(assessment: Assessment, requirements: engine.Requirements) -> bool:
    """Whether the stored question, asked again, gets the stored answer, to the byte: the same facts, rules
    and moment. Only of the engine that made it is that promised."""
    facts = engine.from_json(engine.Facts, assessment.facts)
    again = engine.assess(facts, requirements, at=assessment.at)
    said = canonical_json(engine.to_json(again.findings))
    return again.verdict == assessment.verdict and said == canonical_json(assessment.findings)


@dataclass(slots=True)
class Rerun:
    """What asking every stored question again gave; `differing` are primary keys of assessments."""

    same: int = 0
    of_another_engine: int = 0
    differing: list[int] = field(default_factory=list)


def rerun_all() -> Rerun:
    """Ask every stored question again. Reads alone, a thousand assessments at a time."""
    found = Rerun()
    rules: dict[tuple[int, ...], engine.Requirements] = {}
    for assessment in Assessment.objects.order_by("pk").iterator(chunk_size=1000):
        if assessment.engine != engine.ENGINE_VERSION:
            found.of_another_engine += 1
            continue
        if assessment.versions not in rules:
            rules[assessment.versions] = rules_of(assessment.versions).requirements()
        if says_the_same(assessment, rules[assessment.versions]):
            found.same += 1
        else:
            found.differing.append(assessment.pk)
    return found
