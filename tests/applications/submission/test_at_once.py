"""Two requests or timers at the same moment: the database lets one through, the other finds it done."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from admissions_portal.accounts.roles import Role
from admissions_portal.outbox.models import Message
from applications.applicants.models import EnglishTest
from applications.lifecycle.actions import apply_transition
from applications.lifecycle.models import Application
from applications.lifecycle.transitions import Move
from applications.submission.actions import submit_application
from applications.submission.amendments import begin_amendment
from applications.submission.declarations import in_force
from applications.submission.models import DraftReminder, Submission
from applications.submission.reminders import remind_before_deadline
from tests.applications.submission.test_reminders import SEVEN, begin
from tests.applications.submission.test_sections import english, ielts
from tests.factories.applications import acting, officer
from tests.factories.drafts import AT, own

DECLARED = in_force(on=AT.date())

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


def test_changes_submitted_twice_at_once_are_one_submission_with_one_receipt(draft):
    submit_application(draft, declaration=DECLARED, by=own(draft), at=AT)
    made = begin_amendment(Application.objects.get(), by=own(draft), at=AT)
    sent = at_once(4, lambda: submit_application(made, declaration=DECLARED, by=own(draft), at=AT))
    assert len({each.pk for each in sent}) == 1
    assert sorted(Submission.objects.values_list("sequence", flat=True)) == [1, 2]
    assert Message.objects.count() == 2


def test_an_amendment_begun_twice_at_once_is_one(draft):
    submit_application(draft, declaration=DECLARED, by=own(draft), at=AT)
    case = Application.objects.get()
    assert len({each.pk for each in at_once(4, lambda: begin_amendment(case, by=own(draft), at=AT))}) == 1


def test_an_officer_who_begins_to_read_while_it_is_sent_again_loses_nothing(draft):
    """Whoever is first: the case holds what was sent last, and is under consideration."""
    submit_application(draft, declaration=DECLARED, by=own(draft), at=AT)
    case = Application.objects.get()
    made = begin_amendment(case, by=own(draft), at=AT)
    reader = acting(officer(case.offering.programme, Role.REVIEWER))
    acts = [
        lambda: submit_application(made, declaration=DECLARED, by=own(draft), at=AT),
        lambda: apply_transition(Application.objects.get(pk=case.pk), Move.BEGIN_REVIEW, by=reader, at=AT),
    ]
    waiting = iter(acts)
    at_once(2, lambda: next(waiting)())
    case.refresh_from_db()
    assert case.is_considered
    assert case.submissions.count() == 2
