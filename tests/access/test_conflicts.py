"""Whoever has a conflict of interest with a case finds nothing of it, whatever their roles (PRODUCT E5)."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from admissions_portal.support.actors import Actor
from applications.exports.models import ExportLog
from applications.lifecycle.conflicts import declare_conflict
from applications.lifecycle.models import ConflictReason
from tests.access.addresses import addresses, filled
from tests.access.table import ACTS, EXPECTED, MAY_SHOW
from tests.access.test_access import ask, signed_in
from tests.access.world import CANARIES, NOW, World, appointed
from tests.factories.applications import CaseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_quiet")]


@pytest.fixture
def recused(world: World) -> User:
    """Somebody with every role in the programme, who has declared a conflict with the case."""
    user = appointed(world.case.offering.programme)
    declare_conflict(world.case, reason=ConflictReason.RELATION, words="Kin", by=Actor.of(user), at=NOW)
    return user


def test_no_page_file_or_search_of_the_portal_shows_anything_of_the_case(recused: User, world: World) -> None:
    client = signed_in(recused)
    opened, leaks = {}, {}
    roles = [role.lower() for role in Role]
    pages = {
        name: filled(name, world)
        for name in addresses()
        if any(EXPECTED.get(name, {}).get(role) == 200 for role in roles)
        and not name.startswith(("account", "mfa", "programmes"))
    }
    lists = [reverse(f"admin:{page}") for page in ("applications_application_changelist", "shortlist")]
    for said in (world.case.number, CANARIES[0], CANARIES[2], CANARIES[3]):
        pages |= {f"{page}?q={said}": f"{page}?q={said}" for page in lists}
    for name, address in pages.items():
        status, body = ask(client, "get", address)
        if str(world.case.pk) in address.partition("?")[0] and status not in (404, 405):
            opened[name] = status
        # what was searched for stands in the field of the search
        shown = [each for each in (*CANARIES, world.case.number) if each in body and each not in address]
        if shown and name not in MAY_SHOW:
            leaks[name] = shown
    assert opened == {}
    assert leaks == {}


def test_the_log_of_exports_no_longer_tells_of_the_case_on_its_own(recused: User, world: World) -> None:
    made = {
        said: ExportLog.objects.create(
            exported_by=recused, exported_at=NOW, kind="whole_case", format="CSV", rows=1, filters=said_in
        )
        for said, said_in in (("its", {"q": world.case.number}), ("another's", {"q": "X"}), ("all", {}))
    }
    client = signed_in(recused)
    status = {
        said: ask(client, "get", reverse("admin:applications_exportlog_change", args=[log.pk]))[0]
        for said, log in made.items()
    }
    assert status == {"its": 302, "another's": 200, "all": 200}


def test_no_act_reaches_the_case(recused: User, world: World) -> None:
    client = signed_in(recused)
    acts = [name for name in ACTS if name.startswith("admin:")]
    assert {name: ask(client, "post", filled(name, world))[0] for name in acts} == dict.fromkeys(acts, 404)


def test_what_is_exported_and_counted_is_the_rest(recused: User, world: World) -> None:
    rest = CaseFactory(offering=world.case.offering)
    client = signed_in(recused)
    status, body = ask(client, "post", reverse("admin:shortlist_export", args=["CSV"]))
    rows = list(csv.reader(io.StringIO(body.removeprefix("\ufeff"))))
    assert status == 200
    assert [rest.number in row for row in rows[1:]] == [True]
    status, desk = ask(client, "get", reverse("admin:index"))
    assert status == 200
    assert [canary for canary in CANARIES if canary in desk] == []
    colleague = signed_in(world.people["coordinator"])
    _status, body = ask(colleague, "post", reverse("admin:shortlist_export", args=["CSV"]))
    assert len(list(csv.reader(io.StringIO(body)))) == 3
