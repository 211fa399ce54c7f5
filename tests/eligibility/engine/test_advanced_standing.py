"""Advanced standing: HKU-AS1 to HKU-AS4, AMB-14 to AMB-17. The programme starts on 1 September 2026."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from eligibility.engine import (
    HKT,
    Course,
    CreditAssessment,
    CreditRequest,
    FactsError,
    OfficerFinding,
    Outcome,
    Requirements,
    assess,
    assess_advanced_standing,
    from_json,
    to_json,
)
from tests.eligibility.engine.people import AT, MMEDSC, MPHIL, person, policy

MET, NOT_MET, EVIDENCE, PENDING = (
    Outcome.MET,
    Outcome.NOT_MET,
    Outcome.NEEDS_EVIDENCE,
    Outcome.PENDING_OFFICER,
)
START = date(2026, 9, 1)


def course(name: str = "Biostatistics", **changes: Any) -> Course:
    """Six credits, passed in June 2024, not judged yet."""
    return Course(**{"name": name, "credits": 6, "passed": True, "completed_on": date(2024, 6, 30)} | changes)


def ask(*courses: Course, at: datetime = AT, readings: dict[str, str] | None = None, **changes: Any) -> Any:
    request = CreditRequest(**{"courses": courses, "starts_on": START} | changes)
    return assess_advanced_standing(request, policy(MMEDSC, **(readings or {})), at=at)


COURSES = [
    pytest.param({}, PENDING, "course_to_be_judged", id="HKU-AS2 equivalence is the Faculty Board's"),
    pytest.param({"accepted": True}, MET, "course_accepted", id="HKU-AS2 judged equivalent"),
    pytest.param({"accepted": False}, NOT_MET, "course_not_accepted", id="HKU-AS2 judged not equivalent"),
    pytest.param({"passed": False}, NOT_MET, "course_not_passed", id="HKU-AS2 failed"),
    pytest.param({"passed": None}, EVIDENCE, "course_result_missing", id="HKU-AS2 result not said"),
    pytest.param({"credits": None}, EVIDENCE, "course_credits_missing", id="HKU-AS1 credits not said"),
    pytest.param({"completed_on": None}, EVIDENCE, "course_date_missing", id="AMB-15 no date"),
    pytest.param(
        {"completed_on": date(2021, 9, 1)}, PENDING, "course_to_be_judged", id="AMB-14 five years to the day"
    ),
    pytest.param({"completed_on": date(2021, 8, 31)}, NOT_MET, "course_too_old", id="AMB-14 one day older"),
    pytest.param(
        {"completed_on": None, "semester_ended_on": date(2021, 9, 1)},
        PENDING,
        "course_to_be_judged",
        id="AMB-15 the semester's last day",
    ),
    pytest.param(
        {"completed_on": date(2021, 8, 31), "semester_ended_on": date(2021, 9, 1)},
        NOT_MET,
        "course_too_old",
        id="AMB-15 a published result goes before its semester",
    ),
    pytest.param(
        {"completed_on": None, "completed_in": "2021-08"},
        NOT_MET,
        "course_too_old",
        id="AMB-14 month too old",
    ),
    pytest.param(
        {"completed_on": None, "completed_in": "2021-09"},
        PENDING,
        "course_to_be_judged",
        id="AMB-14 month inside",
    ),
    pytest.param(
        {"completed_on": None, "completed_in": "2026-09"},
        EVIDENCE,
        "course_still_to_come",
        id="HKU-AS2 not completed when asked",
    ),
    pytest.param(
        {"completed_on": date(2026, 3, 25)}, EVIDENCE, "course_still_to_come", id="HKU-AS2 tomorrow"
    ),
    pytest.param({"completed_on": date(2026, 3, 24)}, PENDING, "course_to_be_judged", id="HKU-AS2 today"),
    pytest.param(
        {"completed_on": date(2026, 9, 2)}, NOT_MET, "course_after_admission", id="HKU-AS2 after admission"
    ),
]


@pytest.mark.parametrize(("changes", "outcome", "reason"), COURSES)
def test_hku_as2_one_course(changes: dict[str, Any], outcome: Outcome, reason: str) -> None:
    (finding,) = ask(course(**changes)).of("HKU-AS2")
    assert (finding.outcome, finding.reason) == (outcome, reason)
    assert finding.document == ("course_transcript" if outcome is EVIDENCE else "")
    assert finding.needed == {"completed": {"from": "2021-09-01", "to": "2026-09-01"}, "years": 5}


@pytest.mark.parametrize(
    ("month", "reason"),
    [
        ("2021-08", "course_too_old"),
        ("2021-09", "course_month_straddles"),
        ("2021-10", "course_to_be_judged"),
        ("2026-08", "course_to_be_judged"),
        ("2026-09", "course_month_straddles"),
        ("2026-10", "course_after_admission"),
    ],
)
def test_amb_14_a_month_that_straddles_needs_the_day(month: str, reason: str) -> None:
    asked = ask(
        course(completed_on=None, completed_in=month),
        starts_on=date(2026, 9, 15),
        at=datetime(2026, 12, 1, tzinfo=HKT),
    )
    assert asked.of("HKU-AS2")[0].reason == reason


@pytest.mark.parametrize(
    ("start", "completed", "readings", "reason"),
    [
        pytest.param(
            date(2028, 2, 29), date(2023, 2, 28), {}, "course_to_be_judged", id="AMB-07 28 February"
        ),
        pytest.param(date(2028, 2, 29), date(2023, 2, 27), {}, "course_too_old", id="AMB-07 27 February"),
        pytest.param(
            date(2028, 2, 29), date(2023, 2, 28), {"AMB_07": "1_march"}, "course_too_old", id="AMB-07 1 March"
        ),
    ],
)
def test_amb_07_a_start_on_29_february(
    start: date, completed: date, readings: dict[str, str], reason: str
) -> None:
    asked = ask(course(completed_on=completed), starts_on=start, readings=readings)
    assert asked.of("HKU-AS2")[0].reason == reason


REFERENCE = [
    pytest.param("programme_start", {}, "course_too_old", id="AMB-14 expected start"),
    pytest.param("offer_date", {"offered_on": date(2026, 5, 1)}, "course_to_be_judged", id="AMB-14 offer"),
    pytest.param("offer_date", {}, "admission_day_not_known", id="AMB-14 not offered yet"),
    pytest.param(
        "registration_date",
        {"registered_on": date(2026, 8, 20)},
        "course_to_be_judged",
        id="AMB-14 registration",
    ),
    pytest.param(
        "registration_date", {"offered_on": START}, "admission_day_not_known", id="AMB-14 not registered yet"
    ),
]


@pytest.mark.parametrize(("choice", "days", "reason"), REFERENCE)
def test_amb_14_the_day_from_which_the_years_count(choice: str, days: dict[str, Any], reason: str) -> None:
    asked = ask(course(completed_on=date(2021, 8, 25)), readings={"AMB_14": choice}, **days)
    assert asked.of("HKU-AS2")[0][2:6] == (reason, "Advanced Standing", "H", "AMB-14")


def test_amb_14_a_start_that_is_not_known_is_nobodys_fault() -> None:
    asked = ask(course(), starts_on=None)
    assert (asked.of("HKU-AS2")[0].outcome, asked.of("HKU-AS4")[0].outcome) == (PENDING, PENDING)
    assert asked.of("HKU-AS2")[0].needed == {"completed": {}, "years": 5}


def test_amb_15_the_last_class_where_that_reading_is_chosen() -> None:
    taken = course(completed_on=date(2021, 9, 20), last_class_on=date(2021, 8, 31))
    assert ask(taken).of("HKU-AS2")[0].reason == "course_to_be_judged"
    asked = ask(taken, readings={"AMB_15": "last_class"})
    assert asked.of("HKU-AS2")[0].reason == "course_too_old"
    assert asked.of("HKU-AS2")[0].supplied["completed_on"] == "2021-08-31"
    silent = ask(course(), readings={"AMB_15": "last_class"})
    assert silent.of("HKU-AS2")[0].supplied == {"course": "Biostatistics", "credits": 6}
    assert silent.of("HKU-AS2")[0].reason == "course_date_missing"


def credits_asked(*numbers: int) -> tuple[Course, ...]:
    return tuple(course(f"Course {number}", credits=worth) for number, worth in enumerate(numbers, 1))


CAP = [
    pytest.param((12,), {}, MET, "credits_within_limit", 12, 12, (), id="HKU-AS1 exactly twelve"),
    pytest.param((6, 3), {}, MET, "credits_within_limit", 9, 9, (), id="HKU-AS1 below twelve"),
    pytest.param(
        (6, 7),
        {},
        MET,
        "credits_capped",
        13,
        12,
        ("Course 1", "Course 2"),
        id="AMB-16 thirteen asked, twelve claimable, the Faculty Board chooses",
    ),
    pytest.param(
        (6, 6),
        {"granted": 6},
        MET,
        "credits_capped",
        12,
        6,
        ("Course 1", "Course 2"),
        id="C8 six granted before",
    ),
    pytest.param(
        (6,), {"granted": 12}, MET, "credits_capped", 6, 0, ("Course 1",), id="C8 twelve granted before"
    ),
    pytest.param((6,), {"granted": 15}, MET, "credits_capped", 6, 0, ("Course 1",), id="C8 more than twelve"),
]


@pytest.mark.parametrize(("worth", "changes", "outcome", "reason", "claimed", "claimable", "choice"), CAP)
def test_hku_as1_up_to_twelve_credits(
    worth: tuple[int, ...],
    changes: dict[str, Any],
    outcome: Outcome,
    reason: str,
    claimed: int,
    claimable: int,
    choice: tuple[str, ...],
) -> None:
    asked = ask(*credits_asked(*worth), **changes)
    (finding,) = asked.of("HKU-AS1")
    assert (finding.outcome, finding.reason, finding.needed) == (outcome, reason, {"credits": 12})
    assert (asked.claimed, asked.claimable, asked.choose_from) == (claimed, claimable, choice)
    assert asked.outcome is PENDING


def test_hku_as1_says_what_was_granted_before() -> None:
    (finding,) = ask(*credits_asked(6), granted=6).of("HKU-AS1")
    assert finding.supplied == {"credits": 6, "granted": 6}
    assert ask(*credits_asked(6)).of("HKU-AS1")[0].supplied == {"credits": 6}


def test_amb_16_the_request_is_rejected_where_that_reading_is_chosen() -> None:
    asked = ask(*credits_asked(6, 7), readings={"AMB_16": "reject_the_request"})
    assert (asked.of("HKU-AS1")[0].outcome, asked.of("HKU-AS1")[0].reading) == (NOT_MET, "AMB-16")
    assert (asked.outcome, asked.claimed, asked.claimable, asked.choose_from) == (NOT_MET, 13, 0, ())


def test_a_course_that_does_not_count_is_claimed_and_not_claimable() -> None:
    asked = ask(course("Old", completed_on=date(2020, 1, 1)), course("New"), course("Open", passed=None))
    assert (asked.claimed, asked.claimable, asked.outcome) == (18, 6, PENDING)
    assert [finding.reason for finding in asked.of("HKU-AS2")] == [
        "course_to_be_judged",
        "course_too_old",
        "course_result_missing",
    ]


def test_the_order_of_courses_plays_no_part() -> None:
    courses = (course("B"), course("A"), course("A", credits=3))
    assert to_json(ask(*courses)) == to_json(ask(*reversed(courses)))


def test_no_course_that_counts_fails_the_request() -> None:
    assert ask(course(passed=False)).outcome is NOT_MET


def test_a_request_without_courses_needs_them() -> None:
    asked = ask()
    assert (asked.outcome, asked.of("HKU-AS2")[0].reason) == (EVIDENCE, "no_course")
    assert (asked.of("HKU-AS2")[0].document, asked.of("HKU-AS1")[0].outcome) == ("course_transcript", MET)


REQUESTED = [
    pytest.param("2026-08-31T23:59:59+08:00", {}, MET, "requested_in_time", id="AMB-17 the last moment"),
    pytest.param("2026-09-01T00:00:00+08:00", {}, NOT_MET, "requested_too_late", id="AMB-17 the first day"),
    pytest.param("2026-08-31T16:00:00+00:00", {}, NOT_MET, "requested_too_late", id="AMB-30 Hong Kong's day"),
    pytest.param(
        "2026-09-04T12:00:00+08:00",
        {"first_class_on": date(2026, 9, 5)},
        MET,
        "requested_in_time",
        id="AMB-17 alternative: before the first class",
    ),
    pytest.param(
        "2026-09-05T00:00:00+08:00",
        {"first_class_on": date(2026, 9, 5)},
        NOT_MET,
        "requested_too_late",
        id="AMB-17 alternative: on the day of the first class",
    ),
]


@pytest.mark.parametrize(("received", "changes", "outcome", "reason"), REQUESTED)
def test_hku_as4_a_written_request_before_commencement(
    received: str, changes: dict[str, Any], outcome: Outcome, reason: str
) -> None:
    readings = {"AMB_17": "first_class"} if changes else {}
    asked = ask(course(), received_at=datetime.fromisoformat(received), readings=readings, **changes)
    (finding,) = asked.of("HKU-AS4")
    assert (finding.outcome, finding.reason, finding.reading) == (outcome, reason, "AMB-17")
    assert asked.claimable == (0 if outcome is NOT_MET else 6)
    assert finding.supplied["received"] is True
    assert finding.needed == {"before": (changes.get("first_class_on") or START).isoformat()}


def test_amb_17_a_first_class_that_is_not_announced_is_open() -> None:
    (finding,) = ask(course(), readings={"AMB_17": "first_class"}).of("HKU-AS4")
    assert (finding.outcome, finding.reason) == (PENDING, "commencement_not_known")


def test_hku_as4_a_draft_is_judged_as_of_asking() -> None:
    (finding,) = ask(course(), at=datetime(2026, 9, 2, tzinfo=HKT)).of("HKU-AS4")
    assert (finding.outcome, finding.supplied["received"]) == (NOT_MET, False)


def test_hku_as3_the_faculty_board_decides() -> None:
    asked = ask(course(accepted=True))
    assert (asked.of("HKU-AS3")[0].outcome, asked.of("HKU-AS3")[0].reason) == (PENDING, "board_decides")
    granted = ask(course(accepted=True), officer_findings=(OfficerFinding("HKU-AS3", MET, "board/7"),))
    assert (granted.of("HKU-AS3")[0].params["reference"], granted.outcome) == ("board/7", MET)
    refused = ask(course(), officer_findings=(OfficerFinding("HKU-AS3", NOT_MET),))
    assert (refused.outcome, refused.claimable) == (NOT_MET, 0)


def test_advanced_standing_never_affects_admission() -> None:
    found = assess(person(MMEDSC), policy(MMEDSC), at=AT)
    assert not [finding for finding in found.findings if finding.code.startswith("HKU-AS")]
    assert found == assess(person(MMEDSC), replace(policy(MMEDSC), advanced_standing=None), at=AT)


def test_a_policy_that_grants_none_refuses_the_question() -> None:
    with pytest.raises(FactsError) as refused:
        assess_advanced_standing(CreditRequest(), policy(MPHIL), at=AT)
    assert (refused.value.path, refused.value.value) == ("$.policy", MPHIL)


def test_an_instant_without_offset_is_refused() -> None:
    with pytest.raises(FactsError) as refused:
        assess_advanced_standing(CreditRequest(), policy(MMEDSC), at=AT.replace(tzinfo=None))
    assert refused.value.path == "$.at"


REFUSED: list[Any] = [
    ({"courses": [{"name": "A", "completed_in": "2021-13"}]}, "$.courses[0].completed_in", "impossible_date"),
    ({"courses": [{"name": "A", "completed_in": "2021"}]}, "$.courses[0].completed_in", "impossible_date"),
    ({"courses": [{"name": "A", "credits": 0}]}, "$.courses[0].credits", "off_scale"),
    ({"courses": [{"name": "A", "credits": 301}]}, "$.courses[0].credits", "off_scale"),
    ({"courses": [{}]}, "$.courses[0].name", "missing_field"),
    ({"received_at": "2026-03-31T23:59:00"}, "$.received_at", "impossible_instant"),
    ({"granted": -1}, "$.granted", "off_scale"),
    ({"granted": 301}, "$.granted", "off_scale"),
    ({"officer_findings": [{"code": "A", "outcome": "MET"}] * 2}, "$.officer_findings", "recorded_twice"),
]


@pytest.mark.parametrize(("values", "path", "problem"), REFUSED)
def test_what_cannot_be_a_request_is_refused_with_its_path(
    values: dict[str, Any], path: str, problem: str
) -> None:
    with pytest.raises(FactsError) as refused:
        from_json(CreditRequest, values)
    assert (refused.value.path, refused.value.problem) == (path, problem)


def test_bounds_themselves_are_right() -> None:
    assert (
        from_json(CreditRequest, {"granted": 300, "courses": [{"name": "A", "credits": 300}]}).granted == 300
    )
    assert Course("A", credits=1).credits == 1
    with pytest.raises(FactsError):
        CreditRequest(received_at=datetime(2026, 3, 31))  # noqa: DTZ001  it is what is refused


def test_an_assessment_is_stored_and_read_again() -> None:
    asked = ask(course(), course("Genetics", accepted=True))
    assert from_json(CreditAssessment, to_json(asked)) == asked


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, {"course": "Biostatistics", "credits": 6, "completed_on": "2024-06-30"}),
        (
            {"completed_on": None, "completed_in": "2024-06", "institution": "CUHK"},
            {"course": "Biostatistics", "institution": "CUHK", "credits": 6, "completed_on": "2024-06"},
        ),
        (
            {"completed_on": None, "semester_ended_on": date(2024, 5, 31), "completed_in": "2024-06"},
            {"course": "Biostatistics", "credits": 6, "completed_on": "2024-05-31"},
        ),
        ({"completed_on": None, "credits": None}, {"course": "Biostatistics"}),
    ],
)
def test_a_course_is_shown_with_the_day_that_counts(changes: dict[str, Any], shown: dict[str, Any]) -> None:
    assert ask(course(**changes)).of("HKU-AS2")[0].supplied == shown


def test_a_policy_without_limit_grants_what_counts() -> None:
    base = policy(MMEDSC)
    assert base.advanced_standing is not None
    unlimited = replace(base, advanced_standing=replace(base.advanced_standing, most_credits=None))
    asked = assess_advanced_standing(CreditRequest((course(credits=30),), starts_on=START), unlimited, at=AT)
    assert (asked.of("HKU-AS1")[0].reason, asked.claimable, asked.choose_from) == (
        "no_limit_of_credits",
        30,
        (),
    )
    assert asked.of("HKU-AS1")[0].supplied == {"credits": 30}


def test_other_years_than_five_are_a_matter_of_the_policy() -> None:
    base = policy(MMEDSC)
    assert base.advanced_standing is not None
    longer = replace(base, advanced_standing=replace(base.advanced_standing, years=6))
    request = CreditRequest((course(completed_on=date(2020, 9, 1)),), starts_on=START)
    (finding,) = assess_advanced_standing(request, longer, at=AT).of("HKU-AS2")
    assert (finding.reason, finding.needed["completed"]["from"]) == ("course_to_be_judged", "2020-09-01")


CREDIT_RULES: list[Any] = [
    ("advanced_standing", {"years": 0}, "$.advanced_standing.years", "off_scale"),
    ("advanced_standing", {"years": 51}, "$.advanced_standing.years", "off_scale"),
    ("advanced_standing", {"most_credits": 0}, "$.advanced_standing.most_credits", "off_scale"),
    ("advanced_standing", {"most_credits": 301}, "$.advanced_standing.most_credits", "off_scale"),
    ("advanced_standing", {"check": "ROUND_OPEN"}, "$.advanced_standing.rules[0].check", "unknown_value"),
    ("advanced_standing", {"check": "CREDITS_REUSED"}, "$.advanced_standing.rules[0].check", "unknown_value"),
    ("credit_reuse", {"check": "COURSE_COUNTS"}, "$.credit_reuse.rules[0].check", "unknown_value"),
    ("rules", {"check": "BOARD_DECIDES"}, "$.rules[0].check", "unknown_value"),
    ("advanced_standing", {"code": "HKU-E1"}, "$.rules[0].code", "recorded_twice"),
    ("advanced_standing", {"code": "HKU-AS2"}, "$.advanced_standing.rules[0].code", "recorded_twice"),
    ("rules", {"part_of": "HKU-E5-VALIDITY"}, "$.rules[0].part_of", "unknown_value"),
    ("rules", {"part_of": "HKU-E1"}, "$.rules[0].part_of", "unknown_value"),
]


@pytest.mark.parametrize(("block", "changes", "path", "problem"), CREDIT_RULES)
def test_rules_that_cannot_stand_where_they_are_put_are_refused(
    block: str, changes: dict[str, Any], path: str, problem: str
) -> None:
    stored = to_json(policy(MMEDSC))
    stored["credit_reuse"] = {"rules": [{"code": "X", "check": "CREDITS_REUSED", "clause": "", "title": ""}]}
    whole = stored if block == "rules" else stored[block]
    for name, value in changes.items():
        (whole if name in ("years", "most_credits") else whole["rules"][0])[name] = value
    with pytest.raises(FactsError) as refused:
        from_json(Requirements, stored)
    assert (refused.value.path, refused.value.problem) == (path, problem)
