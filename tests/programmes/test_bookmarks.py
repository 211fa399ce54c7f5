"""Programmes a person saves: theirs alone, kept through sign-in, told what they wait for."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admissions_portal.accounts.models import User
from admissions_portal.history.models import Event
from admissions_portal.outbox.models import Message
from admissions_portal.support.actors import Actor
from programmes.actions import forget_programme, save_programme
from programmes.models import Bookmark, Programme
from programmes.queries import programmes_saved_by, saved_ids
from tests.accounts.conftest import code_in, outbox  # noqa: F401  fixtures
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.programmes import ProgrammeFactory, hkt
from tests.programmes.test_pages import a_programme, words

pytestmark = pytest.mark.django_db
At = Callable[[datetime], None]
MARCH, JUNE = hkt(2026, 3, 24, 9), hkt(2026, 6, 10, 9)


@pytest.fixture
def user() -> User:
    made: User = UserFactory()
    return made


@pytest.fixture(autouse=True)
def fresh_limits() -> Any:
    """Sign-in counts its attempts in the cache, which outlives a test."""
    yield
    cache.clear()


def press(client: Client, act: str, programme: Programme, **typed: str) -> Any:
    return client.post(reverse(f"programmes:{act}", args=[programme.slug]), typed)


def listed(client: Client) -> str:
    return words(client.get(reverse("programmes:saved")).content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def saved_names(user: User) -> list[str]:
    return [row.programme.name for row in programmes_saved_by(user, at=MARCH)]


def test_saving_twice_is_saving_once_and_the_first_time_counts(user: User) -> None:
    programme = ProgrammeFactory()
    first = save_programme(programme, by=Actor.of(user), at=MARCH)
    assert save_programme(programme, by=Actor.of(user), at=JUNE) == first
    assert Bookmark.objects.get().saved_at == MARCH
    assert Event.objects.count() == 0  # nobody's business


def test_what_one_person_forgets_another_keeps(user: User) -> None:
    programme, other = ProgrammeFactory(), UserFactory()
    for each in (user, other):
        save_programme(programme, by=Actor.of(each), at=MARCH)
    assert forget_programme(programme, by=Actor.of(user)) is True
    assert forget_programme(programme, by=Actor.of(user)) is False
    assert [saved_ids(user), saved_ids(other)] == [frozenset(), {programme.pk}]


def test_the_latest_saved_stands_first(user: User) -> None:
    for month, name in ((3, "March"), (5, "May"), (4, "April")):
        save_programme(ProgrammeFactory(name=name), by=Actor.of(user), at=hkt(2026, month, 1))
    assert saved_names(user) == ["May", "April", "March"]


def test_the_star_saves_and_takes_off_again_and_comes_back(client: Client, user: User) -> None:
    programme = ProgrammeFactory(name="Master of Stars")
    client.force_login(user)
    assert "Save: Master of Stars" in words(client.get("/").content.decode())
    answer = press(client, "save", programme, next="/?q=stars")
    assert answer.url == "/?q=stars"
    page = words(client.get(answer.url).content.decode())
    assert "Master of Stars is among your saved programmes." in page
    assert "Saved: Master of Stars. Take it off your list" in page
    answer = press(client, "forget", programme, next="https://elsewhere.example/")
    assert answer.url == programme.get_absolute_url()  # never to another site
    assert "Save: Master of Stars" in words(client.get(answer.url).content.decode())
    assert press(client, "forget", programme).status_code == 302  # pressed twice
    assert saved_names(user) == []


def test_a_visitor_who_presses_it_signs_in_and_has_it(client: Client, user: User) -> None:
    wanted = [ProgrammeFactory(name="First"), ProgrammeFactory(name="Second")]
    for programme in wanted:
        answer = press(client, "save", programme, next="/?q=x")
    assert answer.url == "/account/login/?next=/%3Fq%3Dx"
    assert "Second is then on your list of saved programmes." in words(
        client.get(answer.url).content.decode()
    )
    assert Bookmark.objects.count() == 0
    answer = client.post("/account/login/", {"login": user.email, "password": PASSWORD, "next": "/?q=x"})
    assert answer.url == "/?q=x"
    assert sorted(saved_names(user)) == ["First", "Second"]
    assert "First is among your saved programmes." in words(client.get("/?q=x").content.decode())
    assert "programmes_to_save" not in client.session  # kept once, not at every sign-in
    forget_programme(wanted[0], by=Actor.of(user))
    client.post("/account/logout/")
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert saved_names(user) == ["Second"]


@pytest.mark.usefixtures("outbox")
def test_a_visitor_without_an_account_makes_one_and_has_it(
    client: Client,
    code_in: Callable[[Message], str],  # noqa: F811
) -> None:
    programme = ProgrammeFactory(name="Worth an account")
    back = press(client, "save", programme).url.partition("next=")[2]
    new = {"email": "hannah.lin@example.org", "password1": PASSWORD, "next": back}
    assert client.post("/account/signup/", new).url == "/account/confirm-email/"
    answer = client.post("/account/confirm-email/", {"code": code_in(Message.objects.get())})
    assert answer.url == programme.get_absolute_url()
    assert saved_names(User.objects.get()) == ["Worth an account"]


def test_a_hidden_programme_cannot_be_saved_nor_its_name_learnt(client: Client, user: User) -> None:
    hidden = ProgrammeFactory(is_published=False)
    assert press(client, "save", hidden).status_code == 404
    client.force_login(user)
    assert [press(client, act, hidden).status_code for act in ("save", "forget")] == [404, 404]


def test_a_programme_that_left_the_catalogue_stays_on_the_list(client: Client, user: User) -> None:
    programme = ProgrammeFactory(name="Master of Leaving", office__name="Leaving Office")
    save_programme(programme, by=Actor.of(user), at=MARCH)
    Programme.objects.update(is_published=False)
    client.force_login(user)
    html = client.get(reverse("programmes:saved")).content.decode()
    assert "Master of Leaving" in html
    assert programme.get_absolute_url() + '"' not in html
    assert "No longer in the catalogue. Ask the Leaving Office." in words(html)
    assert press(client, "forget", programme, next="/saved/").url == "/saved/"
    assert "Nothing saved yet." in listed(client)


@pytest.mark.usefixtures("catalogue")
def test_the_list_says_what_each_programme_waits_for(client: Client, user: User, at_moment: At) -> None:
    for slug in ("hku-mmedsc", "hkust-phd-chemistry"):
        save_programme(Programme.objects.get(slug=slug), by=Actor.of(user), at=MARCH)
    client.force_login(user)
    at_moment(MARCH)
    assert "Round 1 closes 31 March 2026, 23:59 HKT in 7 days" in listed(client)
    assert (
        "No closing date published. It cannot be applied for yet. Applications for the Fall Term"
        in listed(client)
    )
    at_moment(JUNE)
    text = listed(client)
    assert "closed 9 days ago The next intake is not announced." in text
    assert "2027" not in text


def test_the_list_is_the_persons_own(client: Client, user: User) -> None:
    save_programme(ProgrammeFactory(name="Mine"), by=Actor.of(user), at=MARCH)
    assert client.get("/saved/").url == "/account/login/?next=/saved/"
    client.force_login(UserFactory())
    assert "Mine" not in client.get("/saved/").content.decode()
    assert "Nothing saved yet." in listed(client)


def test_a_longer_list_asks_no_more_queries(user: User) -> None:
    counts = []
    for wanted in (3, 30):
        while Bookmark.objects.count() < wanted:
            save_programme(a_programme(), by=Actor.of(user), at=MARCH)
        with CaptureQueriesContext(connection) as queries:
            assert len(programmes_saved_by(user, at=MARCH)) == wanted
        counts.append(len(queries))
    assert counts[0] == counts[1]
