"""What the engine refuses, word by word: the path, what is wrong, what was given and what would be right.

`golden/refusals.jsonl` holds what cannot be read, one line each.
"""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from eligibility.engine import (
    CreditRequest,
    EnglishTestKind,
    Facts,
    FactsError,
    Overlay,
    Requirements,
    Round,
    assess,
    assess_credit_reuse,
    check_score,
    from_json,
    to_json,
)
from tests.eligibility.engine.people import AT, MMEDSC, MPHIL, person, policy

NAIVE = datetime(2026, 3, 31, 23, 59)  # noqa: DTZ001  what is refused

KINDS = {kind.__name__: kind for kind in (Facts, CreditRequest, Requirements, Overlay)}
STORED = Path(__file__).parent / "golden" / "refusals.jsonl"
REFUSALS = [json.loads(line) for line in STORED.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", REFUSALS, ids=[case["id"] for case in REFUSALS])
def test_what_cannot_be_read_is_refused_word_by_word(case: dict[str, Any]) -> None:
    with pytest.raises(FactsError) as refused:
        from_json(KINDS[case["kind"]], case["data"])
    assert (refused.value.problem, str(refused.value)) == (case["problem"], case["message"])


def test_the_path_begins_where_the_caller_says() -> None:
    with pytest.raises(FactsError) as refused:
        from_json(Facts, {"programme_level": "PHD", "mode": "NIGHT"}, "$[3]")
    assert refused.value.path == "$[3].mode"


@pytest.mark.parametrize(
    ("ask", "path"),
    [
        pytest.param(
            lambda: person(received_at=NAIVE),
            "$.received_at",
            id="received",
        ),
        pytest.param(
            lambda: person(submit_clicked_at=NAIVE),
            "$.submit_clicked_at",
            id="clicked",
        ),
        pytest.param(
            lambda: Round("Round 1", closes_at=NAIVE),
            "$.closes_at",
            id="a round's end",
        ),
        pytest.param(
            lambda: Round("Round 1", opens_at=NAIVE),
            "$.opens_at",
            id="a round's beginning",
        ),
        pytest.param(
            lambda: CreditRequest(received_at=NAIVE),
            "$.received_at",
            id="a request",
        ),
        pytest.param(
            lambda: assess(person(), policy(MMEDSC), at=NAIVE),
            "$.at",
            id="the moment of asking",
        ),
    ],
)
def test_an_instant_needs_its_offset(ask: Any, path: str) -> None:
    with pytest.raises(FactsError) as refused:
        ask()
    error = refused.value
    assert (error.path, error.problem, error.value, error.expected) == (
        path,
        "impossible_instant",
        "2026-03-31T23:59:00",
        "an instant with its offset",
    )


def test_a_level_the_policy_is_not_for_is_refused() -> None:
    with pytest.raises(FactsError) as refused:
        assess(person(MPHIL), policy(MMEDSC), at=AT)
    assert (refused.value.problem, str(refused.value)) == (
        "unknown_value",
        "$.programme_level: unknown value; 'MPHIL' given, one of TAUGHT_MASTER expected",
    )


def test_a_policy_without_rules_about_credits_answers_no_request() -> None:
    with pytest.raises(FactsError) as refused:
        assess_credit_reuse(CreditRequest(), policy(MMEDSC), at=AT)
    assert (refused.value.problem, str(refused.value)) == (
        "unknown_value",
        "$.policy: unknown value; 'HKU-MMEDSC' given, a policy with rules about credits expected",
    )


def test_a_score_must_be_a_number() -> None:
    with pytest.raises(FactsError) as refused:
        check_score(EnglishTestKind.IELTS_ACADEMIC, "overall", "6.5")
    assert (refused.value.problem, str(refused.value)) == (
        "wrong_type",
        "$.overall: wrong type; '6.5' given, a number expected",
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("6.50"), "6.5"),
        (Decimal("80"), "80"),
        (Decimal("8E+1"), "80"),
        (Decimal("100"), "100"),
        (Decimal("0.0"), "0"),
        (Decimal("1E-7"), "0.0000001"),
        ({EnglishTestKind.OTHER: (1, None, True, [Decimal("1.0")])}, {"OTHER": [1, None, True, ["1"]]}),
        (datetime.fromisoformat("2026-03-24T09:00:00+08:00"), "2026-03-24T09:00:00+08:00"),
    ],
)
def test_values_are_written_as_people_write_them(value: object, written: object) -> None:
    assert to_json(value) == written
    assert type(to_json(value)) is type(written)


def test_what_has_no_json_form_is_named() -> None:
    with pytest.raises(TypeError) as refused:
        to_json(object())
    assert str(refused.value) == "object has no JSON form here"
