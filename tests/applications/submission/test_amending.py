"""Changing a submitted application until its round closes, and submitting it again."""

import pytest
from django.core.exceptions import PermissionDenied

from admissions_portal.accounts.roles import Role
from admissions_portal.history.queries import events_about
from admissions_portal.outbox.models import Message
from admissions_portal.support.actors import Actor
from applications.assessments.models import Assessment
from applications.decisions.actions import offer_place
from applications.evidence.queries import documents_of
from applications.lifecycle.actions import TransitionRefused, apply_transition, start_application
from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_of, applications_visible_to
from applications.lifecycle.states import State
from applications.lifecycle.transitions import Move
from applications.offers.terms import OfferTerms
from applications.submission.actions import SubmissionRefused, save_section, submit_application
from applications.submission.amendments import (
    AmendmentRefused,
    amendment_of,
    begin_amendment,
    leave_out_amendment,
)
from applications.submission.copies import differences_from
from applications.submission.declarations import in_force
from applications.submission.models import Submission
from applications.submission.sections import SECTIONS
from programmes.models import Specialisation
from tests.factories.accounts import UserFactory
from tests.factories.applications import acting, officer
from tests.factories.drafts import AT, own, ready_draft
from tests.factories.programmes import hkt

pytestmark = pytest.mark.django_db

LATER = hkt(2026, 3, 26, 10, 0)
LAST = hkt(2026, 3, 31, 23, 59, 59)
CLOSED = hkt(2026, 4, 1)


def submit(draft, at=AT):
    return submit_application(draft, declaration=in_force(on=at.date()), by=own(draft), at=at)


@pytest.fixture
def case(draft):
    submit(draft)
    return Application.objects.get(pk=draft.pk)


@pytest.fixture
def amended(case):
    """The case with a changed choice and a changed name, not yet submitted again."""
    made = begin_amendment(case, by=own(case), at=LATER)
    made.specialisation = Specialisation.objects.get(number=2)
    made.save()
    made.applicant.preferred_name = "Changed"
    made.applicant.save()
    return made


def test_an_amendment_begins_with_what_was_sent_and_leaves_the_case_alone(case):
    made = begin_amendment(case, by=own(case), at=LATER)
    assert (made.amends, made.state, made.specialisation) == (case, State.DRAFT, case.specialisation)
    assert list(documents_of(made)) == list(documents_of(case))
    case.refresh_from_db()
    assert (case.state, case.submitted_at) == (State.SUBMITTED, AT)
    assert events_about(case).last().kind == "application.amendment_begun"


def test_a_second_click_begins_no_second_amendment(case):
    assert begin_amendment(case, by=own(case), at=AT) == begin_amendment(case, by=own(case), at=LATER)


def test_the_office_keeps_the_earlier_one_while_it_is_being_changed(amended):
    case = Application.objects.get(pk=amended.amends_id)
    seen = applications_visible_to(officer(case.offering.programme), on=LATER.date())
    assert list(seen) == [case]
    assert case.specialisation.number == 1
    assert case.profile.data["preferred_name"] != "Changed"


def test_the_applicant_has_one_application_all_along(amended):
    assert list(applications_of(amended.applicant.user)) == [amended.amends]
    again = start_application(amended.applicant, amended.offering, by=own(amended), at=LATER)
    assert again == amended.amends


def test_submitted_again_the_case_holds_the_new_and_both_receipts_stand(amended):
    first = Submission.objects.get()
    second = submit(amended, at=LATER)
    case = Application.objects.get()
    assert (case.pk, case.number, case.submitted_at, case.round.label) == (
        first.application_id,
        "MMS26-000001",
        LATER,
        "Round 1",
    )
    assert case.specialisation.number == 2
    assert case.profile.data["preferred_name"] == "Changed"
    assert [(each.sequence, each.submitted_at) for each in Submission.objects.all()] == [(1, AT), (2, LATER)]
    first.refresh_from_db()
    assert first.content["specialisation"] == "Metabolic Medicine"
    assert (first.paper.superseded_by, second.paper.version, second.paper.number) == (
        second.paper,
        2,
        "MMS26-000001",
    )
    assert not first.paper.is_in_force
    assert amendment_of(case) is None


def test_submitting_again_runs_the_rules_again_and_sends_a_receipt_that_says_so(amended):
    submit(amended, at=LATER)
    assert Assessment.objects.count() == 2
    subjects = list(Message.objects.order_by("queued_at").values_list("subject", flat=True))
    assert subjects == [
        "Your application has been received (MMS26-000001)",
        "Your changed application has been received (MMS26-000001)",
    ]


def test_a_second_click_on_submit_again_is_the_same_submission(amended):
    second = submit(amended, at=LATER)
    assert submit(amended, at=LAST) == second
    assert Submission.objects.count() == 2


@pytest.mark.parametrize("at", [pytest.param(LAST, id="in the last second of the printed minute")])
def test_it_can_be_submitted_again_until_the_round_closes(amended, at):
    assert submit(amended, at=at).sequence == 2


def test_a_round_that_closes_meanwhile_leaves_the_earlier_one_and_says_what_can_be_done(amended):
    with pytest.raises(SubmissionRefused) as refusal:
        submit(amended, at=CLOSED)
    assert str(refusal.value).replace("\N{NO-BREAK SPACE}", " ") == (
        "Round 1 closed on 31 March 2026, 23:59 HKT, so the application stands as it was received. "
        "You can still propose a change to the office."
    )
    case = Application.objects.get(pk=amended.amends_id)
    assert (case.submitted_at, case.specialisation.number) == (AT, 1)
    assert Application.objects.filter(pk=amended.pk).exists()


def test_after_the_close_none_is_begun_and_no_section_saved(case):
    made = begin_amendment(case, by=own(case), at=LAST)
    with pytest.raises(AmendmentRefused):
        begin_amendment(case, by=own(case), at=CLOSED)
    section = next(each for each in SECTIONS if each.key == "choice")
    with pytest.raises(Exception, match="stands as it was received"):
        save_section(made, section, {}, by=own(case), at=CLOSED)


def test_a_review_that_has_begun_takes_the_right_from_nobody_and_begins_anew(amended):
    case = amended.amends
    apply_transition(
        case, Move.BEGIN_REVIEW, by=acting(officer(case.offering.programme, Role.REVIEWER)), at=LATER
    )
    submit(amended, at=LATER)
    case = Application.objects.get()
    assert case.state == State.SUBMITTED
    assert events_about(case).last().kind == "application.submitted_again"


def test_a_decision_ends_it(amended):
    case = amended.amends
    offer_place(
        case,
        terms=OfferTerms(hkt(2026, 5, 29, 23, 59)),
        note="",
        by=acting(officer(case.offering.programme)),
        at=LATER,
    )
    with pytest.raises(SubmissionRefused) as refusal:
        submit(amended, at=LATER)
    assert str(refusal.value) == (
        "The office has decided on this application, or it has ended, so it can no longer be changed. "
        "It is now “Offer made”."
    )


def test_whoever_is_non_local_now_cannot_submit_again_in_a_round_for_locals(offering):
    draft = ready_draft(offering)
    submit(draft, at=CLOSED)
    case = Application.objects.get()
    assert case.round.label == "Round 2"
    made = begin_amendment(case, by=own(case), at=CLOSED)
    made.applicant.residence_status = "STUDENT_VISA"
    made.applicant.save()
    with pytest.raises(SubmissionRefused):
        submit(made, at=CLOSED)
    assert Application.objects.get(pk=case.pk).profile.data["residence_status"] == "PERMANENT_RESIDENT"


def test_left_out_nothing_has_changed_and_twice_is_once(amended):
    case = amended.amends
    leave_out_amendment(amended, by=own(case), at=LATER)
    leave_out_amendment(amended, by=own(case), at=LATER)
    assert list(Application.objects.all()) == [case]
    assert [event.kind for event in events_about(case)][-1] == "application.amendment_left_out"
    with pytest.raises(SubmissionRefused):
        submit(amended, at=LATER)


def test_what_differs_is_said_answer_by_answer(amended):
    differences = differences_from(amended.amends, amended, at=LATER)
    assert [(each.label, each.old, each.new) for each in differences] == [
        ("Preferred name", "Chloe", "Changed"),
        ("Specialisation", "Metabolic Medicine", "Clinical Physics"),
    ]


@pytest.mark.parametrize("who", ["somebody else", "an officer", "the portal"])
def test_nobody_else_amends(case, who):
    actor = {
        "somebody else": lambda: Actor.of(UserFactory()),
        "an officer": lambda: acting(officer(case.offering.programme)),
        "the portal": Actor.system,
    }[who]()
    with pytest.raises(PermissionDenied):
        begin_amendment(case, by=actor, at=LATER)


def test_a_draft_is_not_amended(draft):
    with pytest.raises(AmendmentRefused, match="still a draft"):
        begin_amendment(draft, by=own(draft), at=AT)


def test_an_offer_cannot_be_made_twice_by_submitting_again(case):
    with pytest.raises(TransitionRefused):
        apply_transition(Application.objects.get(), Move.SUBMIT, by=own(case), at=LATER)
