"""Assessments of the past, run again to the same bytes.

`golden/policies.json` holds policies as they were stored, `golden/cases.jsonl` facts or a request with the
assessment made of them under one of these, changed as the case says. A change of the engine that gives
anybody another finding fails here. Where it is meant, raise `ENGINE_VERSION` and run
`python -m tests.eligibility.engine.test_golden`, which writes the files anew; the differences then stand in
the change that made them.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from eligibility.engine import (
    ENGINE_VERSION,
    Assessment,
    CreditAssessment,
    CreditRequest,
    Facts,
    Overlay,
    Requirements,
    assess,
    assess_advanced_standing,
    assess_credit_reuse,
    from_json,
    schema_of,
    to_json,
)

FOLDER = Path(__file__).parent / "golden"
CASES, SCHEMAS = FOLDER / "cases.jsonl", FOLDER / "schemas.json"
ASKED: dict[str, tuple[Any, Any]] = {
    "admission": (Facts, assess),
    "advanced standing": (CreditRequest, assess_advanced_standing),
    "credit reuse": (CreditRequest, assess_credit_reuse),
}


def stored_cases() -> list[dict[str, Any]]:
    return [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]


@cache
def policies() -> dict[str, Any]:
    stored: dict[str, Any] = json.loads((FOLDER / "policies.json").read_text(encoding="utf-8"))
    return stored


def run(case: dict[str, Any]) -> Any:
    """The assessment of a stored case, as JSON."""
    kind, ask = ASKED[case["asked"]]
    content = policies()[case["policy"]] | case["changes"]
    facts, requirements = from_json(kind, case["facts"]), from_json(Requirements, content)
    return to_json(ask(facts, requirements, at=datetime.fromisoformat(case["at"])))


def canonical(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def test_every_stored_assessment_runs_again_to_the_same_bytes() -> None:
    for number, case in enumerate(stored_cases(), 1):
        assert (number, canonical(run(case))) == (number, canonical(case["assessment"]))


def test_stored_facts_and_policies_are_written_again_to_the_same_bytes() -> None:
    for number, case in enumerate(stored_cases(), 1):
        facts = to_json(from_json(ASKED[case["asked"]][0], case["facts"]))
        assert (number, canonical(facts)) == (number, canonical(case["facts"]))
    for stored in policies().values():
        assert canonical(to_json(from_json(Requirements, stored))) == canonical(stored)


def test_the_stored_assessments_are_those_of_this_engine_and_of_each_kind() -> None:
    cases = stored_cases()
    assert {case["assessment"]["engine"] for case in cases} == {ENGINE_VERSION}
    assert {case["asked"] for case in cases} == set(ASKED)
    assert {case["policy"] for case in cases} == set(policies())


def schemas() -> dict[str, Any]:
    """The published formats: of what is read, and of what is written."""
    read = {kind.__name__: schema_of(kind) for kind in (Facts, CreditRequest, Requirements, Overlay)}
    return read | {kind.__name__: schema_of(kind, written=True) for kind in (Assessment, CreditAssessment)}


def test_the_published_formats_are_those_of_the_records() -> None:
    """A format that others read changes in the open."""
    assert schemas() == json.loads(SCHEMAS.read_text(encoding="utf-8"))


def renew() -> None:
    """Write the files anew from the facts they hold."""
    SCHEMAS.write_text(json.dumps(schemas(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for name, content in policies().items():
        policies()[name] = to_json(from_json(Requirements, content))
    (FOLDER / "policies.json").write_text(canonical(policies()) + "\n", encoding="utf-8")
    lines = []
    for case in stored_cases():
        facts = to_json(from_json(ASKED[case["asked"]][0], case["facts"]))
        lines.append(canonical(case | {"facts": facts, "assessment": run(case)}) + "\n")
    CASES.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    renew()
