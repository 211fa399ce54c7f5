"""What a draft is told when a round closes on it, once, however often or late the clock asks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from admissions_portal.outbox.models import Message
from applications.applicants.choices import ResidenceStatus as R
from applications.late_entry.actions import (
    CodeScope,
    CodeTerms,
    extend_deadline,
    make_access_code,
    use_access_code,
)
from applications.lifecycle.models import Application
from applications.submission.actions import submit_application
from applications.submission.amendments import begin_amendment
from applications.submission.closed_rounds import tell_of_closed_rounds
from applications.submission.declarations import in_force
from applications.submission.models import ClosedRoundNotice
from applications.submission.queries import told_of
from applications.ticks import TICKS
from tests.applications.submission.test_at_once import at_once
from tests.factories.applications import acting, officer
from tests.factories.drafts import AT, own, ready_draft
from tests.factories.programmes import RoundFactory, hkt

pytestmark = pytest.mark.django_db

# the last second of the printed minute, and the first after it
LAST = hkt(2026, 3, 31, 23, 59, 59)
CLOSED = hkt(2026, 4, 1)
BOTH_CLOSED = hkt(2026, 6, 1)


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def outcomes():
    return list(ClosedRoundNotice.objects.order_by("closed_from").values_list("round__label", "outcome"))


def begun(offering, residence=R.PERMANENT_RESIDENT, at=AT):
    draft = ready_draft(offering, residence_status=residence)
    Application.objects.filter(pk=draft.pk).update(started_at=at)
    return draft


def test_beats_list_of_ticks_has_it():
    assert tell_of_closed_rounds in TICKS


def test_while_the_printed_minute_lasts_nothing_has_closed(offering):
    begun(offering)
    assert tell_of_closed_rounds(at=LAST) == 0
    assert tell_of_closed_rounds(at=CLOSED) == 1


def test_a_locals_draft_moves_to_round_2_and_is_told(offering):
    draft = begun(offering)
    tell_of_closed_rounds(at=CLOSED)
    [message] = Message.objects.all()
    assert plain(message.subject) == (
        "Round 1 has closed; your draft is now for Round 2, until 31 May 2026, 23:59 HKT"
    )
    assert "You need not begin again." in plain(message.body).replace("\n", " ")
    assert outcomes() == [("Round 1", "MOVED")]
    assert told_of([draft.pk])[draft.pk].next_round.number == 2


def test_a_non_locals_draft_is_kept_and_told_why_and_what_can_be_done(offering):
    draft = begun(offering, R.STUDENT_VISA)
    tell_of_closed_rounds(at=CLOSED)
    body = plain(Message.objects.get().body).replace("\n", " ")
    assert "by this university’s definition you are non-local" in body
    assert "correct it under “Local or non-local”" in body
    assert "access code for late entry" in body
    assert "2027" not in body
    assert outcomes() == [("Round 1", "LOCAL_ONLY")]
    assert Application.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize("residence", [R.STUDENT_VISA, ""], ids=["a non-local", "somebody who has not said"])
def test_whoever_the_office_lets_in_late_is_told_until_when_and_not_that_it_is_over(offering, residence):
    draft, office = begun(offering, residence), acting(officer(offering.programme))
    more = {"email": draft.applicant.user.email, "valid_until": hkt(2026, 4, 10, 23, 59), "reason": "Ill."}
    extend_deadline(offering, by=office, at=LAST, **more)
    tell_of_closed_rounds(at=CLOSED)
    message = Message.objects.get(kind="round_closed")
    assert plain(message.subject) == (
        "Round 1 has closed; you may still submit until 10 April 2026, 23:59 HKT"
    )
    body = plain(message.body).replace("\n", " ")
    assert "it can be submitted until 10 April 2026, 23:59 HKT" in body
    assert ("not received in time" in body, "access code" in body) == (False, False)


def test_a_code_for_a_round_of_other_people_lets_nobody_in_late(offering):
    draft, office = begun(offering, R.STUDENT_VISA), acting(officer(offering.programme))
    scope = CodeScope(offering.programme, offering, offering.rounds.get(number=2))
    _code, text = make_access_code(scope, CodeTerms(hkt(2026, 7, 1, 23, 59)), by=office, at=LAST)
    use_access_code(draft, text, by=own(draft), at=LAST)
    tell_of_closed_rounds(at=CLOSED)
    assert plain(Message.objects.get().subject) == "Round 1 has closed on your draft"


def test_whoever_has_not_said_is_told_both(offering):
    begun(offering, "")
    tell_of_closed_rounds(at=CLOSED)
    body = plain(Message.objects.get().body)
    assert "If you are local by this university’s definition" in body
    assert "If you are non-local, no round that is announced takes it." in body
    assert outcomes() == [("Round 1", "UNSAID")]


def test_told_once_however_often_and_late_it_is_asked(offering):
    begun(offering)
    assert [tell_of_closed_rounds(at=at) for at in (CLOSED, CLOSED, hkt(2026, 5, 1))] == [1, 0, 0]
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("residence", "told"),
    [
        pytest.param(
            R.PERMANENT_RESIDENT, [("Round 1", "SKIPPED"), ("Round 2", "NO_ROUND")], id="a local of the last"
        ),
        pytest.param(
            R.STUDENT_VISA,
            [("Round 1", "NO_ROUND"), ("Round 2", "SKIPPED")],
            id="a non-local of the one that was theirs",
        ),
    ],
)
def test_after_an_outage_over_both_rounds_one_message_goes(offering, residence, told):
    begun(offering, residence)
    assert tell_of_closed_rounds(at=BOTH_CLOSED) == 1
    assert outcomes() == told


def test_the_close_of_a_round_for_locals_is_no_news_to_a_non_local(offering):
    begun(offering, R.STUDENT_VISA)
    assert [tell_of_closed_rounds(at=at) for at in (CLOSED, BOTH_CLOSED)] == [1, 0]


def test_a_draft_begun_after_the_close_did_not_miss_it(offering):
    begun(offering, at=CLOSED)
    assert tell_of_closed_rounds(at=hkt(2026, 4, 2)) == 0


def test_a_close_that_was_moved_later_is_another_close(offering):
    begun(offering)
    tell_of_closed_rounds(at=CLOSED)
    round_1 = offering.rounds.get(number=1)
    offering.rounds.filter(pk=round_1.pk).update(
        closes_at=hkt(2026, 4, 7, 23, 59), closed_from=hkt(2026, 4, 8)
    )
    assert [tell_of_closed_rounds(at=at) for at in (hkt(2026, 4, 2), hkt(2026, 4, 8))] == [0, 1]


def test_what_was_submitted_is_told_nothing(offering):
    draft = begun(offering)
    submit_application(draft, declaration=in_force(on=AT.date()), by=own(draft), at=AT)
    assert tell_of_closed_rounds(at=CLOSED) == 0


def test_an_amendment_is_told_that_the_earlier_one_stands(offering):
    draft = begun(offering)
    submit_application(draft, declaration=in_force(on=AT.date()), by=own(draft), at=AT)
    begin_amendment(Application.objects.get(), by=own(draft), at=AT)
    assert tell_of_closed_rounds(at=CLOSED) == 1
    message = Message.objects.exclude(kind="application_received").get()
    assert message.subject == "Round 1 has closed; MMS26-000001 stands as it was received"
    assert message.about_id == str(draft.pk)
    assert tell_of_closed_rounds(at=BOTH_CLOSED) == 0


def test_many_drafts_cost_as_many_questions_as_few(offering):
    counts = []
    for number in (2, 6):
        for _draft in range(number):
            begun(offering)
        with CaptureQueriesContext(connection) as asked:
            tell_of_closed_rounds(at=CLOSED)
        counts.append(len([each for each in asked if 'INSERT INTO "outbox' not in each["sql"]]))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_two_timers_at_once_tell_each_draft_once(offering):
    for _draft in range(5):
        begun(offering)
    assert sum(at_once(4, lambda: tell_of_closed_rounds(at=CLOSED))) == 5
    assert (ClosedRoundNotice.objects.count(), Message.objects.count()) == (5, 5)


def test_an_offering_without_a_later_round_says_so_and_invents_none(offering):
    offering.rounds.filter(number=2).delete()
    begun(offering)
    tell_of_closed_rounds(at=CLOSED)
    assert outcomes() == [("Round 1", "NO_ROUND")]
    assert "no later round is announced" in plain(Message.objects.get().body)


def test_a_later_round_without_a_date_is_none(offering):
    offering.rounds.filter(number=2).delete()
    RoundFactory(offering=offering, number=3, closes_at=None)
    begun(offering)
    tell_of_closed_rounds(at=CLOSED)
    assert outcomes() == [("Round 1", "NO_ROUND")]
