"""Reminders before a round closes: each once, to whom it is open, the nearest alone after an outage."""

from datetime import timedelta

import pytest

from admissions_portal.outbox.models import Message
from applications.applicants.choices import ResidenceStatus as R
from applications.home.queries import messages_to
from applications.lifecycle.models import Application
from applications.submission.actions import submit_application
from applications.submission.declarations import in_force
from applications.submission.models import DraftReminder
from applications.submission.reminders import remind_before_deadline
from applications.ticks import TICKS
from tests.factories.applicants import ApplicantFactory
from tests.factories.applications import DraftFactory
from tests.factories.drafts import AT, own, ready_draft, research_offering
from tests.factories.programmes import OfferingFactory, RoundFactory, hkt

# Round 1 of the factories closes 31 March 2026, 23:59; Round 2, for locals, 31 May
SEVEN, THREE, ONE = hkt(2026, 3, 24, 23, 59), hkt(2026, 3, 28, 23, 59), hkt(2026, 3, 30, 23, 59)
CLOSED = hkt(2026, 4, 1)
SECOND = timedelta(seconds=1)
BEGUN = hkt(2026, 3, 1)


def begin(offering, residence=R.PERMANENT_RESIDENT, started_at=BEGUN, **person):
    return DraftFactory(
        offering=offering,
        applicant=ApplicantFactory(residence_status=residence, **person),
        started_at=started_at,
    )


def decided():
    """(round, days, status) in the order decided."""
    return list(DraftReminder.objects.order_by("pk").values_list("round__number", "days_before", "status"))


def test_each_of_three_is_sent_once_however_often_the_job_runs(offering):
    begin(offering)
    moments = [SEVEN - SECOND, SEVEN, SEVEN + SECOND, THREE - SECOND, THREE, THREE, ONE, ONE + SECOND]
    sent = [remind_before_deadline(at=at) for at in [*moments, CLOSED - SECOND, CLOSED]]
    assert sent == [0, 1, 0, 0, 1, 0, 1, 0, 0, 0]
    assert decided() == [(1, 7, "QUEUED"), (1, 3, "QUEUED"), (1, 1, "QUEUED")]
    assert Message.objects.count() == 3
    assert [reminder.message.about_id for reminder in DraftReminder.objects.all()] == [
        str(Application.objects.get().pk)
    ] * 3


@pytest.mark.parametrize(
    ("missed_until", "expected"),
    [
        pytest.param(THREE, [(1, 3, "QUEUED"), (1, 7, "SKIPPED")], id="7 was missed"),
        pytest.param(ONE, [(1, 1, "QUEUED"), (1, 3, "SKIPPED"), (1, 7, "SKIPPED")], id="7 and 3 were missed"),
        pytest.param(
            CLOSED - SECOND, [(1, 1, "QUEUED"), (1, 3, "SKIPPED"), (1, 7, "SKIPPED")], id="the last second"
        ),
    ],
)
def test_after_an_outage_only_the_nearest_is_sent_and_the_others_are_recorded(
    offering, missed_until, expected
):
    begin(offering)
    assert remind_before_deadline(at=missed_until) == 1
    assert decided() == expected
    assert Message.objects.count() == 1


def test_after_the_close_nothing_is_sent_and_nothing_recorded(offering):
    begin(offering, R.STUDENT_VISA)
    assert (remind_before_deadline(at=CLOSED), decided()) == (0, [])


@pytest.mark.parametrize(
    ("residence", "rounds"),
    [
        pytest.param(R.PERMANENT_RESIDENT, [1, 2], id="a local, before either round"),
        pytest.param(R.STUDENT_VISA, [1], id="a non-local, before Round 1 alone"),
        pytest.param(R.IANG, [1], id="by HKU's own definition"),
        pytest.param(R.OTHER, [1, 2], id="a status an officer decides on"),
        pytest.param(R.NOT_SURE, [1, 2], id="not sure: an officer decides, so either round"),
        pytest.param("", [1], id="nothing said: as a non-local"),
    ],
)
def test_the_declared_residence_decides_which_rounds_are_reminded_of(offering, residence, rounds):
    begin(offering, residence)
    for at in (SEVEN, hkt(2026, 5, 25, 9)):
        remind_before_deadline(at=at)
    assert decided() == [(number, 7, "QUEUED") for number in rounds]


def test_at_hkust_an_iang_holder_is_reminded_of_a_round_for_locals():
    begin(research_offering(), R.IANG)
    assert remind_before_deadline(at=hkt(2026, 5, 30, 23, 59)) == 1


def test_of_two_open_rounds_the_earlier_is_reminded_of():
    offering = OfferingFactory()
    RoundFactory(offering=offering, number=1, closes_at=hkt(2026, 4, 3, 12))
    RoundFactory(offering=offering, number=2, closes_at=hkt(2026, 4, 1, 12))
    begin(offering)
    remind_before_deadline(at=hkt(2026, 3, 31, 12))
    assert decided() == [(2, 1, "QUEUED"), (2, 3, "SKIPPED"), (2, 7, "SKIPPED")]


def test_a_draft_begun_after_a_reminder_was_due_gets_the_next_one_only(offering):
    begin(offering, started_at=THREE + SECOND)
    assert remind_before_deadline(at=THREE + 2 * SECOND) == 0
    assert decided() == [(1, 3, "SKIPPED"), (1, 7, "SKIPPED")]
    assert remind_before_deadline(at=ONE) == 1


def test_what_is_submitted_is_not_reminded(offering):
    draft = ready_draft(offering)
    submit_application(draft, declaration=in_force(on=AT.date()), by=own(draft), at=AT)
    assert remind_before_deadline(at=SEVEN) == 0
    assert decided() == []


def test_once_it_is_submitted_its_reminder_asks_no_more_to_be_read(offering):
    draft, other = ready_draft(offering), begin(offering)
    assert remind_before_deadline(at=SEVEN) == 2
    submit_application(draft, declaration=in_force(on=AT.date()), by=own(draft), at=SEVEN)

    def new(case):
        return list(
            messages_to(case.applicant.user, at=SEVEN).filter(is_new=True).values_list("kind", flat=True)
        )

    assert ("draft_reminder" in new(draft), new(other)) == (False, ["draft_reminder"])
    assert Message.objects.filter(read_at=None, kind="draft_reminder").count() == 2


def test_nobody_is_written_to_whose_account_is_closed(offering):
    draft = begin(offering)
    draft.applicant.user.is_active = False
    draft.applicant.user.save()
    assert remind_before_deadline(at=SEVEN) == 0


def test_a_round_that_is_not_open_yet_or_not_announced_reminds_nobody():
    offering = OfferingFactory()
    RoundFactory(offering=offering, number=1, opens_at=hkt(2026, 3, 30), opens_reading="x")
    RoundFactory(offering=offering, number=2, closes_at=None)
    begin(offering)
    assert remind_before_deadline(at=SEVEN) == 0


def test_the_message_says_what_closes_when_and_where_to_go(offering):
    draft = begin(offering)
    remind_before_deadline(at=THREE)
    message = Message.objects.get()
    body = message.body.replace("\N{NO-BREAK SPACE}", " ")
    assert message.subject.replace("\N{NO-BREAK SPACE}", " ") == (
        "Your draft is not submitted: Round 1 closes 31 March 2026, 23:59 HKT"
    )
    assert "Round 1 closes on\n31 March 2026, 23:59 HKT (in 3 days).\n" in body
    assert f"/applications/{draft.pk}/review/" in body
    assert (message.kind, message.due_at, message.about_kind) == ("draft_reminder", THREE, "application")


def test_somebody_without_a_name_yet_is_greeted_all_the_same(offering):
    begin(offering, family_name="", given_names="", chinese_name="", preferred_name="")
    remind_before_deadline(at=SEVEN)
    assert Message.objects.get().body.startswith("Dear applicant,\n")


def test_queries_do_not_grow_with_the_drafts(offering, django_assert_num_queries):
    """The decision is one statement; each message is one row more."""
    for _draft in range(3):
        begin(offering)
    with django_assert_num_queries(6 + 3):
        assert remind_before_deadline(at=SEVEN) == 3


def test_beat_knows_it():
    assert remind_before_deadline in TICKS
