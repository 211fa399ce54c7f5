"""Coming back: UST-27, UST-28, UST-29, AMB-25, AMB-27."""

from datetime import date
from typing import Any

import pytest

from eligibility.engine import (
    Course,
    CreditRequest,
    EarlierStudy,
    FactsError,
    Leaving,
    Outcome,
    ProgrammeLevel,
    assess_credit_reuse,
)
from tests.eligibility.engine.people import AT, MMEDSC, MPHIL, PHD, ask, policy

MET, NOT_MET, REFER, EVIDENCE, NONE = (
    Outcome.MET,
    Outcome.NOT_MET,
    Outcome.REFER,
    Outcome.NEEDS_EVIDENCE,
    Outcome.NOT_APPLICABLE,
)
LEVEL = ProgrammeLevel


def study(
    leaving: Leaving | None = Leaving.ACADEMIC_REASONS,
    discipline: str = "Physics",
    level: ProgrammeLevel | None = LEVEL.PHD,
) -> EarlierStudy:
    return EarlierStudy(discipline, level, leaving)


def came_back(*studies: EarlierStudy, discipline: str = "Physics", **readings: str) -> Any:
    return ask(PHD, discipline=discipline, earlier_studies=studies, readings=readings)


BAR = [
    pytest.param(study(), NOT_MET, "same_programme", id="UST-28 same discipline, same level"),
    pytest.param(
        study(Leaving.AFTER_LEAVE), NOT_MET, "same_programme", id="UST-28 conditions after a leave not met"
    ),
    pytest.param(study(discipline="  PHYSICS "), NOT_MET, "same_programme", id="AMB-25 however it was typed"),
    pytest.param(
        EarlierStudy("Physics", None, Leaving.ACADEMIC_REASONS, another_level=True),
        REFER,
        "same_discipline_other_level",
        id="AMB-25 a level that no programme applied for has: refer",
    ),
    pytest.param(
        study(level=LEVEL.MPHIL), REFER, "same_discipline_other_level", id="AMB-25 another level: refer"
    ),
    pytest.param(
        study(discipline="Mathematics"), MET, "another_discipline", id="UST-28 another discipline: no bar"
    ),
    pytest.param(
        study(Leaving.OTHER_REASONS), REFER, "left_for_other_reasons", id="AMB-25 disciplinary: refer"
    ),
    pytest.param(
        study(Leaving.OTHER_REASONS, "Mathematics"),
        REFER,
        "left_for_other_reasons",
        id="AMB-25 disciplinary, another discipline: refer",
    ),
    pytest.param(study(None), EVIDENCE, "leaving_not_stated", id="UST-28 not said how it ended"),
    pytest.param(study(discipline=""), EVIDENCE, "earlier_programme_not_stated", id="AMB-25 no discipline"),
    pytest.param(study(level=None), EVIDENCE, "earlier_programme_not_stated", id="AMB-25 no level"),
    pytest.param(study(Leaving.WITHDREW), NONE, "never_required_to_withdraw", id="UST-27 withdrew freely"),
]


@pytest.mark.parametrize(("earlier", "outcome", "reason"), BAR)
def test_ust_28(earlier: EarlierStudy, outcome: Outcome, reason: str) -> None:
    finding = came_back(earlier).finding("UST-28")
    assert (finding.outcome, finding.reason) == (outcome, reason)
    assert finding.reading == ("" if outcome is NONE else "AMB-25")
    assert finding.document == ("earlier_study_record" if outcome in (REFER, EVIDENCE) else "")


def test_ust_28_names_what_was_given_and_what_is_needed() -> None:
    finding = came_back(study()).finding("UST-28")
    assert finding.supplied == {
        "earlier": {"discipline": "Physics", "level": "PHD", "leaving": "ACADEMIC_REASONS"}
    }
    assert finding.needed == {"another_than": {"discipline": "Physics", "level": "PHD"}}
    bare = came_back(EarlierStudy()).finding("UST-28")
    assert bare.supplied == {"earlier": {"discipline": "", "level": "", "leaving": ""}}


def test_ust_28_a_programme_without_discipline_cannot_be_compared() -> None:
    assert came_back(study(), discipline="").finding("UST-28").reason == "earlier_programme_not_stated"


def test_ust_28_the_worst_of_several_studies_counts_in_any_order() -> None:
    studies = (study(discipline="Mathematics"), study(), study(level=LEVEL.MPHIL))
    for given in (studies, studies[::-1]):
        assert came_back(*given).finding("UST-28").outcome is NOT_MET


def test_amb_25_any_level_where_that_reading_is_chosen() -> None:
    for level in (LEVEL.MPHIL, None):
        found = came_back(study(level=level), AMB_25="discipline_only")
        assert (found.finding("UST-28").outcome, found.verdict) == (NOT_MET, "INELIGIBLE")
    other = came_back(study(discipline="Mathematics"), AMB_25="discipline_only")
    assert other.finding("UST-28").outcome is MET


def test_ust_27_who_withdrew_may_apply_for_any_programme() -> None:
    finding = came_back(study(Leaving.WITHDREW)).finding("UST-27")
    assert (finding.outcome, finding.reason) == (MET, "withdrew")
    assert finding.supplied["earlier"]["leaving"] == "WITHDREW"


def test_ust_27_ust_28_concern_nobody_who_is_new() -> None:
    found = ask(MPHIL)
    assert (found.finding("UST-27").reason, found.finding("UST-28").reason) == (
        "never_withdrew",
        "never_required_to_withdraw",
    )
    assert came_back(study()).finding("UST-27").outcome is NONE


def taken(**changes: Any) -> Course:
    """Three credits, passed in May 2023, never used."""
    values: dict[str, Any] = {
        "name": "Statistical Mechanics",
        "credits": 3,
        "passed": True,
        "completed_on": date(2023, 5, 31),
        "used_for_qualification": False,
    }
    return Course(**values | changes)


def reuse(*courses: Course, **readings: str) -> Any:
    request = CreditRequest(courses, starts_on=date(2026, 9, 1))
    return assess_credit_reuse(request, policy(PHD, **readings), at=AT)


REUSE = [
    pytest.param({}, Outcome.PENDING_OFFICER, "course_to_be_judged", 3, id="UST-29 the department approves"),
    pytest.param({"accepted": True}, MET, "course_accepted", 3, id="UST-29 approved"),
    pytest.param({"accepted": False}, NOT_MET, "course_not_accepted", 0, id="UST-29 not approved"),
    pytest.param(
        {"used_for_qualification": True}, NOT_MET, "course_used_for_qualification", 0, id="UST-29 used before"
    ),
    pytest.param(
        {"used_for_qualification": None}, EVIDENCE, "course_use_not_stated", 0, id="UST-29 use not said"
    ),
    pytest.param(
        {"used_for_qualification": None, "accepted": True},
        EVIDENCE,
        "course_use_not_stated",
        0,
        id="UST-29 approved, use not said",
    ),
    pytest.param(
        {"completed_on": date(2021, 9, 1)},
        Outcome.PENDING_OFFICER,
        "course_to_be_judged",
        3,
        id="AMB-27 five years to the day",
    ),
    pytest.param(
        {"completed_on": date(2021, 8, 31)}, NOT_MET, "course_too_old", 0, id="AMB-27 one day older"
    ),
    pytest.param(
        {"completed_on": date(2021, 8, 31), "used_for_qualification": None},
        NOT_MET,
        "course_too_old",
        0,
        id="AMB-27 too old, whatever it was used for",
    ),
    pytest.param(
        {"completed_on": None, "semester_ended_on": date(2021, 12, 20)},
        Outcome.PENDING_OFFICER,
        "course_to_be_judged",
        3,
        id="AMB-27 taken in the term in which it was completed",
    ),
]


@pytest.mark.parametrize(("changes", "outcome", "reason", "claimable"), REUSE)
def test_ust_29(changes: dict[str, Any], outcome: Outcome, reason: str, claimable: int) -> None:
    asked = reuse(taken(**changes))
    (finding,) = asked.of("UST-29")
    assert (finding.outcome, finding.reason, asked.claimable) == (outcome, reason, claimable)
    assert finding.document == ("course_transcript" if outcome is EVIDENCE else "")
    assert (asked.outcome, asked.choose_from, asked.policy) == (outcome, (), PHD)


def test_ust_29_cites_amb_27_and_no_limit_of_credits() -> None:
    asked = reuse(taken(credits=30), taken(name="Optics", credits=30))
    assert [finding.reading for finding in asked.findings] == ["AMB-27", "AMB-27"]
    assert (asked.claimed, asked.claimable) == (60, 60)


def test_ust_29_is_asked_of_a_policy_that_has_it() -> None:
    with pytest.raises(FactsError) as refused:
        assess_credit_reuse(CreditRequest(), policy(MMEDSC), at=AT)
    assert refused.value.path == "$.policy"


def test_ust_29_a_course_that_was_used_says_what_is_needed() -> None:
    (finding,) = reuse(taken(used_for_qualification=True)).of("UST-29")
    assert (finding.supplied, finding.needed, finding.reading) == (
        {"course": "Statistical Mechanics", "credits": 3, "completed_on": "2023-05-31"},
        {"unused": True},
        "",
    )


def test_amb_25_names_of_several_words_are_compared_as_typed_anyhow() -> None:
    earlier = study(discipline="electronic  and COMPUTER engineering")
    finding = came_back(earlier, discipline="Electronic and Computer Engineering").finding("UST-28")
    assert finding.outcome is NOT_MET
    apart = study(discipline="Electronic and ComputerEngineering")
    assert came_back(apart, discipline="Electronic and Computer Engineering").finding("UST-28").outcome is MET


def test_amb_25_an_earlier_study_has_one_level_or_another() -> None:
    with pytest.raises(FactsError) as refused:
        EarlierStudy("Physics", LEVEL.PHD, another_level=True)
    assert refused.value.path == "$.another_level"
