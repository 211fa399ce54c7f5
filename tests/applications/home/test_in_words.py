"""For every state a case can be in: the one next step, the line about it, and its timeline, word for word."""

from collections.abc import Callable
from datetime import date

import pytest

from admissions_portal.accounts.roles import Role
from admissions_portal.history.queries import events_about
from admissions_portal.outbox.actions import note_read
from admissions_portal.outbox.models import Message
from applications.applicants.choices import Origin, ResidenceStatus
from applications.evidence.models import DocumentStatus, EvidenceRequest, SlotCode
from applications.home.next_step import Known, summary_of, todos_of
from applications.home.queries import cases_of, known_about
from applications.home.timeline import timeline_of
from applications.lifecycle.actions import apply_transition
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.lifecycle.transitions import Move
from applications.occasional.models import OccasionalRequest
from applications.occasional.queries import requests_of
from applications.offers.actions import accept_offer, decline_offer, lapse_offers, make_offer
from applications.offers.terms import ConditionTerms, OfferTerms
from applications.submission.amendments import begin_amendment
from applications.submission.closed_rounds import tell_of_closed_rounds
from applications.withdrawals.actions import withdraw_application
from applications.withdrawals.models import WithdrawalReason
from tests.factories.accounts import StaffFactory
from tests.factories.applicants import ApplicantFactory
from tests.factories.applications import CaseFactory, DraftFactory, acting, officer
from tests.factories.evidence import DocumentFactory
from tests.factories.programmes import LocalRoundFactory, OfferingFactory, RoundFactory, hkt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policies")]
MARCH, APRIL, MAY = hkt(2026, 3, 30, 9, 0), hkt(2026, 4, 9, 8, 20), hkt(2026, 5, 4, 10, 0)
REPLY_BY = hkt(2026, 5, 29, 23, 59)
TRANSCRIPT = ConditionTerms("Official final transcript", "Sent by your university", date(2026, 8, 31))


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def mmedsc():
    offering = OfferingFactory(
        intake__programme__slug="hku-mmedsc", intake__programme__office__name="MMedSc Office"
    )
    RoundFactory(offering=offering)
    LocalRoundFactory(offering=offering)
    return offering


def shown(case: Application, at):
    """What its applicant reads: the steps by title, text and date; the line; the timeline."""
    cases = list(cases_of(case.applicant.user))
    known = known_about(cases, at=at)
    [case] = cases
    todos = [(todo.title, todo.text, todo.due_at) for todo in todos_of(cases, known, at=at)]
    stages = timeline_of(case, list(events_about(case)), known.requests.get(case.pk, ()))
    return (
        todos,
        summary_of(case, known, at=at).replace("\xa0", " "),
        [(stage.title, stage.text.replace("\xa0", " "), stage.state) for stage in stages],
    )


def draft(offering, **person):
    return DraftFactory(offering=offering, applicant=ApplicantFactory(**person))


def received(offering, **person):
    return CaseFactory(offering=offering, applicant=ApplicantFactory(**person))


def in_review(offering):
    case = received(offering)
    apply_transition(
        case, Move.BEGIN_REVIEW, by=acting(officer(offering.programme, Role.REVIEWER)), at=hkt(2026, 4, 7, 9)
    )
    return case


def offered(offering, *conditions, **person):
    case = received(offering, **person)
    terms = OfferTerms(REPLY_BY, conditions)
    make_offer(case, terms=terms, by=acting(officer(offering.programme)), at=hkt(2026, 4, 8, 11))
    return Application.objects.get(pk=case.pk)


def accepted(offering, *conditions):
    case = offered(offering, *conditions)
    accept_offer(case.offer, by=acting(case.applicant.user), at=hkt(2026, 4, 8, 12))
    return case


def declined(offering):
    case = offered(offering)
    decline_offer(case.offer, by=acting(case.applicant.user), at=hkt(2026, 4, 8, 12))
    return case


def lapsed(offering):
    case = offered(offering)
    lapse_offers(at=hkt(2026, 5, 30))
    return case


def withdrawn(offering):
    case = accepted(offering)
    case.refresh_from_db()
    withdraw_application(
        case, reason=WithdrawalReason.PLANS, by=acting(case.applicant.user), at=hkt(2026, 4, 9, 8)
    )
    return case


def asked(case, due_on=date(2026, 4, 17), **fields):
    return EvidenceRequest.objects.create(
        application=case,
        kind="NOW",
        wants=fields.pop("wants", "DOCUMENT"),
        title="Final transcript, all pages",
        words="The office needs all pages.",
        due_on=due_on,
        closed_from=hkt(due_on.year, due_on.month, due_on.day + 1),
        asked_by=StaffFactory(),
        asked_at=hkt(2026, 4, 7, 9),
        **fields,
    )


SUBMITTED = ("Submitted", "28 March 2026, 09:41 HKT", "done")
DECISION = ("Decision", "The office has given no date. You are told by e-mail and here.", "")
START = ("Expected start", "1 September 2026", "")
OFFER = ("Offer made", "8 April 2026", "done")
WITH_OFFICE = ("With the office", "It is read in the order of the office’s lists.", "now")
HAS_IT = "Received 28 March 2026, 09:41 HKT. MMedSc Office has it, and nothing is asked of you."
FOLLOWS = "You have accepted the offer. MMedSc Office writes to you about what follows."
WRITTEN = ("Draft", "begun on 10 March 2026", "now")
TO_SUBMIT = [
    WRITTEN,
    ("Submission", "When you send it, you get a receipt with number and time.", ""),
    ("Review", "The office reads your application and checks your documents.", ""),
    DECISION,
    START,
]
NUMBER = (
    "Give the number of your identity document",
    "You have accepted the offer, and registration needs the whole number. No date is set.",
    None,
)
REPLY = "A place is offered to you. Without a reply the offer lapses after the time below."
STATES: dict[str, tuple[Callable, object, list, str, list]] = {
    "a draft in its round": (
        draft,
        MARCH,
        [
            (
                "Finish and submit your application",
                "Round 1 closes at the time below. What you have written is kept.",
                hkt(2026, 3, 31, 23, 59),
            )
        ],
        "Round 1 closes on 31 March 2026, 23:59 HKT.",
        TO_SUBMIT,
    ),
    "received": (received, APRIL, [], HAS_IT, [SUBMITTED, WITH_OFFICE, DECISION, START]),
    "in review": (
        in_review,
        APRIL,
        [],
        HAS_IT,
        [SUBMITTED, ("In review", "since 7 April 2026.", "now"), DECISION, START],
    ),
    "offered": (
        offered,
        APRIL,
        [("Reply to the offer", REPLY, REPLY_BY)],
        "The time to reply to the offer is over.",
        [SUBMITTED, OFFER, ("Your reply", "by 29 May 2026, 23:59 HKT", "now"), START],
    ),
    "accepted, nothing open but the number": (
        accepted,
        APRIL,
        [NUMBER],
        FOLLOWS,
        [SUBMITTED, OFFER, ("Offer accepted", "8 April 2026, 12:00 HKT", "now"), START],
    ),
    "accepted with a condition": (
        lambda offering: accepted(offering, TRANSCRIPT),
        APRIL,
        [
            NUMBER,
            (
                "Show that a condition is met",
                "Official final transcript: Sent by your university",
                hkt(2026, 8, 31, 23, 59),
            ),
        ],
        FOLLOWS,
        [
            SUBMITTED,
            OFFER,
            ("Offer accepted", "8 April 2026, 12:00 HKT", "now"),
            ("Conditions", "1 is open, due 31 August 2026.", ""),
            START,
        ],
    ),
    "declined": (
        declined,
        APRIL,
        [],
        "Ended on 8 April 2026, 12:00 HKT.",
        [SUBMITTED, OFFER, ("Offer declined", "8 April 2026, 12:00 HKT", "now")],
    ),
    "lapsed": (
        lapsed,
        hkt(2026, 6, 1),
        [],
        "Ended on 30 May 2026, 00:00 HKT.",
        [SUBMITTED, OFFER, ("Offer lapsed", "30 May 2026, 00:00 HKT", "now")],
    ),
    "withdrawn after accepting": (
        withdrawn,
        APRIL,
        [],
        "Ended on 9 April 2026, 08:00 HKT.",
        [
            SUBMITTED,
            OFFER,
            ("Offer accepted", "8 April 2026, 12:00 HKT", "done"),
            ("Withdrawn by you", "9 April 2026, 08:00 HKT", "now"),
        ],
    ),
}


@pytest.mark.parametrize(("make", "at", "steps", "line", "stages"), STATES.values(), ids=STATES.keys())
def test_what_the_applicant_reads_of(mmedsc, make, at, steps, line, stages):
    assert shown(make(mmedsc), at) == (steps, line, stages)


def test_every_state_is_among_them_or_elsewhere():
    # a refusal is in test_pages.py, with its page
    told = {"DRAFT", "SUBMITTED", "IN_REVIEW", "OFFERED", "ACCEPTED", "DECLINED", "LAPSED", "WITHDRAWN"}
    assert {str(state) for state in State} == told | {"REFUSED"}


def test_a_locals_draft_says_that_it_moved_to_the_next_round(mmedsc):
    mine = draft(mmedsc, residence_status=ResidenceStatus.PERMANENT_RESIDENT)
    tell_of_closed_rounds(at=APRIL)
    [(title, text, due)], line, _stages = shown(mine, APRIL)
    assert (title, text, due, line) == (
        "Finish and submit your application",
        "Round 1 closed before you submitted, so your draft has moved to Round 2. It closes at the time "
        "below. What you have written is kept.",
        hkt(2026, 5, 31, 23, 59),
        "Round 2 closes on 31 May 2026, 23:59 HKT.",
    )


def test_a_non_locals_draft_says_why_it_cannot_be_submitted(mmedsc):
    mine = draft(mmedsc, residence_status=ResidenceStatus.STUDENT_VISA)
    [(title, text, due)], line, _stages = shown(mine, APRIL)
    assert (title, due, line) == (
        "Your draft cannot be submitted now",
        None,
        "No round takes it at present.",
    )
    assert text.startswith("Round 2 is for local applicants only, and by this university’s definition you ")


def test_a_request_of_the_office_is_a_step_with_its_date_and_stands_in_the_timeline(mmedsc):
    case = in_review(mmedsc)
    request = asked(case)
    cases = list(cases_of(case.applicant.user))
    [todo] = todos_of(cases, known_about(cases, at=APRIL), at=APRIL)
    assert (todo.title, todo.text, todo.button, todo.due_at, todo.url) == (
        "Final transcript, all pages",
        "The office needs all pages.",
        "Send a document",
        hkt(2026, 4, 17, 23, 59),
        f"/applications/{case.pk}/requests/{request.pk}/",
    )
    _todos, _line, stages = shown(case, APRIL)
    assert stages[1] == (
        "In review",
        "since 7 April 2026. The office asked for 1 thing, due 17 April 2026.",
        "now",
    )


def test_an_answer_in_words_is_written_and_one_overdue_is_still_taken(mmedsc):
    case = in_review(mmedsc)
    asked(case, wants="ANSWER")
    cases = list(cases_of(case.applicant.user))
    at = hkt(2026, 4, 18)
    [todo] = todos_of(cases, known_about(cases, at=at), at=at)
    assert (todo.button, todo.text) == (
        "Write the answer",
        "The office needs all pages. This was due; send it now, the office still takes it.",
    )


def test_a_request_and_a_file_turned_down_for_it_are_one_step(mmedsc):
    case = in_review(mmedsc)
    request = asked(case)
    DocumentFactory(application=case, request=request, slot=SlotCode.OTHER, status=DocumentStatus.REJECTED)
    assert [title for title, _text, _due in shown(case, APRIL)[0]] == ["Final transcript, all pages"]


def test_changes_begun_are_submitted_before_the_round_closes_or_left(mmedsc):
    case = received(mmedsc)
    begin_amendment(case, by=acting(case.applicant.user), at=MARCH)
    [(title, text, due)], _line, _stages = shown(case, MARCH)
    assert (title, text, due) == (
        "Submit your changes, or leave them out",
        "You have begun to change this application. Until you submit it again the office works on what it "
        "received.",
        hkt(2026, 3, 31, 23, 59),
    )
    [(title, text, due)], _line, _stages = shown(case, APRIL)
    assert (title, text, due) == (
        "Your changes were not submitted in time",
        "Round 1 has closed, and the application stands as it was received. You can still propose a change "
        "to the office.",
        None,
    )


def test_a_proposal_waits_for_the_office_and_says_so(mmedsc):
    case = received(mmedsc)
    line = summary_of(case, Known(proposed={case.pk: hkt(2026, 4, 3, 10)}), at=APRIL)
    assert line.replace("\xa0", " ") == (
        "You proposed a change on 3 April 2026. MMedSc Office has not answered it yet."
    )


VISA = {
    "a reply in time": (REPLY_BY, REPLY),
    "a reply that leaves no time": (
        hkt(2026, 7, 20, 23, 59),
        f"{REPLY} To leave time for your visa, reply by 6 July 2026.",
    ),
}


@pytest.mark.parametrize(("reply_by", "text"), VISA.values(), ids=VISA.keys())
def test_somebody_who_needs_a_visa_reads_by_when_to_reply(mmedsc, reply_by, text):
    case = received(mmedsc, residence_status=ResidenceStatus.STUDENT_VISA, origin=Origin.OVERSEAS)
    by = acting(officer(mmedsc.programme))
    make_offer(case, terms=OfferTerms(reply_by), by=by, at=APRIL)
    assert shown(case, APRIL)[0][0][1].replace("\xa0", " ") == text


def test_a_request_for_single_courses_waits_without_haste(mmedsc):
    applicant = ApplicantFactory()
    OccasionalRequest.objects.create(applicant=applicant, programme=mmedsc.programme, started_at=APRIL)
    known = known_about([], occasional=list(requests_of(applicant.user)), at=APRIL)
    [todo] = todos_of([], known, at=APRIL)
    assert (todo.title, todo.text, todo.is_pressing, todo.application) == (
        "Finish your request for single courses",
        f"Occasional student, {mmedsc.programme.name}. It has not been sent. No closing date is published.",
        False,
        None,
    )


def test_opening_a_message_again_keeps_when_it_was_first_read(mmedsc):
    message = Message.objects.create(
        kind="offer_made",
        to_address="a@example.com",
        language="en",
        subject="x",
        queued_at=APRIL,
        due_at=APRIL,
    )
    assert [note_read(message, at=APRIL), note_read(message, at=MAY)] == [True, False]
    assert Message.objects.get().read_at == APRIL
