"""The public pages: fees with their note, no total, no way to apply without a date, HKT and countdown."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from admissions_portal.support.contact import offices
from programmes.models import Offering, Programme, Round
from tests.factories.programmes import (
    LocalRoundFactory,
    OfferingFactory,
    ProgrammeFactory,
    RoundFactory,
    SpecialisationFactory,
    hkt,
)

pytestmark = pytest.mark.django_db
At = Callable[[datetime], None]
NBSP = "\N{NO-BREAK SPACE}"
CLOSE = f"31{NBSP}March{NBSP}2026, 23:59{NBSP}HKT"
IN_7_DAYS = f"in{NBSP}7{NBSP}days"
MARCH = hkt(2026, 3, 24, 9)
NOTE = "Provisional: subject to the University Council’s approval."


def words(html: str) -> str:
    """What is read on the page: no tags, single spaces (no-break spaces are kept)."""
    text = unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)))
    return re.sub(r" ([.,;:])", r"\1", re.sub(r"[ \n]+", " ", text))


def page(client: Client, slug: str) -> str:
    response = client.get(reverse("programmes:programme", args=[slug]))
    assert response.status_code == 200
    return response.content.decode()


def catalogue_page(client: Client, **search: str) -> str:
    response = client.get(reverse("programmes:catalogue"), search)
    assert response.status_code == 200
    return response.content.decode()


def names(html: str) -> list[str]:
    return [unescape(name) for name in re.findall(r'<h3><a href="/programmes/[^#"]+">([^<]+)</a></h3>', html)]


def start_links(html: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'href="/applications/start/(\d+)/"', html)]


@pytest.fixture
def offerings(catalogue: None) -> list[int]:
    return list(
        Offering.objects.filter(intake__programme__slug="hku-mmedsc")
        .order_by("mode")
        .values_list("pk", flat=True)
    )


def start_url(pk: int) -> str:
    return reverse("applications:start", args=[pk])


@pytest.mark.usefixtures("catalogue")
def test_every_fee_shown_stands_in_one_element_with_its_note(client: Client, at_moment: At) -> None:
    at_moment(MARCH)
    for html in (catalogue_page(client), page(client, "hku-mmedsc")):
        elements = re.findall(r'<span class="pg-fee">.*?</span>', html, flags=re.DOTALL)
        assert len(elements) == 1
        assert words(elements[0]).strip() == f"HK$198,000 for the 2026 intake, self-funded. {NOTE}"
        outside = words(html.replace(elements[0], ""))
        # the quoted clause carries the institution's own note
        assert (
            re.findall(
                r"HK\$198,000(?! … Message from Faculty: Subject to the University Council's approval)",
                outside,
            )
            == []
        )


@pytest.mark.usefixtures("catalogue")
def test_no_amount_per_instalment_and_no_total_of_credits_is_shown(client: Client, at_moment: At) -> None:
    at_moment(MARCH)
    text = words(page(client, "hku-mmedsc"))
    assert [n for n in ("99,000", "49,500", "63", "75") if re.search(rf"(?<!\d){n}(?!\d)", text)] == []
    assert "18–24 credits" in text
    assert "27 credits" in text
    assert "As published (HKU-13). No total for the programme is published." in text


def test_both_modes_can_be_applied_for_while_a_round_is_open(
    client: Client, at_moment: At, offerings: list[int]
) -> None:
    at_moment(MARCH)
    html = page(client, "hku-mmedsc")
    assert [html.count(f'href="{start_url(pk)}"') for pk in offerings] == [1, 1]
    text = words(html)
    assert f"Round 1 is open closes {CLOSE} {IN_7_DAYS} Everyone may apply." in text
    assert "Local applicants only. A local applicant’s draft moves to Round 2 by itself." in text
    assert "Expected start 1 September 2026 Expected, not yet confirmed." in text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("at", "text"),
    [
        pytest.param(
            hkt(2026, 3, 31, 23, 59, 30),
            NBSP.join(["in", "less", "than", "a", "minute"]),
            id="the last minute",
        ),
        pytest.param(hkt(2026, 4, 1), "Only local applicants can apply now.", id="from midnight: Round 2"),
        pytest.param(
            hkt(2026, 6, 1),
            "Every round of the 2026 intake has closed. No later intake is published.",
            id="over",
        ),
    ],
)
def test_what_the_page_says_as_time_goes_on(
    client: Client, at_moment: At, offerings: list[int], at: datetime, text: str
) -> None:
    at_moment(at)
    html = page(client, "hku-mmedsc")
    assert text in words(html)
    assert (start_url(offerings[0]) in html) is (at < hkt(2026, 6, 1))


@pytest.mark.usefixtures("catalogue")
def test_a_programme_without_dates_cannot_be_applied_for_and_invents_nothing(
    client: Client, at_moment: At
) -> None:
    at_moment(MARCH)
    for programme in Programme.objects.filter(institution__code="hkust"):
        html = page(client, programme.slug)
        assert "/start/" not in html
        text = words(html)
        assert "Not announced No closing date is published. It cannot be applied for yet." in text
        assert "No start date is published." in text
        assert (
            "Applications for the Fall Term are normally invited from September of the year before. (UST-11)"
            in text
        )
        assert "The fee is not announced." in text
        assert (
            re.findall(r"\d{1,2} [A-Z][a-z]+ 20\d\d", text.replace(NBSP, " ").split("Programmes", 2)[-1])
            == []
        )


@pytest.mark.usefixtures("catalogue")
def test_advice_for_non_local_applicants_stands_on_hkust_pages_only(client: Client, at_moment: At) -> None:
    at_moment(MARCH)
    headings = ("Student visa or entry permit", "Costs of study", "Employment during study")
    hkust, hku = (words(page(client, slug)) for slug in ("hkust-phd-chemistry", "hku-mmedsc"))
    assert [h in hkust for h in headings] == [True, True, True]
    assert [h in hku for h in headings] == [False, False, False]
    assert "apply as early as possible" in hkust


@pytest.mark.usefixtures("catalogue")
def test_the_programme_page_names_office_documents_and_clauses(client: Client, at_moment: At) -> None:
    at_moment(MARCH)
    html = page(client, "hku-mmedsc")
    assert '<a class="pg-nowrap" href="tel:+85239102821">(+852) 3910 2821</a>' in html
    text = words(html)
    assert "They are not held here; ask the office for them." in text
    assert "HKU-E4: “satisfy the examiners in a qualifying examination if required”" in text
    assert "Ask the MMedSc Office" in text
    assert "@" not in text


@pytest.mark.usefixtures("catalogue")
def test_the_catalogue_lists_soonest_deadline_first_and_unknown_last(client: Client, at_moment: At) -> None:
    at_moment(MARCH)
    chemistry = Offering.objects.get(intake__programme__slug="hkust-phd-chemistry", mode="FULL_TIME")
    RoundFactory(
        offering=chemistry,
        closes_at=hkt(2026, 5, 15, 23, 59),
        is_example=True,
        source="example",
        label="Fall Term",
    )
    html = catalogue_page(client)
    assert names(html) == [
        "Master of Medical Sciences",
        "Doctor of Philosophy in Chemistry",
        "Doctor of Philosophy in Atmospheric Environmental Science",
        "Doctor of Philosophy in Computer Science and Engineering",
        "Master of Philosophy in Atmospheric Environmental Science",
        "Master of Philosophy in Chemistry",
        "Master of Philosophy in Computer Science and Engineering",
    ]
    text = words(html)
    assert "7 programmes. Soonest deadline first; programmes without a published date last." in text
    assert f"Round 1 closes {CLOSE} {IN_7_DAYS}" in text
    assert "Fall Term closes (example date)" in text


@pytest.mark.usefixtures("catalogue")
def test_occasional_students_and_the_agreement_are_information_only(client: Client, at_moment: At) -> None:
    at_moment(MARCH)
    html = catalogue_page(client)
    text = words(html)
    assert (
        "Its entrance rules, fee and dates are not published; the MMedSc rules do not apply. (HKU-15)" in text
    )
    way = '<a href="/occasional/hku-mmedsc/">Ask for single courses</a>'
    assert [
        way in each for each in (html, page(client, "hku-mmedsc"), page(client, "hkust-phd-chemistry"))
    ] == [
        *(True, True),
        False,
    ]
    assert "No programme can be applied for under it." in text
    assert "Text as of 11 March 2025." in text.replace(NBSP, " ")


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("search", "count"),
    [
        pytest.param({}, 7, id="everything"),
        pytest.param({"institution": "hku"}, 1, id="an institution"),
        pytest.param({"mode": "PART_TIME"}, 7, id="a mode"),
        pytest.param({"q": "chemistry"}, 2, id="a discipline"),
        pytest.param({"q": "genomics"}, 1, id="a specialisation"),
        pytest.param({"q": "香港科技大學"}, 6, id="an institution in Chinese"),
        pytest.param({"q": "phd chemistry"}, 1, id="two words, both needed"),
        pytest.param({"q": "alchemy"}, 0, id="nothing"),
        pytest.param({"institution": "elsewhere", "mode": "NIGHT"}, 7, id="values nobody knows are ignored"),
    ],
)
def test_search(client: Client, search: dict[str, str], count: int) -> None:
    html = catalogue_page(client, **search)
    assert len(names(html)) == count
    assert ("No programme has all of this." in html) is (count == 0)


def test_a_hidden_programme_is_nowhere(client: Client) -> None:
    hidden = ProgrammeFactory(is_published=False)
    assert names(catalogue_page(client)) == []
    for name in ("programme", "calendar"):
        assert client.get(reverse(f"programmes:{name}", args=[hidden.slug])).status_code == 404


def test_modes_with_different_fees_show_each_with_its_note(client: Client, at_moment: At) -> None:
    at_moment(MARCH)
    full = OfferingFactory()
    OfferingFactory(
        intake=full.intake, mode="PART_TIME", fee_amount=250000, fee_status="APPROVED", fee_note=""
    )
    elements = re.findall(
        r'<span class="pg-fee">.*?</span>', page(client, full.programme.slug), flags=re.DOTALL
    )
    assert [words(e).strip() for e in elements] == [
        f"HK$198,000 for the 2026 intake. {NOTE}",
        "HK$250,000 for the 2026 intake.",
    ]
    listed = words(client.get(reverse("programmes:catalogue")).content.decode())
    assert f"Full-time: HK$198,000 for the 2026 intake. {NOTE}" in listed
    assert "Part-time: HK$250,000 for the 2026 intake." in listed


@pytest.mark.usefixtures("catalogue")
def test_the_calendar_file_holds_the_deadlines_in_utc(client: Client, at_moment: At) -> None:
    at_moment(MARCH)
    response = client.get(reverse("programmes:calendar", args=["hku-mmedsc"]))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(response.content).walk("VEVENT")
    assert [(str(e["summary"]), e["dtstart"].to_ical()) for e in events] == [
        ("Master of Medical Sciences, Round 1 closes (Full-time, Part-time)", b"20260331T155900Z"),
        ("Master of Medical Sciences, Round 2 closes (Full-time, Part-time)", b"20260531T155900Z"),
    ]


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_the_calendar_file_keeps_to_rfc_5545(client: Client, at_moment: At, language: str) -> None:
    at_moment(MARCH)
    client.cookies["django_language"] = language
    Round.objects.filter(number=2).update(is_example=True)
    sent = client.get(reverse("programmes:calendar", args=["hku-mmedsc"])).content
    assert b"\n" not in sent.replace(b"\r\n", b"")
    assert max(len(line) for line in sent.split(b"\r\n")) <= 75  # octets (3.1)
    calendar = Calendar.from_ical(sent)
    assert [str(calendar[name]) for name in ("version", "prodid")] == [
        "2.0",
        "-//Postgraduate Admissions//deadlines//EN",
    ]
    events = calendar.walk("VEVENT")
    assert [e["dtstamp"].to_ical() for e in events] == [b"20260324T010000Z"] * 2  # 3.8.7.2: in UTC
    assert len({str(e["uid"]) for e in events}) == 2
    # an end has to be later than the start (3.8.2.2); a deadline has none and takes nobody's time
    assert [("dtend" in e, str(e["transp"])) for e in events] == [(False, "TRANSPARENT")] * 2
    assert [a["trigger"].to_ical() for e in events for a in e.walk("VALARM")] == [b"-P7D"] * 2
    if language == "en":
        assert str(events[1]["summary"]).startswith("Example date: Master of Medical Sciences, Round 2")


@pytest.mark.usefixtures("catalogue")
def test_the_feed_lists_the_rounds_open_now(client: Client, at_moment: At) -> None:
    at_moment(MARCH)
    response = client.get(reverse("programmes:open_rounds"))
    assert response["Access-Control-Allow-Origin"] == "*"  # public data, also for other sites' pages
    rounds = response.json()["rounds"]
    assert [(r["programme"], r["mode"], r["round"], r["closes_at"], r["closed_from"]) for r in rounds] == [
        (
            "Master of Medical Sciences",
            mode,
            "Round 1",
            "2026-03-31T23:59:00+08:00",
            "2026-04-01T00:00:00+08:00",
        )
        for mode in ("FULL_TIME", "PART_TIME")
    ]


@pytest.mark.usefixtures("catalogue")
def test_structured_data_names_the_published_deadline_and_no_fee(client: Client, at_moment: At) -> None:
    at_moment(MARCH)
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page(client, "hku-mmedsc"))
    assert found
    data = json.loads(found[1])
    assert data["applicationDeadline"] == "2026-03-31T23:59:00+08:00"
    assert "198" not in found[1]


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("at", "example"),
    [
        pytest.param(MARCH, True, id="an example date"),
        pytest.param(hkt(2026, 4, 15), False, id="a round for local applicants only"),
        pytest.param(hkt(2026, 6, 10), False, id="a date that is over"),
    ],
)
def test_structured_data_tells_search_engines_no_date_that_misleads(
    client: Client, at_moment: At, at: datetime, example: bool
) -> None:
    at_moment(at)
    Round.objects.update(is_example=example)
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page(client, "hku-mmedsc"))
    assert found
    assert "applicationDeadline" not in json.loads(found[1])


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("language", "fee", "close"),
    [
        pytest.param("zh-hant", "須經大學校務委員會批准。", "2026年3月31日", id="Traditional Chinese"),
        pytest.param("zh-hans", "须经大学校务委员会批准。", "2026年3月31日", id="Simplified Chinese"),
    ],
)
def test_descriptions_are_read_in_chinese_and_names_stay_english(
    client: Client, at_moment: At, language: str, fee: str, close: str
) -> None:
    at_moment(MARCH)
    client.cookies["django_language"] = language
    text = words(page(client, "hku-mmedsc"))
    assert fee in text
    assert close in text
    assert "Master of Medical Sciences" in text
    assert "Genomics and Bioinformatics" in text


def a_programme() -> Programme:
    offering = OfferingFactory()
    OfferingFactory(intake=offering.intake, mode="PART_TIME")
    RoundFactory(offering=offering)
    LocalRoundFactory(offering=offering)
    SpecialisationFactory(track__programme=offering.programme)
    programme: Programme = offering.programme
    return programme


@pytest.mark.parametrize("name", ["programmes:catalogue", "programmes:open_rounds"])
def test_lists_cost_the_same_number_of_queries_at_3_and_30_rows(
    client: Client, name: str, django_assert_num_queries: Callable[..., object], at_moment: At
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    at_moment(MARCH)
    counts = []
    for wanted in (3, 30):
        while Programme.objects.count() < wanted:
            a_programme()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.usefixtures("catalogue")
def test_error_and_contact_pages_learn_whom_to_ask() -> None:
    told = [(o.institution, o.name, o.phones) for o in offices()]
    assert told == [
        ("The University of Hong Kong", "MMedSc Office", ("(+852) 3910 2821", "(+852) 3917 9155")),
        ("The Hong Kong University of Science and Technology", "Office of Postgraduate Studies", ()),
    ]
