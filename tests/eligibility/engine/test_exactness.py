"""Details that a table of cases would pass over: what is quoted, which reading is named, where limits lie."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from eligibility.engine import (
    HKT,
    AwardStatus,
    Check,
    Course,
    CreditRequest,
    EnglishMinimum,
    EnglishTest,
    EnglishTestKind,
    Facts,
    FactsError,
    Finding,
    Honours,
    Origin,
    Outcome,
    PostgraduateStudy,
    Range,
    Requirements,
    Residence,
    ResidenceStatus,
    StudyMode,
    Treatment,
    Verdict,
    assess,
    assess_advanced_standing,
    from_json,
    stricter,
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


def test_hku_01_a_mode_is_judged_only_where_modes_are_limited() -> None:
    facts, limited = person(mode=StudyMode.PART_TIME), replace(policy(MMEDSC), modes=(StudyMode.FULL_TIME,))
    refused = assess(facts, limited, at=AT).finding("HKU-01")
    assert exactly(refused) == (Outcome.NOT_MET, "mode_not_offered", "", "")
    free = assess(facts, replace(limited, modes=()), at=AT).finding("HKU-01")
    assert exactly(free) == (Outcome.NOT_APPLICABLE, "modes_not_limited", "", "")


@pytest.mark.parametrize(
    ("treatment", "outcome"),
    [(Treatment.REFER, Outcome.REFER), (Treatment.REFUSE, Outcome.NOT_MET), (Treatment.ACCEPT, Outcome.MET)],
)
def test_b3_part_time_study_of_a_non_local_is_treated_as_the_policy_says(
    treatment: Treatment, outcome: Outcome
) -> None:
    asked = policy(MPHIL)
    asked = replace(asked, residence=replace(asked.residence, part_time_non_local=treatment))
    facts = person(
        MPHIL, mode=StudyMode.PART_TIME, residence=Residence(ResidenceStatus.STUDENT_VISA, Origin.OVERSEAS)
    )
    assert assess(facts, asked, at=AT).finding("UST-MODE").outcome is outcome


def test_a_policy_without_rules_asks_nothing() -> None:
    assert assess(person(), replace(policy(MMEDSC), rules=()), at=AT).verdict is Verdict.ELIGIBLE


def test_a_test_booked_for_today_is_still_to_come() -> None:
    booked = ielts(taken_on=AT.date(), booked=True)
    assert ask(degrees=(elsewhere(),), english_tests=(booked,)).finding("HKU-E5").reason == "booked"


def test_amb_12_a_minimum_for_each_part_cannot_be_read_from_the_comparable_total() -> None:
    kind = EnglishTestKind.TOEFL_IBT_1_6
    test = EnglishTest(kind, taken_on=date(2026, 2, 1), comparable_total=Decimal(100))
    for figures in ({"each_part": Decimal(4)}, {"parts": {"writing": Decimal(4)}}):
        row = EnglishMinimum(kind, comparable=Decimal(80), **figures)
        asked = replace(policy(MMEDSC), english=replace(policy(MMEDSC).english, minima=(row,)))
        found = assess(person(degrees=(elsewhere(),), english_tests=(test,)), asked, at=AT).finding("HKU-E5")
        assert exactly(found) == (Outcome.REFER, "no_comparable_parts", "AMB-12", "english_score_report")


def test_a_band_is_a_figure_of_the_whole_and_is_raised_like_the_others() -> None:
    kind = EnglishTestKind.TOEFL_IBT_1_6
    low, high = (EnglishMinimum(kind, band=Decimal(band)) for band in (4, 5))
    assert stricter(low, high).band == stricter(high, low).band == Decimal(5)
    assert EnglishMinimum(EnglishTestKind.TOEFL_IBT, band=Decimal(100)).band == Decimal(100)


def test_the_better_grade_is_the_stricter_one() -> None:
    better, worse = (EnglishMinimum(EnglishTestKind.GCE_IGCSE, grade=grade) for grade in ("A*", "A"))
    assert stricter(worse, better).grade == stricter(better, worse).grade == "A*"


def test_ust_03_limits_of_postgraduate_work() -> None:
    day = date(2025, 1, 31)
    study = PostgraduateStudy(StudyMode.FULL_TIME, months=600, started_on=day, ended_on=day)
    assert (study.months, study.certified_normal_months) == (600, None)


@pytest.mark.parametrize(
    ("started", "ended", "reason"),
    [
        pytest.param(date(2024, 9, 1), date(2025, 8, 31), "postgraduate_work", id="a year to the day"),
        pytest.param(date(2024, 9, 1), date(2025, 8, 30), "too_short", id="a day less"),
        pytest.param(date(2024, 9, 15), date(2025, 9, 14), "postgraduate_work", id="from mid-month"),
        pytest.param(date(2024, 9, 15), date(2025, 9, 10), "too_short", id="short by some days"),
        pytest.param(date(2024, 9, 1), None, "length_not_stated", id="no end"),
    ],
)
def test_amb_19_whole_months(started: date, ended: date | None, reason: str) -> None:
    study = PostgraduateStudy(StudyMode.FULL_TIME, started_on=started, ended_on=ended, satisfactory=True)
    assert ask(PHD, postgraduate_study=(study,)).finding("UST-03b").reason == reason


def test_days_and_instants_may_be_days_and_instants_already() -> None:
    """YAML reads them by itself."""
    data = {"programme_level": "PHD", "received_at": AT, "programme_starts_on": START}
    facts = from_json(Facts, data)
    assert (facts.received_at, facts.programme_starts_on) == (AT, START)
    with pytest.raises(FactsError):
        from_json(Facts, data | {"programme_starts_on": AT})


def test_c2_a_work_visa_is_local_in_part_time_study_in_every_rule() -> None:
    found = ask(
        mode=StudyMode.PART_TIME,
        residence=Residence(ResidenceStatus.EMPLOYMENT_VISA, Origin.OVERSEAS),
        at=datetime(2026, 4, 1, tzinfo=HKT),
    )
    assert [found.finding(code).reason for code in ("HKU-STATUS", "HKU-MODE", "HKU-09")] == [
        "local",
        "local_part_time",
        "local_in_local_round",
    ]


@pytest.mark.parametrize(
    ("low", "high", "step", "score", "on_scale"),
    [
        ("10", "160", "5", "15", True),
        ("10", "160", "5", "17", False),
        ("1", "6", "0.5", "1.5", True),
        ("3", "10", "2", "5", True),
        ("3", "10", "2", "4", False),
        ("0", "1", "1", "1", True),
    ],
)
def test_a_score_lies_on_a_step_counted_from_the_lowest(
    low: str, high: str, step: str, score: str, on_scale: bool
) -> None:
    scale = Range(Decimal(low), Decimal(high), Decimal(step))
    assert scale.has(Decimal(score)) is on_scale


@pytest.mark.parametrize(
    "figures", [{"each_part": Decimal(20)}, {"parts": {"writing": Decimal(27)}}], ids=str
)
def test_amb_12_a_part_minimum_of_the_older_scale_goes_to_an_officer(figures: dict[str, Any]) -> None:
    base = policy(MMEDSC)
    rows = tuple(
        replace(row, **figures) if row.kind is EnglishTestKind.TOEFL_IBT else row
        for row in base.english.minima
    )
    report = EnglishTest(
        EnglishTestKind.TOEFL_IBT_1_6,
        taken_on=date(2026, 2, 1),
        overall=Decimal(5),
        comparable_total=Decimal(100),
    )
    asked = replace(base, english=replace(base.english, minima=rows))
    found = assess(person(degrees=(elsewhere(),), english_tests=(report,)), asked, at=AT).finding("HKU-E5")
    assert exactly(found) == (Outcome.REFER, "no_comparable_parts", "AMB-12", "english_score_report")


@pytest.mark.parametrize("text", ["６.５", "٦", "6_5", "1e1", "+6"])
def test_a_score_is_written_in_plain_figures(text: str) -> None:
    with pytest.raises(FactsError) as refused:
        from_json(Facts, {"programme_level": "PHD", "english_tests": [{"kind": "OTHER", "overall": text}]})
    assert refused.value.problem == "wrong_type"
