"""The public page of requirements."""

import pytest
from django.test import Client
from django.urls import reverse

from admissions_portal.support.actors import Actor
from eligibility.loading import load_policies
from programmes.loading import load_catalogue
from tests.eligibility.engine.people import AT

pytestmark = pytest.mark.django_db


def test_the_page_shows_every_rule_with_its_clause_and_no_promise(client: Client) -> None:
    load_catalogue()
    load_policies(by=Actor.system(), at=AT)
    page = client.get(reverse("eligibility:requirements"))
    text = page.content.decode()
    assert page.status_code == 200
    assert all(f"({code})" in text for code in ("HKU-E1", "HKU-E5", "UST-02", "UST-03", "UST-06", "UST-10"))
    assert "Meeting them does not guarantee admission." in text
    assert "IELTS Academic: overall 6.0 or more, no part below 5.5" in text
    assert "regulation itself was not seen" in text


def test_the_page_says_so_where_nothing_is_published(client: Client) -> None:
    assert (
        "No requirements are published yet."
        in client.get(reverse("eligibility:requirements")).content.decode()
    )


def test_the_page_asks_the_database_equally_often_however_many_versions(
    client: Client, django_assert_num_queries: object
) -> None:
    load_catalogue()
    load_policies(by=Actor.system(), at=AT)
    client.get(reverse("eligibility:requirements"))  # the first visit also fills caches
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        client.get(reverse("eligibility:requirements"))
    assert len(few) <= 5
