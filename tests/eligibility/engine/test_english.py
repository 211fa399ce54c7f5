"""Tests of English: figures, sittings, dates, retired tests (HKU-E5, UST-07…UST-10, AMB-05…AMB-13,
AMB-29)."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from eligibility.engine import (
    HKT,
    SCALES,
    EnglishMinimum,
    EnglishTest,
    EnglishTestKind,
    FactsError,
    Outcome,
    Range,
    Treatment,
    assess,
    corresponding_day,
    from_json,
    last_valid_day,
    stricter,
    total_of,
)
from tests.eligibility.engine.people import AT, MMEDSC, MPHIL, ask, elsewhere, ielts, person, policy, toefl

K = EnglishTestKind
MET, NOT_MET, REFER, EVIDENCE = Outcome.MET, Outcome.NOT_MET, Outcome.REFER, Outcome.NEEDS_EVIDENCE
CODE = {MMEDSC: "HKU-E5", MPHIL: "UST-06"}


def sitting(kind: EnglishTestKind, **values: Any) -> EnglishTest:
    numbers = {
        name: Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value
        for name, value in values.items()
    }
    return EnglishTest(**{"kind": kind, "taken_on": date(2025, 6, 1)} | numbers)


def judged(
    code: str, *tests: EnglishTest, at: datetime = AT, received_at: datetime | None = None, **readings: str
) -> Any:
    return ask(
        code, degrees=(elsewhere(),), english_tests=tests, at=at, received_at=received_at, readings=readings
    ).finding(CODE[code])


BAND = {"listening": 4, "reading": 4, "writing": 4, "speaking": 4}
BOTH = [
    pytest.param(ielts("6 6 6 6"), MET, "test_meets", id="UST-08 IELTS 6.0 throughout"),
    pytest.param(ielts("5.5 5.5 6 6.5"), MET, "test_meets", id="UST-08 overall 5.875 counts as 6.0"),
    pytest.param(ielts("5.5 5.5 5.5 6"), NOT_MET, "below_minimum", id="UST-08 overall 5.5"),
    pytest.param(ielts("5 8 8 8"), NOT_MET, "below_minimum", id="UST-08 one part 5.0"),
    pytest.param(
        ielts("5.5 5.5 6.5 6.5"), MET, "test_meets", id="UST-08 part exactly 5.5, overall exactly 6.0"
    ),
    pytest.param(
        ielts("5.5 5.5 5.5 6.5", overall=Decimal("6.5")),
        EVIDENCE,
        "total_inconsistent",
        id="B6 parts give 6.0, not 6.5",
    ),
    pytest.param(
        ielts("6 6 6 6", overall=Decimal(6), writing=None),
        EVIDENCE,
        "score_missing",
        id="UST-08 a part missing",
    ),
    pytest.param(
        ielts("5 6 6 6", overall=Decimal(6), writing=None),
        NOT_MET,
        "below_minimum",
        id="UST-08 a known part already fails",
    ),
    pytest.param(
        ielts(kind=K.IELTS_GENERAL_TRAINING), NOT_MET, "not_the_academic_module", id="UST-08 General Training"
    ),
    pytest.param(ielts(kind=K.IELTS_INDICATOR), NOT_MET, "indicator_refused", id="B6 Indicator"),
    pytest.param(ielts(one_skill_retake=True), REFER, "one_skill_retake", id="AMB-13 One Skill Retake"),
    pytest.param(
        ielts("5 6 6 6", one_skill_retake=True),
        NOT_MET,
        "below_minimum",
        id="AMB-13 a retake below the minimum",
    ),
    pytest.param(toefl(80), MET, "test_meets", id="UST-07 iBT 80"),
    pytest.param(toefl(79), NOT_MET, "below_minimum", id="UST-07 iBT 79"),
    pytest.param(toefl(90, home_edition=True), REFER, "home_edition", id="AMB-13 Home Edition"),
    pytest.param(
        toefl(80, listening=Decimal(20), reading=Decimal(20), writing=Decimal(20), speaking=Decimal(19)),
        EVIDENCE,
        "total_inconsistent",
        id="UST-07 parts give 79",
    ),
    pytest.param(
        toefl(80, listening=Decimal(30), reading=Decimal(30), writing=Decimal(30)),
        EVIDENCE,
        "total_inconsistent",
        id="UST-07 three parts already exceed the total",
    ),
    pytest.param(toefl(None), EVIDENCE, "score_missing", id="UST-07 no total"),
    pytest.param(
        sitting(K.TOEFL_IBT_1_6, **BAND, comparable_total=80, taken_on=date(2026, 2, 1)),
        MET,
        "test_meets",
        id="AMB-12 1–6 scale, printed total 80",
    ),
    pytest.param(
        sitting(K.TOEFL_IBT_1_6, **BAND, comparable_total=79, taken_on=date(2026, 2, 1)),
        NOT_MET,
        "below_minimum",
        id="AMB-12 1–6 scale, printed total 79",
    ),
    pytest.param(
        sitting(K.TOEFL_IBT_1_6, **BAND, taken_on=date(2026, 2, 1)),
        REFER,
        "comparable_total_missing",
        id="AMB-12 1–6 scale, no printed total",
    ),
    pytest.param(
        sitting(K.TOEFL_IBT_1_6, **BAND, overall=5, comparable_total=90, taken_on=date(2026, 2, 1)),
        EVIDENCE,
        "total_inconsistent",
        id="B5 1–6 scale, parts give 4.0",
    ),
    pytest.param(
        sitting(K.TOEFL_IBT_1_6, **BAND, comparable_total=80, taken_on=date(2026, 1, 20)),
        EVIDENCE,
        "scale_not_yet_used",
        id="B5 1–6 scale the day before it began",
    ),
    pytest.param(
        sitting(K.TOEFL_IBT_1_6, **BAND, comparable_total=80, taken_on=date(2026, 1, 21)),
        MET,
        "test_meets",
        id="B5 1–6 scale on its first day",
    ),
    pytest.param(
        sitting(K.TOEFL_PAPER, overall=600, taken_on=date(2020, 1, 1)),
        NOT_MET,
        "expired_and_retired",
        id="AMB-10 paper test reaches 550, out of date",
    ),
    pytest.param(
        sitting(K.TOEFL_PAPER, overall=549, taken_on=date(2020, 1, 1)),
        NOT_MET,
        "below_minimum",
        id="UST-07 paper 549",
    ),
    pytest.param(
        sitting(K.TOEFL_PAPER, overall=600), NOT_MET, "retired", id="AMB-10 paper test with a date of today"
    ),
    pytest.param(toefl(None, booked=True, taken_on=date(2026, 4, 20)), EVIDENCE, "booked", id="C16 booked"),
    pytest.param(
        toefl(None, booked=True, taken_on=date(2026, 3, 1)),
        EVIDENCE,
        "booked_day_passed",
        id="C16 booked, day passed",
    ),
    pytest.param(ielts(taken_on=None), EVIDENCE, "test_date_missing", id="UST-09 no test date"),
    pytest.param(
        ielts(taken_on=date(2026, 3, 25)),
        EVIDENCE,
        "test_date_in_the_future",
        id="UST-09 scores before the test",
    ),
    pytest.param(ielts(taken_on=AT.date()), MET, "test_meets", id="UST-09 taken on the day of asking"),
]


@pytest.mark.parametrize("code", [MMEDSC, MPHIL])
@pytest.mark.parametrize(("test", "outcome", "reason"), BOTH)
def test_figures_that_both_institutions_share(
    code: str, test: EnglishTest, outcome: Outcome, reason: str
) -> None:
    finding = judged(code, test)
    assert (finding.outcome, finding.reason) == (outcome, reason)


ONE = [
    pytest.param(MMEDSC, sitting(K.GCE_IGCSE, grade="C"), MET, "test_meets", id="B1 IGCSE C at HKU"),
    pytest.param(
        MMEDSC,
        sitting(K.GCE_IGCSE, grade="A*", taken_on=date(2015, 6, 1)),
        MET,
        "test_meets",
        id="B1 IGCSE does not expire",
    ),
    pytest.param(MMEDSC, sitting(K.GCE_IGCSE, grade="D"), NOT_MET, "below_minimum", id="B1 IGCSE D at HKU"),
    pytest.param(
        MMEDSC, sitting(K.GCE_IGCSE, grade="5"), REFER, "grade_not_mapped", id="B1 IGCSE on the 9–1 scale"
    ),
    pytest.param(MMEDSC, sitting(K.GCE_IGCSE), EVIDENCE, "score_missing", id="B1 IGCSE without grade"),
    pytest.param(MMEDSC, sitting(K.CAMBRIDGE_CPE, grade="C"), MET, "test_meets", id="B1 CPE C at HKU"),
    pytest.param(
        MMEDSC,
        sitting(K.PTE_ACADEMIC, overall=80),
        REFER,
        "test_not_listed",
        id="B1 HKU's list may be longer",
    ),
    pytest.param(
        MMEDSC,
        sitting(K.TOEFL_REVISED_PAPER, listening=20, reading=20, writing=20),
        REFER,
        "test_not_listed",
        id="B1 revised paper test not listed at HKU",
    ),
    pytest.param(
        MPHIL, sitting(K.PTE_ACADEMIC, overall=80), NOT_MET, "test_not_listed", id="UST-06 PTE is not listed"
    ),
    pytest.param(
        MPHIL,
        sitting(K.DUOLINGO, overall=160),
        NOT_MET,
        "test_not_listed",
        id="UST-06 Duolingo is not listed",
    ),
    pytest.param(
        MPHIL, sitting(K.GCE_IGCSE, grade="A"), NOT_MET, "test_not_listed", id="UST-06 IGCSE is not listed"
    ),
    pytest.param(MPHIL, sitting(K.OTHER), NOT_MET, "test_not_listed", id="UST-06 another test"),
    pytest.param(
        MPHIL,
        sitting(K.TOEFL_REVISED_PAPER, listening=20, reading=20, writing=20, taken_on=date(2021, 4, 11)),
        NOT_MET,
        "expired_and_retired",
        id="AMB-10 AMB-11 revised test, sum 60, out of date",
    ),
    pytest.param(
        MPHIL,
        sitting(K.TOEFL_REVISED_PAPER, listening=20, reading=20, writing=19, taken_on=date(2021, 4, 11)),
        NOT_MET,
        "below_minimum",
        id="AMB-11 revised test, sum 59",
    ),
    pytest.param(
        MPHIL,
        sitting(K.TOEFL_REVISED_PAPER, listening=30, reading=30, writing=30, taken_on=date(2025, 4, 12)),
        NOT_MET,
        "retired",
        id="AMB-10 revised test after it ended",
    ),
]


@pytest.mark.parametrize(("code", "test", "outcome", "reason"), ONE)
def test_figures_of_one_institution(code: str, test: EnglishTest, outcome: Outcome, reason: str) -> None:
    finding = judged(code, test)
    assert (finding.outcome, finding.reason) == (outcome, reason)


def test_the_revised_paper_test_counted_while_it_was_offered() -> None:
    test = sitting(K.TOEFL_REVISED_PAPER, listening=20, reading=20, writing=20, taken_on=date(2018, 9, 1))
    at = datetime(2019, 1, 15, 12, tzinfo=HKT)
    basis = elsewhere(completed_on=date(2018, 6, 1))
    found = ask(
        MPHIL,
        degrees=(basis,),
        english_tests=(test,),
        at=at,
        rounds=None,
        programme_starts_on=date(2019, 9, 1),
    )
    assert found.finding("UST-06").outcome is MET


READINGS = [
    pytest.param(ielts("6 6 6 6"), {"AMB_09": "later_papers"}, NOT_MET, id="AMB-09 later papers ask for 6.5"),
    pytest.param(
        ielts("6.5 6.5 6.5 6.5"), {"AMB_09": "later_papers"}, MET, id="AMB-09 6.5 reaches the later papers"
    ),
    pytest.param(ielts("6 6 6 6"), {"AMB_09": "source"}, MET, id="AMB-09 the source asks for 6.0"),
    pytest.param(ielts(one_skill_retake=True), {"AMB_13": "accept"}, MET, id="AMB-13 retake accepted"),
    pytest.param(
        sitting(K.TOEFL_IBT_1_6, **BAND, taken_on=date(2026, 2, 1)),
        {"AMB_12": "band_accepted"},
        MET,
        id="AMB-12 4.0 accepted",
    ),
    pytest.param(
        sitting(K.TOEFL_IBT_1_6, overall=3.5, taken_on=date(2026, 2, 1)),
        {"AMB_12": "band_accepted"},
        NOT_MET,
        id="AMB-12 3.5 is below",
    ),
    pytest.param(
        sitting(K.TOEFL_IBT_1_6, taken_on=date(2026, 2, 1)),
        {"AMB_12": "band_accepted"},
        EVIDENCE,
        id="AMB-12 no overall score",
    ),
    pytest.param(ielts("5 5 5 5"), {"AMB_29": "english_by_merit"}, REFER, id="AMB-29 English by merit"),
    pytest.param(
        ielts("5 5 5 5"), {"AMB_29": "english_not_by_merit"}, NOT_MET, id="AMB-29 no merit for English"
    ),
]


@pytest.mark.parametrize(("test", "readings", "outcome"), READINGS)
def test_readings_of_the_figures(test: EnglishTest, readings: dict[str, str], outcome: Outcome) -> None:
    assert judged(MPHIL, test, **readings).outcome is outcome


def test_amb_10_hidden_treats_a_retired_test_as_not_listed() -> None:
    test = sitting(K.TOEFL_PAPER, overall=600, taken_on=date(2020, 1, 1))
    finding = judged(MPHIL, test, AMB_10="hidden")
    assert (finding.reason, finding.reading) == ("test_not_listed", "AMB-10")


def on(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+08:00")


VALIDITY = [
    pytest.param("2024-03-31", "2026-03-31", {}, MET, id="AMB-06 on the second anniversary"),
    pytest.param("2024-03-31", "2026-04-01", {}, NOT_MET, id="AMB-06 the day after"),
    pytest.param(
        "2024-03-31",
        "2026-03-31",
        {"AMB_06": "ends_day_before"},
        NOT_MET,
        id="AMB-06 alternative: anniversary outside",
    ),
    pytest.param(
        "2024-03-31",
        "2026-03-30",
        {"AMB_06": "ends_day_before"},
        MET,
        id="AMB-06 alternative: the day before",
    ),
    pytest.param("2024-02-29", "2026-02-28", {}, MET, id="AMB-07 29 Feb counts through 28 Feb"),
    pytest.param("2024-02-29", "2026-03-01", {}, NOT_MET, id="AMB-07 expired on 1 March"),
    pytest.param(
        "2024-02-29", "2026-03-01", {"AMB_07": "1_march"}, MET, id="AMB-07 alternative: 1 March inside"
    ),
    pytest.param(
        "2024-02-29", "2026-03-02", {"AMB_07": "1_march"}, NOT_MET, id="AMB-07 alternative: 2 March outside"
    ),
    pytest.param(
        "2024-06-01", "2026-03-24", {}, MET, id="AMB-05 valid at submission, lapses before the start"
    ),
    pytest.param(
        "2024-06-01",
        "2026-03-24",
        {"AMB_05": "at_programme_start"},
        NOT_MET,
        id="AMB-05 alternative: lapsed at the start",
    ),
    pytest.param(
        "2024-09-01",
        "2026-03-24",
        {"AMB_05": "at_programme_start"},
        MET,
        id="AMB-05 alternative: last day is the start",
    ),
    pytest.param(
        "2024-08-31",
        "2026-03-24",
        {"AMB_05": "at_programme_start"},
        NOT_MET,
        id="AMB-05 alternative: one day short",
    ),
]


@pytest.mark.parametrize("code", [MMEDSC, MPHIL])
@pytest.mark.parametrize(("taken", "asked", "readings", "outcome"), VALIDITY)
def test_two_years_by_date_arithmetic(
    code: str, taken: str, asked: str, readings: dict, outcome: Outcome
) -> None:
    finding = judged(code, ielts(taken_on=date.fromisoformat(taken)), at=on(asked), **readings)
    assert finding.outcome is outcome


def test_amb_05_a_score_that_lapses_before_the_start_is_met_with_a_warning() -> None:
    finding = judged(MPHIL, ielts(taken_on=date(2024, 6, 1)))
    assert (finding.outcome, finding.params["lapses_before"], finding.params["valid_until"]) == (
        MET,
        "2026-09-01",
        "2026-06-01",
    )


def test_amb_05_no_warning_where_the_score_outlasts_the_start() -> None:
    assert "lapses_before" not in judged(MPHIL, ielts(taken_on=date(2024, 9, 1))).params


@pytest.mark.parametrize(
    ("asked", "boundary"),
    [("2026-02-27", False), ("2026-02-28", True), ("2026-03-01", True), ("2026-03-02", False)],
)
def test_amb_07_an_officer_sees_the_days_that_decide(asked: str, boundary: bool) -> None:
    assert (
        judged(MPHIL, ielts(taken_on=date(2024, 2, 29)), at=on(asked)).params.get("boundary", False)
        is boundary
    )


def test_amb_05b_the_issue_date_where_that_reading_is_chosen() -> None:
    test = ielts(taken_on=date(2024, 3, 20), issued_on=date(2024, 4, 2))
    assert judged(MMEDSC, test, at=on("2026-03-24")).reason == "expired"
    assert judged(MMEDSC, test, at=on("2026-03-24"), AMB_05b="issue_date").outcome is MET
    assert judged(MMEDSC, replace(test, issued_on=None), AMB_05b="issue_date").reason == "issue_date_missing"


def test_amb_05_a_received_application_is_judged_on_the_day_it_came() -> None:
    test = ielts(taken_on=date(2024, 3, 31))
    assert judged(MPHIL, test, at=on("2026-08-01"), received_at=on("2026-03-31")).outcome is MET


def test_amb_05_the_day_is_that_of_hong_kong() -> None:
    test = ielts(taken_on=date(2024, 3, 31))
    assert judged(MPHIL, test, at=datetime.fromisoformat("2026-03-31T15:59:59+00:00")).outcome is MET
    assert judged(MPHIL, test, at=datetime.fromisoformat("2026-03-31T16:00:00+00:00")).outcome is NOT_MET


def test_a_score_that_arrives_after_the_application_counts() -> None:
    test = ielts(taken_on=date(2026, 4, 20))
    assert judged(MPHIL, test, at=on("2026-05-10"), received_at=on("2026-03-31")).outcome is MET


def test_the_best_sitting_decides_and_parts_are_never_mixed() -> None:
    one, other = ielts("8 8 5 8"), ielts("5 8 8 8", taken_on=date(2025, 9, 1))
    assert judged(MPHIL, one, other).outcome is NOT_MET
    assert judged(MPHIL, one, toefl(95)).supplied["kind"] == "TOEFL_IBT"
    assert (
        judged(MPHIL, ielts("5 5 5 5"), toefl(None, booked=True, taken_on=date(2026, 5, 1))).reason
        == "booked"
    )


def test_ust_07_ust_08_a_failed_route_beside_a_good_one_costs_nothing() -> None:
    found = ask(MPHIL, degrees=(elsewhere(),), english_tests=(ielts("5 5 5 5"), toefl(95)))
    outcomes = {code: found.finding(code).outcome for code in ("UST-06", "UST-07", "UST-08", "UST-09")}
    assert outcomes == {"UST-06": MET, "UST-07": MET, "UST-08": NOT_MET, "UST-09": MET}
    assert found.verdict == "ELIGIBLE"


def test_ust_09_reports_an_expired_score() -> None:
    found = ask(MPHIL, degrees=(elsewhere(),), english_tests=(ielts(taken_on=date(2023, 1, 1)),))
    assert (found.finding("UST-09").outcome, found.finding("UST-09").reason) == (NOT_MET, "expired")


def test_ust_10_a_department_is_pending_where_no_overlay_is_recorded() -> None:
    assert ask(MPHIL).finding("UST-10").outcome is Outcome.PENDING_OFFICER


def test_ust_10_an_overlay_raises_and_never_lowers() -> None:
    base = policy(MPHIL)
    overlay = (
        EnglishMinimum(
            K.IELTS_ACADEMIC, overall=Decimal(7), each_part=Decimal("5"), parts={"writing": Decimal(7)}
        ),
        EnglishMinimum(K.TOEFL_IBT, overall=Decimal(60)),
    )
    raised = replace(base, english=replace(base.english, overlay=overlay))

    def outcomes(test: EnglishTest) -> tuple[Outcome, Outcome]:
        facts = person(MPHIL, degrees=(elsewhere(),), english_tests=(test,))
        found = assess(facts, raised, at=AT)
        return found.finding("UST-06").outcome, found.finding("UST-10").outcome

    assert outcomes(ielts("7 7 7 7")) == (MET, MET)
    assert outcomes(ielts("8 8 6.5 8")) == (MET, NOT_MET)  # Writing below the department's 7.0
    assert outcomes(ielts("8 5 8 8")) == (NOT_MET, NOT_MET)  # the university's 5.5 stands
    assert outcomes(toefl(79)) == (NOT_MET, NOT_MET)  # an overlay of 60 lowers nothing
    assert outcomes(toefl(80)) == (MET, MET)


def test_stricter_takes_the_higher_figure_part_by_part() -> None:
    one = EnglishMinimum(K.IELTS_ACADEMIC, Decimal(6), Decimal("5.5"), {"writing": Decimal(6)})
    two = EnglishMinimum(
        K.IELTS_ACADEMIC, Decimal("6.5"), None, {"writing": Decimal("5.5"), "speaking": Decimal(7)}
    )
    assert stricter(one, two) == EnglishMinimum(
        K.IELTS_ACADEMIC, Decimal("6.5"), Decimal("5.5"), {"writing": Decimal(6), "speaking": Decimal(7)}
    )
    c, a = EnglishMinimum(K.GCE_IGCSE, grade="C"), EnglishMinimum(K.GCE_IGCSE, grade="A")
    assert stricter(c, a).grade == stricter(a, c).grade == "A"


OFF_SCALE = [
    (K.IELTS_ACADEMIC, "writing", "6.3"),
    (K.IELTS_ACADEMIC, "overall", "9.5"),
    (K.TOEFL_IBT, "overall", "121"),
    (K.TOEFL_IBT, "speaking", "31"),
    (K.TOEFL_IBT_1_6, "overall", "4.2"),
    (K.TOEFL_IBT_1_6, "overall", "0.5"),
    (K.TOEFL_IBT_1_6, "comparable_total", "121"),
    (K.TOEFL_PAPER, "overall", "309"),
    (K.TOEFL_REVISED_PAPER, "reading", "31"),
    (K.DUOLINGO, "overall", "102"),
    (K.PTE_ACADEMIC, "overall", "91"),
]


@pytest.mark.parametrize(("kind", "part", "score"), OFF_SCALE)
def test_b6_a_score_the_test_cannot_give_is_refused(kind: EnglishTestKind, part: str, score: str) -> None:
    with pytest.raises(FactsError) as refused:
        EnglishTest(kind=kind, **{part: Decimal(score)})
    assert (refused.value.path, refused.value.problem) == (f"$.{part}", "off_scale")


@pytest.mark.parametrize(
    ("kind", "part", "score"),
    [
        (K.TOEFL_REVISED_PAPER, "speaking", Decimal(20)),
        (K.IELTS_ACADEMIC, "comparable_total", Decimal(80)),
        (K.IELTS_ACADEMIC, "grade", "A"),
    ],
)
def test_b6_a_score_the_report_does_not_print_is_refused(
    kind: EnglishTestKind, part: str, score: Any
) -> None:
    with pytest.raises(FactsError) as refused:
        EnglishTest(kind=kind, **{part: score})
    assert (refused.value.path, refused.value.problem) == (f"$.{part}", "no_such_score")


@pytest.mark.parametrize(
    ("kind", "parts", "total"),
    [
        (K.IELTS_ACADEMIC, "6 6 6.5 6.5", "6.5"),
        (K.IELTS_ACADEMIC, "6 6 6 6.5", "6"),
        (K.IELTS_ACADEMIC, "5.5 5.5 6 6", "6"),
        (K.IELTS_ACADEMIC, "6.5 6.5 7 7", "7"),
        (K.IELTS_ACADEMIC, "5.5 5.5 5.5 6.5", "6"),
        (K.TOEFL_IBT_1_6, "5 5 5 5.5", "5"),
        (K.TOEFL_IBT_1_6, "5 5 5.5 5.5", "5.5"),
        (K.TOEFL_IBT, "20 20 20 20", "80"),
    ],
)
def test_b5_b6_totals_follow_from_the_parts(kind: EnglishTestKind, parts: str, total: str) -> None:
    assert total_of(kind, tuple(Decimal(part) for part in parts.split())) == Decimal(total)


def test_corresponding_days() -> None:
    assert corresponding_day(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert corresponding_day(date(2026, 9, 1), -5) == date(2021, 9, 1)
    assert last_valid_day(date(2024, 2, 29), 2, anniversary_inside=False) == date(2026, 2, 27)


def test_c16_the_best_sitting_is_shown_with_what_the_rules_make_of_the_others() -> None:
    finding = judged(MPHIL, ielts("5 6 6 6"), toefl(95), ielts(taken_on=date(2023, 1, 1)))
    assert (finding.supplied["kind"], finding.outcome) == ("TOEFL_IBT", MET)
    assert [(other["outcome"], other["reason"]) for other in finding.params["others"]] == [
        ("NOT_MET", "expired"),
        ("NOT_MET", "below_minimum"),
    ]
    assert finding.params["others"][1] == {
        "supplied": {
            "kind": "IELTS_ACADEMIC",
            "listening": "5",
            "reading": "6",
            "writing": "6",
            "speaking": "6",
            "taken_on": "2025-06-01",
        },
        "outcome": "NOT_MET",
        "reason": "below_minimum",
        "params": {"short": ["listening"]},
    }


def test_c16_one_sitting_stands_beside_no_other() -> None:
    assert "others" not in judged(MPHIL, ielts()).params


def test_c16_a_failed_best_sitting_shows_the_others_too() -> None:
    finding = judged(MPHIL, ielts("5 5 5 5"), ielts("5 6 6 6"))
    assert finding.params["short"] == ["listening"]
    assert [other["params"]["short"] for other in finding.params["others"]] == [
        ["overall", "listening", "reading", "writing", "speaking"]
    ]


def test_of_two_tests_that_serve_alike_the_later_one_is_shown() -> None:
    finding = judged(MPHIL, ielts(taken_on=date(2024, 6, 1)), ielts(taken_on=date(2025, 6, 1)))
    assert finding.supplied["taken_on"] == "2025-06-01"


OET = EnglishMinimum(
    K.OTHER,
    overall=Decimal(350),
    each_part=Decimal(300),
    name="Occupational English Test",
    scale=Range(Decimal(0), Decimal(500), Decimal(10)),
)


def with_oet(*tests: EnglishTest, overlay: tuple[EnglishMinimum, ...] = ()) -> Any:
    base = policy(MPHIL)
    listed = replace(base, english=replace(base.english, minima=(*base.english.minima, OET), overlay=overlay))
    facts = person(MPHIL, degrees=(elsewhere(),), english_tests=tests)
    return assess(facts, listed, at=AT)


def oet(overall: int, *parts: int, name: str = "Occupational English Test", **changes: Any) -> EnglishTest:
    names = ("listening", "reading", "writing", "speaking")
    return sitting(K.OTHER, overall=overall, name=name, **dict(zip(names, parts, strict=False)), **changes)


ADDED = [
    pytest.param(oet(350, 300, 300, 400, 400), MET, "test_meets", id="an added test at its figures"),
    pytest.param(oet(340, 300, 300, 400, 400), NOT_MET, "below_minimum", id="an added test, low overall"),
    pytest.param(oet(350, 290, 300, 400, 400), NOT_MET, "below_minimum", id="an added test with a low part"),
    pytest.param(oet(350, 300, 300), EVIDENCE, "score_missing", id="an added test with parts missing"),
    pytest.param(oet(355, 300, 300, 400, 400), EVIDENCE, "off_the_stated_scale", id="off its stated scale"),
    pytest.param(oet(510, 300, 300, 400, 400), EVIDENCE, "off_the_stated_scale", id="above its stated scale"),
    pytest.param(oet(350, 305, 300, 400, 400), EVIDENCE, "off_the_stated_scale", id="a part off the scale"),
    pytest.param(
        oet(350, 300, 300, 400, 400, name=" occupational  english test"), MET, "test_meets", id="as typed"
    ),
    pytest.param(oet(350, 300, 300, 400, 400, name="Another"), NOT_MET, "test_not_listed", id="another name"),
    pytest.param(
        oet(350, 300, 300, 400, 400, taken_on=date(2024, 3, 1)), NOT_MET, "expired", id="UST-09 too old"
    ),
]


@pytest.mark.parametrize(("test", "outcome", "reason"), ADDED)
def test_c4_an_office_adds_a_test_of_its_own_as_data(
    test: EnglishTest, outcome: Outcome, reason: str
) -> None:
    finding = with_oet(test).finding("UST-06")
    assert (finding.outcome, finding.reason) == (outcome, reason)


def test_c4_an_added_test_goes_by_its_name_and_can_be_raised() -> None:
    raised = replace(OET, overall=Decimal(400), each_part=None)
    found = with_oet(oet(350, 300, 300, 400, 400), overlay=(raised,))
    assert found.finding("UST-06").outcome is MET
    assert found.finding("UST-10").needed == {
        "kind": "OTHER",
        "name": "Occupational English Test",
        "overall": "400",
        "each_part": "300",
    }
    assert found.finding("UST-10").supplied["name"] == "Occupational English Test"
    routes = with_oet().finding("UST-06").needed["routes"]
    assert [route.get("name", "") for route in routes][-1] == "Occupational English Test"


WRONG_ROWS: list[Any] = [
    ({"kind": "IELTS_ACADEMIC", "overall": 6.3}, "$.overall", "off_scale"),
    ({"kind": "IELTS_ACADEMIC", "each_part": 10}, "$.each_part", "off_scale"),
    ({"kind": "IELTS_ACADEMIC", "parts": {"writing": 6.2}}, "$.parts.writing", "off_scale"),
    ({"kind": "IELTS_ACADEMIC", "parts": {"spelling": 6}}, "$.parts.spelling", "unknown_field"),
    ({"kind": "IELTS_ACADEMIC", "comparable": 80}, "$.comparable", "no_such_score"),
    ({"kind": "IELTS_ACADEMIC", "grade": "C"}, "$.grade", "no_such_score"),
    ({"kind": "IELTS_ACADEMIC"}, "$.overall", "missing_field"),
    ({"kind": "TOEFL_IBT_1_6", "comparable": 121}, "$.comparable", "off_scale"),
    ({"kind": "TOEFL_IBT_1_6", "comparable": 80, "band": 7}, "$.band", "off_scale"),
    ({"kind": "TOEFL_REVISED_PAPER", "parts": {"speaking": 20}}, "$.parts.speaking", "no_such_score"),
    ({"kind": "GCE_IGCSE", "grade": "Z"}, "$.grade", "off_scale"),
    ({"kind": "GCE_IGCSE", "each_part": 5}, "$.each_part", "no_such_score"),
    ({"kind": "OTHER", "overall": 5, "name": "X"}, "$.scale", "missing_field"),
    ({"kind": "OTHER", "overall": 5, "scale": {"low": 0, "high": 9}}, "$.name", "missing_field"),
    (
        {"kind": "OTHER", "overall": 9.5, "name": "X", "scale": {"low": 0, "high": 9}},
        "$.overall",
        "off_scale",
    ),
    (
        {"kind": "OTHER", "overall": 5, "name": "X", "scale": {"low": 9, "high": 9}},
        "$.scale.high",
        "off_scale",
    ),
    (
        {"kind": "OTHER", "overall": 5, "name": "X", "scale": {"low": 0, "high": 9, "step": 0}},
        "$.scale.step",
        "off_scale",
    ),
    (
        {"kind": "OTHER", "overall": 5, "name": "X", "scale": {"low": 0, "high": 9, "step": 10}},
        "$.scale.step",
        "off_scale",
    ),
    ({"kind": "IELTS_ACADEMIC", "overall": 5, "name": "X"}, "$.name", "unknown_field"),
    (
        {"kind": "IELTS_ACADEMIC", "overall": 5, "scale": {"low": 0, "high": 9}},
        "$.scale",
        "unknown_field",
    ),
]


@pytest.mark.parametrize(("row", "path", "problem"), WRONG_ROWS)
def test_a_minimum_that_no_report_could_show_is_refused(row: dict[str, Any], path: str, problem: str) -> None:
    with pytest.raises(FactsError) as refused:
        from_json(EnglishMinimum, row)
    assert (refused.value.path, refused.value.problem) == (path, problem)


def test_a_known_test_has_no_name_of_its_own() -> None:
    with pytest.raises(FactsError) as refused:
        ielts(name="IELTS")
    assert (refused.value.path, refused.value.problem) == ("$.name", "unknown_field")


T, INDICATOR = Treatment, ielts(kind=K.IELTS_INDICATOR)
TREATMENTS = [
    pytest.param({"indicator": T.REFUSE}, INDICATOR, NOT_MET, "indicator_refused", "AMB-13"),
    pytest.param({"indicator": T.REFER}, INDICATOR, REFER, "indicator", "AMB-13"),
    pytest.param({"indicator": T.ACCEPT}, INDICATOR, MET, "test_meets", "AMB-09"),
    pytest.param({"home_edition": T.REFUSE}, toefl(home_edition=True), NOT_MET, "home_edition", "AMB-13"),
    pytest.param({"home_edition": T.REFER}, toefl(home_edition=True), REFER, "home_edition", "AMB-13"),
    pytest.param({"home_edition": T.ACCEPT}, toefl(home_edition=True), MET, "test_meets", "AMB-05"),
    pytest.param({"unlisted": T.REFUSE}, sitting(K.OTHER), NOT_MET, "test_not_listed", ""),
    pytest.param({"unlisted": T.REFER}, sitting(K.OTHER), REFER, "test_not_listed", ""),
]


@pytest.mark.parametrize(("settings", "test", "outcome", "reason", "reading"), TREATMENTS)
def test_amb_13_what_a_policy_does_with_what_its_text_does_not_name(
    settings: dict[str, Treatment], test: EnglishTest, outcome: Outcome, reason: str, reading: str
) -> None:
    base = policy(MPHIL)
    asked = replace(base, english=replace(base.english, **settings))
    facts = person(MPHIL, degrees=(elsewhere(),), english_tests=(test,))
    finding = assess(facts, asked, at=AT).finding("UST-06")
    assert (finding.outcome, finding.reason, finding.reading) == (outcome, reason, reading)


def test_amb_13_a_retake_that_is_accepted_is_still_a_test_taken_at_home() -> None:
    test = ielts(one_skill_retake=True, home_edition=True)
    assert judged(MPHIL, test, AMB_13="accept").reason == "home_edition"


@pytest.mark.parametrize("kind", [K.IELTS_GENERAL_TRAINING, K.IELTS_INDICATOR, K.DUOLINGO])
def test_a_test_that_does_not_count_names_those_that_do(kind: EnglishTestKind) -> None:
    finding = judged(MPHIL, sitting(kind))
    assert [route["kind"] for route in finding.needed["routes"]] == [
        "TOEFL_IBT",
        "TOEFL_IBT_1_6",
        "IELTS_ACADEMIC",
    ]


def test_amb_10_doors_can_ask_which_tests_are_retired() -> None:
    retired = {kind for kind, scale in SCALES.items() if scale.retired}
    assert retired == {K.TOEFL_PAPER, K.TOEFL_REVISED_PAPER}


def test_the_ends_of_the_calendar_are_no_trap() -> None:
    assert corresponding_day(date(9999, 5, 1), 2) == date(9999, 5, 1)
    assert corresponding_day(date(3, 5, 1), -5) == date(1, 5, 1)
