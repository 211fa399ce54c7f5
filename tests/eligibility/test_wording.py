"""Findings as sentences: every reason has one, names its clause, and says what applicants need to hear."""

import ast
import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from hypothesis import given

from eligibility import labels
from eligibility.engine import (
    READINGS,
    Check,
    Course,
    CreditRequest,
    DegreeLevel,
    DocumentKind,
    EarlierStudy,
    EnglishMinimum,
    EnglishTest,
    EnglishTestKind,
    Honours,
    Layer,
    Leaving,
    OfficerFinding,
    Origin,
    Outcome,
    Overlay,
    ProgrammeLevel,
    QualifyingExamination,
    ResidenceStatus,
    Rule,
    StudyMode,
    Verdict,
    assess,
    assess_advanced_standing,
    assess_credit_reuse,
    raise_by,
)
from eligibility.sentences import SENTENCES
from eligibility.titles import CLAUSES, NOTES, SUMMARIES, TITLES
from eligibility.values import describe_minimum
from eligibility.wording import (
    NO_GUARANTEE,
    Audience,
    explain,
    explain_all,
    explain_requirements,
    explain_verdict,
    outcome_label,
    rule_title,
    verdict_label,
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
    shipped,
)
from tests.eligibility.engine.test_properties import QUICK, cases, instants, requests

ENGINE = Path(__file__).parents[2] / "eligibility" / "engine"


OUTCOME_NAMES = "|".join([r"Outcome\.", "REQUIRED", *(rf"{name}\b" for name in Outcome.__members__)])


def reasons_in_the_engine() -> set[str]:
    """Every reason the code can give: a lower-case text right behind an outcome."""
    found: set[str] = set()
    for path in ENGINE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            items = (
                node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple) else []
            )
            for before, after in pairwise(items):
                is_outcome = re.match(rf"({OUTCOME_NAMES}|outcome\b|test$)", ast.unparse(before))
                if is_outcome:
                    found |= {
                        constant.value
                        for constant in ast.walk(after)
                        if isinstance(constant, ast.Constant)
                        and re.fullmatch(r"[a-z_]{4,}", str(constant.value))
                    }
    return found - {"taken_on"}


def test_every_reason_of_the_engine_has_a_sentence() -> None:
    found = reasons_in_the_engine()
    assert len(found) > 70
    assert sorted(found - set(SENTENCES)) == []


@QUICK
@given(cases())
def test_whatever_is_found_can_be_said(case: tuple) -> None:
    facts, requirements, at = case
    found = assess(facts, requirements, at=at)
    for audience in Audience:
        for finding in found.findings:
            assert finding.reason in SENTENCES
            said = explain(finding, requirements, audience=audience)
            assert said.text
            assert "{" not in said.text + said.advice + said.supplied + said.needed + "".join(
                said.remarks + said.notes
            )
            assert said.clause
            whole = not (finding.part_of or finding.is_summary or finding.reason.startswith("officer_"))
            if whole and finding.outcome is Outcome.NOT_MET:
                assert said.supplied, finding
                assert said.needed, finding
            if whole and finding.outcome is Outcome.NEEDS_EVIDENCE:
                assert said.document, finding
        assert explain_verdict(found.verdict, found.findings, audience=audience).heading


def test_titles_clauses_and_notes_of_the_shipped_policies_are_translated() -> None:
    rules = [rule for requirements in shipped().values() for rule in requirements.every_rule]
    admission = [rule for requirements in shipped().values() for rule in requirements.rules]
    assert {rule.code: rule.title for rule in rules} == {code: str(title) for code, title in TITLES.items()}
    assert {rule.code for rule in admission if not rule.part_of} == set(SUMMARIES)
    assert {rule.clause for rule in rules} == set(CLAUSES)
    assert {rule.note for rule in rules if rule.note} == set(NOTES)


def test_every_code_has_a_label() -> None:
    assert set(labels.LEVELS) == set(DegreeLevel)
    assert set(labels.HONOURS) == set(Honours)
    assert set(labels.TESTS) == set(EnglishTestKind)
    assert set(labels.STATUSES) == set(ResidenceStatus)
    assert set(labels.MODES) == set(StudyMode)
    assert set(labels.ORIGINS) == set(Origin)
    assert set(labels.OUTCOMES) == set(Outcome)
    assert set(labels.VERDICTS) == set(Verdict)
    assert set(labels.DOCUMENTS) == set(DocumentKind)
    assert set(labels.LEAVINGS) == set(Leaving)
    assert set(labels.PROGRAMME_LEVELS) == set(ProgrammeLevel)
    assert set(labels.EXAMINATIONS) == set(QualifyingExamination)
    assert set(labels.READINGS) == {
        (name, choice) for name, choices in READINGS.items() for choice in choices
    }


def test_hku_e5_names_clause_value_and_needed() -> None:
    found = ask(degrees=(elsewhere(),), english_tests=(ielts("6 6 5 6"),))
    said = explain(found.finding("HKU-E5"), policy(MMEDSC))
    assert (said.text, said.supplied, said.needed, said.clause) == (
        "IELTS Academic: below the minimum in the overall score, Writing."
        if "the overall score" in said.text
        else "IELTS Academic: below the minimum in Writing.",
        "IELTS Academic: Listening 6.0, Reading 6.0, Writing 5.0, Speaking 6.0 (1\u00a0June\u00a02025)",
        "IELTS Academic: overall 6.0 or more, no part below 5.5",
        "Entrance requirement 5",
    )
    assert any("regulation itself was not seen" in note for note in said.notes)


def test_hku_e5_an_exemption_quotes_no_figures_and_needs_no_caution() -> None:
    said = explain(ask().finding("HKU-E5"), policy(MMEDSC))
    assert (said.needed, said.notes) == ("", ())


def test_refer_reassures_the_applicant_and_not_the_staff() -> None:
    finding = ask(degrees=(degree(),)).finding("HKU-E3")
    applicant, staff = (explain(finding, policy(MMEDSC), audience=audience) for audience in Audience)
    assert applicant.assurance == "An officer decides this point; nothing is missing from you."
    assert staff.assurance == ""


def test_ust_04_stands_beside_every_positive_result_and_no_other() -> None:
    positive, referred = ask(MPHIL), ask(PHD)
    assert explain_verdict(positive.verdict, positive.findings).guarantee == str(NO_GUARANTEE)
    assert explain_verdict(referred.verdict, referred.findings).guarantee == ""


def test_amb_09_staff_are_told_to_check_the_figure() -> None:
    finding = ask(MPHIL, degrees=(elsewhere(),), english_tests=(ielts("6 6 6 6"),)).finding("UST-06")
    applicant, staff = (explain(finding, policy(MPHIL), audience=audience).notes for audience in Audience)
    assert applicant == ("Reading AMB-09: The figures are those of the handbook.",)
    assert staff[1:] == ("Later papers of the university ask for IELTS 6.5. Check the current figure.",)


def test_amb_05_the_applicant_is_warned_of_a_lapse() -> None:
    finding = ask(MPHIL, degrees=(elsewhere(),), english_tests=(ielts(taken_on=date(2024, 6, 1)),)).finding(
        "UST-06"
    )
    remark = "The score lapses on 1\u00a0June\u00a02026, before the programme starts. Plan a newer one."
    assert remark in explain(finding, policy(MPHIL)).remarks


def test_worst_first_with_limbs_behind_their_rule() -> None:
    found = ask(PHD, degrees=(elsewhere(),), english_tests=(ielts("5 5 5 5"),))
    codes = [said.code for said in explain_all(found.findings, policy(PHD))]
    assert codes[:5] == ["UST-01", "UST-06", "UST-07", "UST-08", "UST-09"]
    assert codes[5:8] == ["UST-03", "UST-03a", "UST-03b"]


def test_a_summary_is_not_counted_beside_what_it_sums_up() -> None:
    found = ask(MPHIL, degrees=(elsewhere(),), english_tests=(ielts("5 5 5 5"),))
    said = explain_verdict(found.verdict, found.findings)
    assert (said.heading, said.tally[0]) == ("1 requirement is not met", (Outcome.NOT_MET, "1 not met"))


@pytest.mark.parametrize("code", [MMEDSC, MPHIL, PHD])
def test_the_component_shows_each_finding_with_its_clause(code: str) -> None:
    found = ask(code)
    html = render_to_string(
        "eligibility/_findings.html", {"findings": explain_all(found.findings, policy(code))}
    ) + render_to_string(
        "eligibility/_verdict.html", {"verdict": explain_verdict(found.verdict, found.findings)}
    )
    assert html.count("<details") == len(found.findings)
    assert all(f"({finding.code})" in html for finding in found.findings)


def test_a_verdict_left_to_judgement_has_one_name_in_lists_and_over_its_findings() -> None:
    assert str(verdict_label(Verdict.REFER)) == explain_verdict(Verdict.REFER, ()).heading


def test_labels_of_codes() -> None:
    assert (str(outcome_label("REFER")), rule_title("HKU-E1"), rule_title("X-1")) == (
        "Refer",
        "General Regulations",
        "X-1",
    )


@QUICK
@given(requests, instants)
def test_whatever_is_found_about_credits_can_be_said(request: CreditRequest, at: datetime) -> None:
    for assess_credits, code in ((assess_advanced_standing, MMEDSC), (assess_credit_reuse, PHD)):
        found = assess_credits(request, policy(code), at=at)
        for said in explain_all(found.findings, policy(code)):
            assert said.text
            assert said.title
            assert said.clause in ("Advanced Standing", "Re-admission")
            assert "{" not in said.text + said.advice + said.supplied + said.needed + "".join(said.notes)


def test_hku_as2_a_course_is_said_with_its_window_and_reading() -> None:
    old = Course("Genetics", "HKU", 6, passed=True, completed_on=date(2021, 8, 31))
    request = CreditRequest((old,), starts_on=date(2026, 9, 1))
    (finding,) = assess_advanced_standing(request, policy(MMEDSC), at=AT).of("HKU-AS2")
    said = explain(finding, policy(MMEDSC))
    assert (said.title, said.text, said.supplied, said.needed, said.notes) == (
        "Course",
        "The course was completed too long before admission.",
        "Genetics, HKU, 6 credits, 31\u00a0August\u00a02021",
        "Completed from 1\u00a0September\u00a02021 to 1\u00a0September\u00a02026",
        ("Reading AMB-14: The years count back from the expected start of the programme.",),
    )


def test_hku_as1_and_as4_say_what_can_be_granted_and_until_when() -> None:
    request = CreditRequest((Course("A", credits=13, passed=True),), starts_on=date(2026, 9, 1))
    found = assess_advanced_standing(request, policy(MMEDSC), at=AT)
    cap, in_time = (explain(found.of(code)[0], policy(MMEDSC)) for code in ("HKU-AS1", "HKU-AS4"))
    assert (cap.supplied, cap.needed) == ("13 credits", "At most 12 credits")
    assert (in_time.supplied, in_time.needed) == (
        "24\u00a0March\u00a02026, 09:00\u00a0HKT",
        "Received before 1\u00a0September\u00a02026",
    )
    unknown = assess_advanced_standing(replace(request, starts_on=None), policy(MMEDSC), at=AT)
    assert (
        explain(unknown.of("HKU-AS2")[0], policy(MMEDSC)).needed
        == "Completed at most 5 years before admission"
    )


def test_ust_28_says_what_was_left_and_what_may_be_applied_for() -> None:
    left = EarlierStudy("Physics", ProgrammeLevel.PHD, Leaving.ACADEMIC_REASONS)
    finding = ask(PHD, discipline="Physics", earlier_studies=(left,)).finding("UST-28")
    said = explain(finding, policy(PHD))
    assert (said.supplied, said.needed) == (
        "PhD, Physics, required to withdraw for academic reasons",
        "Another programme than PhD, Physics",
    )


def test_c13_an_override_says_what_the_rule_itself_found() -> None:
    waived = OfficerFinding("HKU-E5", Outcome.MET, "waiver/4", overrides=True)
    finding = ask(
        degrees=(elsewhere(),), english_tests=(ielts("5 5 5 5"),), officer_findings=(waived,)
    ).finding("HKU-E5")
    said = explain(finding, policy(MMEDSC))
    assert said.text == "An officer with the authority to do so has decided this differently."
    assert said.remarks[0] == (
        "The rule’s own finding was “Not met”: IELTS Academic: below the minimum in "
        "the overall score, Listening, Reading, Writing, Speaking."
    )


def test_c16_the_other_tests_and_qualifications_are_said_with_their_results() -> None:
    masters = degree(level=DegreeLevel.MASTER, title="MSc", institution="CUHK")
    found = ask(
        degrees=(elsewhere(title="BEng", relied_on=True), masters),
        english_tests=(ielts(), ielts("5 5 5 5", taken_on=date(2025, 1, 1))),
    )
    english, held = (explain(found.finding(code), policy(MMEDSC)).remarks for code in ("HKU-E5", "HKU-E3"))
    assert english[0] == (
        "Also declared: IELTS Academic: Listening 5.0, Reading 5.0, Writing 5.0, Speaking 5.0 "
        "(1\u00a0January\u00a02025). IELTS Academic: below the minimum in the overall score, Listening, "
        "Reading, Writing, Speaking."
    )
    assert held[0] == (
        "Also declared: MSc, CUHK, Second Class Honours, Division One or Upper. The degree is from another "
        "institution. Whether it is of equivalent standard is for the University to decide."
    )


def test_below_grade_h_it_is_always_said() -> None:
    rules = {"note": "A note of its own."}, {"grade": "M"}, {"grade": "L"}, {}
    shown = []
    for values in rules:
        rule = Rule("X-1", Check.OFFICER_CONFIRMS, "Clause", "Portfolio", **values)
        asked = replace(policy(MMEDSC), rules=(rule,))
        shown.append(explain(assess(person(), asked, at=AT).finding("X-1"), asked).notes)
        assert explain_requirements(asked)[0].notes == shown[-1]
    assert shown == [
        ("A note of its own.",),
        ("This is reported by university units or older pages; the regulation itself was not seen.",),
        ("This is reported by others; no page of the university was seen that says so.",),
        (),
    ]


def test_an_offices_own_rule_goes_by_the_title_it_was_given() -> None:
    layer = Overlay(
        "SENG",
        "School of Engineering",
        Layer.SCHOOL,
        english=(EnglishMinimum(EnglishTestKind.IELTS_ACADEMIC, overall=Decimal(7)),),
    )
    raised = raise_by(policy(MMEDSC), layer)
    found = assess(person(degrees=(elsewhere(),), english_tests=(ielts(),)), raised, at=AT)
    said = explain(found.finding("SENG"), raised)
    assert (said.title, said.clause) == ("School of Engineering", "")
    rules = {rule.code: rule for rule in explain_requirements(raised)}
    assert (rules["SENG"].title, rules["SENG"].clause) == ("School of Engineering", "")
    assert "IELTS Academic: overall 7.0 or more, no part below 5.5" in rules["SENG"].figures
    assert "IELTS Academic: overall 6.0 or more, no part below 5.5" in rules["HKU-E5"].figures


def test_a_test_that_an_office_added_goes_by_its_name() -> None:
    given = {"kind": "OTHER", "name": "Oxford Test", "overall": "120"}
    assert describe_minimum(given) == "Oxford Test: overall 120 or more"
    test = EnglishTest(EnglishTestKind.OTHER, name="Oxford Test")
    finding = ask(MPHIL, degrees=(elsewhere(),), english_tests=(test,)).finding("UST-06")
    assert explain(finding, policy(MPHIL)).text == "Oxford Test is not among the tests listed."
