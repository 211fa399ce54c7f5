"""What must hold for everybody, not only for the people we thought of."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eligibility.engine import (
    READINGS,
    SCALES,
    AwardStatus,
    Degree,
    DegreeLevel,
    EnglishMinimum,
    EnglishTest,
    EnglishTestKind,
    Facts,
    FactsError,
    Honours,
    Language,
    OfficerFinding,
    Origin,
    Outcome,
    PostgraduateStudy,
    ProgrammeLevel,
    QualifyingExamination,
    Requirements,
    Residence,
    ResidenceStatus,
    Round,
    StudyKind,
    StudyMode,
    Verdict,
    assess,
    from_json,
    to_json,
)
from tests.eligibility.engine.people import LEVELS, MMEDSC, MPHIL, PHD, ask, elsewhere, ielts, policy, shipped

ORDER = [Verdict.ELIGIBLE, Verdict.NEEDS_EVIDENCE, Verdict.REFER, Verdict.INELIGIBLE]
# the same examples on every run: a slow machine or an unlucky draw must not fail somebody else's work
QUICK = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)

days = st.dates(date(2015, 1, 1), date(2028, 12, 31))
instants = st.integers(0, 700_000).map(
    lambda minutes: datetime(2025, 9, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
maybe_language = st.none() | st.sampled_from(Language)


def half_steps(low: str, high: str) -> st.SearchStrategy[Decimal]:
    return st.integers(int(Decimal(low) * 2), int(Decimal(high) * 2)).map(
        lambda doubled: Decimal(doubled) / 2
    )


def scores(span: Any) -> st.SearchStrategy[Decimal]:
    steps = int((span.high - span.low) / span.step)
    return st.integers(0, steps).map(lambda step: span.low + step * span.step)


@st.composite
def english_tests(draw: st.DrawFn) -> EnglishTest:
    kind = draw(st.sampled_from(EnglishTestKind))
    scale = SCALES[kind]
    values: dict[str, Any] = {}
    for name in scale.parts if scale.part else ():
        values[name] = draw(st.none() | scores(scale.part))
    if scale.overall:
        values["overall"] = draw(st.none() | scores(scale.overall))
    if scale.comparable:
        values["comparable_total"] = draw(st.none() | scores(scale.comparable))
    if scale.grades:
        values["grade"] = draw(st.sampled_from(["", *scale.grades]))
    return EnglishTest(
        kind=kind,
        taken_on=draw(st.none() | days),
        issued_on=draw(st.none() | days),
        one_skill_retake=draw(st.booleans()),
        home_edition=draw(st.booleans()),
        booked=draw(st.booleans()),
        **values,
    )


degrees = st.builds(
    Degree,
    level=st.sampled_from(DegreeLevel),
    title=st.sampled_from(["", "BSc", "MSc"]),
    institution_in_hong_kong=st.none() | st.booleans(),
    of_this_university=st.booleans(),
    honours=st.none() | st.sampled_from(Honours),
    teaching_language=maybe_language,
    examination_language=maybe_language,
    institution_medium=maybe_language,
    status=st.sampled_from(AwardStatus),
    completed_on=st.none() | days,
    acceptance_reference=st.sampled_from(["", "", "register/1"]),
)
studies = st.builds(
    PostgraduateStudy,
    mode=st.sampled_from(StudyMode),
    kind=st.sampled_from(StudyKind),
    months=st.none() | st.integers(0, 40),
    certified_normal_months=st.none() | st.integers(0, 40),
    completed=st.booleans(),
    satisfactory=st.none() | st.booleans(),
)
rounds = st.builds(
    Round,
    name=st.sampled_from(["Round 1", "Round 2"]),
    closes_at=st.none() | instants,
    opens_at=st.none() | instants,
    local_only=st.booleans(),
)
recorded = st.sampled_from(["HKU-E1", "HKU-E3", "HKU-E5", "UST-03", "UST-03a", "UST-06", "UST-10"]).flatmap(
    lambda code: st.sampled_from([Outcome.MET, Outcome.NOT_MET, Outcome.NEEDS_EVIDENCE]).map(
        lambda outcome: OfficerFinding(code, outcome)
    )
)


@st.composite
def people(draw: st.DrawFn, level: ProgrammeLevel) -> Facts:
    held = draw(st.lists(degrees, max_size=3))
    if held and draw(st.booleans()):
        held[0] = replace(held[0], relied_on=True)
    return Facts(
        programme_level=level,
        mode=draw(st.none() | st.sampled_from(StudyMode)),
        degrees=tuple(held),
        first_language_is_english=draw(st.none() | st.booleans()),
        english_tests=tuple(draw(st.lists(english_tests(), max_size=3))),
        postgraduate_study=tuple(draw(st.lists(studies, max_size=3))),
        residence=draw(
            st.none()
            | st.builds(Residence, st.sampled_from(ResidenceStatus), st.none() | st.sampled_from(Origin))
        ),
        rounds=draw(st.none() | st.lists(rounds, max_size=3).map(tuple)),
        received_at=draw(st.none() | instants),
        programme_starts_on=draw(st.none() | days),
        qualifying_examination=draw(st.none() | st.sampled_from(QualifyingExamination)),
        officer_findings=tuple(
            {finding.code: finding for finding in draw(st.lists(recorded, max_size=2))}.values()
        ),
    )


readings = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(choices) for name, choices in READINGS.items()}
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Facts, Requirements, datetime]:
    code = draw(st.sampled_from([MMEDSC, MPHIL, PHD]))
    requirements = replace(shipped()[code], readings=draw(readings))
    return draw(people(LEVELS[code])), requirements, draw(instants)


@QUICK
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_facts_never_matters(case: tuple[Facts, Requirements, datetime], random: Any) -> None:
    facts, requirements, at = case
    mixed = {}
    for name in ("degrees", "english_tests", "postgraduate_study", "rounds", "officer_findings"):
        values = getattr(facts, name)
        mixed[name] = None if values is None else tuple(random.sample(values, len(values)))
    assert to_json(assess(replace(facts, **mixed), requirements, at=at)) == to_json(
        assess(facts, requirements, at=at)
    )


@QUICK
@given(cases())
def test_any_person_gets_every_finding_and_the_same_bytes_again(
    case: tuple[Facts, Requirements, datetime],
) -> None:
    facts, requirements, at = case
    found = assess(facts, requirements, at=at)
    assert [finding.code for finding in found.findings] == [rule.code for rule in requirements.rules]
    again = assess(from_json(Facts, json.loads(json.dumps(to_json(facts)))), requirements, at=at)
    assert json.dumps(to_json(again)) == json.dumps(to_json(found))


parts = st.tuples(*[half_steps("0", "9")] * 4)


@QUICK
@given(parts, parts, st.sampled_from([MMEDSC, MPHIL]), st.booleans())
def test_raising_a_score_never_worsens_a_verdict(
    scored: tuple[Decimal, ...], other: tuple[Decimal, ...], code: str, retake: bool
) -> None:
    raised = tuple(map(max, scored, other))
    verdicts = [
        ask(
            code,
            degrees=(elsewhere(),),
            english_tests=(ielts(" ".join(map(str, figures)), one_skill_retake=retake),),
        ).verdict
        for figures in (scored, raised)
    ]
    assert ORDER.index(verdicts[1]) <= ORDER.index(verdicts[0])


@QUICK
@given(cases(), english_tests())
def test_another_test_never_worsens_a_verdict(
    case: tuple[Facts, Requirements, datetime], test: EnglishTest
) -> None:
    facts, requirements, at = case
    more = replace(facts, english_tests=(*facts.english_tests, test))
    before, after = (assess(somebody, requirements, at=at) for somebody in (facts, more))
    english = "HKU-E5" if requirements.policy == MMEDSC else "UST-06"
    if facts.english_tests:
        assert after.finding(english).severity <= before.finding(english).severity


@QUICK
@given(
    cases(),
    st.builds(
        EnglishMinimum, st.just(EnglishTestKind.IELTS_ACADEMIC), half_steps("0", "9"), half_steps("0", "9")
    ),
    st.builds(EnglishMinimum, st.just(EnglishTestKind.TOEFL_IBT), st.integers(0, 120).map(Decimal)),
)
def test_ust_10_an_overlay_never_admits_whom_the_base_refuses(
    case: tuple[Facts, Requirements, datetime], ielts_row: EnglishMinimum, toefl_row: EnglishMinimum
) -> None:
    facts, base, at = case
    facts = replace(
        facts, officer_findings=()
    )  # with an overlay the rule answers what an officer answered before
    raised = replace(base, english=replace(base.english, overlay=(ielts_row, toefl_row)))
    verdicts = [assess(facts, requirements, at=at).verdict for requirements in (base, raised)]
    assert ORDER.index(verdicts[1]) >= ORDER.index(verdicts[0])


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["PHD", "IELTS_ACADEMIC"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "programme_level",
                    "degrees",
                    "english_tests",
                    "kind",
                    "level",
                    "overall",
                    "rounds",
                    "name",
                    "closes_at",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@QUICK
@given(anything)
def test_whatever_is_sent_only_the_documented_refusal_is_raised(data: Any) -> None:
    for kind in (Facts, Requirements):
        try:
            from_json(kind, data)
        except FactsError as refused:
            assert refused.path.startswith("$")  # noqa: PT017  most inputs raise nothing


@QUICK
@given(st.dates(date(2010, 1, 1), date(2030, 12, 31)), st.integers(-800, 800))
def test_ust_09_validity_ends_once_and_for_all(taken: date, later: int) -> None:
    day = taken + timedelta(days=abs(later))
    noon = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    finding = ask(
        MPHIL,
        degrees=(elsewhere(completed_on=date(2009, 1, 1)),),
        english_tests=(ielts(taken_on=taken),),
        at=noon,
        rounds=None,
    ).finding("UST-09")
    assert (finding.outcome is Outcome.MET) == (day.isoformat() <= finding.params["valid_until"])
    assert policy(MPHIL).english.valid_years == 2
