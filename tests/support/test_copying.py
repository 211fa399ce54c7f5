"""Rows written by COPY are the rows one would read after saving them one by one."""

import uuid
from datetime import UTC, datetime

import pytest

from admissions_portal.history.models import Event
from admissions_portal.support.copying import copy_rows

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 31, 23, 59, 59, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "",
        "a\tb",
        "a\nb\r\nc",
        "back\\slash",
        "\\N",
        "\\.",
        "林芷晴 𠮷",
        "quote ' and \" and {}",
        "a\\tb",
    ],
    ids=repr,
)
def test_any_text_arrives_as_it_was(text: str) -> None:
    key = str(uuid.uuid4())
    copy_rows(
        Event,
        ("kind", "about_kind", "about_id", "at", "actor_kind", "actor_id", "data"),
        [("a.b", "x", key, AT, "USER", text[:40], '{"n": 1}')],
    )
    event = Event.objects.get(about_id=key)
    assert (event.actor_id, event.at, event.data) == (text[:40], AT, {"n": 1})
    event.pk = None
    event.save()
    copied, saved = Event.objects.filter(about_id=key).values_list("kind", "at", "actor_id", "data")
    assert copied == saved


def test_no_rows_are_no_work(django_assert_num_queries: object) -> None:
    copy_rows(Event, ("kind",), [])
    assert not Event.objects.exists()
