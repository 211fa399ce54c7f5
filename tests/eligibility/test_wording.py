"""Findings as sentences: every reason has one, names its clause, and says what applicants need to hear."""

import ast
import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from hypothesis import given

from eligibility import labels
from eligibility.engine import (
    READINGS,
    DegreeLevel,
    EnglishTestKind,
    Honours,
    Origin,
    Outcome,
    ResidenceStatus,
    StudyMode,
    Verdict,
    assess,
)
from eligibility.sentences import SENTENCES
from eligibility.titles import CLAUSES, NOTES, SUMMARIES, TITLES
from eligibility.wording import (
    NO_GUARANTEE,
    Audience,
    explain,
    explain_all,
    explain_verdict,
    outcome_label,
    rule_title,
)
from tests.eligibility.engine.people import MMEDSC, MPHIL, PHD, ask, degree, elsewhere, ielts, policy, shipped
from tests.eligibility.engine.test_properties import QUICK, cases

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


def test_labels_of_codes() -> None:
    assert (str(outcome_label("REFER")), rule_title("HKU-E1"), rule_title("X-1")) == (
        "Refer",
        "General Regulations",
        "X-1",
    )
