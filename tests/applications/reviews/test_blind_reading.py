"""A blind reader scores a case and finds nowhere whose it is; whoever does more than read sees the person."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from applications.lifecycle.blind import may_see_person
from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_listed_for, applications_visible_to
from applications.reviews.models import Review
from applications.worklists.filters import Narrowing
from applications.worklists.queries import annotate_listing
from tests.factories.applicants import ApplicantFactory, QualificationFactory
from tests.factories.applications import CaseFactory, officer
from tests.factories.evidence import DocumentFactory
from tests.factories.programmes import AppointmentFactory, hkt
from tests.factories.rubrics import use

pytestmark = pytest.mark.django_db
AT = hkt(2026, 4, 2, 10, 0)
FAMILY, GIVEN, HAN, EMAIL = "CANARYFAMILY", "Canarygiven", "金絲雀", "canary@applicant.example"
SCHOOL, FILE, TITLE = "Canary University", "canary-file.pdf", "BSc in Ornithology"


@pytest.fixture
def case(settings: Any) -> Application:
    start_clock_at(AT)
    applicant = ApplicantFactory(
        family_name=FAMILY, given_names=GIVEN, chinese_name=HAN, address_1="Canary Road 1", user__email=EMAIL
    )
    QualificationFactory(applicant=applicant, institution=SCHOOL, title=TITLE, relied_on=True)
    found: Application = CaseFactory(applicant=applicant)
    DocumentFactory(application=found, name=FILE)
    return found


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def canaries_in(body: str) -> list[str]:
    return [said for said in (FAMILY, GIVEN, HAN, EMAIL, SCHOOL, FILE, "Canary Road") if said in body]


def door(case: Application, name: str, *more: Any) -> str:
    return reverse(f"admin:applications_application_{name}", args=[case.pk, *more])


def test_a_blind_reader_reads_and_scores_and_finds_nowhere_whose_case_it_is(case: Application) -> None:
    rubric = use(case.offering.programme, is_blind=True)
    reader = signed_in(officer(case.offering.programme, Role.REVIEWER))
    listed = reverse("admin:applications_application_changelist")
    page = reader.get(door(case, "change")).content.decode()
    assert (TITLE in page, "Scans cannot be blind" in page, str(case.number) in page) == (True, True, True)
    for address in (
        door(case, "change"),
        listed,
        f"{listed}?order=name",
        reverse("admin:index"),
        reverse("admin:applications_application_my_reviews"),
    ):
        response = reader.get(address)
        assert (response.status_code, canaries_in(response.content.decode())) == (200, []), address
    sent = {"research": "7", "study": "4.0", "recommendation": "OFFER", "comment": "", "rubric": rubric.pk}
    wrong = reader.post(door(case, "review"), {**sent, "research": "11"})
    assert (wrong.status_code, canaries_in(wrong.content.decode())) == (200, [])
    assert reader.post(door(case, "review"), sent).status_code == 302
    assert str(Review.objects.get().score) == "3.88"
    assert canaries_in(reader.get(door(case, "change")).content.decode()) == []


def test_every_other_door_of_the_case_stays_shut_for_a_blind_reader(case: Application) -> None:
    use(case.offering.programme, is_blind=True)
    reader = signed_in(officer(case.offering.programme, Role.REVIEWER))
    document = case.documents.get()
    gets = [
        door(case, "runs"),
        door(case, "letter"),
        door(case, "sent", 1),
        door(case, "offer"),
        door(case, "ask"),
        reverse("applications:document", args=[document.pk]),
    ]
    assert {address: reader.get(address).status_code for address in gets} == dict.fromkeys(gets, 404)
    posts = [door(case, name) for name in ("finding", "status", "identity", "override", "withdrawn", "file")]
    assert {address: reader.post(address).status_code for address in posts} == dict.fromkeys(posts, 404)


@pytest.mark.parametrize("search", [FAMILY, GIVEN, HAN, EMAIL, "canary", "canaryfamily"])
def test_a_blind_reader_finds_a_case_by_its_number_and_by_no_word_of_the_person(
    case: Application, search: str
) -> None:
    use(case.offering.programme, is_blind=True)
    reader, office = (officer(case.offering.programme, role) for role in (Role.REVIEWER, Role.COORDINATOR))

    def found(user: User, words: str, **narrowed: str) -> list[Application]:
        cases = annotate_listing(applications_listed_for(user, on=AT.date()), user=user, at=AT)
        return list(Narrowing(q=words, **narrowed).apply(cases, at=AT, user=user))

    origin = case.profile.data["origin"]
    assert found(reader, search) == []
    assert found(reader, "", origin=origin) == []
    assert found(reader, str(case.number)) == [case]
    assert (found(office, search), found(office, "", origin=origin)) == ([case], [case])


@pytest.mark.parametrize(
    ("roles", "is_blind", "sees"),
    [
        ([Role.REVIEWER], True, False),
        ([Role.REVIEWER], False, True),
        ([Role.REVIEWER, Role.PROGRAMME_OFFICE], True, True),
        ([Role.REVIEWER, Role.COORDINATOR], True, True),
        ([Role.REVIEWER, Role.ADMINISTRATOR], True, True),
        *(([role], True, True) for role in Role if role != Role.REVIEWER),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else str(value),
)
def test_who_reads_blind(case: Application, roles: list[Role], is_blind: bool, sees: bool) -> None:
    use(case.offering.programme, is_blind=is_blind)
    user = officer(case.offering.programme, roles[0])
    for role in roles[1:]:
        AppointmentFactory(user=user, programme=case.offering.programme, role=role)
    assert may_see_person(user, case, on=AT.date()) is sees
    assert applications_visible_to(user, on=AT.date()).exists() is sees
    assert applications_listed_for(user, on=AT.date()).exists()
    # in another programme the same person is no blind reader
    elsewhere = CaseFactory()
    AppointmentFactory(user=user, programme=elsewhere.offering.programme, role=Role.REVIEWER)
    assert list(applications_visible_to(user, on=AT.date()).filter(pk=elsewhere.pk)) == [elsewhere]
