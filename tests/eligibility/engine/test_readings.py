"""Every reading both ways: the same person under each choice, and what the rule then says (DOMAIN A5)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from eligibility.engine import (
    READINGS,
    AwardStatus,
    Course,
    CreditRequest,
    DegreeLevel,
    EarlierStudy,
    EnglishTest,
    EnglishTestKind,
    Finding,
    Honours,
    Language,
    Leaving,
    Origin,
    Outcome,
    PostgraduateStudy,
    ProgrammeLevel,
    Residence,
    ResidenceStatus,
    StudyMode,
    assess,
    assess_advanced_standing,
)
from tests.eligibility.engine.people import (
    AT,
    MMEDSC,
    MPHIL,
    PHD,
    ROUND_1,
    ROUND_2,
    degree,
    elsewhere,
    ielts,
    person,
    policy,
)

MET, NOT_MET, REFER, NONE, PENDING = (
    Outcome.MET,
    Outcome.NOT_MET,
    Outcome.REFER,
    Outcome.NOT_APPLICABLE,
    Outcome.PENDING_OFFICER,
)
K, R, L = EnglishTestKind, ResidenceStatus, Language
Judge = Callable[[str], Finding]


def case(
    reading: str, code: str, rule: str, at: datetime = AT, outstanding: tuple[Honours, ...] = (), **facts: Any
) -> Judge:
    """The finding of `rule` on a person under a choice of `reading`."""

    def judge(choice: str) -> Finding:
        requirements = replace(policy(code), readings={reading: choice} if choice else {})
        asked = replace(requirements, degree=replace(requirements.degree, outstanding=outstanding))
        return assess(person(code, **facts), asked, at=at).finding(rule)

    return judge


def english(reading: str, code: str, *tests: EnglishTest, at: datetime = AT) -> Judge:
    rule = "HKU-E5" if code == MMEDSC else "UST-06"
    return case(reading, code, rule, at, degrees=(elsewhere(),), english_tests=tests)


def standing(reading: str, rule: str, *courses: Course, at: datetime = AT, **days: Any) -> Judge:
    def judge(choice: str) -> Finding:
        request = CreditRequest(courses, starts_on=date(2026, 9, 1), **days)
        asked = replace(policy(MMEDSC), readings={reading: choice} if choice else {})
        return assess_advanced_standing(request, asked, at=at).of(rule)[0]

    return judge


def hong_kong(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def passed(**changes: Any) -> Course:
    return Course(**{"name": "Genetics", "credits": 6, "passed": True} | changes)


English_taught = elsewhere(teaching_language=L.ENGLISH, examination_language=L.ENGLISH)
LATE = hong_kong("2026-03-31T23:59:30")
YEAR = PostgraduateStudy(
    StudyMode.FULL_TIME,
    certified_normal_months=12,
    completed=True,
    started_on=date(2024, 9, 1),
    ended_on=date(2025, 5, 31),
    satisfactory=True,
)
TABLE: dict[str, tuple[Judge, dict[str, tuple[Outcome, str]]]] = {
    "AMB-01": (
        case("AMB-01", MMEDSC, "HKU-08", LATE, rounds=(ROUND_1,)),
        {"whole_minute": (MET, "round_open"), "strict_minute": (NOT_MET, "closed")},
    ),
    "AMB-02": (
        case("AMB-02", MMEDSC, "HKU-08", hong_kong("2026-04-10T12:00:00"), rounds=(ROUND_1, ROUND_2)),
        {
            "from_end_of_previous_round": (MET, "round_open"),
            "when_announced": (NONE, "opening_not_announced"),
        },
    ),
    "AMB-03": (
        case(
            "AMB-03",
            MMEDSC,
            "HKU-08",
            hong_kong("2026-04-02T09:00:00"),
            rounds=(ROUND_1,),
            submit_clicked_at=hong_kong("2026-03-31T22:00:00"),
            received_at=hong_kong("2026-04-01T10:00:00"),
        ),
        {"completed_submission": (NOT_MET, "closed"), "submit_click": (MET, "round_open")},
    ),
    "AMB-04": (
        case("AMB-04", MMEDSC, "HKU-STATUS", residence=Residence(R.IANG)),
        {"own_definition": (MET, "non_local"), "student_visa_only": (MET, "local")},
    ),
    "AMB-04b": (
        case(
            "AMB-04b",
            MMEDSC,
            "HKU-09",
            hong_kong("2026-04-10T12:00:00"),
            residence=Residence(R.STUDENT_VISA),
            residence_at_registration=Residence(R.PERMANENT_RESIDENT),
        ),
        {"at_submission": (NOT_MET, "locals_only"), "at_registration": (MET, "local_in_local_round")},
    ),
    "AMB-05": (
        english("AMB-05", MPHIL, ielts(taken_on=date(2024, 6, 1))),
        {"at_submission": (MET, "test_meets"), "at_programme_start": (NOT_MET, "expired")},
    ),
    "AMB-05b": (
        english("AMB-05b", MMEDSC, ielts(taken_on=date(2024, 3, 20), issued_on=date(2024, 4, 2))),
        {"test_date": (NOT_MET, "expired"), "issue_date": (MET, "test_meets")},
    ),
    "AMB-06": (
        english("AMB-06", MPHIL, ielts(taken_on=date(2024, 3, 24))),
        {"anniversary_inside": (MET, "test_meets"), "ends_day_before": (NOT_MET, "expired")},
    ),
    "AMB-07": (
        english("AMB-07", MPHIL, ielts(taken_on=date(2024, 2, 29)), at=hong_kong("2026-03-01T12:00:00")),
        {"28_february": (NOT_MET, "expired"), "1_march": (MET, "test_meets")},
    ),
    "AMB-08": (
        case("AMB-08", MPHIL, "UST-06", degrees=(English_taught,)),
        {"institution": (REFER, "english_programme_elsewhere"), "programme": (NONE, "medium_english")},
    ),
    "AMB-08b": (
        case("AMB-08b", MMEDSC, "HKU-E5", degrees=(English_taught,)),
        {
            "qualification": (NONE, "taught_and_examined_in_english"),
            "institution": (REFER, "english_programme_elsewhere"),
        },
    ),
    "AMB-09": (
        english("AMB-09", MPHIL, ielts("6 6 6 6")),
        {"source": (MET, "test_meets"), "later_papers": (NOT_MET, "below_minimum")},
    ),
    "AMB-10": (
        english("AMB-10", MPHIL, EnglishTest(K.TOEFL_PAPER, date(2020, 1, 1), overall=Decimal(600))),
        {"listed": (NOT_MET, "expired_and_retired"), "hidden": (NOT_MET, "test_not_listed")},
    ),
    "AMB-12": (
        english("AMB-12", MPHIL, EnglishTest(K.TOEFL_IBT_1_6, date(2026, 2, 1), overall=Decimal(4))),
        {
            "printed_comparable_score": (REFER, "comparable_total_missing"),
            "band_accepted": (MET, "test_meets"),
        },
    ),
    "AMB-13": (
        english("AMB-13", MPHIL, ielts(one_skill_retake=True)),
        {"refer": (REFER, "one_skill_retake"), "accept": (MET, "test_meets")},
    ),
    "AMB-14": (
        standing(
            "AMB-14",
            "HKU-AS2",
            passed(completed_on=date(2021, 8, 25)),
            offered_on=date(2026, 5, 1),
            registered_on=date(2026, 8, 20),
        ),
        {
            "programme_start": (NOT_MET, "course_too_old"),
            "offer_date": (PENDING, "course_to_be_judged"),
            "registration_date": (PENDING, "course_to_be_judged"),
        },
    ),
    "AMB-15": (
        standing(
            "AMB-15", "HKU-AS2", passed(completed_on=date(2021, 9, 20), last_class_on=date(2021, 8, 31))
        ),
        {
            "result_published": (PENDING, "course_to_be_judged"),
            "last_class": (NOT_MET, "course_too_old"),
        },
    ),
    "AMB-16": (
        standing("AMB-16", "HKU-AS1", passed(credits=13)),
        {
            "cap_the_grant": (MET, "credits_capped"),
            "reject_the_request": (NOT_MET, "credits_over_limit"),
        },
    ),
    "AMB-17": (
        standing(
            "AMB-17",
            "HKU-AS4",
            passed(),
            at=hong_kong("2026-09-02T12:00:00"),
            first_class_on=date(2026, 9, 7),
        ),
        {"start_date": (NOT_MET, "requested_too_late"), "first_class": (MET, "requested_in_time")},
    ),
    "AMB-18": (
        case(
            "AMB-18", PHD, "UST-03", degrees=(degree(level=DegreeLevel.MASTER),), postgraduate_study=(YEAR,)
        ),
        {
            "bachelor_not_needed": (REFER, "experience_without_bachelor"),
            "bachelor_needed": (NOT_MET, "bachelor_needed"),
        },
    ),
    "AMB-19": (
        case("AMB-19", PHD, "UST-03b", postgraduate_study=(YEAR,)),
        {"certified_length": (MET, "postgraduate_work"), "calendar_days": (NOT_MET, "too_short")},
    ),
    "AMB-20": (
        case("AMB-20", PHD, "UST-03a", outstanding=(Honours.FIRST,)),
        {
            "officer_judges": (REFER, "outstanding_to_be_judged"),
            "indicator_decides": (NOT_MET, "indicator_not_met"),
        },
    ),
    "AMB-22": (
        case(
            "AMB-22",
            MMEDSC,
            "HKU-E3-AWARD",
            degrees=(degree(status=AwardStatus.EXPECTED, completed_on=date(2026, 6, 30)),),
        ),
        {
            "may_be_expected": (Outcome.NEEDS_EVIDENCE, "expected_in_time"),
            "must_hold_at_submission": (NOT_MET, "must_hold_already"),
        },
    ),
    "AMB-24": (
        case(
            "AMB-24",
            MMEDSC,
            "HKU-E3",
            degrees=(degree(level=DegreeLevel.MBBS, honours=None, of_this_university=True),),
        ),
        {"refer": (REFER, "mbbs"), "accept": (MET, "mbbs_accepted")},
    ),
    "AMB-25": (
        case(
            "AMB-25",
            PHD,
            "UST-28",
            discipline="Physics",
            earlier_studies=(EarlierStudy("Physics", ProgrammeLevel.MPHIL, Leaving.ACADEMIC_REASONS),),
        ),
        {
            "discipline_and_level": (REFER, "same_discipline_other_level"),
            "discipline_only": (NOT_MET, "same_programme"),
        },
    ),
    "AMB-28": (
        case(
            "AMB-28",
            MMEDSC,
            "HKU-MODE",
            mode=StudyMode.PART_TIME,
            residence=Residence(R.STUDENT_VISA, Origin.MACAO, chinese_national=False),
        ),
        {
            "residence_and_nationality": (MET, "part_time_visa_needed"),
            "residence_only": (REFER, "part_time_origin"),
        },
    ),
    "AMB-29": (
        english("AMB-29", MMEDSC, ielts("5 5 5 5")),
        {
            "english_not_by_merit": (NOT_MET, "below_minimum"),
            "english_by_merit": (REFER, "below_minimum"),
        },
    ),
    "AMB-31": (
        case(
            "AMB-31",
            MMEDSC,
            "HKU-E5",
            degrees=(elsewhere(relied_on=True), degree(level=DegreeLevel.MASTER)),
        ),
        {
            "relied_on": (Outcome.NEEDS_EVIDENCE, "no_test"),
            "any_that_exempts": (NONE, "another_exempts"),
        },
    ),
}


def test_every_reading_has_a_case_for_each_of_its_choices() -> None:
    assert {name: tuple(results) for name, (_, results) in TABLE.items()} == dict(READINGS)


@pytest.mark.parametrize("name", READINGS)
def test_each_choice_of_a_reading_gives_its_own_result(name: str) -> None:
    judge, expected = TABLE[name]
    found = {choice: judge(choice) for choice in READINGS[name]}
    assert {choice: (finding.outcome, finding.reason) for choice, finding in found.items()} == expected
    assert len(set(expected.values())) > 1
    assert name in {finding.reading for finding in found.values()}


@pytest.mark.parametrize("name", READINGS)
def test_the_proposed_reading_is_what_a_policy_without_a_choice_uses(name: str) -> None:
    judge, expected = TABLE[name]
    assert (judge("").outcome, judge("").reason) == expected[READINGS[name][0]]
