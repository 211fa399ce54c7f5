"""Facts and rules put together: the same way for one case and for a hundred thousand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

import orjson

from applications.applicants.queries import canonical_json
from applications.assessments.models import Assessment
from eligibility import engine
from eligibility.queries import RulesInForce, rules_of


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules are asked of one case, before they are asked.

    `facts_text` is their JSON; `inputs` the fingerprint of engine, versions and facts: where it is that of
    the last assessment, asking again would say the same again.
    """

    facts: engine.Facts
    rules: RulesInForce
    facts_text: str
    inputs: str

    def result(self, *, at: datetime) -> engine.Assessment:
        """What the rules say at `at`."""
        return engine.assess(self.facts, self.rules.requirements(), at=at)


def judge(facts: engine.Facts, rules: RulesInForce) -> Judgement:
    """The question with its fingerprint."""
    text = facts_text(facts)
    asked = f"{engine.ENGINE_VERSION} {rules.ids} {text}"
    return Judgement(facts, rules, text, hashlib.sha256(asked.encode()).hexdigest())


def facts_text(facts: engine.Facts) -> str:
    """The JSON of `engine.to_json(facts)`, written without making that first: the engine's own order of keys,
    so that equal facts are equal texts."""
    return orjson.dumps(facts, default=engine.to_json).decode()


def findings_text(findings: Iterable[engine.Finding]) -> str:
    """The JSON of `engine.to_json(findings)`, likewise: what a finding holds is JSON already."""
    rows = [dict(zip(finding._fields, finding, strict=True)) for finding in findings]
    return orjson.dumps(rows, default=_plain).decode()


def _plain(value: object) -> object:
    """What orjson does not know by itself; mappings, of which a finding has three, without the engine."""
    return dict(value) if type(value) is MappingProxyType else engine.to_json(value)


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
