"""The public check: it asks only what the rules read, says what they say, and keeps nothing."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admissions_portal.clock.actions import move_clock_to, start_clock_at
from eligibility.engine import (
    Assessment,
    EnglishMinimum,
    EnglishTestKind,
    FactsError,
    Layer,
    Outcome,
    Overlay,
    Verdict,
    to_json,
)
from eligibility.forms.check_typed import refusal
from eligibility.models import AcceptedAward, Policy, PolicyLayer, PolicyVersion, fingerprint
from programmes.models import Programme
from tests.factories.accounts import StaffFactory
from tests.factories.checks import MMEDSC, MPHIL, PHD, answers, ielts, programmes_to_check
from tests.factories.programmes import OfferingFactory, ProgrammeFactory, RoundFactory, hkt

pytestmark = pytest.mark.django_db
NOW = hkt(2026, 3, 24, 9)


@pytest.fixture(autouse=True)
def _world() -> None:
    programmes_to_check()
    start_clock_at(NOW)


def page_of(slug: str) -> str:
    return reverse("eligibility:check", args=[slug])


def post(slug: str, given: dict[str, Any], *, client: Client | None = None, act: str = "check") -> Any:
    return (client or Client()).post(page_of(slug), {**given, "act": act})


def found(slug: str, given: dict[str, Any]) -> Assessment:
    response = post(slug, given)
    assert "result" in response.context, [form.errors for form in response.context["forms"]]
    return response.context["result"].assessment


def problems(response: Any) -> list[str]:
    summary = response.content.decode().partition('class="pg-errors"')[2].partition("</ul>")[0]
    return re.findall(r"<li><a [^>]*>(.*?)</a>", summary)


DEGREE = {"level", "own", "status", "completed_on", "teaching_language"}


@pytest.mark.parametrize(
    ("slug", "asked"),
    [
        pytest.param(
            MMEDSC,
            {
                "degree": {*DEGREE, "in_hong_kong", "honours", "examination_language"},
                "english": set(),
                "intake": {"mode", "status", "origin"},
            },
            id="HKU asks where and in which language, never the first language",
        ),
        pytest.param(
            MPHIL,
            {
                "degree": {*DEGREE, "institution_medium"},
                "english": {"first_language"},
                "earlier": {"leaving", "level", "discipline"},
                "intake": {"mode", "status"},
            },
            id="HKUST asks the first language and the institution's medium, never where it stands",
        ),
        pytest.param(
            PHD,
            {
                "degree": {*DEGREE, "institution_medium"},
                "english": {"first_language"},
                "study": set(),
                "earlier": {"leaving", "level", "discipline"},
                "intake": {"mode", "status"},
            },
            id="UST-03 b: a doctoral programme asks for postgraduate work too",
        ),
    ],
)
def test_only_what_the_rules_read_is_asked(client: Client, slug: str, asked: dict[str, set[str]]) -> None:
    sheet = client.get(page_of(slug)).context["sheet"]
    named = {
        part.key: {
            "own" if name.startswith("of-") else name
            for form in (part.rows or [part.form])
            if form is not None
            for name in form.fields
        }
        | {name for form in [part.form] if form is not None for name in form.fields}
        for part in sheet.parts
    }
    assert named == asked


def test_amb_10_the_tests_are_those_the_rules_list_and_the_retired_ones_stand_apart(client: Client) -> None:
    def offered(slug: str) -> list[tuple[str, list[str]]]:
        choices = client.get(page_of(slug)).context["sheet"].test_choices
        return [(str(group), [kind for kind, _label in tests]) for group, tests in choices]

    assert offered(MMEDSC) == [
        ("", ["TOEFL_IBT", "TOEFL_IBT_1_6", "IELTS_ACADEMIC", "GCE_IGCSE", "CAMBRIDGE_CPE", "OTHER"]),
        ("Older test, no longer offered", ["TOEFL_PAPER"]),
    ]
    assert offered(MPHIL) == [
        (
            "",
            [
                "TOEFL_IBT",
                "TOEFL_IBT_1_6",
                "IELTS_ACADEMIC",
                "IELTS_GENERAL_TRAINING",
                "IELTS_INDICATOR",
            ],
        ),
        ("Older test, no longer offered", ["TOEFL_PAPER", "TOEFL_REVISED_PAPER"]),
    ]


EN, XX, MIX = "ENGLISH", "OTHER", "MIXED"
REQUIRED, NOT_REQUIRED, REFER = "a test is required", Outcome.NOT_APPLICABLE, Outcome.REFER
# DOMAIN A3, row by row: in Hong Kong, taught, examined, the institution's medium, English first → HKU, HKUST
A3 = [
    pytest.param("YES", EN, EN, EN, "NO", NOT_REQUIRED, NOT_REQUIRED, id="in HK, taught in English"),
    pytest.param("YES", EN, EN, EN, "YES", NOT_REQUIRED, NOT_REQUIRED, id="in HK, in English, first English"),
    pytest.param("YES", XX, XX, XX, "NO", NOT_REQUIRED, REQUIRED, id="in HK, taught in Chinese"),
    pytest.param("YES", XX, XX, XX, "YES", NOT_REQUIRED, NOT_REQUIRED, id="in HK, Chinese, first English"),
    pytest.param("NO", EN, EN, EN, "NO", NOT_REQUIRED, NOT_REQUIRED, id="outside HK, English throughout"),
    pytest.param("NO", XX, XX, XX, "NO", REQUIRED, REQUIRED, id="outside HK, not English"),
    pytest.param(
        "NO", XX, XX, XX, "YES", REQUIRED, NOT_REQUIRED, id="outside HK, not English, first English"
    ),
    pytest.param("NO", EN, XX, EN, "NO", REQUIRED, NOT_REQUIRED, id="taught in English, examined in another"),
    pytest.param("NO", MIX, MIX, MIX, "NO", REFER, REFER, id="outside HK, bilingual"),
]


@pytest.mark.parametrize(("in_hk", "taught", "examined", "medium", "first", "hku", "hkust"), A3)
def test_a3_the_same_person_at_both_institutions(
    in_hk: str, taught: str, examined: str, medium: str, first: str, hku: object, hkust: object
) -> None:
    person = answers(
        degree__in_hong_kong=in_hk,
        degree__teaching_language=taught,
        degree__examination_language=examined,
        degree__institution_medium=medium,
        first_language=first,
    )
    said = {}
    for slug, code in ((MMEDSC, "HKU-E5"), (MPHIL, "UST-06"), (PHD, "UST-06")):
        finding = found(slug, person).finding(code)
        said[slug] = REQUIRED if finding.reason == "no_test" else finding.outcome
    assert said == {MMEDSC: hku, MPHIL: hkust, PHD: hkust}


def test_every_question_may_stay_open_or_be_not_sure() -> None:
    unsure = {
        "degree-0-level": "OTHER",
        **dict.fromkeys(["first_language", "mode", "status", "origin"], "UNSURE"),
        **dict.fromkeys(
            [
                f"degree-0-{name}"
                for name in ("of-hku", "in_hong_kong", "status", "honours", "teaching_language")
            ],
            "UNSURE",
        ),
    }
    for slug in (MMEDSC, MPHIL, PHD):
        for given in ({}, unsure):
            assert found(slug, given).verdict in (Verdict.NEEDS_EVIDENCE, Verdict.REFER)
    said = found(MMEDSC, unsure)
    assert [said.finding(code).reason for code in ("HKU-E5", "HKU-E3-AWARD", "HKU-STATUS", "HKU-01")] == [
        "place_not_stated",
        "completion_date_missing",
        "status_not_declared",
        "mode_not_chosen",
    ]


def test_the_result_tells_everything_and_promises_nothing() -> None:
    given = answers(degree__of_hku="YES") | {"degree-0-of-hku": "YES"}
    page = post(MMEDSC, given)
    text = page.content.decode()
    assert page.context["result"].assessment.verdict is Verdict.ELIGIBLE
    assert "The minimum requirements appear met" in text
    assert "Meeting them does not guarantee admission." in text
    assert all(f"({code})" in text for code in ("HKU-E1", "HKU-E3", "HKU-E5", "HKU-08", "HKU-09"))
    assert "31\xa0March\xa02026, 23:59\xa0HKT" in text
    assert 'href="/applications/' in text or "Start an application" in text
    assert page.context["rules"].base.sha256[:4] in text  # the fingerprint of the rules, in groups of four
    assert "Checked 24\xa0March\xa02026, 09:00\xa0HKT" in text
    assert re.search(r"<dt>Which honours does the certificate print\?</dt><dd>Second Class", text)


def test_figures_below_the_source_text_say_so() -> None:
    abroad = answers(degree__in_hong_kong="NO", degree__teaching_language=XX)
    assert "The figures are reported by university units" in post(MMEDSC, abroad).content.decode()


def test_amb_04_without_a_status_the_round_for_everyone_is_named_and_a_non_local_finds_no_later_one() -> None:
    non_local = answers(status="STUDENT_VISA", origin="OVERSEAS")
    assert post(MMEDSC, non_local).context["result"].next_round.round.number == 1
    move_clock_to(hkt(2026, 4, 2))
    assert post(MMEDSC, answers()).context["result"].next_round.round.number == 2
    assert "Local applicants only." in post(MMEDSC, answers(status="")).content.decode()
    late = post(MMEDSC, non_local)
    assert late.context["result"].next_round.round is None
    assert "No round is open to you now" in late.content.decode()


def test_papers_to_have_ready_are_named_once_with_what_they_settle() -> None:
    given = answers(degree__in_hong_kong="NO", degree__teaching_language=XX) | ielts()
    papers = {paper.name: paper.settles for paper in post(MMEDSC, given).context["result"].papers}
    assert papers["score report"] == ("English",)
    assert papers["proof of Hong Kong status"] == ("Local or non-local",)


def test_all_problems_come_at_once_and_nothing_typed_is_lost() -> None:
    wrong = answers(degree__level="") | ielts("6.3 12 6 six", taken_on="31 2 2025")
    page = post(MMEDSC, wrong)
    assert "result" not in page.context
    assert problems(page) == [
        "Degree 1, Which kind of qualification is it: Choose one of the answers.",
        "Test 1, Test date: There is no day 31 in that month; it ends on 28\xa0February\xa02025.",
        "Test 1, Listening: Listening goes in steps of 0.5; 6.3 cannot be a score.",
        "Test 1, Reading: Reading goes from 0 to 9; 12 cannot be a score.",
        "Test 1, Speaking: “six” is not a score in figures. Write it like 6.5.",
    ]
    text = page.content.decode()
    for name, typed in (("listening", "6.3"), ("speaking", "six"), ("taken_on_day", "31")):
        assert re.search(rf'name="test-0-{name}" value="{typed}"', text)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        pytest.param(
            ielts(taken_on="1 6 2027"),
            "Test 1, Test date: The test date is in the future (1\xa0June\xa02027). Check the year, or tick "
            "that you have booked it.",
            id="a score from the future",
        ),
        pytest.param(
            answers(degree__status="EXPECTED")
            | {f"degree-0-completed_on_{n}": v for n, v in (("day", "1"), ("month", "2"), ("year", "2026"))},
            "Degree 1, When can the institution certify that you have finished: 1\xa0February\xa02026 has "
            "passed. If the degree was awarded, choose “Yes”; if not, give the day now expected.",
            id="C16: expected on a day that has passed",
        ),
        pytest.param(
            answers(degree__in_hong_kong="NO") | {"degree-0-of-hku": "YES"},
            "Degree 1, Is the institution in Hong Kong: The degree is of this university, as you say, and so "
            "from Hong Kong. Change one of the two answers.",
            id="a degree of the university from elsewhere",
        ),
        pytest.param(
            answers(degree__relied_on="on") | {"degree-1-level": "MASTER", "degree-1-relied_on": "on"},
            "Degree 2, My application would rely on this one: “Degree 1” is already marked. Mark only one "
            "degree.",
            id="AMB-31: two degrees relied on",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(given: dict[str, str], sentence: str) -> None:
    assert problems(post(MMEDSC, given)) == [sentence]


def test_an_awarded_degree_has_no_day_to_be_wrong() -> None:
    # the field is hidden once "Yes" is chosen, so what was typed before may not hold the result up
    given = answers() | {"degree-0-completed_on_day": "31", "degree-0-completed_on_month": "2"}
    assert found(MMEDSC, given).finding("HKU-E3-AWARD").reason == "awarded"


def in_force(policy: Policy, record: Overlay, *, number: int = 1) -> PolicyVersion:
    content = to_json(record)
    return PolicyVersion.objects.create(
        policy=policy,
        number=number,
        effective_from=date(2026, 1, 1),
        content=content,
        sha256=fingerprint(content),
        published_at=NOW,
    )


def test_ust_10_a_school_that_asks_more_is_asked_about_and_cited() -> None:
    six = answers(degree__institution_medium=XX, degree__teaching_language=XX) | ielts("6 6 6 6")
    assert found(MPHIL, six).finding("UST-06").outcome is Outcome.MET
    school = Policy.objects.create(
        code="HKUST-SCI",
        title="School of Science",
        layer=PolicyLayer.SCHOOL,
        institution_code="hkust",
        school_code="science",
    )
    ielts_seven = EnglishMinimum(EnglishTestKind.IELTS_ACADEMIC, overall=Decimal(7))
    in_force(school, Overlay("HKUST-SCI", "School of Science", Layer.SCHOOL, english=(ielts_seven,)))
    page = post(MPHIL, six)
    assert page.context["result"].assessment.verdict is Verdict.INELIGIBLE
    assert "School of Science: rules version 1" in page.content.decode()
    chosen = Client().get(reverse("eligibility:choose")).content.decode()
    assert chosen.count("With what School of Science asks beyond.") == 2


def test_c15_the_register_is_asked_only_where_it_has_entries_and_its_entry_is_cited() -> None:
    assert 'name="degree-0-institution"' not in Client().get(page_of(MMEDSC)).content.decode()
    officer = StaffFactory()
    entry = AcceptedAward.objects.create(
        institution_code="hku",
        names=["Example University"],
        country="GB",
        kind=AcceptedAward.Kind.COMPARABLE,
        in_force_from=date(2026, 1, 1),
        drafted_by=officer,
        drafted_at=NOW,
        put_in_force_by=officer,
        put_in_force_at=NOW,
        why="An example",
    )
    text = Client().get(page_of(MMEDSC)).content.decode()
    assert 'name="degree-0-institution"' in text
    assert '<option value="GB">United Kingdom</option>' in text
    assert 'name="degree-0-title"' not in text
    named = answers(degree__institution="EXAMPLE  University", degree__country="GB")
    finding = found(MMEDSC, named).finding("HKU-E3")
    assert (finding.reason, finding.params["reference"]) == ("accepted_by_register", entry.reference)
    assert found(MMEDSC, named | {"degree-0-country": "OTHER"}).finding("HKU-E3").outcome is Outcome.REFER


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (FactsError("$.x", "off_scale", "121"), "121 cannot be: it is off the scale."),
        (FactsError("$.x", "impossible_date", "x"), "x is not a day that can be. Check day, month and year."),
        (FactsError("$.degrees", "several_relied_on"), "Mark only one degree."),
        (
            FactsError("$.x", "unheard_of"),
            "The rules cannot read this answer. Choose or write it again.",
        ),
    ],
)
def test_the_engines_refusal_is_a_sentence(error: FactsError, sentence: str) -> None:
    assert refusal(error) == sentence


def test_what_only_the_engine_refuses_stands_at_its_answer() -> None:
    sheet = post(PHD, answers(), act="check").context
    assert "result" in sheet
    given = answers() | {
        "study-0-kind": "STUDY",
        "study-0-mode": "FULL_TIME",
        "study-0-months": "601",
    }
    assert problems(post(PHD, given)) == [
        "Study 1, How long, so far, in whole months: 601 is too high. The most possible is 600."
    ]


def test_rows_are_added_and_removed_without_a_script_and_without_losing_a_word() -> None:
    given = answers() | ielts("6.3 x 6 6") | {"add": "test", "chosen": "TOEFL_IBT"}
    page = post(MMEDSC, given)
    rows = next(part for part in page.context["sheet"].parts if part.key == "english").rows
    assert [row.heading for row in rows] == [
        "Test 1: IELTS Academic, also for UKVI",
        "Test 2: TOEFL iBT, total from 0 to 120",
    ]
    text = page.content.decode()
    assert 'name="test-0-listening" value="6.3"' in text
    assert "pg-errors" not in text  # whoever adds a row has not asked for a result
    assert 'name="test-1-overall"' in text
    assert re.search(r'<fieldset class="pg-item" id="added" tabindex="-1" data-pg-focus>', text)
    fewer = post(MMEDSC, given | {"add": "", "remove": "test:0", "test-1-kind": "TOEFL_IBT"})
    rows = next(part for part in fewer.context["sheet"].parts if part.key == "english").rows
    assert [row.heading for row in rows] == ["Test 1: TOEFL iBT, total from 0 to 120"]


def test_c16_two_degrees_are_asked_which_one_counts_and_a_better_one_is_said() -> None:
    two = answers(degree__in_hong_kong="NO", degree__teaching_language=XX, degree__relied_on="on") | {
        "degree-1-level": "BACHELOR",
        "degree-1-of-hku": "YES",
        "degree-1-status": "AWARDED",
        "degree-1-honours": "FIRST",
    }
    assert 'name="degree-1-relied_on"' in post(MMEDSC, two, act="change").content.decode()
    finding = found(MMEDSC, two).finding("HKU-E3")
    assert (finding.reason, finding.params["better"]["honours"]) == ("another_institution", "FIRST")
    assert 'name="degree-0-relied_on"' not in post(MMEDSC, answers(), act="change").content.decode()


def test_change_my_answers_brings_the_form_back_as_it_was() -> None:
    result = post(MMEDSC, answers(mode="PART_TIME") | ielts())
    carried = dict(result.context["carried"])
    page = post(MMEDSC, carried, act="change")
    text = page.content.decode()
    assert re.search(r'name="mode" value="PART_TIME"[^>]*checked', text)
    assert 'name="test-0-writing" value="6.5"' in text
    assert dict(post(MMEDSC, carried).context["carried"]) == carried


def test_at_another_programme_only_what_is_new_there_is_asked() -> None:
    at_hku = {
        name: value
        for name, value in answers().items()
        if "hkust" not in name and "medium" not in name and name != "first_language"
    }
    carried = post(MMEDSC, at_hku).context["carried"]
    client = Client()
    sent = {name: value for name, value in carried if name != "asked"}
    asked = [value for name, value in carried if name == "asked"]
    moved = client.post(reverse("eligibility:choose"), {**sent, "asked": asked, "act": "carry", "to": PHD})
    assert (moved.status_code, moved["Location"]) == (307, page_of(PHD))  # the address holds no answer
    page = client.post(moved["Location"], {**sent, "asked": asked, "act": "carry", "to": PHD})
    shown = {name for form in page.context["forms"] for name in form.fields}
    assert shown == {
        "of-hkust",
        "institution_medium",
        "first_language",
        "leaving",
        "level",
        "discipline",
    }
    hidden = dict(page.context["carried"])
    assert hidden["degree-0-in_hong_kong"] == "YES"  # kept, for the way back
    rest = {"degree-0-of-hkust": "NO", "degree-0-institution_medium": EN, "first_language": "NO"}
    result = post(PHD, hidden | rest).context["result"]
    assert result.assessment.finding("UST-06").reason == "medium_english"
    back = post(MMEDSC, dict(post(PHD, hidden | rest).context["carried"]), act="carry")
    assert back.context["result"].assessment.finding("HKU-E5").reason == "in_hong_kong"


def test_a_degree_of_one_university_here_is_of_no_other_and_nobody_is_asked_twice() -> None:
    at_hku = {"degree-0-level": "BACHELOR", "degree-0-of-hku": "YES"}
    carried = dict(post(MMEDSC, at_hku).context["carried"])
    page = post(MPHIL, carried, act="carry")
    assert "of-hkust" not in {name for form in page.context["forms"] for name in form.fields}
    assert dict(page.context["carried"])["degree-0-of-hkust"] == "NO"
    assert found(MMEDSC, at_hku | {"degree-0-in_hong_kong": ""}).finding("HKU-E5").reason == "in_hong_kong"


def test_ust_28_who_was_required_to_withdraw_hears_of_the_bar() -> None:
    left = {
        "earlier-hkust-leaving": "ACADEMIC_REASONS",
        "earlier-hkust-level": "PHD",
        "earlier-hkust-discipline": "Chemistry",
    }
    reasons = {
        "the same": found(PHD, answers() | left).finding("UST-28").reason,
        "another level": found(MPHIL, answers() | left).finding("UST-28").reason,
        "another discipline": found(PHD, answers() | left | {"earlier-hkust-discipline": "OTHER"})
        .finding("UST-28")
        .reason,
        "not sure": found(PHD, answers() | {"earlier-hkust-leaving": "UNSURE"}).finding("UST-28").reason,
    }
    assert reasons == {
        "the same": "same_programme",
        "another level": "same_discipline_other_level",
        "another discipline": "another_discipline",
        "not sure": "leaving_not_stated",
    }


def test_ust_03_b_postgraduate_work_counts_for_a_doctorate() -> None:
    work = {
        "study-0-kind": "STUDY",
        "study-0-mode": "FULL_TIME",
        "study-0-months": "12",
        "study-0-satisfactory": "YES",
    }
    assert found(PHD, answers() | work).finding("UST-03b").outcome is Outcome.MET


def test_nothing_is_stored_and_no_address_holds_an_answer(caplog: pytest.LogCaptureFixture) -> None:
    client = Client(enforce_csrf_checks=True)  # it asks a question, so it carries no token
    with CaptureQueriesContext(connection) as asked:
        page = post(MMEDSC, answers(degree__honours="THIRD"), client=client)
    assert page.status_code == 200
    assert [q["sql"] for q in asked if not q["sql"].startswith("SELECT")] == []
    # the frame's language and appearance buttons bring their token; the check itself sets nothing
    assert set(client.cookies) <= {"csrftoken"}
    assert page["Cache-Control"] == "private, no-store"
    assert "THIRD" not in caplog.text
    assert "?" not in page.request["PATH_INFO"] + page.request.get("QUERY_STRING", "")
    assert "Nothing is stored" in client.get(page_of(MMEDSC)).content.decode()
    assert "no-store" not in client.get(page_of(MMEDSC)).get("Cache-Control", "")  # Back finds what was typed


@pytest.mark.parametrize(
    "rubbish",
    [
        {"degree-0-level": "EMPEROR"},
        {"degree-999-level": "BACHELOR"},
        {"test-0-kind": "TAROT", "test-0-overall": "9" * 90},
        {"test-0-kind": "IELTS_ACADEMIC", "test-0-overall": "1e999999"},
        {"mode": "SIDEWAYS", "status": "KING", "intake": "1066"},
        {"asked": ["x"] * 50, "remove": "degree:x", "add": "x", "to": "x"},
        {"earlier-hkust-leaving": "ACADEMIC_REASONS", "earlier-hkust-level": "DUKE"},
        {f"degree-{number}-level": "BACHELOR" for number in range(30)},
        {"degree-0-completed_on_day": "٣", "degree-0-status": "EXPECTED", "degree-0-level": "MASTER"},
    ],
)
def test_whatever_is_sent_the_page_answers(rubbish: dict[str, Any]) -> None:
    acts = ["check", "change", "carry", "nonsense"]
    assert [post(slug, rubbish, act=act).status_code for slug in (MMEDSC, PHD) for act in acts] == [200] * 8


def test_answers_nobody_asks_for_are_dropped() -> None:
    page = post(MMEDSC, answers() | {"csrfmiddlewaretoken": "t", "name": "LIN Yuhan", "passport": "K1"})
    assert {"name", "passport", "csrfmiddlewaretoken"} & set(dict(page.context["carried"])) == set()


def test_a_programme_without_rules_or_unpublished_is_not_checked(client: Client) -> None:
    ProgrammeFactory(slug="no-rules", institution__code="hkust")
    Programme.objects.filter(slug=MPHIL).update(is_published=False)
    assert [client.get(page_of(slug)).status_code for slug in ("no-rules", MPHIL, "nowhere")] == [404] * 3
    text = client.get(reverse("eligibility:choose")).content.decode()
    assert "No rules are published for it yet." in text
    assert page_of(MMEDSC) in text
    assert page_of("no-rules") not in text
    for nowhere in ("nowhere", "", "\0", "../"):
        assert client.post(reverse("eligibility:choose"), {"to": nowhere}).status_code == 404


def test_the_programmes_page_leads_to_its_check(client: Client) -> None:
    assert page_of(MMEDSC) in client.get(reverse("programmes:programme", args=[MMEDSC])).content.decode()


def test_several_intakes_are_asked_for_and_the_one_chosen_counts() -> None:
    programme = Programme.objects.get(slug=MMEDSC)
    later = OfferingFactory(intake__programme=programme, intake__code="2027", intake__expected_start_on=None)
    RoundFactory(offering=later, closes_at=hkt(2027, 3, 31, 23, 59))
    assert 'name="intake"' in post(MMEDSC, answers(), act="change").content.decode()
    result = post(MMEDSC, answers(intake="2027")).context["result"]
    assert result.next_round.round.offering.intake.code == "2027"


def test_the_database_is_asked_equally_often_however_much_is_answered_or_offered() -> None:
    def questions(given: dict[str, Any]) -> int:
        with CaptureQueriesContext(connection) as asked:
            post(PHD, given)
        return len(asked)

    few = questions(answers())
    for number in range(5):
        RoundFactory(offering__intake__programme__slug=f"more-{number}", closes_at=None, closed_from=None)
    many = answers() | ielts() | ielts(row=1) | {f"degree-{n}-level": "MASTER" for n in range(1, 6)}
    assert (questions(many), few <= 20) == (few, True)
