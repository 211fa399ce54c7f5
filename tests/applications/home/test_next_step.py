"""The one next step, chosen from everything that waits."""

from datetime import date

import pytest

from applications.applicants.choices import ResidenceStatus
from applications.evidence.models import DocumentStatus, SlotCode
from applications.home.next_step import Step, Todo, todos_of
from applications.home.queries import cases_of, known_about
from applications.late_entry.actions import CodeScope, CodeTerms, make_access_code, use_access_code
from applications.lifecycle.states import State
from applications.occasional.queries import requests_of
from applications.offers.actions import accept_offer, make_offer
from applications.offers.terms import ConditionTerms, OfferTerms
from tests.factories.applicants import ApplicantFactory
from tests.factories.applications import CaseFactory, DraftFactory, acting, officer
from tests.factories.evidence import DocumentFactory
from tests.factories.programmes import LocalRoundFactory, OfferingFactory, RoundFactory, hkt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policies")]
AT = hkt(2026, 3, 24, 9, 0)
IN_MAY = hkt(2026, 5, 10, 9, 0)
TRANSCRIPT = ConditionTerms("Official final transcript", "Sent by your university", date(2026, 8, 31))


@pytest.fixture
def hannah():
    return ApplicantFactory(residence_status=ResidenceStatus.STUDENT_VISA)


@pytest.fixture
def mmedsc():
    """Both rounds of the MMedSc: everyone until 31 March, local applicants until 31 May."""
    offering = OfferingFactory(intake__programme__slug="hku-mmedsc")
    RoundFactory(offering=offering)
    LocalRoundFactory(offering=offering)
    return offering


def todos(applicant, at=AT) -> list[Todo]:
    cases = list(cases_of(applicant.user))
    occasional = list(requests_of(applicant.user))
    return todos_of(cases, known_about(cases, occasional=occasional, at=at), at=at)


def steps(applicant, at=AT):
    return [todo.step for todo in todos(applicant, at)]


def offered(case, reply_by, *conditions):
    return make_offer(
        case,
        terms=OfferTerms(reply_by=reply_by, conditions=conditions),
        by=acting(officer(case.offering.programme)),
        at=AT,
    )


def test_somebody_new_has_nothing_waiting(hannah):
    assert steps(hannah) == []


def test_a_draft_is_finished_before_its_round_closes(hannah, mmedsc):
    DraftFactory(applicant=hannah, offering=mmedsc)
    [todo] = todos(hannah)
    assert (todo.step, todo.due_at) == (Step.CONTINUE_DRAFT, hkt(2026, 3, 31, 23, 59))
    assert todo.text == "Round 1 closes at the time below. What you have written is kept."


ROUND_2 = {
    "a local": (ResidenceStatus.PERMANENT_RESIDENT, Step.CONTINUE_DRAFT, "Round 2 closes at the time below."),
    "a non-local": (
        ResidenceStatus.STUDENT_VISA,
        Step.SEE_WHY_CLOSED,
        "Round 2 is for local applicants only",
    ),
    "somebody who has not said": ("", Step.SEE_WHY_CLOSED, "Round 2 is for local applicants only"),
}


@pytest.mark.parametrize(("status", "step", "begins"), ROUND_2.values(), ids=ROUND_2.keys())
def test_in_the_second_round_a_draft_of(mmedsc, status, step, begins):
    applicant = ApplicantFactory(residence_status=status)
    DraftFactory(applicant=applicant, offering=mmedsc)
    [todo] = todos(applicant, IN_MAY)
    assert (todo.step, todo.text[: len(begins)], todo.is_pressing) == (
        step,
        begins,
        step is Step.CONTINUE_DRAFT,
    )


def test_the_last_minute_counts_and_the_next_does_not(hannah, mmedsc):
    DraftFactory(applicant=hannah, offering=mmedsc)
    assert steps(hannah, hkt(2026, 3, 31, 23, 59, 59)) == [Step.CONTINUE_DRAFT]
    assert steps(hannah, hkt(2026, 4, 1)) == [Step.SEE_WHY_CLOSED]


LATE = {
    "a local": (ResidenceStatus.PERMANENT_RESIDENT, (Step.CONTINUE_DRAFT, hkt(2026, 6, 10, 23, 59))),
    # the round that it opens is for local applicants only and stays theirs (HKU-09)
    "a non-local": (ResidenceStatus.STUDENT_VISA, (Step.SEE_WHY_CLOSED, None)),
}


@pytest.mark.parametrize(("status", "expected"), LATE.values(), ids=LATE)
def test_a_code_for_the_round_for_locals_lets_in_late(mmedsc, status, expected):
    at, applicant = hkt(2026, 6, 2, 9), ApplicantFactory(residence_status=status)
    draft, office = DraftFactory(applicant=applicant, offering=mmedsc), acting(officer(mmedsc.programme))
    scope = CodeScope(mmedsc.programme, mmedsc, mmedsc.rounds.get(number=2))
    _code, text = make_access_code(scope, CodeTerms(hkt(2026, 6, 10, 23, 59)), by=office, at=at)
    use_access_code(draft, text, by=acting(applicant.user), at=at)
    [todo] = todos(applicant, at)
    assert (todo.step, todo.due_at) == expected


def test_a_draft_for_a_round_to_come_waits(hannah):
    offering = OfferingFactory(intake__programme__slug="hku-mmedsc")
    RoundFactory(offering=offering, opens_at=hkt(2026, 3, 30))
    DraftFactory(applicant=hannah, offering=offering)
    assert steps(hannah) == [Step.WAIT_FOR_ROUND]


def test_a_draft_without_an_announced_round_says_so(hannah):
    offering = OfferingFactory(intake__programme__slug="hku-mmedsc")
    RoundFactory(offering=offering, closes_at=None)
    DraftFactory(applicant=hannah, offering=offering)
    assert steps(hannah) == [Step.SEE_WHY_CLOSED]


@pytest.mark.parametrize("state", [State.SUBMITTED, State.IN_REVIEW])
def test_while_the_office_reads_nothing_waits(hannah, state):
    CaseFactory(applicant=hannah, state=state)
    assert steps(hannah) == []


def test_a_point_whose_only_file_was_turned_down_needs_another(hannah):
    case = CaseFactory(applicant=hannah)
    DocumentFactory(application=case, status=DocumentStatus.REJECTED, reason="Page 2 is missing.")
    DocumentFactory(application=case, slot=SlotCode.OTHER, status=DocumentStatus.REJECTED)
    DocumentFactory(application=case, slot=SlotCode.OTHER)
    [todo] = todos(hannah)
    assert (todo.step, todo.text) == (
        Step.SEND_DOCUMENT,
        "The office could not accept what you sent: Page 2 is missing.",
    )
    assert todo.url.endswith("/documents/#slot-degree")


def test_an_offer_is_answered_by_its_minute_and_not_after(hannah):
    offer = offered(CaseFactory(applicant=hannah), hkt(2026, 4, 20, 23, 59))
    [todo] = todos(hannah)
    assert (todo.step, todo.due_at) == (Step.REPLY_TO_OFFER, hkt(2026, 4, 20, 23, 59))
    assert todo.url.endswith(f"/offers/{offer.pk}/")
    assert steps(hannah, hkt(2026, 4, 20, 23, 59, 59)) == [Step.REPLY_TO_OFFER]
    assert steps(hannah, hkt(2026, 4, 21)) == []


def test_an_accepted_offer_leaves_its_open_conditions(hannah):
    offer = offered(CaseFactory(applicant=hannah), hkt(2026, 4, 20, 23, 59), TRANSCRIPT)
    accept_offer(offer, by=acting(hannah.user), at=AT)
    number, todo = todos(hannah)
    assert (number.step, number.due_at) == (Step.GIVE_IDENTITY_NUMBER, None)
    assert (todo.step, todo.text, todo.due_at) == (
        Step.MEET_CONDITION,
        "Official final transcript: Sent by your university",
        hkt(2026, 8, 31, 23, 59),
    )


@pytest.mark.parametrize("state", [State.REFUSED, State.DECLINED, State.LAPSED])
def test_what_has_ended_asks_nothing(hannah, state):
    CaseFactory(applicant=hannah, state=state)
    assert steps(hannah) == []


SOONEST = {
    "an offer due in four days before a draft due in seven": (hkt(2026, 3, 28, 23, 59), Step.REPLY_TO_OFFER),
    "a draft due in seven days before an offer due in ten": (hkt(2026, 4, 3, 23, 59), Step.CONTINUE_DRAFT),
}


@pytest.mark.parametrize(("reply_by", "first"), SOONEST.values(), ids=SOONEST.keys())
def test_the_soonest_date_comes_first(hannah, mmedsc, reply_by, first):
    DraftFactory(applicant=hannah, offering=mmedsc)
    offered(CaseFactory(applicant=hannah), reply_by)
    assert steps(hannah)[0] == first


def test_a_document_without_a_date_counts_as_due_in_a_week(hannah):
    offered(CaseFactory(applicant=hannah), hkt(2026, 3, 31, 8, 59))
    DocumentFactory(application=CaseFactory(applicant=hannah), status=DocumentStatus.REJECTED)
    offered(CaseFactory(applicant=hannah), hkt(2026, 3, 31, 9, 1))
    assert steps(hannah) == [Step.REPLY_TO_OFFER, Step.SEND_DOCUMENT, Step.REPLY_TO_OFFER]


def test_what_cannot_be_hurried_comes_last(hannah, mmedsc):
    closed = OfferingFactory(intake__programme__institution=mmedsc.programme.institution)
    RoundFactory(offering=closed, closes_at=hkt(2026, 3, 1, 23, 59))
    DraftFactory(applicant=hannah, offering=closed)
    offered(CaseFactory(applicant=hannah), hkt(2026, 8, 1, 23, 59))
    assert steps(hannah) == [Step.REPLY_TO_OFFER, Step.SEE_WHY_CLOSED]
