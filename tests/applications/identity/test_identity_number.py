"""The whole number of an identity document: asked for after acceptance, encrypted, seen on record (C7)."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
import python_calamine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse

from admissions_portal.accounts.roles import Right, Role, roles_with
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.history.queries import events_about
from admissions_portal.outbox.models import Message
from admissions_portal.support.actors import Actor
from applications.applicants.identity import IdentityKind
from applications.applicants.queries import profile_data
from applications.decisions.actions import offer_place
from applications.exports.actions import export_cases
from applications.exports.models import ExportFormat, ExportLog
from applications.identity.actions import IdentityRefused, give_identity_number, reveal_identity_number
from applications.identity.models import IdentityNumber
from applications.identity.queries import awaits_identity_number, same_number_elsewhere
from applications.lifecycle.models import Application
from applications.lifecycle.states import KNOWN_TO_OFFICE, PLACE_TAKEN, State
from applications.offers.actions import accept_offer
from applications.offers.terms import ConditionTerms, OfferTerms
from applications.shortlists.ranking import rank_cases
from applications.submission.actions import submit_application
from applications.submission.declarations import in_force
from applications.worklists.filters import Narrowing
from applications.worklists.queries import annotate_listing
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.drafts import AT as BEGUN
from tests.factories.drafts import publish_policies, ready_draft, taught_offering
from tests.factories.programmes import AppointmentFactory, OfferingFactory, ProgrammeFactory, hkt

pytestmark = pytest.mark.django_db

AT = hkt(2026, 5, 5, 9, 0)
# the number as typed, as kept, and the part of it that no page may hold
TYPED, KEPT, SECRET = "q987654(1)", "Q9876541", "987654"


@pytest.fixture
def case() -> Application:
    return CaseFactory(state=State.ACCEPTED, applicant__identity_start="Q987")


def give(case: Application, number: str = TYPED, kind: str = IdentityKind.HKID) -> IdentityNumber:
    return give_identity_number(case, kind, number, by=Actor.of(case.applicant.user), at=AT)


def told(case: Application) -> list[str]:
    return [event.kind for event in events_about(case)]


# giving


def test_the_number_is_kept_encrypted_and_indexed(case: Application) -> None:
    given = give(case)
    with connection.cursor() as cursor:
        cursor.execute('SELECT number, "index" FROM applications_identitynumber')
        [(number, index)] = cursor.fetchall()
    assert SECRET not in number + index
    assert (IdentityNumber.objects.get().number, len(index)) == (KEPT, 64)
    assert (given.shown, str(given)) == ("Q98…(•)", "Q98…(•)")
    assert told(case) == ["identity.given"]


@pytest.mark.parametrize("state", sorted(KNOWN_TO_OFFICE - PLACE_TAKEN))
def test_c7_before_a_place_is_accepted_nothing_is_asked_or_kept(case: Application, state: State) -> None:
    Application.objects.filter(pk=case.pk).update(state=state)
    case.refresh_from_db()
    assert awaits_identity_number(case) is False
    with pytest.raises(IdentityRefused, match="once you have accepted an offer"):
        give(case)
    assert IdentityNumber.objects.count() == 0


def test_it_is_something_to_do_until_it_is_given(case: Application) -> None:
    assert awaits_identity_number(case) is True
    give(case)
    assert awaits_identity_number(Application.objects.get(pk=case.pk)) is False


def test_the_same_again_is_one_and_another_takes_its_place(case: Application) -> None:
    give(case)
    give(case, "Q987654 (1)")
    assert told(case) == ["identity.given"]
    give(case, "E12345678", IdentityKind.PASSPORT)
    given = IdentityNumber.objects.get()
    assert (given.kind, given.number, told(case)) == ("PASSPORT", "E12345678", ["identity.given"] * 2)


@pytest.mark.parametrize(
    ("number", "kind", "sentence"),
    [
        pytest.param("Q987654(2)", IdentityKind.HKID, "does not belong to the letters", id="check digit"),
        pytest.param("Q987654", IdentityKind.HKID, "in brackets at the end is missing", id="no check digit"),
        pytest.param("E1", IdentityKind.PASSPORT, "from 5 to 20", id="too short"),
        pytest.param("Q987654(1)", IdentityKind.NONE, "Choose the document", id="no document"),
        pytest.param("Q987654(1)", "", "Choose the document", id="nothing chosen"),
    ],
)
def test_what_cannot_be_a_number_is_refused(case: Application, number: str, kind: str, sentence: str) -> None:
    with pytest.raises(IdentityRefused, match=sentence):
        give(case, number, kind)


def test_nobody_gives_another_persons_number(case: Application) -> None:
    with pytest.raises(PermissionDenied):
        give_identity_number(
            case, IdentityKind.HKID, TYPED, by=acting(officer(case.offering.programme)), at=AT
        )


# finding the same number again


def test_the_same_number_is_found_within_an_institution_and_never_in_another(case: Application) -> None:
    programme = case.offering.programme
    beside = OfferingFactory(intake__programme=ProgrammeFactory(institution=programme.institution))
    elsewhere = OfferingFactory(intake__programme=ProgrammeFactory(institution__code="hkust"))
    same = CaseFactory(state=State.ACCEPTED, offering=beside)
    foreign = CaseFactory(state=State.ACCEPTED, offering=elsewhere)
    given = give(case)
    give(same, "Q 987654 1")
    give(foreign)
    assert list(same_number_elsewhere(given)) == [IdentityNumber.objects.get(application=same)]
    assert len(set(IdentityNumber.objects.values_list("index", flat=True))) == 2


def test_another_document_of_the_same_characters_is_another_number(case: Application) -> None:
    other = CaseFactory(state=State.ACCEPTED, offering=case.offering)
    give(other, KEPT, IdentityKind.PASSPORT)
    assert list(same_number_elsewhere(give(case))) == []


# looking at it


def test_one_role_alone_sees_whole_numbers() -> None:
    assert roles_with(Right.SEE_IDENTITY_NUMBERS) == [Role.PROGRAMME_OFFICE]


def test_a_look_is_on_record_before_it_is_shown(case: Application) -> None:
    give(case)
    office = officer(case.offering.programme)
    assert reveal_identity_number(case, by=acting(office), at=AT) == "Q987654(1)"
    [_given, seen] = events_about(case)
    assert (seen.kind, seen.actor_id, seen.data) == ("identity.seen", str(office.pk), {})


@pytest.mark.parametrize("role", [role for role in Role if role != Role.PROGRAMME_OFFICE])
def test_whoever_has_not_the_right_sees_nothing_and_leaves_no_trace(case: Application, role: Role) -> None:
    give(case)
    with pytest.raises(PermissionDenied):
        reveal_identity_number(case, by=acting(officer(case.offering.programme, role)), at=AT)
    assert told(case) == ["identity.given"]


def desk(case: Application, role: Role = Role.PROGRAMME_OFFICE) -> Client:
    client = Client()
    client.force_login(officer(case.offering.programme, role))
    return client


def test_the_office_page_shows_it_once_and_names_what_it_may_see_of_others(case: Application) -> None:
    start_clock_at(AT)
    give(case)
    same = CaseFactory(state=State.ACCEPTED, offering=case.offering)
    hidden = CaseFactory(
        state=State.ACCEPTED,
        offering=OfferingFactory(
            intake__programme=ProgrammeFactory(institution=case.offering.programme.institution)
        ),
    )
    give(same)
    give(hidden)
    page = desk(case).post(reverse("admin:applications_application_identity", args=[case.pk]))
    body = page.content.decode()
    assert "Q987654(1)" in body
    assert same.number in body
    assert hidden.number not in body
    assert "no-store" in page["Cache-Control"]
    assert told(case) == ["identity.given", "identity.seen"]


def test_without_the_right_the_door_does_not_exist(case: Application) -> None:
    start_clock_at(AT)
    give(case)
    door = reverse("admin:applications_application_identity", args=[case.pk])
    assert desk(case, Role.COORDINATOR).post(door).status_code == 404
    assert told(case) == ["identity.given"]


def test_the_case_says_where_the_number_is_another_than_declared(case: Application) -> None:
    start_clock_at(AT)
    give(case, "E12345678", IdentityKind.PASSPORT)
    body = desk(case).get(reverse("admin:applications_application_change", args=[case.pk])).content.decode()
    assert "E12…, given on" in body
    assert "Another document than the one declared in the application" in body


# the applicant's page


def own(case: Application) -> Client:
    start_clock_at(AT)
    client = Client()
    client.force_login(case.applicant.user)
    return client


def test_the_page_asks_keeps_and_then_shows_three_characters(case: Application) -> None:
    client, url = own(case), reverse("applications:identity_number", args=[case.pk])
    assert 'value="HKID"' in client.get(url).content.decode()
    wrong = client.post(url, {"kind": "HKID", "number": "Q987654(2)"})
    assert (wrong.status_code, "compare each with your card" in wrong.content.decode().lower()) == (200, True)
    right = client.post(url, {"kind": "HKID", "number": TYPED})
    assert right["Location"] == reverse("applications:overview", args=[case.pk])
    again = client.get(url).content.decode()
    assert ("Q98…(•)" in again, SECRET in again) == (True, False)


def test_before_acceptance_there_is_no_such_page(case: Application) -> None:
    Application.objects.update(state=State.OFFERED)
    assert own(case).get(reverse("applications:identity_number", args=[case.pk])).status_code == 404


# nowhere else


@pytest.fixture
def journey(settings: Any, tmp_path: Any) -> Application:
    """Submitted, offered and accepted by the real actions: frozen, received, written to, mailed about."""
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    publish_policies()
    draft = ready_draft(taught_offering(), identity_start="Q987")
    start_clock_at(BEGUN)
    me, office = Actor.of(draft.applicant.user), acting(officer(draft.offering.programme))
    submit_application(draft, declaration=in_force(on=BEGUN.date()), by=me, at=BEGUN)
    terms = OfferTerms(
        hkt(2026, 5, 29, 23, 59), (ConditionTerms("Transcript", "By post", date(2026, 8, 31)),)
    )
    offer_place(draft, terms=terms, by=office, at=hkt(2026, 4, 20, 10, 0))
    accept_offer(draft.offer, by=me, at=hkt(2026, 4, 25, 10, 0))
    return Application.objects.get(pk=draft.pk)


PAGES = ("overview", "receipt", "findings", "documents", "identity_number")


def test_no_page_of_applicant_or_office_holds_the_number(journey: Application) -> None:
    case = journey
    client = own(case)
    give(case)
    pages = [reverse("applications:home")]
    pages += [reverse(f"applications:{name}", args=[case.pk]) for name in PAGES]
    held = [page for page in pages if SECRET in client.get(page, follow=True).content.decode()]
    for role in Role:
        office = desk(case, role)
        for page in (
            reverse("admin:index"),
            reverse("admin:applications_application_changelist"),
            reverse("admin:applications_application_change", args=[case.pk]),
            reverse("admin:applications_application_runs", args=[case.pk]),
            reverse("admin:shortlist"),
        ):
            held += [page] if SECRET in office.get(page).content.decode() else []
    assert held == []


def test_no_column_of_the_database_holds_the_number_or_its_beginning_in_clear(journey: Application) -> None:
    """Every table, whole rows as text: profile as frozen, history, mails, what was typed, sessions."""
    case = journey
    client = own(case)
    client.post(
        reverse("applications:identity_number", args=[case.pk]), {"kind": "HKID", "number": "Q987654(2)"}
    )
    give(case)
    reveal_identity_number(case, by=acting(officer(case.offering.programme)), at=AT)
    with connection.cursor() as cursor:
        found = [
            table
            for table in connection.introspection.table_names(cursor)
            if _holds(cursor, table, SECRET) or _holds(cursor, table, "Q987")
        ]
    assert found == []
    assert "Q98" not in str(profile_data(case.applicant))
    assert Message.objects.filter(to_user=case.applicant.user_id).count() == 3


def _holds(cursor: Any, table: str, text: str) -> bool:
    cursor.execute(f'SELECT count(*) FROM "{table}" AS kept WHERE kept::text LIKE %s', [f"%{text}%"])
    return bool(cursor.fetchone()[0])


# taken out in a list


def exported(case: Application, by: Any, **how: Any) -> tuple[ExportLog, bytes]:
    cases = rank_cases(annotate_listing(Application.objects.filter(pk=case.pk), user=None, at=AT))
    return export_cases(
        "shortlist",
        cases,
        narrowing=Narrowing(),
        file_format=ExportFormat.XLSX,
        by=Actor.of(by),
        at=AT,
        **how,
    )


def both_rights(case: Application) -> Any:
    user = officer(case.offering.programme, Role.COORDINATOR)
    AppointmentFactory(user=user, programme=case.offering.programme, role=Role.PROGRAMME_OFFICE)
    return user


def cells(content: bytes) -> list[str]:
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
    return [
        str(cell)
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for cell in row
    ]


def test_a_list_holds_no_number_unless_it_was_asked_for(case: Application) -> None:
    give(case)
    log, content = exported(case, both_rights(case))
    assert (any(SECRET in cell for cell in cells(content)), "identity_number" in log.columns) == (
        False,
        False,
    )


def test_asked_for_under_both_rights_it_is_marked_personal_and_on_record(case: Application) -> None:
    give(case)
    log, content = exported(case, both_rights(case), identity_numbers=True)
    found = cells(content)
    legend = found.index("As its document prints it; given after an offer was accepted")
    assert "Q987654(1)" in found
    assert (found[legend - 1], found[legend + 1]) == ("Identity number", "yes")
    assert log.columns[-1] == "identity_number"
    assert told(case) == ["identity.given", "identity.exported"]


def test_the_right_to_export_alone_takes_no_number_out(case: Application) -> None:
    give(case)
    with pytest.raises(PermissionDenied):
        exported(case, officer(case.offering.programme, Role.COORDINATOR), identity_numbers=True)
    assert (ExportLog.objects.count(), told(case)) == (0, ["identity.given"])
