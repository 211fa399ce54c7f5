"""Degrees: HKU-E3, UST-02, UST-05, and awards still to come (AMB-22, AMB-23, AMB-24, AMB-31)."""

from datetime import date, datetime
from typing import Any

import pytest

from eligibility.engine import HKT, AwardStatus, DegreeLevel, FactsError, Honours, OfficerFinding, Outcome
from eligibility.engine import Acceptance as A
from tests.eligibility.engine.people import MMEDSC, MPHIL, PHD, ask, degree, elsewhere

MET, NOT_MET, REFER, EVIDENCE = Outcome.MET, Outcome.NOT_MET, Outcome.REFER, Outcome.NEEDS_EVIDENCE
OURS = {"of_this_university": True}

E3 = [
    pytest.param({"honours": Honours.FIRST}, MET, "honours_of_this_university", id="HKU-E3 (a) First Class"),
    pytest.param(
        {"honours": Honours.SECOND}, MET, "honours_of_this_university", id="HKU-E3 (a) Second Class undivided"
    ),
    pytest.param(
        {"honours": Honours.THIRD}, MET, "honours_of_this_university", id="AMB-23 Third Class is with honours"
    ),
    pytest.param(
        {"honours": Honours.HONOURS_UNCLASSIFIED},
        MET,
        "honours_of_this_university",
        id="HKU-E3 (a) no class is needed",
    ),
    pytest.param({"honours": Honours.PASS}, REFER, "pass_degree", id="AMB-23 Pass degree"),
    pytest.param(
        {"honours": Honours.NONE_PRINTED}, REFER, "no_honours_printed", id="HKU-E3 (b) nothing printed"
    ),
    pytest.param({"honours": None}, EVIDENCE, "honours_not_stated", id="HKU-E3 honours not said"),
    pytest.param({"level": DegreeLevel.MBBS, "honours": None}, REFER, "mbbs", id="AMB-24 MBBS"),
    pytest.param(
        {"level": DegreeLevel.MASTER},
        REFER,
        "other_qualification_of_this_university",
        id="HKU-E3 (b) a master's",
    ),
    pytest.param(
        {"of_this_university": False},
        REFER,
        "another_institution",
        id="HKU-E3 (c) another Hong Kong university",
    ),
    pytest.param(
        {"of_this_university": False, "level": DegreeLevel.SUB_DEGREE},
        REFER,
        "another_institution",
        id="HKU-E3 (c) a diploma",
    ),
    pytest.param(
        {"status": AwardStatus.EXPECTED, "honours": None, "completed_on": date(2026, 6, 30)},
        EVIDENCE,
        "award_expected",
        id="AMB-22 final year at this University",
    ),
    pytest.param(
        {"of_this_university": False, "acceptance_reference": "register/7"},
        MET,
        "accepted_by_register",
        id="C15 in the register",
    ),
]


@pytest.mark.parametrize(("changes", "outcome", "reason"), E3)
def test_hku_e3(changes: dict[str, Any], outcome: Outcome, reason: str) -> None:
    finding = ask(degrees=(degree(**OURS | changes),)).finding("HKU-E3")
    assert (finding.outcome, finding.reason) == (outcome, reason)


def test_hku_e3_nothing_declared_needs_evidence_and_blocks_nothing() -> None:
    found = ask(degrees=())
    assert (found.finding("HKU-E3").reason, found.verdict) == ("no_qualification", "NEEDS_EVIDENCE")


def test_hku_e3_honours_from_outside_hong_kong_are_referred_however_high() -> None:
    assert ask(degrees=(elsewhere(honours=Honours.FIRST),)).finding("HKU-E3").outcome is REFER


def test_amb_24_mbbs_accepted_where_that_reading_is_chosen() -> None:
    mbbs = degree(level=DegreeLevel.MBBS, honours=None, of_this_university=True)
    assert ask(degrees=(mbbs,), readings={"AMB_24": "accept"}).finding("HKU-E3").outcome is MET
    other = degree(level=DegreeLevel.MBBS, honours=None)
    assert ask(degrees=(other,), readings={"AMB_24": "accept"}).finding("HKU-E3").outcome is REFER


def expected(day: date | None, **changes: Any) -> Any:
    return degree(**{"status": AwardStatus.EXPECTED, "completed_on": day, **OURS, **changes})


AWARD = [
    pytest.param(
        MMEDSC, date(2026, 8, 31), {}, EVIDENCE, id="AMB-22 HKU by 31 August of the year of admission"
    ),
    pytest.param(MMEDSC, date(2026, 9, 1), {}, NOT_MET, id="AMB-22 HKU one day late"),
    pytest.param(MMEDSC, None, {}, EVIDENCE, id="AMB-22 HKU no date given"),
    pytest.param(
        MMEDSC,
        date(2026, 6, 1),
        {"AMB_22": "must_hold_at_submission"},
        NOT_MET,
        id="AMB-22 alternative: must hold",
    ),
    pytest.param(MPHIL, date(2026, 8, 31), {}, EVIDENCE, id="AMB-22 HKUST before the start"),
    pytest.param(MPHIL, date(2026, 9, 2), {}, REFER, id="AMB-22 HKUST names no day"),
    pytest.param(PHD, date(2026, 8, 31), {}, EVIDENCE, id="AMB-22 PhD before the start"),
]


@pytest.mark.parametrize(("code", "day", "readings", "outcome"), AWARD)
def test_amb_22_degrees_still_to_come(code: str, day: date | None, readings: dict, outcome: Outcome) -> None:
    rule = {MMEDSC: "HKU-E3-AWARD", MPHIL: "UST-02-AWARD", PHD: "UST-03-AWARD"}[code]
    assert ask(code, degrees=(expected(day),), readings=readings).finding(rule).outcome is outcome


def test_amb_22_an_award_given_as_past_on_a_day_to_come_needs_evidence() -> None:
    finding = ask(degrees=(degree(completed_on=date(2026, 3, 25), **OURS),)).finding("HKU-E3-AWARD")
    assert finding.reason == "awarded_in_the_future"
    assert (
        ask(degrees=(degree(completed_on=date(2026, 3, 24), **OURS),)).finding("HKU-E3-AWARD").outcome is MET
    )


UST_02 = [
    pytest.param((degree(honours=Honours.PASS),), MET, "first_degree", id="UST-02 no honours needed"),
    pytest.param(
        (degree(level=DegreeLevel.MBBS, honours=None),), MET, "first_degree", id="UST-02 MBBS is a bachelor's"
    ),
    pytest.param((degree(status=AwardStatus.EXPECTED),), EVIDENCE, "award_expected", id="UST-02 final year"),
    pytest.param((degree(level=DegreeLevel.MASTER),), REFER, "no_first_degree", id="UST-05 a master's alone"),
    pytest.param(
        (degree(level=DegreeLevel.SUB_DEGREE),), REFER, "no_first_degree", id="UST-05 a diploma alone"
    ),
    pytest.param(
        (degree(level=DegreeLevel.OTHER, acceptance_reference="register/2"),),
        MET,
        "accepted_by_register",
        id="C15 in the register",
    ),
    pytest.param((), EVIDENCE, "no_qualification", id="UST-02 nothing declared"),
]


@pytest.mark.parametrize(("degrees", "outcome", "reason"), UST_02)
def test_ust_02(degrees: tuple, outcome: Outcome, reason: str) -> None:
    finding = ask(MPHIL, degrees=degrees).finding("UST-02")
    assert (finding.outcome, finding.reason) == (outcome, reason)


def test_ust_05_individual_merit_never_bars_anyone() -> None:
    found = ask(MPHIL, degrees=(degree(level=DegreeLevel.SUB_DEGREE),))
    assert (found.finding("UST-05").outcome, found.verdict) == (REFER, "REFER")
    assert ask(MPHIL).finding("UST-05").outcome is Outcome.NOT_APPLICABLE


def test_ust_02_recognition_is_the_officers_and_our_own_degrees_need_none() -> None:
    assert ask(MPHIL, degrees=(degree(),)).finding("UST-02-RECOGNISED").outcome is Outcome.PENDING_OFFICER
    assert ask(MPHIL, degrees=(degree(**OURS),)).finding("UST-02-RECOGNISED").outcome is MET


def test_amb_31_the_named_qualification_counts_and_else_the_one_that_serves_best() -> None:
    ours, other = degree(title="BA", **OURS), elsewhere(title="BEng")
    named = ask(degrees=(ours, elsewhere(title="BEng", relied_on=True))).finding("HKU-E3")
    unnamed = ask(degrees=(other, ours)).finding("HKU-E3")
    assert (named.supplied["title"], named.params["named_by_applicant"]) == ("BEng", True)
    assert (unnamed.supplied["title"], unnamed.params["named_by_applicant"]) == ("BA", False)
    assert "better" not in unnamed.params


def test_ust_the_bachelors_counts_even_when_the_masters_is_relied_on() -> None:
    masters = degree(level=DegreeLevel.MASTER, title="MSc", relied_on=True)
    found = ask(MPHIL, degrees=(masters, elsewhere(title="BEng", completed_on=date(2020, 6, 1))))
    assert found.finding("UST-02").supplied["title"] == "BEng"


REGISTER = [
    pytest.param(MMEDSC, "HKU-E3", {}, None, MET, "accepted_by_register", id="C15 HKU-E3 accepted"),
    pytest.param(
        MMEDSC, "HKU-E3", {}, A.EQUIVALENT, MET, "accepted_by_register", id="C15 HKU-E3 (b) equivalent"
    ),
    pytest.param(
        MMEDSC, "HKU-E3", {}, A.COMPARABLE, MET, "accepted_by_register", id="C15 HKU-E3 (c) comparable"
    ),
    pytest.param(
        MMEDSC,
        "HKU-E3",
        {"honours": Honours.PASS},
        A.COMPARABLE,
        REFER,
        "pass_degree",
        id="AMB-23 a Pass degree of a comparable institution",
    ),
    pytest.param(
        MMEDSC,
        "HKU-E3",
        {"level": DegreeLevel.SUB_DEGREE},
        A.COMPARABLE,
        REFER,
        "another_institution",
        id="C15 HKU-E3 (c) a diploma of a comparable institution is of no equal standard by that",
    ),
    pytest.param(
        MMEDSC,
        "HKU-E3",
        {"level": DegreeLevel.MASTER},
        A.COMPARABLE,
        REFER,
        "another_institution",
        id="C15 HKU-E3 (c) a comparable institution's master's is judged as one of this University's",
    ),
    pytest.param(
        MMEDSC,
        "HKU-E3",
        {"level": DegreeLevel.MBBS},
        A.COMPARABLE,
        REFER,
        "mbbs",
        id="AMB-24 a comparable institution's MBBS fares no better than this University's",
    ),
    pytest.param(
        MPHIL,
        "UST-02",
        {"level": DegreeLevel.SUB_DEGREE},
        A.COMPARABLE,
        REFER,
        "no_first_degree",
        id="C15 UST-02 a comparable institution's diploma is no bachelor's",
    ),
    pytest.param(
        MMEDSC,
        "HKU-E3",
        {"honours": Honours.PASS},
        A.EQUIVALENT,
        MET,
        "accepted_by_register",
        id="C15 a Pass degree judged equivalent",
    ),
    pytest.param(
        MMEDSC,
        "HKU-E3",
        {},
        A.RECOGNISED,
        REFER,
        "another_institution",
        id="C15 HKU-E3 asks for more than recognition",
    ),
    pytest.param(
        MPHIL,
        "UST-02",
        {"level": DegreeLevel.OTHER},
        A.EQUIVALENT,
        MET,
        "accepted_by_register",
        id="C15 UST-02 an approved equivalent",
    ),
    pytest.param(
        MPHIL,
        "UST-02",
        {"level": DegreeLevel.OTHER},
        A.RECOGNISED,
        REFER,
        "no_first_degree",
        id="C15 UST-02 recognition makes no bachelor's",
    ),
    pytest.param(
        MPHIL,
        "UST-02-RECOGNISED",
        {},
        A.RECOGNISED,
        MET,
        "accepted_by_register",
        id="C15 UST-02 a recognised institution",
    ),
    pytest.param(
        PHD,
        "UST-03-RECOGNISED",
        {},
        A.COMPARABLE,
        MET,
        "accepted_by_register",
        id="C15 UST-03 a comparable institution is recognised",
    ),
]


@pytest.mark.parametrize(("code", "rule", "changes", "acceptance", "outcome", "reason"), REGISTER)
def test_c15_the_register_meets_a_rule_and_is_cited(
    code: str, rule: str, changes: dict[str, Any], acceptance: Any, outcome: Outcome, reason: str
) -> None:
    held = degree(acceptance_reference="register/9", acceptance=acceptance, **changes)
    finding = ask(code, degrees=(held,)).finding(rule)
    assert (finding.outcome, finding.reason) == (outcome, reason)
    assert finding.params.get("reference") == ("register/9" if outcome is MET else None)


def test_c15_an_acceptance_without_its_entry_is_refused() -> None:
    with pytest.raises(FactsError) as refused:
        degree(acceptance=A.EQUIVALENT)
    assert (refused.value.path, refused.value.problem) == ("$.acceptance_reference", "missing_field")


def test_c16_the_other_qualifications_are_judged_beside_the_one_that_counts() -> None:
    ours, other = degree(title="BA", relied_on=True, **OURS), elsewhere(title="BEng")
    finding = ask(degrees=(other, ours)).finding("HKU-E3")
    assert [(beside["supplied"]["title"], beside["reason"]) for beside in finding.params["others"]] == [
        ("BEng", "another_institution")
    ]
    assert finding.params["others"][0]["outcome"] == "REFER"
    assert finding.reading == "AMB-31"


def test_c16_one_qualification_stands_beside_no_other() -> None:
    finding = ask().finding("HKU-E3")
    assert (finding.params, finding.reading) == ({}, "")


def test_c16_another_that_serves_better_is_said_in_degree_and_english() -> None:
    ours, named = degree(title="BA", **OURS), elsewhere(title="BEng", relied_on=True)
    found = ask(degrees=(ours, named))
    assert found.finding("HKU-E3").params["better"]["title"] == "BA"
    assert found.finding("HKU-E5").params["better_exempts"] is True
    at_hkust = ask(MPHIL, degrees=(ours, named))
    assert at_hkust.finding("UST-02").params["better"]["title"] == "BA"
    assert at_hkust.finding("UST-06").params["better_exempts"] is True


def test_c16_nothing_better_is_said_where_the_named_one_serves_best() -> None:
    ours, other = degree(title="BA", relied_on=True, **OURS), elsewhere(title="BEng")
    found = ask(degrees=(ours, other), english_tests=())
    assert "better" not in found.finding("HKU-E3").params
    assert "better_exempts" not in found.finding("HKU-E5").params


def test_amb_22_must_hold_names_the_day() -> None:
    finding = ask(
        degrees=(expected(date(2026, 6, 1)),), readings={"AMB_22": "must_hold_at_submission"}
    ).finding("HKU-E3-AWARD")
    assert finding.needed == {"by": "2026-03-24"}


def test_ust_03_a_bachelors_is_named_as_what_is_needed() -> None:
    masters = degree(level=DegreeLevel.MASTER)
    assert ask(PHD, degrees=(masters,)).finding("UST-03a").needed == {"bachelor": True}


def test_amb_22_must_hold_an_award_after_the_submission_was_not_held_at_it() -> None:
    received, asked_at = datetime(2026, 3, 20, 9, tzinfo=HKT), datetime(2026, 5, 1, 9, tzinfo=HKT)
    for day, outcome in ((date(2026, 3, 20), MET), (date(2026, 3, 21), NOT_MET)):
        held = degree(completed_on=day, **OURS)
        found = ask(
            degrees=(held,),
            received_at=received,
            at=asked_at,
            readings={"AMB_22": "must_hold_at_submission"},
        )
        assert found.finding("HKU-E3-AWARD").outcome is outcome
        assert ask(degrees=(held,), received_at=received, at=asked_at).finding("HKU-E3-AWARD").outcome is MET


@pytest.mark.parametrize("degrees", [(), (degree(),), (degree(level=DegreeLevel.MASTER),)])
def test_ust_02_says_what_is_needed_whatever_is_found(degrees: tuple[Any, ...]) -> None:
    assert ask(MPHIL, degrees=degrees).finding("UST-02").needed == {"bachelor": True}


def test_ust_05_merit_need_not_be_considered_once_an_officer_approved_the_equivalent() -> None:
    diploma = (degree(level=DegreeLevel.SUB_DEGREE),)
    for outcome, merit, verdict in (
        (MET, Outcome.NOT_APPLICABLE, "ELIGIBLE"),
        (NOT_MET, REFER, "INELIGIBLE"),
    ):
        found = ask(MPHIL, degrees=diploma, officer_findings=(OfficerFinding("UST-02", outcome, "minute 3"),))
        assert (found.finding("UST-05").outcome, found.verdict) == (merit, verdict)


@pytest.mark.parametrize(
    ("readings", "reason"),
    [
        pytest.param({}, "award_expected", id="AMB-22 final-year students may apply"),
        pytest.param(
            {"AMB_22": "must_hold_at_submission"}, "award_not_held", id="AMB-22 not where it must be held"
        ),
    ],
)
@pytest.mark.parametrize(("policy", "code"), [(MMEDSC, "HKU-E3"), (MPHIL, "UST-02")])
def test_amb_22_an_expected_degree_is_told_by_the_reading(
    policy: str, code: str, readings: dict[str, str], reason: str
) -> None:
    found = ask(policy, degrees=(expected(date(2026, 6, 1)),), readings=readings)
    assert next(f.reason for f in found.findings if f.reason.startswith("award_")) == reason
