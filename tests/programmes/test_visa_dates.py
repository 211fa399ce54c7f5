"""The last days that leave time for a visa, counted from the start by the normal times (UST-17, 20–22)."""

from datetime import date

import pytest

from programmes.visa import Outlook, visa_dates

START = date(2026, 9, 1)

DAYS = {
    # the day before the start, then eight weeks, then six
    "from overseas": (False, date(2026, 8, 31), date(2026, 8, 31), date(2026, 7, 6), date(2026, 7, 20)),
    # two weeks for the exit endorsement come on top
    "from the Mainland": (True, date(2026, 8, 31), date(2026, 8, 17), date(2026, 6, 22), date(2026, 7, 6)),
}


@pytest.mark.parametrize(
    ("mainland", "registered_by", "approved_by", "safe_on", "latest_on"), DAYS.values(), ids=DAYS.keys()
)
def test_days_for_a_start_on_1_september_2026(mainland, registered_by, approved_by, safe_on, latest_on):
    dates = visa_dates(START, from_mainland=mainland)
    assert (dates.registered_by, dates.approved_by, dates.safe_on, dates.latest_on) == (
        registered_by,
        approved_by,
        safe_on,
        latest_on,
    )


LEFT = {
    "the last day for eight weeks": (date(2026, 7, 6), Outlook.SAFE),
    "the day after": (date(2026, 7, 7), Outlook.TIGHT),
    "the last day for six weeks": (date(2026, 7, 20), Outlook.TIGHT),
    "the day after that": (date(2026, 7, 21), Outlook.LATE),
    "after the start": (date(2026, 9, 2), Outlook.LATE),
}


@pytest.mark.parametrize(("on", "outlook"), LEFT.values(), ids=LEFT.keys())
def test_what_is_left_to_somebody_from_overseas_on(on, outlook):
    assert visa_dates(START, from_mainland=False).outlook(on) == outlook


def test_nothing_is_invented_where_no_start_is_published():
    assert visa_dates(None, from_mainland=True) is None
