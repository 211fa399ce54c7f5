"""Finding programmes by words and filters, and seeing some of them side by side."""

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programmes.models import Offering, Programme
from programmes.search import fold
from tests.factories.programmes import OfferingFactory, ProgrammeFactory, RoundFactory, hkt
from tests.programmes.test_pages import NOTE, a_programme, names, words

pytestmark = pytest.mark.django_db
At = Callable[[datetime], None]
MARCH, APRIL, JUNE = hkt(2026, 3, 24, 9), hkt(2026, 4, 15, 9), hkt(2026, 6, 10, 9)
MEDICINE = "Master of Medical Sciences"
CHEMISTRY = ["Doctor of Philosophy in Chemistry", "Master of Philosophy in Chemistry"]
DOCTORATES = [
    "Doctor of Philosophy in Atmospheric Environmental Science",
    "Doctor of Philosophy in Chemistry",
    "Doctor of Philosophy in Computer Science and Engineering",
]
UNDATED = sorted([*DOCTORATES, *(name.replace("Doctor", "Master") for name in DOCTORATES)])


def search(client: Client, **asked: object) -> str:
    response = client.get(reverse("programmes:catalogue"), asked)
    assert response.status_code == 200
    return response.content.decode()


def compare(client: Client, *slugs: str) -> str:
    response = client.get(reverse("programmes:compare"), {"p": slugs})
    assert response.status_code == 200
    return response.content.decode()


def status(html: str) -> str:
    """The line that says what was searched and found."""
    found = re.search(r'<p [^>]*id="found">(.*?)</p>', html, re.DOTALL)
    assert found
    return words(found[1]).strip()


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("Master’s", "masters", id="either apostrophe"),
        pytest.param("Master's", "masters", id="or the other"),
        pytest.param("ＭＭｅｄＳｃ", "mmedsc", id="full width"),
        pytest.param("Généti\u0301que", "genetique", id="accents, joined or apart"),
        pytest.param("PART\N{NON-BREAKING HYPHEN}TIME", "part time", id="hyphens of every kind"),
        pytest.param("\N{IDEOGRAPHIC SPACE}香港，科技", "香港 科技", id="Chinese spaces and punctuation"),
        pytest.param("\0!?", "", id="nothing to read"),
    ],
)
def test_words_are_compared_without_what_people_type_differently(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("CHEMISTRY", CHEMISTRY, id="a discipline, in capitals"),
        pytest.param("  chemistry   phd ", CHEMISTRY[:1], id="every word, in any order"),
        pytest.param("Génétic", [MEDICINE], id="a specialisation, with accents"),
        pytest.param("ＭＭｅｄＳｃ", [MEDICINE], id="an award, in full width"),
        pytest.param("master's", [MEDICINE], id="a level, with the other apostrophe"),
        pytest.param("MCH", CHEMISTRY[1:], id="a code"),
        pytest.param("evidence-based", [MEDICINE], id="a description"),
        pytest.param("跨學科", [MEDICINE], id="a description in Traditional Chinese"),
        pytest.param("跨学科", [MEDICINE], id="a description in Simplified Chinese"),
        pytest.param("香港科技大学\N{IDEOGRAPHIC SPACE}chemistry", CHEMISTRY, id="two languages at once"),
        pytest.param("博士", DOCTORATES, id="a level in Chinese"),
        pytest.param("day release", [MEDICINE], id="a pattern of study"),
        pytest.param("accommodation", [], id="what is said of every programme finds none of them"),
        pytest.param("!?", [MEDICINE, *UNDATED], id="no word at all"),
        pytest.param("\0chemistry", CHEMISTRY, id="a sign that no text holds"),
        pytest.param("x" * 500, [], id="longer than anybody types"),
    ],
)
def test_a_search_finds_programmes_that_have_every_word(
    client: Client, at_moment: At, typed: str, found: list[str]
) -> None:
    at_moment(MARCH)
    assert names(search(client, q=typed)) == found


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("at", "asked", "found"),
    [
        pytest.param(MARCH, {"level": "PHD"}, DOCTORATES, id="a level"),
        pytest.param(MARCH, {"institution": "hku", "level": "PHD"}, [], id="both must hold"),
        pytest.param(
            MARCH,
            {"who": "NON_LOCAL", "mode": "PART_TIME"},
            [MEDICINE],
            id="part-time research degrees take no non-local applicants",
        ),
        pytest.param(
            MARCH, {"who": "LOCAL", "mode": "PART_TIME"}, [MEDICINE, *UNDATED], id="they take local ones"
        ),
        pytest.param(MARCH, {"dates": "OPEN"}, [MEDICINE], id="open now"),
        pytest.param(MARCH, {"dates": "OPENING"}, [], id="nothing waits to open"),
        pytest.param(MARCH, {"dates": "UNANNOUNCED"}, UNDATED, id="no date announced"),
        pytest.param(
            APRIL, {"dates": "OPEN", "who": "LOCAL"}, [MEDICINE], id="Round 2 is open to local applicants"
        ),
        pytest.param(APRIL, {"dates": "OPEN", "who": "NON_LOCAL"}, [], id="Round 2 is not open to others"),
        pytest.param(APRIL, {"dates": "CLOSED", "who": "NON_LOCAL"}, [MEDICINE], id="for them it has closed"),
        pytest.param(JUNE, {"dates": "CLOSED"}, [MEDICINE], id="closed for everyone"),
        pytest.param(
            MARCH, {"who": "ME", "dates": "SOON"}, [MEDICINE, *UNDATED], id="an old link still opens"
        ),
    ],
)
def test_filters_narrow_together(
    client: Client, at_moment: At, at: datetime, asked: dict[str, str], found: list[str]
) -> None:
    at_moment(at)
    assert names(search(client, **asked)) == found


def test_filters_hold_of_one_study_mode(client: Client, at_moment: At) -> None:
    at_moment(MARCH)
    full = OfferingFactory(intake__programme__name="Open part-time only")
    part = OfferingFactory(intake=full.intake, mode="PART_TIME")
    RoundFactory(offering=full, closes_at=hkt(2026, 1, 31, 23, 59))
    RoundFactory(offering=part)
    assert names(search(client, mode="PART_TIME", dates="OPEN")) == ["Open part-time only"]
    assert names(search(client, mode="FULL_TIME", dates="OPEN")) == []
    assert names(search(client, mode="FULL_TIME", dates="CLOSED")) == ["Open part-time only"]


def test_a_round_to_come_is_found_and_says_when_it_opens(client: Client, at_moment: At) -> None:
    at_moment(MARCH)
    RoundFactory(opens_at=hkt(2026, 4, 2, 9), closes_at=hkt(2026, 4, 30, 23, 59))
    html = search(client, dates="OPENING")
    assert len(names(html)) == 1
    assert "Opens 2 April 2026, 09:00 HKT" in words(html).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.usefixtures("catalogue")
def test_the_page_says_what_was_searched(client: Client, at_moment: At) -> None:
    at_moment(MARCH)
    html = search(client, q="Chemistry", institution="hkust", mode="PART_TIME", who="LOCAL")
    assert status(html) == (
        "2 programmes found. Searched: “Chemistry”; HKUST; Part-time; Local applicants. Show all programmes"
    )
    assert '<details class="pg-more" open>' in html
    assert '<details class="pg-more">' in search(client, q="chemistry")


@pytest.mark.usefixtures("catalogue")
def test_nothing_found_says_what_to_do(client: Client, at_moment: At) -> None:
    at_moment(MARCH)
    html = search(client, q="chemistry", institution="hku", p="hku-mmedsc")
    assert status(html).startswith("0 programmes found. Searched: “chemistry”; HKU.")
    ways = re.findall(r'<li><a href="([^"]+)">([^<]+)</a></li>', html.partition("What you can do:")[2])
    assert [(unescape(href), unescape(said)) for href, said in ways[:3]] == [
        ("/?institution=hku&p=hku-mmedsc", "Leave out “chemistry”: 1 programme"),
        ("/?q=chemistry&p=hku-mmedsc", "Leave out HKU: 2 programmes"),
        ("/?p=hku-mmedsc", "Show all programmes"),
    ]
    for href, _said in ways[:3]:
        assert client.get(unescape(href)).status_code == 200


def test_a_long_catalogue_has_pages_and_keeps_the_search_and_the_ticks(client: Client, at_moment: At) -> None:
    at_moment(MARCH)
    for _n in range(27):
        ProgrammeFactory(name="Master of Numbers")
    ticked = Programme.objects.latest("pk")
    first = search(client, q="numbers", p=ticked.slug)
    assert [len(names(first)), len(names(search(client, q="numbers", page=2)))] == [25, 2]
    assert f"?q=numbers&amp;p={ticked.slug}&amp;page=2" in first
    assert first.count(f'value="{ticked.slug}" id="p-{ticked.pk}" checked') == 1
    assert search(client, q="nobody", p=ticked.slug).count(f'value="{ticked.slug}"') == 1


def test_a_search_costs_the_same_queries_at_3_and_30_programmes(client: Client, at_moment: At) -> None:
    at_moment(MARCH)
    counts = []
    for wanted in (3, 30):
        while Programme.objects.count() < wanted:
            a_programme()
        with CaptureQueriesContext(connection) as queries:
            assert "Show all programmes" in search(client, q="field", who="LOCAL", dates="OPEN", page=1)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


@pytest.mark.usefixtures("catalogue")
def test_programmes_stand_side_by_side_in_the_order_of_the_address(client: Client, at_moment: At) -> None:
    at_moment(MARCH)
    html = compare(client, "hkust-phd-chemistry", "hku-mmedsc")
    heads = re.findall(r'<th scope="col"[^>]*><a [^>]*>([^<]+)</a></th>', html)
    assert heads == ["Doctor of Philosophy in Chemistry", MEDICINE]
    rows = re.findall(r'<th scope="row"[^>]*>(.*?)</th>', html)
    assert [words(row).strip() for row in rows] == [
        *("Institution", "Award", "Next date", "Rounds", "Expected start", "Study modes", "Tuition fee"),
        *("Specialisations", "What you complete", "Entrance requirements", "What you can do"),
    ]
    assert html.count('role="cell" data-label="Master of Medical Sciences"') == len(rows)
    fees = re.findall(r'<span class="pg-fee">.*?</span>', html, re.DOTALL)
    assert [words(fee).strip() for fee in fees] == [f"HK$198,000 for the 2026 intake, self-funded. {NOTE}"]
    text = words(html)
    assert "Core Courses: 18–24 credits" in text
    assert "(UST-03)" in text
    assert "Change the choice" in text
    assert 'href="/?p=hkust-phd-chemistry&amp;p=hku-mmedsc"' in html
    assert 'href="/compare/?p=hku-mmedsc"' in html  # the other one left out


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("slugs", "said", "columns"),
    [
        pytest.param([], "No programme is chosen. Tick two or three in the list.", 0, id="none"),
        pytest.param(
            ["hku-mmedsc"], "Only one programme is chosen. Tick one or two more in the list.", 1, id="one"
        ),
        pytest.param(["hku-mmedsc"] * 3, "Only one programme is chosen.", 1, id="the same three times"),
        pytest.param(
            ["hku-mmedsc", "gone", "hkust-phd-chemistry"],
            "A programme of this address is not in the catalogue, so it is left out.",
            2,
            id="one that is not there",
        ),
        pytest.param(
            [
                "hku-mmedsc",
                "hkust-phd-chemistry",
                "hkust-mphil-chemistry",
                "hkust-phd-computer-science-engineering",
            ],
            "Three programmes fit side by side. Not shown: "
            "Doctor of Philosophy in Computer Science and Engineering",
            3,
            id="four",
        ),
    ],
)
def test_a_choice_that_does_not_fit_is_told_and_shown_as_far_as_it_goes(
    client: Client, slugs: list[str], said: str, columns: int
) -> None:
    html = compare(client, *slugs)
    assert said in words(html)
    assert html.count('<th scope="col"') == (columns + 1 if columns else 0)


def test_a_hidden_programme_is_not_compared(client: Client) -> None:
    hidden = ProgrammeFactory(is_published=False, name="Not yet public")
    assert "Not yet public" not in compare(client, hidden.slug, ProgrammeFactory().slug)


@pytest.mark.usefixtures("catalogue")
def test_where_every_round_has_closed_each_page_says_so_and_invents_no_date(
    client: Client, at_moment: At
) -> None:
    at_moment(JUNE)
    page = words(client.get("/programmes/hku-mmedsc/").content.decode())
    assert "Every round of the 2026 intake has closed. No later intake is published." in page
    assert "Save the programme: your list shows the dates as soon as they are published here." in page
    assert ".ics" not in page
    for html in (search(client, q="mmedsc"), compare(client, "hku-mmedsc", "hkust-phd-chemistry")):
        text = words(html).replace("\N{NO-BREAK SPACE}", " ")
        assert (
            "Round 2 closed 31 May 2026, 23:59 HKT closed 9 days ago The next intake is not announced."
            in text
        )
        assert "/start/" not in html
        assert re.findall(r"\b202[789]\b", text) == []


@pytest.mark.usefixtures("catalogue")
def test_while_only_local_applicants_can_apply_the_others_read_that_nothing_follows(
    client: Client, at_moment: At
) -> None:
    at_moment(APRIL)
    said = "Local applicants only. For non-local applicants no later round is announced."
    assert said in words(search(client, q="mmedsc"))
    full_time = Offering.objects.get(intake__programme__slug="hku-mmedsc", mode="FULL_TIME")
    RoundFactory(offering=full_time, number=3, opens_at=hkt(2026, 6, 1), closes_at=hkt(2026, 6, 30, 23, 59))
    text = words(search(client, q="mmedsc"))
    assert said not in text
    assert "Local applicants only. Everyone may apply in Round 3." in text
    assert "Only local applicants can apply now. Everyone may apply in Round 3." in words(
        client.get("/programmes/hku-mmedsc/").content.decode()
    )
