"""Finding cases: what the indexes find is what reading everybody's words in plain Python finds."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from applications.applicants.searching import name_order, name_words
from applications.assessments.models import Correction
from applications.identity.models import IdentityNumber
from applications.identity.queries import indexes_for
from applications.lifecycle.models import Application, BlindReading
from applications.lifecycle.queries import applications_listed_for
from applications.worklists.filters import Narrowing
from applications.worklists.searching import cases_of_number, searched
from tests.factories.applications import CaseFactory, officer
from tests.factories.drafts import AT, taught_offering

pytestmark = pytest.mark.django_db

# family name, given names, Chinese name, preferred name, other names, e-mail, number
PEOPLE = (
    ("CHAN", "Tai Man", "陳大文", "Peter", "", "taiman.chan@example.org", "MMS26-000007"),
    ("陈", "", "陈大", "", "", "dachen@example.org", "MMS26-000070"),
    ("O’Brien", "Mei-Ling", "", "", "née Ødegård", "mei_ling@example.org", "PHD26-000007"),
    ("MÜLLER", "Żaneta", "", "", "", "zm%1@example.org", "PHD26-000107"),
    ("OUYANG", "Tsz Ching", "歐陽·子晴", "", "林晴", "ty@example.org", "MMS26-000100"),
)  # fmt: skip


def folded(text: str) -> str:
    """Small letters without accents and signs, by another way than the portal's own."""
    special = text.replace("Ø", "O").replace("ø", "o").replace("Ł", "L")
    plain = unicodedata.normalize("NFKD", special).casefold()
    return "".join(each for each in plain if each.isalnum() and each.isascii())


def found_by_reading(word: str, person: tuple[str, ...]) -> bool:
    """Whether somebody is found by a word of one script, said as plainly as can be."""
    family, given, chinese, preferred, other, email, number = person
    simple = str.maketrans("陳歐陽", "陈欧阳")
    if any(each > "\u3000" for each in word):
        asked = word.translate(simple).replace("·", "")
        texts = (family, given, chinese, preferred, *other.split())
        return bool(asked) and any(asked in text.translate(simple).replace("·", "") for text in texts)
    if email.lower().startswith(word.lower()):
        return True
    written, alone = word.upper().replace("-", ""), number.split("-")[1].lstrip("0")
    if (
        written.isascii()
        and written.isalnum()
        and (
            number.replace("-", "").startswith(written)
            or (written.isdecimal() and written.lstrip("0") == alone)
        )
    ):
        return True
    asked = folded(word)
    words = [part for text in (family, given, preferred, other) for part in text.split()]
    pieces = [piece for part in words for piece in part.replace("’", " ").replace("-", " ").split()]
    joined = [family, given, preferred]
    return bool(asked) and any(folded(each).startswith(asked) for each in (*words, *pieces, *joined))


@pytest.fixture
def people() -> dict[str, Application]:
    offering = taught_offering()
    cases = {}
    for family, given_names, chinese, preferred, other, email, number in PEOPLE:
        person = {
            "family_name": family, "given_names": given_names, "chinese_name": chinese,
            "preferred_name": preferred, "other_names": other, "user__email": email,
        }  # fmt: skip
        names = {f"applicant__{key}": value for key, value in person.items()}
        cases[number] = CaseFactory(offering=offering, number=number, **names)
    return cases


def numbers(search: str, blind: Any = ()) -> set[str]:
    found = searched(Application.objects.all(), search, blind=blind)
    return {str(number) for number in found.values_list("number", flat=True)}


_TYPED = [
    "taiman",
    "tszching",
    "mms26-0000",
    "PHD26",
    "0070",
    "陽子",
    "晴",
    "o'b",
    "mül",
    "zaneta",
    "%",
    "_",
    "\\",
    "'",
    "::",
]
_THEIRS = {part for person in PEOPLE for text in person for part in text.replace("-", " ").split()}
_WORDS = st.sampled_from(sorted(_THEIRS) + _TYPED)


@st.composite
def searches(draw: Any) -> str:
    """Up to three beginnings or middles of what is there, in any case."""
    words = []
    for _n in range(draw(st.integers(1, 3))):
        word = draw(_WORDS)
        start = draw(st.integers(0, 1)) if word[0] > "\u3000" else 0
        cut = word[start : start + draw(st.integers(1, len(word)))] or word
        words.append(draw(st.sampled_from([str.lower, str.upper, str.title]))(cut) if cut.isascii() else cut)
    return " ".join(words)


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(search=searches())
def test_the_indexes_find_what_reading_everybody_finds(search: str, people: Any) -> None:
    expected = {
        person[-1] for person in PEOPLE if all(found_by_reading(word, person) for word in search.split())
    }
    assert numbers(search) == expected, search


@pytest.mark.parametrize(
    ("search", "found"),
    [
        pytest.param("man chan", {"MMS26-000007"}, id="beginnings in any order"),
        pytest.param("hang", set(), id="not the middle of a word"),
        pytest.param("陳大", {"MMS26-000007", "MMS26-000070"}, id="traditional finds simplified"),
        pytest.param("阳子", {"MMS26-000100"}, id="any part, across the dot"),
        pytest.param("chan文", {"MMS26-000007"}, id="both scripts without a space"),
        pytest.param("tszching", {"MMS26-000100"}, id="two given names as one word"),
        pytest.param("odegard", {"PHD26-000007"}, id="another name, without its signs"),
        pytest.param("mms26-0000", {"MMS26-000007", "MMS26-000070"}, id="the beginning of a number"),
        pytest.param("phd26000107", {"PHD26-000107"}, id="without its dash"),
        pytest.param("7", {"MMS26-000007", "PHD26-000007"}, id="its figures alone"),
        pytest.param("TAIMAN.CHAN@example.org", {"MMS26-000007"}, id="a whole e-mail address"),
        pytest.param("mei_", {"PHD26-000007"}, id="its beginning, where _ is a character"),
        pytest.param("%", set(), id="and % another"),
    ],
)
def test_a_search_finds(search: str, found: set[str], people: Any) -> None:
    assert numbers(search) == found


def test_a_corrected_name_is_found_beside_the_one_received(people: dict[str, Application]) -> None:
    case = people["MMS26-000007"]
    values = {"family_name": "CHEN", "given_names": "Tai Man"}
    made = {"application": case, "profile": case.profile, "corrected_at": AT}
    by = officer(case.offering.programme)
    Correction.objects.create(**made, group="", values=values, corrected_by=by)
    Correction.objects.create(
        **made, group="qualifications", row=0, values={"family_name": "Q"}, corrected_by=by
    )
    assert (numbers("chen"), numbers("chan"), numbers("q")) == ({case.number}, {case.number}, set())


def test_the_address_of_the_day_is_found_and_not_the_one_before(people: dict[str, Application]) -> None:
    user = people["MMS26-000007"].applicant.user
    user.email = "new.address@example.org"
    user.save()
    assert (numbers("new.address@"), numbers("taiman.chan@")) == ({"MMS26-000007"}, set())


def test_what_is_read_blind_is_found_and_ordered_by_its_number_alone(people: dict[str, Application]) -> None:
    programme = people["MMS26-000007"].offering.programme
    reader = officer(programme, Role.REVIEWER)
    visible = applications_listed_for(reader, on=AT.date())

    def listed(**asked: str) -> list[str | None]:
        return [each.number for each in Narrowing.read(asked).narrow(visible, at=AT, user=reader)]

    assert listed(q="chan") == ["MMS26-000007"]
    BlindReading.objects.create(programme=programme, since=AT)
    assert [listed(q=each) for each in ("chan", "陳", "taiman.chan@example.org")] == [[], [], []]
    assert listed(q="mms26-000007") == ["MMS26-000007"]
    people["MMS26-000007"].refresh_from_db()
    assert (people["MMS26-000007"].origin != "", listed(origin=people["MMS26-000007"].origin)) == (True, [])


def test_names_are_ordered_by_plain_letters() -> None:
    names = [("de Souza", "", ""), ("Ångström", "A", ""), ("", "", "李雷"), ("ZHU", "Li", "")]
    order = [
        name_order({"family_name": family, "given_names": own, "chinese_name": han})
        for family, own, han in names
    ]
    assert order == ["de souza", "angstrom a", "lilei", "zhu li"]
    assert name_words({}) == []


def test_a_whole_identity_number_leads_to_its_case_and_stands_in_no_address(
    people: dict[str, Application],
) -> None:
    start_clock_at(AT)
    case = people["MMS26-000007"]
    number = "A1234563"
    index = indexes_for(case.offering.programme.institution.code, "HKID", number)[0]
    IdentityNumber.objects.create(application=case, kind="HKID", number=number, index=index, given_at=AT)
    office, reader = officer(case.offering.programme), officer(case.offering.programme, Role.REVIEWER)
    stranger = officer(CaseFactory().offering.programme)
    found = [
        cases_of_number("a123456(3)", user=user, on=date(2026, 3, 24)) for user in (office, reader, stranger)
    ]
    assert found == [[case.pk], [], []]
    client = Client()
    client.force_login(office)
    door = reverse("admin:applications_application_search")
    answer = client.post(door, {"q": "A123456(3)"})
    assert answer["Location"] == reverse("admin:applications_application_change", args=[case.pk])
    assert client.post(door, {"q": "chan", "state": "SUBMITTED"})["Location"].endswith(
        "?q=chan&state=SUBMITTED"
    )
    listed = reverse("admin:applications_application_changelist")
    # a number that nobody has is somebody's all the same
    for nobodys in ("B765432(1)", "b7654321", "K12345678"):
        answer = client.post(door, {"q": nobodys, "state": "SUBMITTED"}, follow=True)
        assert answer.redirect_chain == [(f"{listed}?state=SUBMITTED", 302)]
        assert "None of your applications holds the number that you typed." in answer.content.decode()
    assert client.post(door, {"q": "MMS26-000007"})["Location"] == f"{listed}?q=MMS26-000007"
