"""Details that a table of cases would pass over: what is quoted, which reading is named, where limits lie."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from eligibility.engine import (
    AwardStatus,
    Check,
    Course,
    CreditRequest,
    Facts,
    Finding,
    Honours,
    Outcome,
    Requirements,
    assess,
    assess_advanced_standing,
)
from tests.eligibility.engine.people import (
    AT,
    MMEDSC,
    MPHIL,
    PHD,
    ask,
    degree,
    elsewhere,
    ielts,
    person,
    policy,
)

START = date(2026, 9, 1)


def exactly(finding: Finding) -> tuple[Any, ...]:
    return finding.outcome, finding.reason, finding.reading, finding.document


@pytest.mark.parametrize(
    ("honours", "expected"),
    [
        pytest.param(
            Honours.THIRD,
            (Outcome.MET, "honours_of_this_university", "AMB-23", "degree_certificate"),
            id="AMB-23 a Third names the reading",
        ),
        pytest.param(
            Honours.FIRST,
            (Outcome.MET, "honours_of_this_university", "", "degree_certificate"),
            id="HKU-E3 a First needs none",
        ),
        pytest.param(
            Honours.NONE_PRINTED,
            (Outcome.REFER, "no_honours_printed", "", "transcript"),
            id="HKU-E3 nothing printed is settled by the transcript",
        ),
    ],
)
def test_hku_e3_names_reading_and_document(honours: Honours, expected: tuple[Any, ...]) -> None:
    found = ask(degrees=(degree(of_this_university=True, honours=honours),))
    assert exactly(found.finding("HKU-E3")) == expected


PEOPLE = [
    pytest.param(MMEDSC, {}, id="HKU, in Hong Kong"),
    pytest.param(MMEDSC, {"degrees": (elsewhere(),), "english_tests": (ielts(),)}, id="HKU, with a test"),
    pytest.param(
        MMEDSC,
        {"degrees": (degree(status=AwardStatus.EXPECTED, completed_on=date(2026, 6, 30)),)},
        id="HKU, in the final year",
    ),
    pytest.param(MPHIL, {"degrees": (elsewhere(),), "english_tests": (ielts(),)}, id="HKUST MPhil"),
    pytest.param(PHD, {"degrees": (elsewhere(of_this_university=True),)}, id="HKUST PhD"),
]


def alone(requirements: Requirements, code: str) -> Requirements:
    """The policy with this rule and those it belongs with."""
    whole = requirements.rule(code).part_of or code
    kept = tuple(rule for rule in requirements.rules if whole in (rule.code, rule.part_of))
    return replace(requirements, rules=kept)


@pytest.mark.parametrize(("code", "changes"), PEOPLE)
def test_a_rule_says_alone_what_it_says_among_the_others(code: str, changes: dict[str, Any]) -> None:
    facts, requirements = person(code, **changes), policy(code)
    for finding in assess(facts, requirements, at=AT).findings:
        if requirements.rule(finding.code).check is not Check.ALL_LAYERS:
            apart = assess(facts, alone(requirements, finding.code), at=AT)
            assert apart.finding(finding.code) == finding


def test_amb_14_a_course_completed_on_the_day_of_reference_counts() -> None:
    first, last = date(2021, 9, 1), START
    for day, reason in (
        (first - timedelta(days=1), "course_too_old"),
        (first, "course_to_be_judged"),
        (last, "course_to_be_judged"),
        (last + timedelta(days=1), "course_after_admission"),
    ):
        assert course_found(completed_on=day).reason == reason


def test_amb_15_a_course_without_its_day_names_the_reading() -> None:
    assert exactly(course_found()) == (
        Outcome.NEEDS_EVIDENCE,
        "course_date_missing",
        "AMB-15",
        "course_transcript",
    )


def test_a_course_is_quoted_with_what_was_given_alone() -> None:
    assert course_found().supplied == {"course": "Optics", "credits": 6}
    assert course_found(completed_in="2025-06").supplied == {
        "course": "Optics",
        "credits": 6,
        "completed_on": "2025-06",
    }


def course_found(**changes: Any) -> Finding:
    course = Course(**{"name": "Optics", "credits": 6, "passed": True} | changes)
    request = CreditRequest((course,), starts_on=START)
    # asked long after, so that no day is still to come
    asked = assess_advanced_standing(request, policy(MMEDSC), at=AT + timedelta(days=400))
    (found,) = (finding for finding in asked.findings if "course" in finding.supplied)
    return found


def test_facts_are_equal_whatever_they_were_asked() -> None:
    """What is kept with a policy is no part of it."""
    asked, fresh = policy(MMEDSC), policy(MMEDSC)
    facts: Facts = person()
    assert assess(facts, asked, at=AT) == assess(facts, asked, at=AT)
    assert asked == fresh
