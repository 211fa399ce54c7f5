"""Who opened a file: a look of staff is kept once in a quarter of an hour, shown under its own right."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admissions_portal.accounts.roles import Right, Role, roles_with
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.history.queries import events_about
from applications.decisions.actions import offer_place
from applications.lifecycle.models import Application, Opened, Opening
from applications.lifecycle.openings import note_opening
from applications.offers.models import Offer
from applications.offers.terms import OfferTerms
from tests.applications.casework.test_case_page import NOW, desk, door
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.evidence import DocumentFactory
from tests.factories.programmes import hkt

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(settings: Any, tmp_path: Any) -> Application:
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    start_clock_at(NOW)
    return CaseFactory()


def kept() -> list[tuple[str, str, str]]:
    return list(Opening.objects.order_by("pk").values_list("opened_by__name", "what", "thing"))


def test_the_case_its_documents_and_its_letter(case: Application) -> None:
    document = DocumentFactory(application=case)
    offer_place(
        case,
        terms=OfferTerms(hkt(2026, 6, 1, 23, 59)),
        note="",
        by=acting(officer(case.offering.programme)),
        at=NOW,
    )
    letter = Offer.objects.get().letter
    letter.status, letter.pdf, letter.sha256 = "RENDERED", b"%PDF-", sha256(b"%PDF-").hexdigest()
    letter.rendered_at = NOW
    letter.save()
    office = desk(case)
    for address in (
        door(case, "change"),
        reverse("applications:document", args=[document.pk]),
        door(case, "letter"),
    ):
        assert office.get(address).status_code == 200
    who = "The Programme office"
    assert kept() == [(who, "CASE", ""), (who, "DOCUMENT", str(document.pk)), (who, "LETTER", "")]
    assert [event.kind for event in events_about(case)][-1] == "offer.made"


@pytest.mark.parametrize(
    ("minutes", "rows"),
    [
        pytest.param([0, 1, 14], 1, id="within a quarter of an hour"),
        pytest.param([14, 15], 2, id="in the next quarter"),
        pytest.param([0, 60], 2, id="an hour later"),
    ],
)
def test_once_in_a_quarter_of_an_hour(case: Application, minutes: list[int], rows: int) -> None:
    somebody = officer(case.offering.programme)
    for minute in minutes:
        at = hkt(2026, 5, 4, 9 + minute // 60, minute % 60)
        note_opening(case.pk, Opened.CASE, by=somebody, at=at)
    assert Opening.objects.count() == rows


def test_it_is_one_statement(case: Application) -> None:
    somebody = officer(case.offering.programme)
    with CaptureQueriesContext(connection) as queries:
        note_opening(case.pk, Opened.CASE, by=somebody, at=NOW)
    assert len(queries) == 1


def test_an_applicant_who_looks_at_their_own_file_is_not_kept(case: Application) -> None:
    document = DocumentFactory(application=case)
    me = Client()
    me.force_login(case.applicant.user)
    assert me.get(reverse("applications:document", args=[document.pk])).status_code == 200
    assert kept() == []


def test_a_case_that_is_not_theirs_leaves_no_trace(case: Application) -> None:
    assert desk(CaseFactory()).get(door(case, "change")).status_code == 404
    assert kept() == []


def test_who_may_see_it() -> None:
    assert roles_with(Right.SEE_OPENINGS) == [Role.COORDINATOR, Role.ADMINISTRATOR]


@pytest.mark.parametrize("role", list(Role))
def test_it_stands_on_the_case_page_of_whoever_may(case: Application, role: Role) -> None:
    shown = desk(case, role).get(door(case, "change"))
    assert ("Who opened this file" in shown.content.decode()) is (role in roles_with(Right.SEE_OPENINGS))


def test_each_person_and_thing_with_its_times(case: Application) -> None:
    document = DocumentFactory(application=case, name="certificate.pdf")
    gone = "6f1c2c1e-0000-4000-8000-000000000000"
    somebody = officer(case.offering.programme, name="HO Wing Yan")
    for hour in (10, 11):
        note_opening(case.pk, Opened.DOCUMENT, thing=str(document.pk), by=somebody, at=hkt(2026, 5, 2, hour))
    note_opening(case.pk, Opened.DOCUMENT, thing=gone, by=somebody, at=hkt(2026, 5, 1, 9))
    note_opening(case.pk, Opened.SUBMISSION, thing="1", by=somebody, at=hkt(2026, 5, 1, 8))
    shown = desk(case, Role.COORDINATOR).get(door(case, "change")).context["openings"]
    assert [(each.opened.who, each.what, each.opened.times) for each in shown] == [
        ("The Coordinator", "The case", 1),
        ("HO Wing Yan", "certificate.pdf", 2),
        ("HO Wing Yan", "A document removed since", 1),
        ("HO Wing Yan", "Version 1 as submitted", 1),
    ]
