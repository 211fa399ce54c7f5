"""The catalogue in the admin: each administrator's own programmes, and closes that only move later."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.db.models import CheckConstraint
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import PURPOSES, Right, Role
from admissions_portal.history.queries import events_about
from admissions_portal.support.actors import Actor
from programmes.admin import REFUSALS
from programmes.loading import CATALOGUE
from programmes.models import Appointment, Office, Programme, Round
from programmes.queries import has_right, people_with, programmes_of, rights_over
from programmes.questions.loading import load_questions
from tests.factories.accounts import StaffFactory, UserFactory
from tests.factories.programmes import (
    AppointmentFactory,
    InstitutionFactory,
    ProgrammeFactory,
    RoundFactory,
    hkt,
)

pytestmark = pytest.mark.django_db
MARCH = hkt(2026, 3, 24, 9)
TODAY = date(2026, 3, 24)
PUBLISHED = (
    "This round was published to close on 31 March 2026, 23:59 HKT. A published close can only move later."
)


@pytest.fixture(autouse=True)
def in_march(at_moment: Callable[[datetime], None]) -> None:
    at_moment(MARCH)


@pytest.fixture
def mine() -> Round:
    """A round of the programme the administrator is appointed to."""
    round_: Round = RoundFactory()
    return round_


@pytest.fixture
def theirs() -> Round:
    round_: Round = RoundFactory(offering__intake__programme__institution=InstitutionFactory(code="hkust"))
    return round_


@pytest.fixture
def administrator(mine: Round) -> User:
    user: User = StaffFactory()
    AppointmentFactory(user=user, role=Role.ADMINISTRATOR, programme=mine.offering.programme)
    return user


@pytest.fixture
def office(client: Client, administrator: User) -> Client:
    client.force_login(administrator)
    return client


def change_url(thing: Any) -> str:
    return reverse(f"admin:programmes_{thing._meta.model_name}_change", args=[thing.pk])


def filled(client: Client, url: str, **changes: object) -> dict[str, object]:
    """The form at `url` as it stands, with some answers changed."""
    form = client.get(url).context["adminform"].form
    data = {}
    for field in form:
        value = field.value()
        shown = field.field.prepare_value(value)
        if field.field.widget.input_type if hasattr(field.field.widget, "input_type") else False:
            shown = (
                field.field.widget.format_value(shown)
                if not isinstance(shown, bool)
                else ("on" if shown else None)
            )
        data[field.html_name] = shown
    return {name: value for name, value in (data | changes).items() if value is not None}


@pytest.mark.parametrize("model", ["programme", "intake", "offering", "round"])
def test_lists_show_only_the_administrators_own_programmes(
    office: Client, mine: Round, theirs: Round, model: str
) -> None:
    response = office.get(reverse(f"admin:programmes_{model}_changelist"))
    own = {
        "programme": mine.offering.programme,
        "intake": mine.offering.intake,
        "offering": mine.offering,
        "round": mine,
    }
    assert list(response.context["cl"].queryset) == [own[model]]


def test_another_institutions_rows_cannot_be_opened(office: Client, mine: Round, theirs: Round) -> None:
    opened = [office.get(change_url(t)).status_code for t in (mine, mine.offering, mine.offering.programme)]
    shut = [
        office.get(change_url(t)).status_code for t in (theirs, theirs.offering, theirs.offering.programme)
    ]
    assert opened == [200, 200, 200]
    assert shut == [302, 302, 302]  # the admin's way of saying that there is no such row


def test_another_institutions_programme_is_no_choice_in_a_form(
    office: Client, mine: Round, theirs: Round
) -> None:
    form = office.get(reverse("admin:programmes_round_add")).context["adminform"].form
    assert list(form.fields["offering"].queryset) == [mine.offering]
    form = office.get(reverse("admin:programmes_appointment_add")).context["adminform"].form
    assert list(form.fields["programme"].queryset) == [mine.offering.programme]


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.PROGRAMME_OFFICE, Role.COORDINATOR])
def test_other_roles_do_not_edit_the_catalogue(client: Client, mine: Round, role: Role) -> None:
    user = StaffFactory()
    AppointmentFactory(user=user, role=role, programme=mine.offering.programme)
    client.force_login(user)
    assert client.get(reverse("admin:programmes_round_changelist")).status_code == 403


def test_an_ended_appointment_gives_nothing(client: Client, mine: Round) -> None:
    user = StaffFactory()
    AppointmentFactory(
        user=user, role=Role.ADMINISTRATOR, programme=mine.offering.programme, until_on=date(2026, 3, 23)
    )
    client.force_login(user)
    assert client.get(reverse("admin:programmes_round_changelist")).status_code == 403


def test_institutions_offices_and_agreements_are_the_superusers(client: Client, office: Client) -> None:
    for model in ("institution", "school", "office", "agreement"):
        assert office.get(reverse(f"admin:programmes_{model}_changelist")).status_code == 403
    client.force_login(User.objects.create_superuser("root@example.com", "harbour-lantern-47"))
    for model in ("institution", "school", "office", "agreement", "programme", "statement"):
        assert client.get(reverse(f"admin:programmes_{model}_changelist")).status_code == 200


def test_nothing_of_the_catalogue_is_deleted_in_the_admin(client: Client, mine: Round) -> None:
    client.force_login(User.objects.create_superuser("root@example.com", "harbour-lantern-47"))
    response = client.post(reverse("admin:programmes_round_delete", args=[mine.pk]), {"post": "yes"})
    assert (response.status_code, Round.objects.filter(pk=mine.pk).exists()) == (403, True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param(
            {"closes_at": "2026-03-30T23:59"},
            PUBLISHED,
            id="earlier",
        ),
        pytest.param(
            {"close_reading": "STRICT"},
            PUBLISHED,
            id="the stricter reading is a minute earlier",
        ),
        pytest.param(
            {"opens_at": "2026-04-01T00:00"},
            "The opening must lie before the close.",
            id="opening at the close",
        ),
    ],
)
def test_a_published_close_does_not_move_earlier(
    office: Client, mine: Round, changes: dict[str, object], said: str
) -> None:
    url = change_url(mine)
    response = office.post(url, filled(office, url, **changes))
    assert response.status_code == 200
    said_now = [m for messages in response.context["adminform"].form.errors.values() for m in messages]
    assert [m.replace("\N{NO-BREAK SPACE}", " ") for m in said_now] == [said]
    mine.refresh_from_db()
    assert (mine.closes_at, mine.closed_from) == (hkt(2026, 3, 31, 23, 59), hkt(2026, 4, 1))


def test_a_close_moved_later_is_refused_a_minute_after_and_stands_in_history(
    office: Client, administrator: User, mine: Round
) -> None:
    url = change_url(mine)
    response = office.post(url, filled(office, url, closes_at="2026-04-07T12:00", label="Extended"))
    assert response.status_code == 302
    mine.refresh_from_db()
    assert (mine.closes_at, mine.closed_from, mine.label) == (
        hkt(2026, 4, 7, 12, 0),
        hkt(2026, 4, 7, 12, 1),
        "Extended",
    )
    event = events_about(mine).get()
    assert (event.kind, event.actor_id, event.data) == (
        "round.close_set",
        str(administrator.pk),
        {"was": "2026-03-31T16:00:00+00:00", "now": "2026-04-07T12:01:00+08:00"},
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        pytest.param({"fee_amount": "-5"}, "A fee is above zero and needs its status", id="a fee below zero"),
        pytest.param(
            {"fee_source": ""}, "A fee is above zero and needs its status", id="a fee without source"
        ),
        pytest.param(
            {"fee_note_en": ""}, "A provisional fee needs the note", id="provisional, and no reason"
        ),
    ],
)
def test_what_the_database_refuses_is_said_in_the_offices_words(
    office: Client, mine: Round, typed: dict[str, str], sentence: str
) -> None:
    offering = mine.offering
    url = change_url(offering)
    form = office.get(url).context["adminform"].form
    sent = {name: "" if (value := form[name].value()) is None else value for name in form.fields}
    fee = {"fee_amount": "198000", "fee_status": "PROVISIONAL", "fee_source": "HKU-04", "fee_note_en": "Why."}
    page = office.post(url, {**sent, **fee, **typed}).content.decode()
    assert sentence in page
    assert "Constraint" not in page


def test_every_check_of_the_catalogue_has_its_sentence() -> None:
    named = {
        constraint.name
        for model in apps.get_app_config("programmes").get_models()
        if admin.site.is_registered(model)
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint)
    }
    # the second instant is worked out, never typed
    assert named - set(REFUSALS) == {"round_is_refused_as_read"}


@pytest.mark.parametrize("closes_at", ["2026-03-30T12:00", "2026-03-30T12:00:59"])
def test_a_first_date_may_be_given_to_a_round_without_one(
    office: Client, mine: Round, closes_at: str
) -> None:
    unknown = RoundFactory(offering=mine.offering, number=2, closes_at=None)
    url = change_url(unknown)
    assert office.post(url, filled(office, url, closes_at=closes_at)).status_code == 302
    unknown.refresh_from_db()
    assert (unknown.closes_at, unknown.closed_from) == (hkt(2026, 3, 30, 12), hkt(2026, 3, 30, 12, 1))


def test_a_round_is_added_in_hong_kong_time(office: Client, mine: Round) -> None:
    url = reverse("admin:programmes_round_add")
    answers = {
        "source": "HKU-09", "offering": mine.offering.pk, "number": 2, "label": "Round 2",
        "audience": "LOCAL_ONLY",
        "opens_at": "2026-04-01T00:00", "closes_at": "2026-05-31T23:59", "close_reading": "WHOLE_MINUTE",
    }  # fmt: skip
    assert office.post(url, answers).status_code == 302
    made = Round.objects.get(number=2)
    assert (made.opens_at, made.closed_from, made.loaded) == (hkt(2026, 4, 1), hkt(2026, 6, 1), None)


def test_the_second_of_two_who_edit_at_once_is_told(office: Client, mine: Round) -> None:
    url = change_url(mine)
    first, second = (filled(office, url, label=label) for label in ("First", "Second"))
    assert office.post(url, first).status_code == 302
    response = office.post(url, second)
    assert response.context["adminform"].form.non_field_errors() == [
        "Somebody else changed this while you had it open. Open it again, then change it."
    ]
    mine.refresh_from_db()
    assert mine.label == "First"


def test_an_administrator_appoints_a_colleague_by_address(office: Client, mine: Round) -> None:
    colleague = StaffFactory(email="colleague@example.edu.hk")
    url = reverse("admin:programmes_appointment_add")
    programme = mine.offering.programme
    answers = {
        "person": "Colleague@example.edu.hk",
        "programme": programme.pk,
        "role": "REVIEWER",
        "from_on": "2026-03-24",
    }
    assert office.post(url, answers).status_code == 302
    made = Appointment.objects.get(user=colleague)
    assert (made.role, made.programme, made.from_on, made.until_on) == ("REVIEWER", programme, TODAY, None)


def test_whoever_appoints_reads_what_each_role_is_there_for(office: Client) -> None:
    page = office.get(reverse("admin:programmes_appointment_add"))
    assert PURPOSES.keys() == set(Role)
    for role, purpose in PURPOSES.items():
        assertContains(page, f"<dt>{role.label}</dt><dd>{purpose}</dd>", html=True)


@pytest.mark.parametrize("address", ["nobody@example.com", "applicant@example.com"])
def test_only_staff_are_appointed_and_an_unknown_address_is_answered_alike(
    office: Client, mine: Round, address: str
) -> None:
    UserFactory(email="applicant@example.com")
    url = reverse("admin:programmes_appointment_add")
    answers = {
        "person": address,
        "programme": mine.offering.programme.pk,
        "role": "REVIEWER",
        "from_on": "2026-03-24",
    }
    response = office.post(url, answers)
    assert response.context["adminform"].form.errors["person"] == [
        f"Nobody in an office signs in as {address}. Ask the installation’s administrator."
    ]


def test_an_office_edited_by_the_superuser_is_what_the_loader_keeps(catalogue: None, client: Client) -> None:
    from programmes.loading import load_catalogue

    client.force_login(User.objects.create_superuser("root@example.com", "harbour-lantern-47"))
    url = change_url(Office.objects.get(code="mmedsc"))
    assert client.post(url, filled(client, url, address="4/F, Another Block")).status_code == 302
    report = load_catalogue()
    assert [(d.field, d.kept) for d in report.differences] == [("address", "4/F, Another Block")]


def test_every_catalogue_form_opens_for_the_superuser(catalogue: None, client: Client) -> None:
    client.force_login(User.objects.create_superuser("root@example.com", "harbour-lantern-47"))
    AppointmentFactory()
    load_questions(CATALOGUE / "questions", by=Actor.system(), at=MARCH)
    opened = {}
    for model in admin.site._registry:
        if model._meta.app_label == "programmes":
            opened[model._meta.model_name] = client.get(
                change_url(model._default_manager.first())
            ).status_code
    assert opened == dict.fromkeys(opened, 200)
    assert len(opened) == 15


def test_a_list_narrowed_by_a_sign_that_no_text_holds_is_the_whole_list(office: Client) -> None:
    listed = reverse("admin:programmes_statement_changelist")
    answer = office.get(listed, {"topic__exact": "FEES\0"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{listed}?e=1")


def test_the_list_of_rounds_costs_the_same_at_3_and_30_rows(office: Client, mine: Round) -> None:
    url = reverse("admin:programmes_round_changelist")
    office.get(url)
    counts = []
    for wanted in (3, 30):
        while Round.objects.count() < wanted:
            RoundFactory(offering=mine.offering, number=Round.objects.count() + 1)
        with CaptureQueriesContext(connection) as queries:
            assert office.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        pytest.param(Role.REVIEWER, {Right.SEE_CASES, Right.REVIEW}, id="reviewer"),
        pytest.param(
            Role.PROGRAMME_OFFICE,
            {
                Right.SEE_CASES,
                Right.VERIFY_EVIDENCE,
                Right.SEE_IDENTITY_NUMBERS,
                Right.ASSIGN_REVIEWS,
                Right.DECIDE,
                Right.MERGE_PEOPLE,
            },
            id="programme office",
        ),
        pytest.param(
            Role.COORDINATOR,
            {
                Right.SEE_CASES,
                Right.REVIEW,
                Right.SHORTLIST,
                Right.EXPORT,
                Right.EDIT_POLICY,
                Right.OVERRIDE_FINDING,
                Right.SEE_OPENINGS,
                Right.DECLARE_CONFLICTS,
                Right.ASSIGN_REVIEWS,
                Right.UNDO_DECISIONS,
                Right.MERGE_PEOPLE,
            },
            id="coordinator",
        ),
        pytest.param(
            Role.ADMINISTRATOR,
            {
                Right.SEE_CASES,
                Right.SEE_OPENINGS,
                Right.DECLARE_CONFLICTS,
                Right.EDIT_CATALOGUE,
                Right.EDIT_POLICY,
            },
            id="administrator",
        ),
        pytest.param(Role.SCHOOL, {Right.SEE_CASES, Right.CHECK_FOR_SCHOOL}, id="School"),
        pytest.param(
            Role.GRADUATE_SCHOOL, {Right.SEE_CASES, Right.CHECK_FOR_GRADUATE_SCHOOL}, id="graduate school"
        ),
    ],
)
def test_an_appointment_gives_the_rights_of_its_role_for_its_programme(
    role: Role, rights: set[Right]
) -> None:
    appointment = AppointmentFactory(role=role)
    ProgrammeFactory()
    held = {right for right in Right if has_right(appointment.user, right, appointment.programme, TODAY)}
    assert held == rights == rights_over(appointment.user, appointment.programme, TODAY)
    assert list(programmes_of(appointment.user, Right.SEE_CASES, TODAY)) == [appointment.programme]


@pytest.mark.parametrize(
    ("on", "held"),
    [
        pytest.param(date(2026, 2, 28), False, id="the day before"),
        pytest.param(date(2026, 3, 1), True, id="the first day"),
        pytest.param(date(2026, 3, 31), True, id="the last day"),
        pytest.param(date(2026, 4, 1), False, id="the day after"),
    ],
)
def test_an_appointment_holds_from_its_first_to_its_last_day(on: date, held: bool) -> None:
    appointment = AppointmentFactory(from_on=date(2026, 3, 1), until_on=date(2026, 3, 31))
    assert programmes_of(appointment.user, Right.SEE_CASES, on).exists() is held
    assert people_with(Right.DECIDE, appointment.programme, on).exists() is held
    assert appointment.holds_on(on) is held


def test_applicants_hold_no_right_even_with_an_appointment() -> None:
    appointment = AppointmentFactory(user=UserFactory())
    assert list(programmes_of(appointment.user, Right.SEE_CASES, TODAY)) == []
    assert list(people_with(Right.SEE_CASES, appointment.programme, TODAY)) == []


def test_a_superuser_edits_every_catalogue_and_opens_nobodys_case() -> None:
    root = User.objects.create_superuser("root@example.com", "harbour-lantern-47")
    ProgrammeFactory.create_batch(2)
    assert programmes_of(root, Right.EDIT_CATALOGUE, TODAY).count() == Programme.objects.count() == 2
    assert [
        right for right in Right if right != Right.EDIT_CATALOGUE and programmes_of(root, right, TODAY)
    ] == []
