"""Layers above a university's policy: they raise and never lower (UST-10, C5)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from eligibility.engine import (
    Check,
    EnglishMinimum,
    EnglishTest,
    EnglishTestKind,
    FactsError,
    Finding,
    Honours,
    Layer,
    OfficerFinding,
    Outcome,
    Overlay,
    Range,
    Requirements,
    Rule,
    assess,
    from_json,
    lowered,
    minima,
    raise_by,
    to_json,
)
from tests.eligibility.engine.people import (
    AT,
    MMEDSC,
    MPHIL,
    PHD,
    degree,
    elsewhere,
    ielts,
    person,
    policy,
    toefl,
)

K = EnglishTestKind
MET, NOT_MET, REFER, EVIDENCE = Outcome.MET, Outcome.NOT_MET, Outcome.REFER, Outcome.NEEDS_EVIDENCE


def overlay(**changes: Any) -> Overlay:
    """A School that asks for IELTS 6.5 with Writing 6.0."""
    values: dict[str, Any] = {
        "policy": "SENG",
        "title": "School of Engineering",
        "layer": Layer.SCHOOL,
        "clause": "School requirement 1",
        "english": (EnglishMinimum(K.IELTS_ACADEMIC, overall=Decimal("6.5"), parts={"writing": Decimal(6)}),),
    }
    return Overlay(**values | changes)


PORTFOLIO = Rule("SENG-PORTFOLIO", Check.OFFICER_CONFIRMS, "School requirement 2", "Portfolio")


def found(code: str, test: EnglishTest | None, *overlays: Overlay) -> dict[str, Finding]:
    facts = person(code, degrees=(elsewhere(),), english_tests=(test,) if test else ())
    findings = assess(facts, raise_by(policy(code), *overlays), at=AT).findings
    return {finding.code: finding for finding in findings}


RAISED = [
    pytest.param(ielts("6.5 6.5 6 7"), MET, MET, id="UST-10 reaches both"),
    pytest.param(ielts("6 6 6 6"), MET, NOT_MET, id="UST-10 reaches the university's figure alone"),
    pytest.param(ielts("7 7 5.5 7"), MET, NOT_MET, id="UST-10 Writing below the School's"),
    pytest.param(ielts("7 5 7 7"), NOT_MET, NOT_MET, id="UST-08 the university's 5.5 stands above"),
    pytest.param(toefl(80), MET, MET, id="UST-10 a test the School says nothing about"),
    pytest.param(None, EVIDENCE, EVIDENCE, id="UST-10 no test yet"),
]


@pytest.mark.parametrize(("test", "university", "school"), RAISED)
def test_ust_10_university_and_school_are_judged_apart(
    test: EnglishTest | None, university: Outcome, school: Outcome
) -> None:
    findings = found(MPHIL, test, overlay())
    assert (findings["UST-06"].outcome, findings["UST-10"].outcome) == (university, school)


def test_ust_10_each_finding_names_the_figure_of_who_asks() -> None:
    findings = found(MPHIL, ielts("6 6 5.5 6.5"), overlay())
    base = {"kind": "IELTS_ACADEMIC", "overall": "6", "each_part": "5.5"}
    assert findings["UST-06"].needed == base
    assert findings["UST-10"].needed == {**base, "overall": "6.5", "writing": "6"}
    assert findings["UST-10"].params["short"] == ["overall", "writing"]


def test_ust_10_a_university_without_a_rule_for_it_gets_one_under_the_layers_name_and_clause() -> None:
    finding = found(MMEDSC, ielts("6 6 6 6"), overlay())["SENG"]
    assert (finding.outcome, finding.reason, finding.clause) == (
        NOT_MET,
        "below_minimum",
        "School requirement 1",
    )
    raised = raise_by(policy(MMEDSC), overlay())
    assert (raised.rule("SENG").layer, raised.rule("SENG").title) == (Layer.SCHOOL, "School of Engineering")
    assert len(raised.rules) == len(policy(MMEDSC).rules) + 1


def test_ust_10_no_test_needed_means_none_for_the_school_either() -> None:
    facts = person(MPHIL, first_language_is_english=True)
    finding = assess(facts, raise_by(policy(MPHIL), overlay()), at=AT).finding("UST-10")
    assert (finding.outcome, finding.reason) == (Outcome.NOT_APPLICABLE, "english_not_required")


def test_ust_10_several_layers_take_the_highest_figure_of_each() -> None:
    programme = overlay(
        policy="SENG-ECE",
        layer=Layer.PROGRAMME,
        english=(EnglishMinimum(K.IELTS_ACADEMIC, overall=Decimal(6), each_part=Decimal("6.5")),),
    )
    for layers in ((overlay(), programme), (programme, overlay())):
        needed = found(MPHIL, ielts("6 6 6 6"), *layers)["UST-10"].needed
        assert needed == {
            "kind": "IELTS_ACADEMIC",
            "overall": "6.5",
            "each_part": "6.5",
            "writing": "6",
        }


def test_a_lower_figure_that_slipped_in_changes_nothing() -> None:
    lower = overlay(english=(EnglishMinimum(K.IELTS_ACADEMIC, overall=Decimal(5), each_part=Decimal(4)),))
    assert found(MPHIL, ielts("5.5 5.5 5.5 5.5"), lower)["UST-10"].outcome is NOT_MET
    assert found(MPHIL, ielts("6 6 6 6"), lower)["UST-10"].outcome is MET


def test_a_test_the_university_does_not_list_is_not_taken_for_a_layer() -> None:
    extra = overlay(english=(EnglishMinimum(K.DUOLINGO, overall=Decimal(100)),))
    test = EnglishTest(K.DUOLINGO, taken_on=AT.date(), overall=Decimal(150))
    assert found(MPHIL, test, extra)["UST-10"].reason == "test_not_listed"


def test_clauses_of_a_layer_are_pending_with_an_officer_and_count_once_recorded() -> None:
    raised = raise_by(policy(MPHIL), overlay(english=(), rules=(PORTFOLIO,)))
    assert assess(person(MPHIL), raised, at=AT).finding("SENG-PORTFOLIO").outcome is Outcome.PENDING_OFFICER
    facts = person(MPHIL, officer_findings=(OfficerFinding("SENG-PORTFOLIO", NOT_MET),))
    assert assess(facts, raised, at=AT).verdict == "INELIGIBLE"
    assert raised.rule("SENG-PORTFOLIO").layer is Layer.SCHOOL
    assert raised.english.overlay == ()


def test_a_clause_that_stands_below_already_is_not_replaced() -> None:
    again = Rule("UST-06", Check.OFFICER_CONFIRMS, "x", "English")
    assert raise_by(policy(MPHIL), overlay(english=(), rules=(again,))).rules == policy(MPHIL).rules


def test_without_layers_nothing_changes() -> None:
    assert raise_by(policy(PHD)) == policy(PHD)


@pytest.mark.parametrize(
    ("below", "layer", "together"),
    [
        pytest.param((), (Honours.FIRST,), (Honours.FIRST,), id="AMB-20 a programme names its classes"),
        pytest.param(
            (Honours.FIRST, Honours.SECOND_UPPER), (Honours.FIRST,), (Honours.FIRST,), id="AMB-20 narrower"
        ),
        pytest.param((Honours.FIRST,), (Honours.FIRST, Honours.THIRD), (Honours.FIRST,), id="AMB-20 wider"),
        pytest.param((Honours.FIRST,), (Honours.THIRD,), (Honours.FIRST,), id="AMB-20 other classes"),
        pytest.param((Honours.FIRST,), (), (Honours.FIRST,), id="AMB-20 nothing said"),
    ],
)
def test_amb_20_classes_can_only_narrow(
    below: tuple[Honours, ...], layer: tuple[Honours, ...], together: tuple[Honours, ...]
) -> None:
    base = replace(policy(PHD), degree=replace(policy(PHD).degree, outstanding=below))
    assert raise_by(base, overlay(outstanding=layer)).degree.outstanding == together


def row(**figures: Any) -> EnglishMinimum:
    return EnglishMinimum(**{"kind": K.IELTS_ACADEMIC, **figures})


D = Decimal
LOWERED = [
    pytest.param(overlay(), [], id="nothing lower"),
    pytest.param(overlay(english=(row(overall=D(6), each_part=D("5.5")),)), [], id="the same figures"),
    pytest.param(
        overlay(english=(row(overall=D("5.5")),)),
        [("$.english[0].overall", "lower_than_base", "5.5", "6 or more")],
        id="overall",
    ),
    pytest.param(
        overlay(english=(row(each_part=D(5)),)),
        [("$.english[0].each_part", "lower_than_base", "5", "5.5 or more")],
        id="each part",
    ),
    pytest.param(
        overlay(english=(row(overall=D(7), parts={"writing": D(5)}),)),
        [("$.english[0].parts.writing", "lower_than_base", "5", "5.5 or more")],
        id="one part",
    ),
    pytest.param(
        overlay(english=(row(overall=D(7), never_expires=True),)),
        [("$.english[0].never_expires", "lower_than_base", True, "false")],
        id="validity",
    ),
    pytest.param(
        overlay(english=(EnglishMinimum(K.TOEFL_IBT_1_6, comparable=D(79), band=D("3.5")),)),
        [
            ("$.english[0].comparable", "lower_than_base", "79", "80 or more"),
            ("$.english[0].band", "lower_than_base", "3.5", "4 or more"),
        ],
        id="TOEFL 1–6",
    ),
    pytest.param(
        overlay(english=(row(overall=D(7)), EnglishMinimum(K.DUOLINGO, overall=D(120)))),
        [("$.english[1].kind", "test_not_listed", "DUOLINGO", "a test the base lists")],
        id="a test the base does not list",
    ),
    pytest.param(
        overlay(rules=(PORTFOLIO, replace(PORTFOLIO, code="UST-10"))),
        [("$.rules[1].code", "recorded_twice", "UST-10", "a code of its own")],
        id="a clause that stands below already",
    ),
]


@pytest.mark.parametrize(("layer", "refused"), LOWERED)
def test_each_figure_that_would_be_lower_is_named(layer: Overlay, refused: list[tuple[Any, ...]]) -> None:
    errors = lowered(policy(MPHIL), layer)
    assert [(error.path, error.problem, error.value, error.expected) for error in errors] == refused


def refusals(base: Requirements, layer: Overlay) -> list[tuple[Any, ...]]:
    return [(error.path, error.problem, error.value, error.expected) for error in lowered(base, layer)]


@pytest.mark.parametrize(
    ("grade", "refused"),
    [
        ("B", []),
        ("C", []),
        ("D", [("$.english[0].grade", "lower_than_base", "D", "C or better")]),
        ("7", [("$.english[0].grade", "lower_than_base", "7", "C or better")]),
    ],
)
def test_grades_are_compared_best_first(grade: str, refused: list[tuple[Any, ...]]) -> None:
    layer = overlay(english=(EnglishMinimum(K.GCE_IGCSE, grade=grade),))
    assert refusals(policy(MMEDSC), layer) == refused


def test_amb_20_a_class_that_stands_not_below_is_named() -> None:
    classes = (Honours.FIRST, Honours.SECOND_UPPER)
    base = replace(policy(PHD), degree=replace(policy(PHD).degree, outstanding=classes))
    layer = overlay(outstanding=(Honours.FIRST, Honours.THIRD))
    assert refusals(base, layer) == [
        ("$.outstanding[1]", "lower_than_base", "THIRD", "one of FIRST, SECOND_UPPER")
    ]
    assert lowered(policy(PHD), layer) == ()


def test_every_row_is_compared_after_one_that_is_not_listed() -> None:
    layer = overlay(english=(EnglishMinimum(K.DUOLINGO, overall=D(120)), row(overall=D(5))))
    assert [error.path for error in lowered(policy(MPHIL), layer)] == [
        "$.english[0].kind",
        "$.english[1].overall",
    ]


def test_a_single_part_of_the_base_is_not_lowered_either() -> None:
    base = raise_by(policy(MPHIL), overlay(english=(row(parts={"writing": D(7), "speaking": D(6)}),)))
    layer = overlay(english=(row(parts={"writing": D("6.5"), "speaking": D(6), "reading": D("5.5")}),))
    assert refusals(base, layer) == [("$.english[0].parts.writing", "lower_than_base", "6.5", "7 or more")]


def test_c4_a_test_that_an_office_added_is_compared_by_its_name() -> None:
    scale = Range(D(0), D(100))
    added = EnglishMinimum(K.OTHER, overall=D(50), name="Oxford Test", scale=scale)
    base = policy(MPHIL)
    listed = replace(base, english=replace(base.english, minima=(*base.english.minima, added)))
    lower, other = replace(added, overall=D(40)), replace(added, name="Another")
    assert refusals(listed, overlay(english=(lower, other))) == [
        ("$.english[0].overall", "lower_than_base", "40", "50 or more"),
        ("$.english[1].kind", "test_not_listed", "OTHER", "a test the base lists"),
    ]


def test_a_layer_is_compared_with_the_layers_below_it() -> None:
    base = raise_by(policy(MPHIL), overlay())
    programme = overlay(policy="P", layer=Layer.PROGRAMME, english=(row(overall=D(6)),))
    assert [error.expected for error in lowered(base, programme)] == ["6.5 or more"]


def test_amb_09_a_layer_is_compared_with_the_figures_of_the_reading_chosen() -> None:
    layer = overlay(english=(row(overall=D("6.0")),))
    assert lowered(policy(MPHIL), layer) == ()
    assert [error.expected for error in lowered(policy(MPHIL, AMB_09="later_papers"), layer)] == [
        "6.5 or more"
    ]


REFUSED: list[Any] = [
    ({"layer": "UNIVERSITY"}, "$.layer", "unknown_value"),
    ({"layer": "ENGLISH"}, "$.layer", "unknown_value"),
    ({"english": [{"kind": "IELTS_ACADEMIC", "overall": 7}] * 2}, "$.english[1].kind", "recorded_twice"),
    ({"english": [{"kind": "IELTS_ACADEMIC", "overall": 6.3}]}, "$.english[0].overall", "off_scale"),
    ({"english": [{"kind": "IELTS_ACADEMIC"}]}, "$.english[0].overall", "missing_field"),
    (
        {"rules": [{"code": "A", "check": "OFFICER_CONFIRMS", "clause": "", "title": ""}] * 2},
        "$.rules[1].code",
        "recorded_twice",
    ),
    (
        {"rules": [{"code": "A", "check": "ROUND_OPEN", "clause": "", "title": ""}]},
        "$.rules[0].check",
        "unknown_value",
    ),
    (
        {"rules": [{"code": "A", "check": "OFFICER_CONFIRMS", "clause": "", "title": "", "part_of": "B"}]},
        "$.rules[0].part_of",
        "unknown_field",
    ),
]


@pytest.mark.parametrize(("values", "path", "problem"), REFUSED)
def test_what_cannot_be_a_layer_is_refused_with_its_path(
    values: dict[str, Any], path: str, problem: str
) -> None:
    with pytest.raises(FactsError) as refused:
        from_json(Overlay, {"policy": "S", "title": "S", "layer": "SCHOOL", **values})
    assert (refused.value.path, refused.value.problem) == (path, problem)


def test_a_layer_is_stored_and_read_again() -> None:
    layer = overlay(rules=(PORTFOLIO,), outstanding=(Honours.FIRST,))
    assert from_json(Overlay, to_json(layer)) == layer


def test_an_overlay_on_a_degree_that_needs_no_english_test_changes_no_verdict() -> None:
    facts = person(MMEDSC, degrees=(degree(of_this_university=True),))
    assert assess(facts, raise_by(policy(MMEDSC), overlay()), at=AT).verdict == "ELIGIBLE"


ON_THE_NEW_SCALE = [
    pytest.param(
        {"comparable_total": D(99)}, {}, NOT_MET, "below_minimum", id="AMB-12 99 where 100 is asked"
    ),
    pytest.param({"comparable_total": D(100)}, {}, MET, "test_meets", id="AMB-12 100 where 100 is asked"),
    pytest.param({}, {}, Outcome.REFER, "comparable_total_missing", id="AMB-12 no total is printed"),
    pytest.param(
        {},
        {"AMB_12": "band_accepted"},
        Outcome.REFER,
        "comparable_total_missing",
        id="AMB-12 alternative: band 4 stood for 80, not for 100",
    ),
]


@pytest.mark.parametrize(("printed", "readings", "outcome", "reason"), ON_THE_NEW_SCALE)
def test_amb_12_a_higher_toefl_total_is_asked_of_reports_on_the_new_scale_too(
    printed: dict[str, Any], readings: dict[str, str], outcome: Outcome, reason: str
) -> None:
    higher = overlay(english=(EnglishMinimum(K.TOEFL_IBT, overall=D(100)),))
    test = EnglishTest(K.TOEFL_IBT_1_6, taken_on=date(2026, 2, 1), overall=D(4), **printed)
    facts = person(MPHIL, degrees=(elsewhere(),), english_tests=(test,))
    finding = assess(facts, raise_by(policy(MPHIL, **readings), higher), at=AT).finding("UST-10")
    assert (finding.outcome, finding.reason) == (outcome, reason)


def test_amb_12_a_layers_own_figure_on_the_new_scale_is_not_lowered_by_the_old() -> None:
    both = (
        EnglishMinimum(K.TOEFL_IBT_1_6, comparable=D(110)),
        EnglishMinimum(K.TOEFL_IBT, overall=D(100)),
    )
    for rows in (both, both[::-1]):
        asked = raise_by(policy(MPHIL), overlay(english=rows))
        figures = {row["kind"]: row for row in minima(asked)}
        assert (figures[K.TOEFL_IBT]["overall"], figures[K.TOEFL_IBT_1_6]["comparable"]) == ("100", "110")


@pytest.mark.parametrize(
    ("overall", "outcome", "reason"),
    [
        pytest.param(D("4.5"), MET, "test_meets", id="AMB-12 the overall score asked for"),
        pytest.param(D(4), NOT_MET, "below_minimum", id="AMB-12 below the overall score asked for"),
        pytest.param(None, EVIDENCE, "score_missing", id="AMB-12 the overall score is missing"),
    ],
)
def test_amb_12_an_overall_score_asked_for_on_the_new_scale_counts(
    overall: Decimal | None, outcome: Outcome, reason: str
) -> None:
    higher = overlay(english=(EnglishMinimum(K.TOEFL_IBT_1_6, overall=D("4.5")),))
    test = EnglishTest(K.TOEFL_IBT_1_6, taken_on=date(2026, 2, 1), overall=overall, comparable_total=D(90))
    finding = found(MPHIL, test, higher)["UST-10"]
    assert (finding.outcome, finding.reason) == (outcome, reason)


def test_amb_12_a_layer_s_part_minimum_of_the_older_scale_goes_to_an_officer() -> None:
    layer = overlay(english=(EnglishMinimum(K.TOEFL_IBT, parts={"writing": Decimal(27)}),))
    report = EnglishTest(
        K.TOEFL_IBT_1_6, taken_on=date(2026, 2, 1), overall=Decimal(5), comparable_total=Decimal(100)
    )
    facts = person(MPHIL, degrees=(elsewhere(),), english_tests=(report,), first_language_is_english=False)
    found = assess(facts, raise_by(policy(MPHIL), layer), at=AT)
    assert found.finding("UST-06").outcome is MET
    raised = found.finding("UST-10")
    assert (raised.outcome, raised.reason, raised.reading) == (REFER, "no_comparable_parts", "AMB-12")
