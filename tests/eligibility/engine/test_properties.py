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
    Acceptance,
    AwardStatus,
    Check,
    Course,
    CreditRequest,
    Degree,
    DegreeLevel,
    EarlierStudy,
    EnglishMinimum,
    EnglishTest,
    EnglishTestKind,
    Facts,
    FactsError,
    Honours,
    Language,
    Layer,
    Leaving,
    OfficerFinding,
    Origin,
    Outcome,
    Overlay,
    PostgraduateStudy,
    ProgrammeLevel,
    QualifyingExamination,
    Requirements,
    Residence,
    ResidenceStatus,
    Round,
    Rule,
    StudyKind,
    StudyMode,
    Verdict,
    assess,
    assess_advanced_standing,
    assess_credit_reuse,
    from_json,
    lowered,
    minima,
    raise_by,
    to_json,
)
from tests.eligibility.engine.people import LEVELS, MMEDSC, MPHIL, PHD, ask, elsewhere, ielts, policy, shipped

ORDER = [Verdict.ELIGIBLE, Verdict.NEEDS_EVIDENCE, Verdict.REFER, Verdict.INELIGIBLE]
# the same examples on every run: a slow machine or an unlucky draw must not fail somebody else's work
QUICK = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
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
        name=draw(st.sampled_from(["", "Oxford Test"])) if kind is EnglishTestKind.OTHER else "",
        **values,
    )


accepted = st.sampled_from(
    [{}, {}, {"acceptance_reference": "register/1"}]
    + [{"acceptance_reference": "register/1", "acceptance": kind} for kind in Acceptance]
)
bare_degrees = st.builds(
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
)
degrees = st.tuples(bare_degrees, accepted).map(lambda drawn: replace(drawn[0], **drawn[1]))
studies = st.builds(
    PostgraduateStudy,
    mode=st.sampled_from(StudyMode),
    kind=st.sampled_from(StudyKind),
    months=st.none() | st.integers(0, 40),
    certified_normal_months=st.none() | st.integers(0, 40),
    completed=st.booleans(),
    satisfactory=st.none() | st.booleans(),
)
earlier_studies = st.builds(
    EarlierStudy,
    discipline=st.sampled_from(["", "Physics", "physics ", "Mathematics"]),
    level=st.none() | st.sampled_from(ProgrammeLevel),
    leaving=st.none() | st.sampled_from(Leaving),
)
residences = st.builds(
    Residence,
    st.sampled_from(ResidenceStatus),
    st.none() | st.sampled_from(Origin),
    st.none() | st.booleans(),
    st.booleans(),
)
rounds = st.builds(
    Round,
    name=st.sampled_from(["Round 1", "Round 2"]),
    closes_at=st.none() | instants,
    opens_at=st.none() | instants,
    local_only=st.booleans(),
)
recorded = st.builds(
    OfficerFinding,
    st.sampled_from(["HKU-E1", "HKU-E3", "HKU-E5", "UST-03", "UST-03a", "UST-06", "UST-10"]),
    st.sampled_from([Outcome.MET, Outcome.NOT_MET, Outcome.NEEDS_EVIDENCE]),
    overrides=st.booleans(),
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
        residence=draw(st.none() | residences),
        residence_at_registration=draw(st.none() | residences),
        discipline=draw(st.sampled_from(["", "Physics"])),
        earlier_studies=tuple(draw(st.lists(earlier_studies, max_size=2))),
        submit_clicked_at=draw(st.none() | instants),
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
    for name in (
        "degrees",
        "english_tests",
        "postgraduate_study",
        "rounds",
        "earlier_studies",
        "officer_findings",
    ):
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


@st.composite
def raised_tests(draw: st.DrawFn) -> tuple[EnglishTest, EnglishTest]:
    """A test, and the same with higher scores; the parts or the total, so that they cannot contradict."""
    test = draw(english_tests())
    scale = SCALES[test.kind]
    silent = ("overall",) if draw(st.booleans()) else scale.parts
    test = replace(test, **dict.fromkeys(silent))
    higher: dict[str, Any] = {}
    for name, span in (
        ("overall", scale.overall),
        ("comparable_total", scale.comparable),
        *((part, scale.part) for part in scale.parts),
    ):
        score = getattr(test, name)
        if score is not None and span is not None:
            higher[name] = max(score, draw(scores(span)))
    if test.grade:
        same = [grade for grade in scale.grades if grade.isdigit() is test.grade.isdigit()]
        higher["grade"] = same[min(same.index(test.grade), same.index(draw(st.sampled_from(same))))]
    return test, replace(test, **higher)


@QUICK
@given(cases(), raised_tests())
def test_raising_any_score_of_any_test_never_worsens_a_verdict(
    case: tuple[Facts, Requirements, datetime], tests: tuple[EnglishTest, EnglishTest]
) -> None:
    facts, requirements, at = case
    verdicts = [
        assess(replace(facts, english_tests=(test,), degrees=facts.degrees[:1]), requirements, at=at).verdict
        for test in tests
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


minima_rows = st.builds(
    EnglishMinimum,
    st.just(EnglishTestKind.IELTS_ACADEMIC),
    half_steps("0", "9"),
    st.none() | half_steps("0", "9"),
) | st.builds(EnglishMinimum, st.just(EnglishTestKind.TOEFL_IBT), st.integers(0, 120).map(Decimal))
overlays = st.builds(
    Overlay,
    policy=st.sampled_from(["SCHOOL", "DEPARTMENT"]),
    title=st.just("Layer"),
    layer=st.sampled_from([Layer.SCHOOL, Layer.PROGRAMME]),
    english=st.lists(minima_rows, max_size=2, unique_by=lambda row: row.kind).map(tuple),
    rules=st.sampled_from([(), (Rule("X-1", Check.OFFICER_CONFIRMS, "Clause", "Portfolio"),)]),
    outstanding=st.lists(st.sampled_from(Honours), max_size=2, unique=True).map(tuple),
)


@QUICK
@given(cases(), st.lists(overlays, min_size=1, max_size=2))
def test_ust_10_an_overlay_never_admits_whom_the_base_refuses(
    case: tuple[Facts, Requirements, datetime], layers: list[Overlay]
) -> None:
    facts, base, at = case
    # with an overlay the rule answers what an officer answered before
    facts = replace(facts, officer_findings=())
    # classes of honours may settle what was for an officer to judge, yet admit nobody who is refused
    verdicts = [assess(facts, asked, at=at).verdict for asked in (base, raise_by(base, *layers))]
    if verdicts[0] is Verdict.INELIGIBLE or not any(layer.outstanding for layer in layers):
        assert ORDER.index(verdicts[1]) >= ORDER.index(verdicts[0])


@QUICK
@given(cases(), overlays)
def test_what_is_not_lowered_is_what_counts(
    case: tuple[Facts, Requirements, datetime], layer: Overlay
) -> None:
    _, base, _ = case
    refused = {error.path for error in lowered(base, layer)}
    raised = raise_by(base, layer)
    for number, row in enumerate(layer.english):
        in_force = next(row_ for row_ in minima(raised) if row_["kind"] is row.kind)
        if f"$.english[{number}].overall" not in refused and row.overall is not None:
            assert Decimal(in_force["overall"]) == row.overall


courses = st.builds(
    Course,
    name=st.sampled_from(["Genetics", "Optics"]),
    credits=st.none() | st.integers(1, 20),
    passed=st.none() | st.booleans(),
    completed_on=st.none() | days,
    semester_ended_on=st.none() | days,
    completed_in=st.sampled_from(["", "2021-08", "2021-09", "2026-09"]),
    last_class_on=st.none() | days,
    used_for_qualification=st.none() | st.booleans(),
    accepted=st.none() | st.booleans(),
)
requests = st.builds(
    CreditRequest,
    courses=st.lists(courses, max_size=3).map(tuple),
    received_at=st.none() | instants,
    starts_on=st.none() | days,
    offered_on=st.none() | days,
    registered_on=st.none() | days,
    first_class_on=st.none() | days,
    granted=st.integers(0, 15),
)


@QUICK
@given(requests, readings, instants, st.randoms(use_true_random=False))
def test_requests_for_credits_never_exceed_what_may_be_granted(
    request: CreditRequest, chosen: dict[str, str], at: datetime, random: Any
) -> None:
    for assess_credits, code in ((assess_advanced_standing, MMEDSC), (assess_credit_reuse, PHD)):
        requirements = replace(shipped()[code], readings=chosen)
        asked = assess_credits(request, requirements, at=at)
        mixed = replace(request, courses=tuple(random.sample(request.courses, len(request.courses))))
        assert to_json(assess_credits(mixed, requirements, at=at)) == to_json(asked)
        assert 0 <= asked.claimable <= asked.claimed
        if code == MMEDSC:
            assert asked.claimable + min(request.granted, 12) <= 12
        assert all(finding.document for finding in asked.findings if finding.outcome == "NEEDS_EVIDENCE")
        assert all(finding.needed and finding.supplied for finding in asked.findings if finding.severity == 3)


JUNK: list[Any] = [
    *(None, True, False, 0, 1, -1, 10**9, 10**30, 0.5, 1e308, float("nan"), "", "x", "NaN", "1e-9999", "0"),
    *("0001-01-01", "9999-12-31", "1900-01-01", "2199-12-31", "2026-02-30", "2024-02-29", "24:00"),
    *(
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "2026-03-31T23:59:00",
        [],
        {},
        [None],
        {"": 1},
    ),
    *(kind.value for kind in EnglishTestKind),
    *(check.value for check in Check),
]


def places(data: Any) -> list[tuple[Any, Any]]:
    """Every container of JSON data with each of its keys."""
    found: list[tuple[Any, Any]] = []
    keys: Any = data.keys() if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    for key in keys:
        found += [(data, key), *places(data[key])]
    return found


def spoiled(draw: st.DrawFn, record: Any) -> Any:
    """A record as JSON with a few values that somebody got wrong."""
    data = json.loads(json.dumps(to_json(record)))
    for _ in range(draw(st.integers(1, 3))):
        if spots := places(data):
            container, key = draw(st.sampled_from(spots))
            container[key] = draw(st.sampled_from(JUNK))
    return data


@QUICK
@given(st.data())
def test_whatever_is_spoiled_is_refused_as_documented_or_assessed(data: Any) -> None:
    facts, requirements, at = data.draw(cases())
    try:
        read = from_json(Facts, spoiled(data.draw, facts))
        asked = from_json(Requirements, spoiled(data.draw, requirements))
        layer = from_json(Overlay, spoiled(data.draw, data.draw(overlays)))
        lowered(asked, layer)
        assess(read, raise_by(asked, layer), at=at)
        request = from_json(CreditRequest, spoiled(data.draw, data.draw(requests)))
        assess_advanced_standing(request, asked, at=at)
        assess_credit_reuse(request, asked, at=at)
    except FactsError as refused:
        assert refused.path.startswith("$")  # noqa: PT017  many inputs raise nothing


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
    for kind in (Facts, Requirements, Overlay, CreditRequest):
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
