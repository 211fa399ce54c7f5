"""The mailbox page: everything in the demonstration, and no such address elsewhere."""

import importlib
import re

import pytest
from django.urls import Resolver404, clear_url_caches, resolve

from admissions_portal.outbox import urls
from admissions_portal.outbox.actions import queue_message
from tests.factories.papers import AT, PaperFactory

pytestmark = pytest.mark.django_db


def queue(to="lin@example.org", **changes):
    return queue_message("sample", to=to, context={"name": "林雨涵 <b>"}, about=None, at=AT, **changes)


@pytest.fixture
def outside_the_demo(settings):
    def reload():
        importlib.reload(urls)
        importlib.reload(importlib.import_module(settings.ROOT_URLCONF))
        clear_url_caches()

    settings.IS_DEMO = False
    reload()
    yield
    settings.IS_DEMO = True
    reload()


def test_the_newest_mails_stand_first(client):
    queue("first@example.org")
    queue_message("sample", to="second@example.org", context={"name": "x"}, about=None, at=AT.replace(day=5))
    page = client.get("/mailbox/").content.decode()
    assert re.findall(r"(\w+)@example\.org", page) == ["second", "first"]
    assert "This page exists in the demonstration alone." in page
    assert "2 mails" in page


def test_mails_are_found_by_address(client):
    queue("lin@example.org")
    queue("chan@example.org")
    page = client.get("/mailbox/", {"q": "LIN@"}).content.decode()
    assert re.findall(r"(\w+)@example\.org", page) == ["lin"]
    assert 'value="LIN@"' in page


def test_a_search_without_result_says_so(client):
    assert "No mail holds “nobody”" in client.get("/mailbox/", {"q": "nobody"}).content.decode()


@pytest.mark.parametrize("q", ["\x00", "%", "'", "x" * 5000], ids=["null", "percent", "quote", "long"])
def test_no_search_breaks_the_page(client, q):
    assert client.get("/mailbox/", {"q": q}).status_code == 200


def test_a_mail_is_shown_as_its_reader_sees_it_with_links(client):
    message = queue()
    page = client.get(f"/mailbox/{message.pk}/").content.decode()
    assert "Dear 林雨涵 &lt;b&gt;," in page
    assert '<a href="http://127.0.0.1:8000/offers/" rel="nofollow">http://127.0.0.1:8000/offers/</a>' in page
    assert "lin@example.org" in page


def test_a_mail_that_waits_for_its_letter_says_so(client):
    message = queue(paper=PaperFactory(number="OFF-2026-00009"))
    assert (
        "It leaves when letter OFF-2026-00009 is made."
        in client.get(f"/mailbox/{message.pk}/").content.decode()
    )


def test_the_list_asks_as_many_questions_at_3_rows_as_at_20(client, django_assert_num_queries):
    def questions():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as seen:
            client.get("/mailbox/")
        return len(seen)

    for number in range(3):
        queue(f"a{number}@example.org")
    few = questions()
    for number in range(27):
        queue(f"b{number}@example.org", paper=PaperFactory())
    assert questions() == few


def test_outside_the_demo_there_is_no_such_address(outside_the_demo, client):
    message = queue()
    for address in ("/mailbox/", f"/mailbox/{message.pk}/"):
        with pytest.raises(Resolver404):
            resolve(address)
        assert client.get(address).status_code == 404


def test_outside_the_demo_the_page_itself_refuses(settings, client):
    message = queue()
    settings.IS_DEMO = False
    assert client.get("/mailbox/").status_code == 404
    assert client.get(f"/mailbox/{message.pk}/").status_code == 404
