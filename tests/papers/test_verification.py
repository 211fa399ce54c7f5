"""Anybody may ask whether a letter is genuine, and learns nothing that does not stand on it."""

from datetime import timedelta

import pytest

from tests.factories.papers import AT, PaperFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper():
    return PaperFactory(number="OFF-2026-00731", code="7K3MQ9XZ2TNB", rendered=True)


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("7K3MQ9XZ2TNB", id="as printed"),
        pytest.param("7k3m q9xz 2tnb", id="small letters and spaces"),
        pytest.param("7K3M-Q9XZ-2TNB", id="hyphens"),
    ],
)
def test_number_and_code_lead_to_the_answer(client, paper, typed):
    response = client.get("/verify/", {"number": " off-2026-00731", "code": typed})
    assert (response.status_code, response["Location"]) == (302, "/verify/7K3MQ9XZ2TNB/")


def test_a_letter_in_force_is_said_to_be(client, paper):
    page = client.get("/verify/7K3MQ9XZ2TNB/").content.decode()
    assert "Genuine and in force." in page
    assert "OFF-2026-00731" in page
    assert "4 May 2026" in page.replace("\xa0", " ")


def test_nobody_is_named(client, paper):
    page = client.get("/verify/7K3MQ9XZ2TNB/").content.decode()
    for personal in ("LIN", "Yuhan", "林雨涵", "Binjiang", "MMS26-004182", "198,000"):
        assert personal not in page


def test_a_replaced_letter_is_said_to_be(client, paper):
    paper.superseded_by = PaperFactory(number=paper.number, version=2)
    paper.save(update_fields=["superseded_by"])
    page = client.get("/verify/7K3MQ9XZ2TNB/").content.decode()
    assert "Genuine, but replaced." in page


def test_a_voided_letter_is_said_to_be(client, paper):
    paper.voided_at = AT + timedelta(days=1)
    paper.save(update_fields=["voided_at"])
    page = client.get("/verify/7K3MQ9XZ2TNB/").content.decode().replace("\xa0", " ")
    assert "Genuine, but no longer in force." in page
    assert "5 May 2026, 10:30 HKT" in page


@pytest.mark.parametrize(
    ("number", "code"),
    [
        pytest.param("OFF-2026-00731", "7K3MQ9XZ2TNC", id="another code"),
        pytest.param("OFF-2026-00732", "7K3MQ9XZ2TNB", id="another number"),
    ],
)
def test_a_letter_we_did_not_issue_is_not_found_and_nothing_typed_is_lost(client, paper, number, code):
    page = client.get("/verify/", {"number": number, "code": code}).content.decode()
    assert "We issued no letter and no receipt with this number and this code." in page
    assert f'value="{number}"' in page
    assert f'value="{code}"' in page


def test_an_unknown_code_in_the_address_answers_404_with_the_form(client):
    response = client.get("/verify/000000000000/")
    assert response.status_code == 404
    assert "We issued no document with this code." in response.content.decode()


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("%00", id="a character that no database takes"),
        pytest.param("7K3MQ9XZ2TN%C2%A0O", id="a letter that no code has"),
        pytest.param("7" * 3000, id="a long text"),
    ],
)
def test_what_is_no_code_is_answered_by_the_form(client, paper, code):
    response = client.get(f"/verify/{code}/")
    assert response.status_code == 404
    assert "<form" in response.content.decode()
