"""What every finding must say, whoever is asked about: clause, values, document, reading (C2, D1)."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given

from eligibility.engine import (
    READINGS,
    Check,
    DocumentKind,
    Facts,
    Finding,
    OfficerFinding,
    Outcome,
    QualifyingExamination,
    Requirements,
    assess,
)
from tests.eligibility.engine.people import AT, MMEDSC, ask, elsewhere, ielts, policy
from tests.eligibility.engine.test_properties import QUICK, cases

FIXED = {"AMB-11", "AMB-23", "AMB-27"}  # readings without a choice


@QUICK
@given(cases())
def test_whoever_is_asked_about_each_finding_says_all_it_must(
    case: tuple[Facts, Requirements, datetime],
) -> None:
    facts, requirements, at = case
    found = assess(facts, requirements, at=at)
    for finding in found.findings:
        rule = requirements.rule(finding.code)
        assert (finding.clause, finding.grade, finding.part_of) == (rule.clause, rule.grade, rule.part_of)
        assert finding.clause
        assert finding.reading in {"", *READINGS, *FIXED}
        assert finding.document in {"", *DocumentKind}
        recorded = finding.reason.startswith("officer_")
        if finding.outcome is Outcome.NEEDS_EVIDENCE and not finding.is_summary:
            assert finding.document, finding
        if finding.outcome is Outcome.NOT_MET and not (recorded or finding.part_of or finding.is_summary):
            assert finding.supplied, finding
            assert finding.needed, finding


DOCUMENTS: list[Any] = [
    pytest.param({"degrees": ()}, "HKU-E3", "degree_certificate", id="HKU-E3 nothing declared"),
    pytest.param({"degrees": ()}, "HKU-E5", "degree_certificate", id="HKU-E5 nothing declared"),
    pytest.param(
        {"degrees": (elsewhere(institution_in_hong_kong=None),)},
        "HKU-E5",
        "degree_certificate",
        id="HKU-E5 place not said",
    ),
    pytest.param(
        {"degrees": (elsewhere(teaching_language=None, examination_language=None),)},
        "HKU-E5",
        "medium_of_instruction_letter",
        id="AMB-08 language not said",
    ),
    pytest.param({"degrees": (elsewhere(),)}, "HKU-E5", "english_score_report", id="HKU-E5 no test"),
    pytest.param(
        {"degrees": (elsewhere(),), "english_tests": (ielts(writing=None),)},
        "HKU-E5",
        "english_score_report",
        id="HKU-E5 a score missing",
    ),
    pytest.param(
        {"qualifying_examination": QualifyingExamination.REQUIRED},
        "HKU-E4",
        "examination_result",
        id="HKU-E4 not passed yet",
    ),
    pytest.param({"residence": None}, "HKU-STATUS", "residence_proof", id="AMB-04 status not said"),
    pytest.param({"mode": None}, "HKU-01", "form_answer", id="HKU-01 no mode chosen"),
    pytest.param({"mode": None}, "HKU-MODE", "form_answer", id="C3 no mode chosen"),
    pytest.param(
        {"officer_findings": (OfficerFinding("HKU-E1", Outcome.NEEDS_EVIDENCE),)},
        "HKU-E1",
        "document_asked_for",
        id="C13 an officer asks for something",
    ),
]


@pytest.mark.parametrize(("changes", "code", "document"), DOCUMENTS)
def test_d1_what_needs_evidence_names_what_settles_it(
    changes: dict[str, Any], code: str, document: str
) -> None:
    finding = ask(MMEDSC, **changes).finding(code)
    assert (finding.outcome, finding.document) == (Outcome.NEEDS_EVIDENCE, document)


def test_an_officer_who_asks_keeps_the_document_that_the_rule_named() -> None:
    asked = OfficerFinding("HKU-E3", Outcome.NEEDS_EVIDENCE)
    finding = ask(degrees=(elsewhere(),), officer_findings=(asked,)).finding("HKU-E3")
    assert finding.document == "transcript"


def test_an_officers_other_results_ask_for_nothing() -> None:
    settled = OfficerFinding("HKU-E1", Outcome.MET)
    assert ask(officer_findings=(settled,)).finding("HKU-E1").document == ""


def overridden(outcome: Outcome, *, overrides: bool = True) -> Finding:
    wanting = (ielts("6 6 6 6", taken_on=date(2023, 1, 1)),)
    result = OfficerFinding("HKU-E5", outcome, "waiver/4", overrides=overrides)
    found = ask(degrees=(elsewhere(),), english_tests=wanting, officer_findings=(result,))
    return found.finding("HKU-E5")


def test_c13_an_override_replaces_what_the_rule_decided_and_keeps_it() -> None:
    finding = overridden(Outcome.MET)
    assert (finding.outcome, finding.reason, finding.reading) == (Outcome.MET, "officer_overrode", "")
    own = {name: finding.params[name] for name in ("own_outcome", "own_reason", "own_reading", "reference")}
    assert own == {
        "own_outcome": "NOT_MET",
        "own_reason": "expired",
        "own_reading": "AMB-05",
        "reference": "waiver/4",
    }
    assert finding.params["overridden"] is True
    assert finding.supplied["kind"] == finding.needed["kind"] == "IELTS_ACADEMIC"


def test_c13_without_the_authority_to_override_the_rule_stands() -> None:
    finding = overridden(Outcome.MET, overrides=False)
    assert (finding.outcome, finding.reason, "overridden" in finding.params) == (
        Outcome.NOT_MET,
        "expired",
        False,
    )


def test_c13_an_override_can_refuse_what_the_rule_accepted() -> None:
    refused = OfficerFinding("HKU-E3", Outcome.NOT_MET, overrides=True)
    assert ask(officer_findings=(refused,)).verdict == "INELIGIBLE"


def test_c13_an_override_of_a_limb_reaches_its_rule() -> None:
    judged = OfficerFinding("UST-03a", Outcome.NOT_MET, overrides=True)
    found = ask("HKUST-PHD", officer_findings=(judged,))
    assert found.finding("UST-03").outcome is Outcome.NOT_MET


def test_what_an_officer_settled_keeps_the_reading_that_referred_it() -> None:
    settled = OfficerFinding("UST-03a", Outcome.MET, "dept/1")
    finding = ask("HKUST-PHD", officer_findings=(settled,)).finding("UST-03a")
    assert (finding.reason, finding.reading, finding.params["own_reading"]) == (
        "officer_recorded",
        "AMB-20",
        "AMB-20",
    )
    assert "overridden" not in finding.params


def test_hku_e4_names_the_result_and_what_is_needed() -> None:
    failed = ask(qualifying_examination=QualifyingExamination.FAILED).finding("HKU-E4")
    assert (failed.supplied, failed.needed, failed.document) == (
        {"examination": "FAILED"},
        {"examination": "PASSED"},
        "",
    )
    passed = ask(qualifying_examination=QualifyingExamination.PASSED).finding("HKU-E4")
    assert (passed.supplied, passed.needed) == ({"examination": "PASSED"}, {})
    assert ask().finding("HKU-E4").supplied == {}


def test_a_policy_of_officers_clauses_alone_can_be_assessed() -> None:
    every = policy(MMEDSC)
    rules = tuple(rule for rule in every.rules if rule.check is Check.OFFICER_CONFIRMS)
    found = assess(Facts(every.levels[0]), replace(every, rules=rules), at=AT)
    assert ([finding.code for finding in found.findings], found.verdict) == (["HKU-E1", "HKU-E2"], "ELIGIBLE")
    assert (found.policy, found.at, found.is_positive) == (MMEDSC, AT, True)


def test_a_finding_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError, match="UST-99"):
        ask().finding("UST-99")
    with pytest.raises(KeyError, match="UST-99"):
        policy(MMEDSC).rule("UST-99")
