"""Two requests or timers at the same moment: the database lets one through, the other finds it done."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from admissions_portal.outbox.models import Message
from applications.applicants.models import EnglishTest
from applications.submission.models import DraftReminder
from applications.submission.reminders import remind_before_deadline
from tests.applications.submission.test_reminders import SEVEN, begin
from tests.applications.submission.test_sections import english, ielts

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(times, act):
    """What `act` answers, done by that many at the same moment, each with a connection of its own."""

    def alone(_number):
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(alone, range(times)))


def test_timers_that_run_at_once_remind_each_draft_once(offering):
    for _draft in range(5):
        begin(offering)
    assert sum(at_once(4, lambda: remind_before_deadline(at=SEVEN))) == 5
    assert (DraftReminder.objects.count(), Message.objects.count()) == (5, 5)


def test_a_form_that_arrives_twice_at_once_makes_one_row(draft):
    at_once(4, lambda: english(draft, ielts()))
    assert EnglishTest.objects.count() == 1
