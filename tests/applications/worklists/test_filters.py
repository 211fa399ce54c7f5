"""Narrowing a list: every filter does what it says, and no address is an error."""

from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from applications.assessments.models import Assessment
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.worklists.desk import waiting_piles
from applications.worklists.filters import ORDERS, Narrowing
from applications.worklists.listing import MOST_OPTIONS, Counts, filters_of, filters_shown, waiting_in_words
from applications.worklists.queries import annotate_listing, tallies_of
from eligibility.models import PolicyVersion
from tests.factories.applications import CaseFactory, ReviewFactory
from tests.factories.drafts import publish_policies
from tests.factories.evidence import DocumentFactory
from tests.factories.programmes import (
    LocalRoundFactory,
    OfferingFactory,
    RoundFactory,
    SpecialisationFactory,
    hkt,
)

pytestmark = pytest.mark.django_db

AT = hkt(2026, 4, 1, 9)


def names(**asked: str) -> list[str]:
    """Family names in the order of the list."""
    cases = Narrowing.read(asked).apply(annotate_listing(Application.objects.all(), user=None, at=AT), at=AT)
    return [case.family_name for case in cases]  # type: ignore[attr-defined]  # annotated


@pytest.fixture
def four(settings: Any, tmp_path: Any) -> dict[str, Application]:
    """AU: part-time, Macao, Round 2, scored 4; BAO: in review, Mainland; CHAN: offered; DOE: a document to
    check."""
    settings.MEDIA_ROOT = tmp_path
    publish_policies()
    offering = OfferingFactory()
    RoundFactory(offering=offering)
    part_time = OfferingFactory(intake=offering.intake, mode="PART_TIME")
    au = CaseFactory(
        offering=part_time,
        round=LocalRoundFactory(offering=part_time),
        specialisation=SpecialisationFactory(track__programme=offering.programme),
        applicant__family_name="AU",
        applicant__given_names="Ka",
        applicant__chinese_name="區嘉",
        applicant__origin="MACAO",
        applicant__user__email="au.ka@example.org",
        submitted_at=hkt(2026, 3, 4),
        state_since=hkt(2026, 3, 4),
        number="MMS26-000007",
    )
    bao = CaseFactory(
        offering=offering,
        applicant__family_name="BAO",
        applicant__given_names="Yu",
        applicant__chinese_name="鮑雨",
        applicant__origin="MAINLAND",
        state=State.IN_REVIEW,
        submitted_at=hkt(2026, 3, 1),
        state_since=hkt(2026, 3, 9),
    )
    chan = CaseFactory(
        offering=offering,
        applicant__family_name="CHAN",
        state=State.OFFERED,
        submitted_at=hkt(2026, 3, 2),
        state_since=hkt(2026, 3, 8),
    )
    doe = CaseFactory(
        applicant__family_name="DOE",
        submitted_at=hkt(2026, 3, 3),
        state_since=hkt(2026, 3, 3),
        applicant__preferred_name="Jo",
    )
    ReviewFactory(application=au, score="4.0")
    ReviewFactory(application=chan, score="4.5")
    ReviewFactory(application=chan, score="3.0")
    DocumentFactory(application=doe)
    DocumentFactory(application=au, status="REJECTED", reason="Blurred")
    for case, verdict in ((au, "INELIGIBLE"), (au, "ELIGIBLE"), (bao, "REFER")):
        findings = [
            {"outcome": "MET", "part_of": ""},
            {"outcome": "MET", "part_of": ""},
            {"outcome": "NOT_MET", "part_of": "X"},
        ]
        Assessment.objects.create(
            application=case,
            policy_version=PolicyVersion.objects.first(),
            at=hkt(2026, 3, 10),
            verdict=verdict,
            facts={},
            findings=findings,
        )
    return {"au": au, "bao": bao, "chan": chan, "doe": doe}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param({}, ["DOE", "AU", "CHAN", "BAO"], id="everything, longest in its state first"),
        pytest.param({"state": "CONSIDERED"}, ["DOE", "AU", "BAO"], id="under consideration"),
        pytest.param({"state": "OFFERED"}, ["CHAN"], id="one state"),
        pytest.param({"mode": "PART_TIME"}, ["AU"], id="mode"),
        pytest.param({"round": "2"}, ["AU"], id="round"),
        pytest.param({"verdict": "ELIGIBLE"}, ["AU"], id="the last verdict counts"),
        pytest.param({"verdict": "INELIGIBLE"}, [], id="an earlier verdict does not"),
        pytest.param({"origin": "MAINLAND"}, ["BAO"], id="permanent home"),
        pytest.param({"pile": "unscored"}, ["BAO", "DOE"], id="a pile, the longest in it first"),
        pytest.param({"pile": "documents"}, ["DOE"], id="documents to check"),
        pytest.param({"pile": "unscored", "state": "IN_REVIEW"}, ["BAO"], id="a pile and a filter"),
        pytest.param({"q": "chan"}, ["CHAN"], id="a family name in any case"),
        pytest.param({"q": "ka au"}, ["AU"], id="words in any order"),
        pytest.param({"q": "ka bao"}, [], id="every word must be found"),
        pytest.param({"q": "鮑"}, ["BAO"], id="a Chinese name"),
        pytest.param({"q": "AU 嘉"}, ["AU"], id="both scripts in one search"),
        pytest.param({"q": "000007"}, ["AU"], id="part of a number"),
        pytest.param({"q": "au.ka@EXAMPLE"}, ["AU"], id="an e-mail address"),
        pytest.param({"q": "jo"}, ["DOE"], id="a preferred name"),
        pytest.param({"q": "%"}, [], id="a wildcard is a character"),
        pytest.param({"q": "_"}, [], id="another wildcard"),
        pytest.param({"order": "name"}, ["AU", "BAO", "CHAN", "DOE"], id="by name"),
        pytest.param({"order": "-name"}, ["DOE", "CHAN", "BAO", "AU"], id="by name, backwards"),
        pytest.param({"order": "received"}, ["BAO", "CHAN", "DOE", "AU"], id="by receipt"),
        pytest.param({"order": "-score"}, ["AU", "CHAN", "BAO", "DOE"], id="by score, unscored last"),
        pytest.param({"order": "score"}, ["CHAN", "AU", "BAO", "DOE"], id="by score upwards, unscored last"),
    ],
)
def test_a_list_is_narrowed_and_ordered(asked: dict[str, str], found: list[str], four: Any) -> None:
    assert names(**asked) == found


def test_programme_and_specialisation_narrow_by_key(four: dict[str, Application]) -> None:
    assert names(programme=str(four["doe"].offering.programme.pk)) == ["DOE"]
    assert names(specialisation=str(four["au"].specialisation_id)) == ["AU"]
    assert names(programme="0") == []


@pytest.mark.parametrize(
    "asked",
    [
        {"state": "DRAFT"},
        {"state": "submitted"},
        {"mode": "NIGHT"},
        {"verdict": "PERHAPS"},
        {"origin": "MARS"},
        {"pile": "maybe"},
        {"order": "password"},
        {"order": "--name"},
        {"round": "two"},
        {"programme": "-1"},
        {"programme": "1.5"},
        {"specialisation": "1 OR 1=1"},
        {"nonsense": "x"},
        {"q": "\0 "},
    ],
    ids=str,
)
def test_what_is_no_filter_is_left_out(asked: dict[str, str]) -> None:
    assert Narrowing.read(asked).given() == {}


def test_every_order_is_offered_both_ways() -> None:
    for key in ORDERS:
        assert [Narrowing.read({"order": order}).order for order in (key, f"-{key}")] == [key, f"-{key}"]


def test_a_changed_address_keeps_the_rest() -> None:
    narrowing = Narrowing.read({"q": "李 雷", "state": "SUBMITTED"})
    assert QueryDict(narrowing.query(state="", mode="PART_TIME")).dict() == {
        "q": "李 雷",
        "mode": "PART_TIME",
    }


_KEYS = st.sampled_from(
    [
        "q",
        "programme",
        "state",
        "mode",
        "round",
        "specialisation",
        "verdict",
        "origin",
        "pile",
        "order",
        "x",
    ]
)
_VALUES = st.one_of(
    st.text(max_size=60),
    st.integers().map(str),
    st.sampled_from(
        [
            "unscored",
            "99999999999999999999",
            "٣",
            "²",
            "%",
            "'",
            '"',
            "\\",
            "SUBMITTED",
            "-score",
            "0",
            " 1",
            "\ud7ff",
        ]
    ),
)


@pytest.fixture
def one_case() -> Application:
    return CaseFactory()


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(asked=st.dictionaries(_KEYS, _VALUES, max_size=6))
def test_no_query_string_breaks_a_list(asked: dict[str, str], one_case: Application) -> None:
    narrowing = Narrowing.read(asked)
    visible = Application.objects.all()
    assert len(narrowing.apply(annotate_listing(visible, user=None, at=AT), at=AT)) <= 1
    filters_shown(narrowing, visible, user=None, at=AT)
    # what was understood is understood again from its own address
    assert Narrowing.read(QueryDict(narrowing.query()).dict()) == narrowing


def test_the_filters_say_how_many_cases_each_choice_holds(four: Any) -> None:
    shown = {
        each.title: {option.label: option.count for option in each.options}
        for each in filters_shown(
            Narrowing.read({"mode": "PART_TIME"}), Application.objects.all(), user=None, at=AT
        )
    }
    assert shown["Study mode"] == {"Both": 4, "Full-time": 3, "Part-time": 1}
    assert shown["State"] == {
        "Every state": 4,
        "Under consideration": 3,
        "Received": 2,
        "In review": 1,
        "Offer made": 1,
    }
    assert shown["Round"] == {"Every round": 4, "1": 3, "2": 1}
    assert sum(count for label, count in shown["Rules"].items() if label != "Whatever they say") == 2
    # one case alone has a specialisation: nothing to choose between
    assert list(shown) == ["State", "Programme", "Study mode", "Round", "Rules", "Permanent home"]


def test_what_is_chosen_is_marked(four: Any) -> None:
    [modes] = [
        each
        for each in filters_shown(
            Narrowing.read({"mode": "PART_TIME", "q": "x"}), Application.objects.all(), user=None, at=AT
        )
        if each.title == "Study mode"
    ]
    assert [(option.label, option.is_current) for option in modes.options] == [
        ("Both", False),
        ("Full-time", False),
        ("Part-time", True),
    ]
    assert [QueryDict(option.query).dict() for option in modes.options][:2] == [
        {"q": "x"},
        {"q": "x", "mode": "FULL_TIME"},
    ]


def test_of_300_programmes_the_largest_and_the_chosen_are_shown_and_all_where_they_are_asked_for() -> None:
    row = {"state": "IN_REVIEW", "home": "", "verdict": "", "in_mode": "FULL_TIME", "in_round": 1}
    counts = Counts(
        [
            {**row, "cases": number, "in_programme": number, "programme_name": f"Programme {number:03d}"}
            | {"special": 1000 + number, "special_name": f"Specialisation {number:03d}"}
            for number in range(1, 301)
        ]
    )
    chosen = Narrowing(programme="7", order="name")
    shown = {each.title: each for each in filters_of(chosen, counts)}
    programmes = shown["Programme"]
    assert [option.label for option in programmes.options] == [
        "All programmes",
        "Programme 007",
        *(f"Programme {number}" for number in range(282, 301)),
    ]
    assert [option.label for option in programmes.options if option.is_current] == ["Programme 007"]
    assert (programmes.more, programmes.total) == ("programme=7&order=name&more=programme", 300)
    html = render_to_string("admin/cases/_filters.html", {"filters": shown.values()})
    assert html.count("<a ") == len(shown["State"].options) + 2 * (1 + MOST_OPTIONS + 1)
    assert "Programme: show all 300" in html
    whole = {each.title: each for each in filters_of(chosen, counts, in_full="programme")}
    assert (len(whole["Programme"].options), whole["Programme"].more) == (301, "")
    assert whole["Specialisation"] == shown["Specialisation"]


def test_each_pile_counts_what_its_list_holds(four: Any) -> None:
    piles = waiting_piles(Application.objects.all(), at=AT)
    assert {pile.title: pile.count for pile in piles if pile.count} == {
        "New, not yet in review": 2,
        "Documents to check": 1,
        "Nobody has scored": 2,
        "Offers waiting for a reply": 1,
    }
    assert [len(names(**QueryDict(pile.query).dict())) for pile in piles] == [pile.count for pile in piles]


def test_findings_are_tallied_from_the_last_run_without_their_parts(four: dict[str, Application]) -> None:
    cases = list(annotate_listing(Application.objects.all(), user=None, at=AT))
    tallies = tallies_of(cases)
    by_name = {case.family_name: tallies.get(case.assessment_id) for case in cases}  # type: ignore[attr-defined]
    assert by_name == {"AU": {"MET": 2}, "BAO": {"MET": 2}, "CHAN": None, "DOE": None}


def test_the_mean_is_of_two_decimals() -> None:
    case = CaseFactory()
    for score in ("4.0", "4.5", "4.5"):
        ReviewFactory(application=case, score=score)
    [listed] = annotate_listing(Application.objects.all(), user=None, at=AT)
    assert (str(listed.mean_score), listed.readers) == ("4.33", 3)  # type: ignore[attr-defined]


def test_what_a_pile_narrowed_to_is_said_in_words() -> None:
    asked = {"state": "CONSIDERED", "pile": "overdue", "order": "name"}
    assert waiting_in_words(Narrowing.read(asked)) == [("Applicants", "Requests overdue")]
