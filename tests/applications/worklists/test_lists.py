"""One's own lists, and the way from case to case along a list."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admissions_portal.accounts.models import User
from admissions_portal.clock.actions import start_clock_at
from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_listed_for
from applications.lifecycle.states import State
from applications.worklists.actions import (
    MOST_LISTS,
    Direction,
    ListRefused,
    delete_list,
    move_list,
    open_first,
    rename_list,
    save_list,
)
from applications.worklists.filters import Narrowing
from applications.worklists.models import SavedList
from applications.worklists.pages import Place, place_in
from applications.worklists.saved import kept_lists
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.drafts import AT, publish_policies, taught_offering

pytestmark = pytest.mark.django_db

LIST = "admin:applications_application_changelist"


@pytest.fixture
def five() -> list[Application]:
    """New cases, each in its state a day longer than the next."""
    publish_policies()
    start_clock_at(AT)
    offering = taught_offering()
    return [CaseFactory(offering=offering, state_since=AT - timedelta(days=9 - n)) for n in range(5)]


@pytest.fixture
def clerk(five: list[Application]) -> User:
    return officer(five[0].offering.programme)


def kept(user: User) -> list[tuple[str, int]]:
    visible = applications_listed_for(user, on=AT.date())
    return [(each.saved.name, each.count) for each in kept_lists(visible, user=user, at=AT)]


def test_a_list_is_kept_counted_renamed_ordered_and_forgotten(five: list[Application], clerk: User) -> None:
    by = acting(clerk)
    new = save_list(Narrowing(state="SUBMITTED"), name="  New  ones ", by=by)
    pile = save_list(Narrowing(pile="unscored", q="nobody"), name="Pile", by=by)
    save_list(Narrowing(), name="All", by=by)
    Application.objects.filter(pk=five[0].pk).update(state=State.IN_REVIEW)
    assert kept(clerk) == [("New ones", 4), ("Pile", 0), ("All", 5)]
    move_list(pile, Direction.UP, by=by)
    move_list(pile, Direction.UP, by=by)
    rename_list(new, name="Fresh", by=by)
    assert [name for name, _count in kept(clerk)] == ["Pile", "Fresh", "All"]
    delete_list(pile, by=by)
    assert kept(clerk) == [("Fresh", 4), ("All", 5)]
    for _n in range(8):
        save_list(Narrowing(pile="documents"), name=f"More {_n}", by=by)
    with CaptureQueriesContext(connection) as asked:
        kept(clerk)
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("name", "said"),
    [("  ", "Write a name for the list"), ("x" * 61, "at most 60"), ("Taken", "a list of this name already")],
)
def test_a_name_is_refused(name: str, said: str, clerk: User) -> None:
    save_list(Narrowing(), name="Taken", by=acting(clerk))
    with pytest.raises(ListRefused, match=said):
        save_list(Narrowing(), name=name, by=acting(clerk))


def test_nobody_keeps_more_than_the_desk_shows_and_nobody_touches_anothers(clerk: User) -> None:
    SavedList.objects.bulk_create(SavedList(user=clerk, name=str(n), position=n) for n in range(MOST_LISTS))
    with pytest.raises(ListRefused, match="as many as the desk shows"):
        save_list(Narrowing(), name="One more", by=acting(clerk))
    other, own = officer(CaseFactory().offering.programme), SavedList.objects.get(name="0")
    for act in (
        lambda: rename_list(own, name="Mine", by=acting(other)),
        lambda: delete_list(own, by=acting(other)),
        lambda: move_list(own, Direction.DOWN, by=acting(other)),
        lambda: open_first(own, by=acting(other)),
    ):
        with pytest.raises(PermissionDenied):
            act()
    client = Client()
    client.force_login(other)
    door = reverse("admin:applications_application_saved_list", args=[own.pk])
    assert client.post(door, {"do": "delete"}).status_code == 404


def test_a_list_is_saved_opened_first_and_put_back_in_the_browser(clerk: User) -> None:
    client, page = Client(), reverse("admin:applications_application_lists")
    client.force_login(clerk)
    refused = client.post(page, {"state": "SUBMITTED", "name": ""})
    assert "Write a name for the list" in refused.content.decode()
    assert 'name="state" value="SUBMITTED"' in refused.content.decode()
    saved = client.post(page, {"state": "SUBMITTED", "name": "<New>"})
    assert saved["Location"] == f"{reverse(LIST)}?state=SUBMITTED"
    one = SavedList.objects.get()
    door = reverse("admin:applications_application_saved_list", args=[one.pk])
    assert client.get(reverse(LIST)).status_code == 200
    client.post(door, {"do": "first"})
    assert client.get(reverse(LIST))["Location"] == f"{reverse(LIST)}?state=SUBMITTED"
    assert client.get(f"{reverse(LIST)}?order=waiting").status_code == 200
    assert "&lt;New&gt;" in client.get(reverse("admin:index")).content.decode()
    client.post(door, {"do": "not_first"})
    assert client.get(reverse(LIST)).status_code == 200


def test_cases_leave_a_list_while_somebody_walks_along_it(five: list[Application], clerk: User) -> None:
    visible = applications_listed_for(clerk, on=AT.date())

    def place(case: Application, at_place: int) -> Place:
        return place_in(visible, Narrowing(pile="new"), case.pk, at_place=at_place, user=clerk, at=AT)

    keys = [case.pk for case in five]
    assert place(five[0], 1) == Place(5, 1, None, (keys[1], 2))
    assert place(five[2], 3) == Place(5, 3, (keys[1], 2), (keys[3], 4))
    assert place(five[4], 5) == Place(5, 5, (keys[3], 4), None)
    # the case itself has left: what followed has moved up to its place
    Application.objects.filter(pk=keys[2]).update(state=State.IN_REVIEW)
    assert place(five[2], 3) == Place(4, None, (keys[1], 2), (keys[3], 3))
    # others have left before it: it is found all the same
    Application.objects.filter(pk=keys[0]).update(state=State.IN_REVIEW)
    assert place(five[4], 5) == Place(3, 3, (keys[3], 2), None)
    Application.objects.update(state=State.IN_REVIEW)
    assert place(five[4], 5) == Place(0, None, None, None)
    with CaptureQueriesContext(connection) as asked:
        place(five[4], 5)
    assert len(asked) == 1


def test_one_stays_in_the_list_after_an_act(five: list[Application], clerk: User) -> None:
    client = Client()
    client.force_login(clerk)
    listed = client.get(f"{reverse(LIST)}?pile=new").content.decode()
    address = re.findall(r'href="([^"]*place=2)"', listed)[0].replace("&amp;", "&")
    assert QueryDict(address.split("?")[1]).dict() == {"in": "pile=new", "place": "2"}
    page = client.get(address).content.decode()
    assert "2 of 5" in page
    assert f"/{five[2].pk}/?in=pile%3Dnew&amp;place=3" in page
    # an act leads back to the case without the list; another case of another tab is no obstacle
    client.get(f"{reverse('admin:applications_application_change', args=[five[4].pk])}?in=&place=5")
    after = client.get(reverse("admin:applications_application_change", args=[five[1].pk])).content.decode()
    assert ("2 of 5" in after, f"{reverse(LIST)}?pile=new" in after) == (True, True)
    # a case that one came to by no list has none
    other = client.get(reverse("admin:applications_application_change", args=[five[3].pk]))
    assert other.context["beside"] is None


@pytest.mark.parametrize(
    "odd", ["place=x", "place=0", "place=99999999", "place=1&in=%00%ff", "in=pile%3Dnew"]
)
def test_no_address_of_a_place_is_an_error(odd: str, five: list[Application], clerk: User) -> None:
    client = Client()
    client.force_login(clerk)
    client.cookies["lists"] = "zz"
    page = reverse("admin:applications_application_change", args=[five[0].pk])
    assert client.get(f"{page}?{odd}").status_code == 200
