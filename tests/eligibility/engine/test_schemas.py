"""The JSON Schemas say what the reader reads and the writer writes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from eligibility.engine import (
    SCALES,
    Assessment,
    EnglishTest,
    EnglishTestKind,
    Facts,
    FactsError,
    OfficerFinding,
    Outcome,
    PostgraduateStudy,
    Requirements,
    StudyMode,
    from_json,
    schema_of,
    to_json,
)

from .people import LEVELS, ask, ielts, person, shipped, toefl

KINDS = [Facts, Requirements, Assessment, EnglishTest, OfficerFinding]
LEVEL = {"programme_level": "MPHIL"}


def problems(kind: Any, data: object, **how: bool) -> list[str]:
    """Where the schema of `kind` refuses the data, innermost place first."""
    validator = Draft202012Validator(
        schema_of(kind, **how), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    return sorted(error.json_path for error in validator.iter_errors(data))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("written", [False, True], ids=["read", "written"])
def test_a_schema_is_one_of_its_dialect(kind: type, written: bool) -> None:
    schema = schema_of(kind, written=written)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == kind.__name__


def test_every_shipped_policy_satisfies_the_schema_of_requirements() -> None:
    assert {code: problems(Requirements, to_json(policy)) for code, policy in shipped().items()} == {
        code: [] for code in shipped()
    }


def test_what_is_written_satisfies_the_schema_that_wants_every_field() -> None:
    for code in LEVELS:
        found = ask(code, english_tests=(ielts(), toefl(None, booked=True)))
        assert problems(Assessment, to_json(found), written=True) == []
        facts = person(code, officer_findings=(OfficerFinding("HKU-E1", Outcome.MET),))
        assert problems(Facts, to_json(facts), written=True) == []


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        pytest.param({}, "$", id="the level is missing"),
        pytest.param({"programme_level": "BACHELOR"}, "$.programme_level", id="no such level"),
        pytest.param(LEVEL | {"age": 30}, "$", id="a field that nobody knows"),
        pytest.param(LEVEL | {"degrees": {}}, "$.degrees", id="an object for a list"),
        pytest.param(
            LEVEL | {"degrees": [{"level": "BACHELOR", "completed_on": "2025-02-30"}]},
            "$.degrees[0].completed_on",
            id="30 February",
        ),
        pytest.param(
            LEVEL | {"english_tests": [{"kind": "IELTS_ACADEMIC", "overall": 6.3}]},
            "$.english_tests[0].overall",
            id="IELTS goes in halves",
        ),
        pytest.param(
            LEVEL | {"english_tests": [{"kind": "IELTS_ACADEMIC", "overall": "6.3"}]},
            "$.english_tests[0].overall",
            id="IELTS goes in halves, as text too",
        ),
        pytest.param(
            LEVEL | {"english_tests": [{"kind": "TOEFL_IBT", "overall": 121}]},
            "$.english_tests[0].overall",
            id="TOEFL iBT ends at 120",
        ),
        pytest.param(
            LEVEL | {"english_tests": [{"kind": "TOEFL_PAPER", "speaking": 40}]},
            "$.english_tests[0].speaking",
            id="the paper test has no Speaking",
        ),
        pytest.param(
            LEVEL | {"english_tests": [{"kind": "CAMBRIDGE_CPE", "grade": "A*"}]},
            "$.english_tests[0].grade",
            id="CPE has no A*",
        ),
        pytest.param(
            LEVEL | {"postgraduate_study": [{"mode": "FULL_TIME", "months": 601}]},
            "$.postgraduate_study[0].months",
            id="fifty years at most",
        ),
        pytest.param(LEVEL | {"residence": {"status": "MOON"}}, "$.residence", id="no such Hong Kong status"),
    ],
)
def test_what_the_schema_refuses_the_reader_refuses_at_the_same_place(
    facts: dict[str, Any], path: str
) -> None:
    assert problems(Facts, facts) == [path]
    with pytest.raises(FactsError) as refused:
        from_json(Facts, facts)
    assert refused.value.path.startswith(path)


@pytest.mark.parametrize("kind", EnglishTestKind, ids=lambda kind: kind.value)
def test_every_score_a_scale_has_is_accepted_as_number_and_as_text(kind: EnglishTestKind) -> None:
    scale = SCALES[kind]
    for name, range_ in ((scale.parts[0] if scale.parts else "", scale.part), ("overall", scale.overall)):
        if range_ is None:
            continue
        score = range_.low
        while score <= range_.high:
            for said in (float(score), str(score)):
                assert problems(EnglishTest, {"kind": kind.value, name: said}) == [], (name, said)
            score += range_.step
    for grade in scale.grades:
        assert problems(EnglishTest, {"kind": kind.value, "grade": grade}) == []


def test_a_field_says_what_it_means_in_the_words_of_its_record() -> None:
    said = schema_of(PostgraduateStudy)["properties"]
    assert said["certified_normal_months"] == {
        "type": ["integer", "null"],
        "description": (
            "normal length of the programme, as the institution certifies it; counts once `completed`"
        ),
        "default": None,
        "minimum": 0,
        "maximum": 600,
    }
    assert said["mode"] == {"$ref": "#/$defs/StudyMode"}
    assert schema_of(StudyMode) == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "StudyMode",
        "enum": ["FULL_TIME", "PART_TIME"],
    }


def test_the_readings_of_a_policy_are_listed_with_their_choices() -> None:
    readings = schema_of(Requirements)["properties"]["readings"]
    assert readings["properties"]["AMB-05"] == {"enum": ["at_submission", "at_programme_start"]}
    assert readings["additionalProperties"] is False


def test_a_schema_asks_only_for_what_has_no_default_unless_it_is_of_what_is_written() -> None:
    assert schema_of(Facts)["required"] == ["programme_level"]
    written = schema_of(Facts, written=True)
    assert written["required"] == list(written["properties"])


def test_a_record_may_hold_a_list_of_one_plain_kind() -> None:
    assert schema_of(Requirements)["properties"]["modes"] == {
        "type": "array",
        "items": {"$ref": "#/$defs/StudyMode"},
    }


def test_what_has_no_json_form_has_no_schema() -> None:
    with pytest.raises(TypeError, match="has no JSON form"):
        schema_of(complex)


def test_dates_and_decimals_travel_as_text() -> None:
    properties = schema_of(EnglishTest)["properties"]
    assert properties["taken_on"]["type"] == ["string", "null"]
    assert properties["taken_on"]["format"] == "date"
    assert properties["overall"]["type"] == ["number", "string", "null"]
    assert from_json(EnglishTest, {"kind": "IELTS_ACADEMIC", "taken_on": "2025-06-01", "overall": 6.5}) == (
        EnglishTest(EnglishTestKind.IELTS_ACADEMIC, taken_on=date(2025, 6, 1), overall=Decimal("6.5"))
    )


@pytest.mark.parametrize("text", ["20250601", "2025-W22-7", "2025-6-1", "2025-02-29", " 2025-06-01"])
def test_a_day_is_written_in_one_way(text: str) -> None:
    with pytest.raises(FactsError) as refused:
        from_json(EnglishTest, {"kind": "IELTS_ACADEMIC", "taken_on": text})
    assert (refused.value.path, refused.value.problem) == ("$.taken_on", "impossible_date")
