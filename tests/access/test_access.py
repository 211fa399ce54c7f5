"""Every address answers each visitor as the table says, and shows nobody outside anything of the case."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from applications.lifecycle.models import Application
from tests.access.addresses import addresses, filled
from tests.access.table import ACTS, DOORS, EXPECTED, LOGIN, MAY_SHOW, OUTSIDERS, VISITORS, Answer
from tests.access.world import CANARIES, World
from tests.factories.accounts import StaffFactory
from tests.factories.programmes import AppointmentFactory

pytestmark = pytest.mark.django_db


def signed_in(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def ask(client: Client, method: str, address: str) -> tuple[Answer, str]:
    """Status and body; a way to the sign-in page is called so. Nothing that was changed stays."""
    before = transaction.savepoint()
    response = getattr(client, method)(address)
    body = b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]
    transaction.savepoint_rollback(before)
    if response.status_code == 302 and response["Location"].startswith(("/account/login/", "/office/login/")):
        return LOGIN, ""
    return response.status_code, body.decode(errors="replace")


def test_every_address_has_a_line_in_the_table() -> None:
    assert sorted(set(addresses()) ^ set(EXPECTED)) == []


@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize("visitor", VISITORS)
def test_every_address_answers_as_the_table_says(visitor: str, world: World) -> None:
    client = signed_in(world.people[visitor])
    wrong, leaks = {}, {}
    for name in addresses():
        status, body = ask(client, "get", filled(name, world))
        if status != EXPECTED[name][visitor]:
            wrong[name] = status
        shown = [canary for canary in CANARIES if canary in body]
        if shown and visitor in OUTSIDERS and name not in MAY_SHOW:
            leaks[name] = shown
    assert wrong == {}
    assert leaks == {}


@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize("visitor", ["anonymous", *OUTSIDERS])
def test_nobody_outside_acts_on_somebodys_case(visitor: str, world: World) -> None:
    client = signed_in(world.people[visitor])
    is_applicant = visitor == "another applicant"
    before = Application.objects.values_list("state", "updated_at").get(pk=world.case.pk)
    got = {name: ask(client, "post", filled(name, world))[0] for name in ACTS}
    assert got == {
        name: LOGIN if visitor == "anonymous" or (is_applicant and name.startswith("admin:")) else 404
        for name in ACTS
    }
    assert Application.objects.values_list("state", "updated_at").get(pk=world.case.pk) == before


@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize("role", [role.lower() for role in Role])
def test_staff_of_the_programme_open_the_doors_their_role_gives(role: str, world: World) -> None:
    client = signed_in(world.people[role])
    opened = {
        door
        for door in DOORS
        if ask(client, "post", filled(f"admin:applications_application_{door}", world))[0] != 404
    }
    assert opened == {door for door, roles in DOORS.items() if role in roles}


@pytest.mark.parametrize(
    "visitor", ["superuser", "staff of another programme", "reviewer", "programme_office"]
)
def test_without_the_right_nothing_is_exported(visitor: str, world: World) -> None:
    status, body = ask(
        signed_in(world.people[visitor]), "post", reverse("admin:shortlist_export", args=["CSV"])
    )
    # whoever may export elsewhere gets a file without this case
    assert status == (200 if visitor == "staff of another programme" else 403)
    assert [canary for canary in CANARIES if canary in body] == []


def test_a_superuser_opens_a_case_once_appointed(world: World) -> None:
    root = world.people["superuser"]
    assert root is not None
    client, page = signed_in(root), filled("admin:applications_application_change", world)
    assert client.get(page).status_code == 404
    AppointmentFactory(user=root, programme=world.case.offering.programme, role=Role.REVIEWER)
    assert client.get(page).status_code == 200


@pytest.mark.parametrize(
    "ends",
    [pytest.param(date(2026, 5, 4), id="ended yesterday"), pytest.param(None, id="begins tomorrow")],
)
def test_an_appointment_of_another_day_opens_nothing(ends: date | None, world: World) -> None:
    user = StaffFactory()
    begins = date(2025, 9, 1) if ends else date(2026, 5, 6)
    AppointmentFactory(user=user, programme=world.case.offering.programme, from_on=begins, until_on=ends)
    client = signed_in(user)
    assert client.get(filled("admin:applications_application_change", world)).status_code == 404
    assert client.get(filled("applications:document", world)).status_code == 404


def test_a_draft_is_nobodys_but_the_applicants(world: World) -> None:
    office = signed_in(world.people["programme_office"])
    assert (
        office.get(reverse("admin:applications_application_change", args=[world.draft.pk])).status_code == 404
    )
    assert office.get(reverse("applications:document", args=[world.own_document.pk])).status_code == 404
    assert office.get(filled("applications:document", world)).status_code == 200


@pytest.mark.parametrize("role", Role.values)
def test_nobody_in_an_office_handles_an_application_of_their_own(role: str, world: World) -> None:
    owner = User.objects.get(pk=world.case.applicant.user_id)
    owner.is_staff = True
    owner.save()
    AppointmentFactory(user=owner, programme=world.case.offering.programme, role=role)
    client = signed_in(owner)
    assert client.get(filled("admin:applications_application_change", world)).status_code == 404
    assert client.get(filled("applications:overview", world)).status_code == 200
    assert client.get(filled("applications:document", world)).status_code == 200
