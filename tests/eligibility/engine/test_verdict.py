"""The verdict: every finding kept, the worst decides, officers' clauses never lower it (DOMAIN E, HKU-E1,
E2, E4, UST-01)."""

import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from eligibility.engine import (
    Assessment,
    DegreeLevel,
    Facts,
    FactsError,
    OfficerFinding,
    Outcome,
    ProgrammeLevel,
    QualifyingExamination,
    Requirements,
    Verdict,
    assess,
    from_json,
    to_json,
)
from eligibility.engine.requirements import EnglishRequirements, ExperienceRequirements
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
    shipped,
)

VERDICTS = [
    pytest.param(MMEDSC, {}, Verdict.ELIGIBLE, id="HKU honours of this University"),
    pytest.param(MMEDSC, {"degrees": (degree(),)}, Verdict.REFER, id="HKU-E3 (c) another institution"),
    pytest.param(
        MMEDSC,
        {"degrees": (degree(of_this_university=True, honours=None),)},
        Verdict.NEEDS_EVIDENCE,
        id="HKU-E3 honours not said",
    ),
    pytest.param(
        MMEDSC,
        {"degrees": (elsewhere(),), "english_tests": (ielts("5 5 5 5"),)},
        Verdict.INELIGIBLE,
        id="HKU-E5 not met outweighs refer",
    ),
    pytest.param(MPHIL, {}, Verdict.ELIGIBLE, id="UST-02 a bachelor's"),
    pytest.param(MPHIL, {"degrees": (elsewhere(),)}, Verdict.NEEDS_EVIDENCE, id="UST-06 no test yet"),
    pytest.param(PHD, {}, Verdict.REFER, id="UST-03 outstanding is judged"),
]


@pytest.mark.parametrize(("code", "changes", "verdict"), VERDICTS)
def test_the_worst_outcome_decides(code: str, changes: dict[str, Any], verdict: Verdict) -> None:
    assert ask(code, **changes).verdict is verdict


@pytest.mark.parametrize("code", [MMEDSC, MPHIL, PHD])
def test_every_rule_gives_exactly_one_finding_in_the_order_of_the_policy(code: str) -> None:
    codes = [rule.code for rule in policy(code).rules]
    for changes in ({}, {"degrees": (), "residence": None, "mode": None, "rounds": None}):
        assert [finding.code for finding in ask(code, **changes).findings] == codes


def test_every_clause_of_the_sources_has_its_finding() -> None:
    codes = {rule.code for requirements in shipped().values() for rule in requirements.rules}
    clauses = {f"HKU-E{n}" for n in range(1, 6)} | {
        f"UST-{n:02}" for n in (1, 2, 3, 5, 6, 7, 8, 9, 10, 12, 16, 27, 28)
    }
    assert clauses - codes == set()  # UST-04 is the sentence beside every positive result


@pytest.mark.parametrize("code", ["HKU-E1", "HKU-E2", "HKU-E4"])
def test_officers_clauses_are_pending_and_lower_nothing(code: str) -> None:
    found = ask()
    assert (found.finding(code).outcome, found.verdict) == (Outcome.PENDING_OFFICER, Verdict.ELIGIBLE)


def test_a_recorded_result_counts_and_keeps_the_rules_own() -> None:
    finding = ask(officer_findings=(OfficerFinding("HKU-E1", Outcome.NOT_MET, "note/9"),)).finding("HKU-E1")
    assert (finding.outcome, finding.reason, finding.params) == (
        Outcome.NOT_MET,
        "officer_recorded",
        {
            "own_outcome": "PENDING_OFFICER",
            "own_reason": "officer_confirms",
            "own_reading": "",
            "reference": "note/9",
        },
    )


def test_an_officer_settles_what_was_referred() -> None:
    accepted = OfficerFinding("HKU-E3", Outcome.MET, "board/3")
    assert ask(degrees=(degree(),), officer_findings=(accepted,)).verdict is Verdict.ELIGIBLE


def test_an_officers_result_does_not_override_what_the_rule_decided() -> None:
    waved = OfficerFinding("HKU-E5", Outcome.MET)
    found = ask(degrees=(elsewhere(),), english_tests=(ielts("5 5 5 5"),), officer_findings=(waved,))
    assert found.finding("HKU-E5").outcome is Outcome.NOT_MET


EXAMINATION = [
    pytest.param(None, Outcome.PENDING_OFFICER, Verdict.ELIGIBLE, id="HKU-E4 undecided"),
    pytest.param(
        QualifyingExamination.NOT_REQUIRED, Outcome.NOT_APPLICABLE, Verdict.ELIGIBLE, id="HKU-E4 not required"
    ),
    pytest.param(
        QualifyingExamination.REQUIRED,
        Outcome.NEEDS_EVIDENCE,
        Verdict.NEEDS_EVIDENCE,
        id="HKU-E4 required, not passed",
    ),
    pytest.param(QualifyingExamination.PASSED, Outcome.MET, Verdict.ELIGIBLE, id="HKU-E4 passed"),
    pytest.param(QualifyingExamination.FAILED, Outcome.NOT_MET, Verdict.INELIGIBLE, id="HKU-E4 failed"),
]


@pytest.mark.parametrize(("result", "outcome", "verdict"), EXAMINATION)
def test_hku_e4_qualifying_examination(
    result: QualifyingExamination | None, outcome: Outcome, verdict: Verdict
) -> None:
    found = ask(qualifying_examination=result)
    assert (found.finding("HKU-E4").outcome, found.verdict) == (outcome, verdict)


def test_ust_01_reports_each_layer_apart() -> None:
    finding = ask(MPHIL, degrees=(elsewhere(),)).finding("UST-01")
    layers = {"ENGLISH": "NEEDS_EVIDENCE", "PROGRAMME": "PENDING_OFFICER", "UNIVERSITY": "PENDING_OFFICER"}
    assert (finding.outcome, finding.params["layers"]) == (Outcome.NEEDS_EVIDENCE, layers)
    assert (finding.is_summary, finding.is_for_officer) == (True, False)


@pytest.mark.parametrize("code", [MMEDSC, MPHIL, PHD])
def test_assessments_re_run_to_the_same_bytes(code: str) -> None:
    facts = person(
        code, degrees=(elsewhere(relied_on=True), degree(level=DegreeLevel.MASTER)), english_tests=(ielts(),)
    )
    first = json.dumps(to_json(assess(facts, policy(code), at=AT)))
    stored_facts = from_json(Facts, json.loads(json.dumps(to_json(facts))))
    stored_policy = from_json(Requirements, json.loads(json.dumps(to_json(policy(code)))))
    again = assess(stored_facts, stored_policy, at=AT)
    assert json.dumps(to_json(again)) == first
    assert to_json(from_json(Assessment, json.loads(first))) == json.loads(first)


def test_a_policy_for_another_level_is_refused() -> None:
    with pytest.raises(FactsError) as refused:
        assess(person(MMEDSC), policy(PHD), at=AT)
    assert refused.value.path == "$.programme_level"


def test_an_instant_without_offset_is_refused() -> None:
    with pytest.raises(FactsError) as refused:
        assess(person(), policy(MMEDSC), at=datetime.fromisoformat("2026-03-24T09:00:00"))
    assert refused.value.path == "$.at"


REFUSED: list[Any] = [
    ({"programme_level": "PHD", "name": "x"}, "$.name", "unknown_field"),
    ({}, "$.programme_level", "missing_field"),
    ({"programme_level": "MBA"}, "$.programme_level", "unknown_value"),
    ({"programme_level": "PHD", "degrees": {}}, "$.degrees", "wrong_type"),
    (
        {"programme_level": "PHD", "degrees": [{"level": "BACHELOR", "completed_on": "2026-02-30"}]},
        "$.degrees[0].completed_on",
        "impossible_date",
    ),
    (
        {"programme_level": "PHD", "degrees": [{"level": "BACHELOR", "relied_on": True}] * 2},
        "$.degrees",
        "several_relied_on",
    ),
    (
        {"programme_level": "PHD", "english_tests": [{"kind": "IELTS_ACADEMIC", "overall": 6.3}]},
        "$.english_tests[0].overall",
        "off_scale",
    ),
    (
        {"programme_level": "PHD", "english_tests": [{"kind": "IELTS_ACADEMIC", "overall": "NaN"}]},
        "$.english_tests[0].overall",
        "off_scale",
    ),
    (
        {"programme_level": "PHD", "english_tests": [{"kind": "IELTS_ACADEMIC", "overall": "six"}]},
        "$.english_tests[0].overall",
        "wrong_type",
    ),
    (
        {"programme_level": "PHD", "rounds": [{"name": "1", "closes_at": "2026-03-31T23:59:00"}]},
        "$.rounds[0].closes_at",
        "impossible_instant",
    ),
    (
        {"programme_level": "PHD", "first_language_is_english": "yes"},
        "$.first_language_is_english",
        "wrong_type",
    ),
    (
        {"programme_level": "PHD", "postgraduate_study": [{"mode": "FULL_TIME", "months": -1}]},
        "$.postgraduate_study[0].months",
        "off_scale",
    ),
    (
        {
            "programme_level": "PHD",
            "postgraduate_study": [
                {"mode": "FULL_TIME", "started_on": "2025-01-02", "ended_on": "2025-01-01"}
            ],
        },
        "$.postgraduate_study[0].ended_on",
        "impossible_date",
    ),
    (
        {"programme_level": "PHD", "officer_findings": [{"code": "HKU-E1", "outcome": "REFER"}]},
        "$.officer_findings[0].outcome",
        "unknown_value",
    ),
    (
        {"programme_level": "PHD", "officer_findings": [{"code": "A", "outcome": "MET"}] * 2},
        "$.officer_findings",
        "recorded_twice",
    ),
    ([], "$", "wrong_type"),
]


@pytest.mark.parametrize(
    ("data", "path", "problem"), REFUSED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_cannot_be_a_fact_is_refused_with_its_path(data: Any, path: str, problem: str) -> None:
    with pytest.raises(FactsError) as refused:
        from_json(Facts, data)
    assert (refused.value.path, refused.value.problem) == (path, problem)


def test_numbers_are_read_as_written() -> None:
    facts = from_json(
        Facts,
        {
            "programme_level": ProgrammeLevel.PHD,
            "english_tests": [{"kind": "IELTS_ACADEMIC", "overall": 6.5}],
        },
    )
    assert to_json(facts)["english_tests"][0]["overall"] == "6.5"


def test_a3_the_same_person_at_both_institutions() -> None:
    """A Hong Kong degree taught in Chinese: HKUST asks for a test (UST-06), HKU does not (HKU-E5)."""
    facts = from_json(
        Facts,
        {
            "programme_level": "MPHIL",
            "mode": "FULL_TIME",
            "first_language_is_english": False,
            "degrees": [
                {
                    "level": "BACHELOR",
                    "institution_in_hong_kong": True,
                    "teaching_language": "OTHER",
                    "examination_language": "OTHER",
                    "institution_medium": "OTHER",
                }
            ],
            "english_tests": [
                {
                    "kind": "IELTS_ACADEMIC",
                    "taken_on": "2024-03-31",
                    "listening": 6,
                    "reading": 6,
                    "writing": 5.5,
                    "speaking": 6,
                    "overall": 6,
                }
            ],
            "residence": {"status": "PERMANENT_RESIDENT"},
        },
    )
    days = [datetime.fromisoformat(f"{day}T12:00:00+08:00") for day in ("2026-03-31", "2026-04-01")]
    assert [assess(facts, policy(MPHIL), at=at).verdict for at in days] == [
        Verdict.ELIGIBLE,
        Verdict.INELIGIBLE,
    ]
    at_hku = replace(facts, programme_level=ProgrammeLevel.TAUGHT_MASTER)
    assert assess(at_hku, policy(MMEDSC), at=AT).finding("HKU-E5").reason == "in_hong_kong"


BOUNDS: list[Any] = [
    (Facts, {"programme_level": "PHD", "submit_clicked_at": "2026-03-31T23:59:00"}, "$.submit_clicked_at"),
    (Facts, {"programme_level": "PHD", "programme_starts_on": "1899-12-31"}, "$.programme_starts_on"),
    (Facts, {"programme_level": "PHD", "programme_starts_on": "2200-01-01"}, "$.programme_starts_on"),
    (Facts, {"programme_level": "PHD", "received_at": "1899-12-31T00:00:00Z"}, "$.received_at"),
    (Facts, {"programme_level": "PHD", "received_at": "2200-01-01T00:00:00Z"}, "$.received_at"),
    (EnglishRequirements, {"minima": [], "valid_years": 0}, "$.valid_years"),
    (EnglishRequirements, {"minima": [], "valid_years": 51}, "$.valid_years"),
    (ExperienceRequirements, {"full_time_months": 0}, "$.full_time_months"),
    (ExperienceRequirements, {"part_time_months": 601}, "$.part_time_months"),
]


@pytest.mark.parametrize(("kind", "data", "path"), BOUNDS)
def test_a_slip_beyond_all_bounds_is_refused(kind: type, data: Any, path: str) -> None:
    with pytest.raises(FactsError) as refused:
        from_json(kind, data)
    assert refused.value.path == path


def test_bounds_themselves_are_within() -> None:
    facts = {
        "programme_level": "PHD",
        "programme_starts_on": "1900-01-01",
        "received_at": "2199-12-31T23:59:59Z",
    }
    assert from_json(Facts, facts).programme_starts_on == date(1900, 1, 1)
    assert from_json(EnglishRequirements, {"minima": [], "valid_years": 50}).valid_years == 50
    months = from_json(ExperienceRequirements, {"full_time_months": 1, "part_time_months": 600})
    assert (months.full_time_months, months.part_time_months) == (1, 600)


@pytest.mark.parametrize("year", [1899, 2200])
def test_a_moment_of_asking_beyond_all_bounds_is_refused(year: int) -> None:
    with pytest.raises(FactsError) as refused:
        assess(person(), policy(MMEDSC), at=AT.replace(year=year))
    assert (refused.value.path, refused.value.problem) == ("$.at", "impossible_instant")
