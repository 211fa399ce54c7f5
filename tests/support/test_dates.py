"""Dates as the portal writes them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from admissions_portal.clock import HONG_KONG
from admissions_portal.support import dates

CLOSE = datetime(2026, 3, 31, 23, 59, tzinfo=HONG_KONG)


def plain(text: str) -> str:
    return text.replace(dates.NBSP, " ")


@pytest.mark.parametrize(
    ("language", "written"),
    [
        pytest.param("en", "31 March 2026, 23:59 HKT", id="English"),
        pytest.param("zh-hant", "2026年3月31日 23:59（香港時間）", id="Traditional Chinese"),
        pytest.param("zh-hans", "2026年3月31日 23:59（香港时间）", id="Simplified Chinese"),
    ],
)
def test_an_instant_carries_its_zone_in_each_language(language: str, written: str) -> None:
    with translation.override(language):
        assert plain(dates.hong_kong_time(CLOSE)) == written


def test_day_and_time_are_each_unbroken() -> None:
    assert dates.hong_kong_time(CLOSE).split(" ") == ["31\xa0March\xa02026,", "23:59\xa0HKT"]


def test_an_instant_of_another_zone_is_shown_in_hong_kong_time() -> None:
    assert plain(dates.hong_kong_time(datetime(2026, 3, 31, 15, 59, 7, tzinfo=UTC), seconds=True)) == (
        "31 March 2026, 23:59:07 HKT"
    )


def test_a_day_is_the_day_in_hong_kong() -> None:
    assert plain(dates.hong_kong_day(datetime(2026, 3, 31, 16, 0, tzinfo=UTC))) == "1 April 2026"
    assert plain(dates.hong_kong_day(date(2026, 9, 1))) == "1 September 2026"
    assert plain(dates.short_day(date(2026, 4, 7))) == "7 Apr"
    with translation.override("zh-hant"):
        assert dates.short_day(date(2026, 4, 7)) == "4月7日"


@pytest.mark.parametrize(
    ("now", "words"),
    [
        pytest.param(datetime(2026, 3, 25, 10, 14, tzinfo=HONG_KONG), "in 6 days", id="whole days only"),
        pytest.param(CLOSE - timedelta(days=1), "in 1 day", id="exactly a day"),
        pytest.param(CLOSE - timedelta(hours=23, minutes=59), "in 23 hours", id="under 24 hours in hours"),
        pytest.param(CLOSE - timedelta(minutes=59), "in 59 minutes", id="under an hour in minutes"),
        pytest.param(CLOSE - timedelta(seconds=59), "in less than a minute", id="the last minute"),
        pytest.param(CLOSE, "in less than a minute", id="the instant itself"),
        pytest.param(CLOSE + timedelta(minutes=5), "closed 5 minutes ago", id="just missed"),
        pytest.param(CLOSE + timedelta(hours=10), "closed 10 hours ago", id="the morning after"),
        pytest.param(
            datetime(2026, 4, 10, 10, 5, tzinfo=HONG_KONG),
            "closed 10 days ago",
            id="calendar days afterwards",
        ),
    ],
)
def test_what_is_left_until_a_deadline(now: datetime, words: str) -> None:
    assert dates.time_left(CLOSE, now) == words
