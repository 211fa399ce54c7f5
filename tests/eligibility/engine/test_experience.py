"""Doctoral admission: UST-03 (a) or (b) (AMB-18, AMB-19, AMB-20)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from eligibility.engine import (
    DegreeLevel,
    Finding,
    Honours,
    OfficerFinding,
    Outcome,
    PostgraduateStudy,
    StudyKind,
    StudyMode,
    assess,
)
from tests.eligibility.engine.people import AT, PHD, ask, degree, person, policy

MET, NOT_MET, REFER, EVIDENCE = Outcome.MET, Outcome.NOT_MET, Outcome.REFER, Outcome.NEEDS_EVIDENCE
FT, PT = StudyMode.FULL_TIME, StudyMode.PART_TIME


def work(
    mode: StudyMode = FT, months: int | None = 12, *, satisfactory: bool | None = True, **values: Any
) -> PostgraduateStudy:
    return PostgraduateStudy(mode, months=months, satisfactory=satisfactory, **values)


UST_03B = [
    pytest.param((work(),), MET, "postgraduate_work", id="UST-03 (b) one year full-time"),
    pytest.param((work(months=11),), NOT_MET, "too_short", id="UST-03 (b) eleven months full-time"),
    pytest.param((work(PT, 24),), MET, "postgraduate_work", id="UST-03 (b) two years part-time"),
    pytest.param((work(PT, 23),), NOT_MET, "too_short", id="UST-03 (b) 23 months part-time"),
    pytest.param(
        (work(FT, 6), work(PT, 12)), REFER, "only_added_up", id="AMB-19 no aggregation across modes"
    ),
    pytest.param((work(FT, 6), work(FT, 6)), REFER, "only_added_up", id="AMB-19 two half years of one mode"),
    pytest.param((work(FT, 6), work(PT, 11)), NOT_MET, "too_short", id="AMB-19 too short even when added up"),
    pytest.param(
        (work(FT, 6), work(PT, 12, satisfactory=False)),
        NOT_MET,
        "too_short",
        id="AMB-19 failed work adds nothing",
    ),
    pytest.param((work(kind=StudyKind.RESEARCH),), MET, "postgraduate_work", id="AMB-19 registered research"),
    pytest.param(
        (work(kind=StudyKind.RESEARCH_ASSISTANTSHIP),),
        REFER,
        "research_assistantship",
        id="AMB-19 paid assistantship",
    ),
    pytest.param((work(satisfactory=None),), EVIDENCE, "result_not_stated", id="AMB-19 result not said"),
    pytest.param((work(satisfactory=False),), NOT_MET, "not_satisfactory", id="AMB-19 not satisfactory"),
    pytest.param((work(months=None),), EVIDENCE, "length_not_stated", id="AMB-19 length not said"),
    pytest.param(
        (work(months=9, certified_normal_months=12, completed=True),),
        MET,
        "postgraduate_work",
        id="AMB-19 two semesters, certified as one year",
    ),
    pytest.param(
        (work(months=3, certified_normal_months=12, completed=False),),
        NOT_MET,
        "too_short",
        id="AMB-19 certified length, not completed",
    ),
    pytest.param(
        (work(months=None, started_on=date(2024, 9, 1), ended_on=date(2025, 8, 31)),),
        MET,
        "postgraduate_work",
        id="AMB-19 1 September to 31 August",
    ),
    pytest.param(
        (work(months=None, started_on=date(2024, 9, 1), ended_on=date(2025, 8, 30)),),
        NOT_MET,
        "too_short",
        id="AMB-19 one day short",
    ),
    pytest.param((), Outcome.NOT_APPLICABLE, "no_postgraduate_study", id="UST-03 (b) none"),
]


@pytest.mark.parametrize(("stretches", "outcome", "reason"), UST_03B)
def test_ust_03_b(stretches: tuple, outcome: Outcome, reason: str) -> None:
    finding = ask(PHD, postgraduate_study=stretches).finding("UST-03b")
    assert (finding.outcome, finding.reason) == (outcome, reason)


CALENDAR = [
    pytest.param(date(2025, 8, 31), MET, id="AMB-19 alternative: 365 days"),
    pytest.param(date(2025, 8, 30), NOT_MET, id="AMB-19 alternative: 364 days"),
    pytest.param(None, EVIDENCE, id="AMB-19 alternative: no dates"),
]


@pytest.mark.parametrize(("ended", "outcome"), CALENDAR)
def test_amb_19_calendar_days(ended: date | None, outcome: Outcome) -> None:
    study = work(
        months=12, certified_normal_months=12, completed=True, started_on=date(2024, 9, 1), ended_on=ended
    )
    assert (
        ask(PHD, postgraduate_study=(study,), readings={"AMB_19": "calendar_days"}).finding("UST-03b").outcome
        is outcome
    )


NO_BACHELOR = (degree(level=DegreeLevel.MASTER),)
UST_03 = [
    pytest.param({}, {}, REFER, "outstanding_to_be_judged", id="UST-03 (a) judged by the department"),
    pytest.param({"postgraduate_study": (work(),)}, {}, MET, "postgraduate_work", id="UST-03 (b) is enough"),
    pytest.param(
        {"postgraduate_study": (work(satisfactory=None),)},
        {},
        EVIDENCE,
        "result_not_stated",
        id="UST-03 (b) could settle it",
    ),
    pytest.param(
        {"postgraduate_study": (work(months=3),)},
        {},
        REFER,
        "outstanding_to_be_judged",
        id="UST-03 (a) where (b) is short",
    ),
    pytest.param(
        {"degrees": NO_BACHELOR, "postgraduate_study": (work(),)},
        {},
        REFER,
        "experience_without_bachelor",
        id="AMB-18 (b) alone",
    ),
    pytest.param(
        {"degrees": NO_BACHELOR, "postgraduate_study": (work(),)},
        {"AMB_18": "bachelor_needed"},
        NOT_MET,
        "bachelor_needed",
        id="AMB-18 alternative: a bachelor's in any case",
    ),
    pytest.param(
        {"degrees": NO_BACHELOR},
        {},
        REFER,
        "no_first_degree",
        id="UST-05 neither limb, another qualification",
    ),
    pytest.param({"degrees": ()}, {}, EVIDENCE, "no_qualification", id="UST-03 nothing declared"),
]


@pytest.mark.parametrize(("changes", "readings", "outcome", "reason"), UST_03)
def test_ust_03(changes: dict, readings: dict, outcome: Outcome, reason: str) -> None:
    finding = ask(PHD, readings=readings, **changes).finding("UST-03")
    assert (finding.outcome, finding.reason) == (outcome, reason)


def test_ust_03_an_officers_judgement_of_limb_a_counts() -> None:
    good, bad = (OfficerFinding("UST-03a", outcome, "note/1") for outcome in (MET, NOT_MET))
    assert ask(PHD, officer_findings=(good,)).finding("UST-03").outcome is MET
    assert ask(PHD, officer_findings=(good,)).verdict == "ELIGIBLE"
    assert ask(PHD, officer_findings=(bad,)).finding("UST-03").outcome is NOT_MET


@pytest.mark.parametrize(
    ("honours", "reading", "outcome", "reason"),
    [
        pytest.param(
            Honours.FIRST,
            "officer_judges",
            REFER,
            "outstanding_indicated",
            id="AMB-20 a class only indicates",
        ),
        pytest.param(
            Honours.SECOND_UPPER,
            "officer_judges",
            REFER,
            "outstanding_to_be_judged",
            id="AMB-20 no indication",
        ),
        pytest.param(
            Honours.FIRST,
            "indicator_decides",
            MET,
            "indicator_met",
            id="AMB-20 alternative: the class decides",
        ),
        pytest.param(
            Honours.SECOND_UPPER,
            "indicator_decides",
            NOT_MET,
            "indicator_not_met",
            id="AMB-20 alternative: below it",
        ),
    ],
)
def test_amb_20_an_indicator_the_programme_names(
    honours: Honours, reading: str, outcome: Outcome, reason: str
) -> None:
    base = policy(PHD, AMB_20=reading)
    named = replace(base, degree=replace(base.degree, outstanding=(Honours.FIRST,)))
    finding = assess(person(PHD, degrees=(degree(honours=honours),)), named, at=AT).finding("UST-03")
    assert (finding.outcome, finding.reason) == (outcome, reason)


def test_ust_03_subject_and_fitness_are_the_departments() -> None:
    found = ask(PHD, chosen_subject="Chemistry")
    assert found.finding("UST-03-SUBJECT").supplied == {"subject": "Chemistry"}
    assert {found.finding(code).outcome for code in ("UST-03-SUBJECT", "UST-03-FITNESS")} == {
        Outcome.PENDING_OFFICER
    }


TO_COME = [
    pytest.param(date(2026, 3, 24), MET, "postgraduate_work", id="UST-03 (b) ended today"),
    pytest.param(date(2026, 3, 25), MET, "postgraduate_work", id="UST-03 (b) a year done, some to come"),
]


@pytest.mark.parametrize(("ended", "outcome", "reason"), TO_COME)
def test_ust_03_b_a_year_that_is_over(ended: date, outcome: Outcome, reason: str) -> None:
    finding = limb_b(work(months=None, started_on=date(2025, 3, 25), ended_on=ended))
    assert (finding.outcome, finding.reason) == (outcome, reason)


@pytest.mark.parametrize(
    "to_come",
    [
        pytest.param({"started_on": date(2025, 9, 1)}, id="UST-03 (b) half of the year is done"),
        pytest.param(
            {"started_on": date(2026, 4, 1), "ended_on": date(2027, 3, 31)}, id="UST-03 (b) none is done"
        ),
        pytest.param(
            {"certified_normal_months": 12, "completed": True},
            id="UST-03 (b) completed on a day still to come",
        ),
    ],
)
def test_ust_03_b_work_still_to_come_is_no_evidence_yet(to_come: dict[str, Any]) -> None:
    finding = limb_b(work(months=None, **{"ended_on": date(2026, 8, 31)} | to_come))
    assert (finding.outcome, finding.reason, finding.document) == (
        EVIDENCE,
        "postgraduate_work_to_come",
        "postgraduate_transcript",
    )


def limb_b(*stretches: PostgraduateStudy) -> Finding:
    return ask(PHD, postgraduate_study=stretches).finding("UST-03b")


def test_ust_05_counts_what_officers_recorded_about_the_limbs() -> None:
    assistant = (work(kind=StudyKind.RESEARCH_ASSISTANTSHIP),)
    recorded = (OfficerFinding("UST-03b", MET, "minute 3"),)
    found = ask(PHD, degrees=(), postgraduate_study=assistant, officer_findings=recorded)
    assert (found.finding("UST-03").reason, found.finding("UST-05").reason) == (
        "experience_without_bachelor",
        "considered_on_merit",
    )
