"""Facts and rules put together: the same way for one case and for a hundred thousand."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eligibility import engine
from eligibility.queries import RulesInForce


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
