"""Proposing a change after the round has closed, and what the office makes of it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from admissions_portal.clock.actions import start_clock_at
from admissions_portal.history.models import Event
from admissions_portal.history.queries import events_about
from admissions_portal.outbox.models import Message
from admissions_portal.papers.models import Paper
from applications.assessments.corrections import names_now
from applications.assessments.facts import facts_of
from applications.assessments.models import Assessment
from applications.changes.actions import (
    ChangeRefused,
    ProposedChange,
    accept_proposal,
    propose_change,
    refuse_proposal,
    withdraw_proposal,
)
from applications.changes.models import ChangeProposal
from applications.changes.places import Place
from applications.changes.queries import proposals_about
from applications.changes.shown import proposals_shown
from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_visible_to, full_name_of
from applications.lifecycle.states import State
from applications.offers.actions import make_offer
from applications.offers.terms import OfferTerms
from applications.submission.actions import submit_application
from applications.submission.declarations import in_force
from applications.submission.models import Submission
from applications.submission.sections.typed import as_posted
from applications.worklists.desk import waiting_piles
from programmes.models import Specialisation
from tests.factories.applications import acting, officer
from tests.factories.drafts import AT, own, publish_policies, ready_draft, taught_offering
from tests.factories.programmes import hkt

pytestmark = pytest.mark.django_db

CLOSED = hkt(2026, 4, 1)
PERSON = Place("personal", "Your details")
DEGREE = Place("qualifications", "Degree 1", "qualifications", 0)
TEST = Place("english", "Add a test", "english_tests")


@pytest.fixture(autouse=True)
def policies(db):
    publish_policies()


@pytest.fixture
def case():
    draft = ready_draft(taught_offering())
    submit_application(draft, declaration=in_force(on=AT.date()), by=own(draft), at=AT)
    return Application.objects.get()


@pytest.fixture
def office(case):
    return acting(officer(case.offering.programme))


def rename(case, at=CLOSED, new="LAMB", why="A slip"):
    change = ProposedChange(PERSON, {"family_name": "LAM"}, {"family_name": new}, why)
    return propose_change(case, change, by=own(case), at=at)


def test_a_proposal_waits_and_changes_nothing(case):
    rename(case)
    case.refresh_from_db()
    assert case.profile.data["family_name"] == "LAM"
    assert [event.kind for event in events_about(case)][-1] == "change.proposed"


def test_history_holds_no_word_of_it(case, office):
    refuse_proposal(rename(case), reason="Your certificate says LAM.", by=office, at=CLOSED)
    told = [Event.objects.filter(kind=kind).get().data for kind in ("change.proposed", "change.refused")]
    assert [sorted(data) for data in told] == [["proposal", "section"], ["proposal"]]


def test_while_the_round_is_open_it_is_changed_and_sent_again_instead(case):
    with pytest.raises(ChangeRefused) as refusal:
        rename(case, at=AT)
    assert str(refusal.value) == (
        "Until its round closes, change the application itself and submit it again. Nobody need be asked."
    )


def test_nothing_changed_is_no_proposal(case):
    with pytest.raises(ChangeRefused, match="Nothing is changed yet"):
        rename(case, new="LAM")


def test_the_same_proposal_sent_twice_is_one(case):
    assert rename(case) == rename(case)


def test_accepted_it_stands_beside_the_original_and_goes_into_the_facts(case, office):
    sent = Submission.objects.get().sha256
    change = ProposedChange(DEGREE, {"honours": "SECOND_UPPER"}, {"honours": "FIRST"}, "Regraded")
    accept_proposal(propose_change(case, change, by=own(case), at=CLOSED), by=office, at=CLOSED)
    case.refresh_from_db()
    assert case.profile.data["qualifications"][0]["honours"] == "SECOND_UPPER"
    assert Submission.objects.get().sha256 == sent
    assert [degree.honours.value for degree in facts_of(case, at=CLOSED).degrees] == ["FIRST"]
    assert Assessment.objects.count() == 2
    message = Message.objects.get(kind="change_decided")
    assert message.subject == "Your change to MMS26-000001 is accepted"


def test_an_accepted_name_is_the_name_in_force_and_the_frozen_one_stays(case, office):
    assert names_now(case) == ("LAM Tsz Ching", "林芷晴")
    accept_proposal(rename(case), by=office, at=CLOSED)
    case = Application.objects.get()
    assert names_now(case)[0] == "LAMB Tsz Ching"
    assert full_name_of(case) == "LAM Tsz Ching"


def test_an_item_is_added_and_another_taken_out_and_places_hold(case, office):
    added = {
        "kind": "IELTS_ACADEMIC", "booked": False, "taken_on": "2026-01-10", "issued_on": None,
        "overall": "7.0", "listening": "7.0", "reading": "7.0", "writing": "7.0", "speaking": "7.0",
        "comparable_total": None, "grade": "", "one_skill_retake": False, "home_edition": False,
    }  # fmt: skip
    whole = {**added, "name": "", "report_number": ""}
    for each in (whole, {**whole, "overall": "6.5"}):
        change = ProposedChange(TEST, None, each, "The result is in")
        accept_proposal(propose_change(case, change, by=own(case), at=CLOSED), by=office, at=CLOSED)
    case.refresh_from_db()
    assert [str(test.overall) for test in facts_of(case, at=CLOSED).english_tests] == ["7.0", "6.5"]
    first = Place("english", "Test 1", "english_tests", 0)
    gone = ProposedChange(first, whole, None, "Cancelled by the test centre")
    accept_proposal(propose_change(case, gone, by=own(case), at=CLOSED), by=office, at=CLOSED)
    later = Place("english", "Test 2", "english_tests", 1)
    slip = ProposedChange(later, {"overall": "6.5"}, {"overall": "6.0"}, "A slip")
    accept_proposal(propose_change(case, slip, by=own(case), at=CLOSED), by=office, at=CLOSED)
    assert [str(test.overall) for test in facts_of(case, at=CLOSED).english_tests] == ["6.0"]


def test_an_accepted_choice_is_what_is_applied_for(case, office):
    old, new = case.specialisation_id, Specialisation.objects.get(number=2).pk
    change = ProposedChange(
        Place("choice", "Choice"), {"specialisation": old}, {"specialisation": new}, "Better fit"
    )
    accept_proposal(propose_change(case, change, by=own(case), at=CLOSED), by=office, at=CLOSED)
    case.refresh_from_db()
    assert case.specialisation_id == new
    assert Submission.objects.get().content["specialisation"] == "Metabolic Medicine"


def test_refused_it_says_why_to_the_applicant(case, office):
    refuse_proposal(rename(case), reason="Your certificate says LAM.", by=office, at=CLOSED)
    message = Message.objects.get(kind="change_decided")
    assert message.subject == "Your change to MMS26-000001 is not accepted"
    assert "  Your certificate says LAM." in message.body
    assert ChangeProposal.objects.get().status == "REFUSED"


def test_a_refusal_needs_its_reason(case, office):
    with pytest.raises(ChangeRefused, match="Write why"):
        refuse_proposal(rename(case), reason=" ", by=office, at=CLOSED)


def test_the_first_answer_counts(case, office):
    proposal = rename(case)
    accept_proposal(proposal, by=office, at=CLOSED)
    accept_proposal(proposal, by=office, at=CLOSED)
    assert Assessment.objects.count() == 1  # a name is no fact of the rules
    for act in (
        lambda: refuse_proposal(proposal, reason="No", by=office, at=CLOSED),
        lambda: withdraw_proposal(proposal, by=own(case), at=CLOSED),
    ):
        with pytest.raises(ChangeRefused) as refusal:
            act()
        assert str(refusal.value) == "This proposal is closed already: Accepted."


def test_taken_back_it_waits_for_nobody(case, office):
    withdraw_proposal(rename(case), by=own(case), at=CLOSED)
    assert pile(case, office, "Changes proposed") == 0
    with pytest.raises(ChangeRefused):
        accept_proposal(ChangeProposal.objects.get(), by=office, at=CLOSED)


def pile(case, office, title):
    visible = applications_visible_to(office.user, on=CLOSED.date())
    return next(each.count for each in waiting_piles(visible, at=CLOSED) if each.title == title)


def test_a_proposal_is_a_pile_of_its_own_until_it_is_answered(case, office):
    proposal = rename(case)
    assert pile(case, office, "Changes proposed") == 1
    accept_proposal(proposal, by=office, at=CLOSED)
    assert pile(case, office, "Changes proposed") == 0


def test_the_case_leads_to_the_proposal_first(case, office, client):
    rename(case)
    start_clock_at(CLOSED)
    client.force_login(office.user)
    page = client.get(reverse("admin:applications_application_change", args=[case.pk]))
    act = page.context["next_act"]
    assert (act.title, act.anchor) == ("Answer the change proposed", "changes")
    assert '<a href="#changes">' in page.content.decode()


def test_a_case_that_has_ended_waits_in_no_pile(case, office):
    rename(case)
    case.state = State.REFUSED
    case.save()
    assert pile(case, office, "Changes proposed") == 0


NOTHING = ProposedChange(PERSON, {}, {"family_name": "X"}, "?")


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda c, p, office: propose_change(c, NOTHING, by=office, at=CLOSED), id="propose"),
        pytest.param(lambda c, p, office: withdraw_proposal(p, by=office, at=CLOSED), id="take back"),
        pytest.param(lambda c, p, office: accept_proposal(p, by=own(c), at=CLOSED), id="accept"),
        pytest.param(lambda c, p, office: refuse_proposal(p, reason="No", by=own(c), at=CLOSED), id="refuse"),
    ],
)
def test_each_act_has_its_own_people(case, office, act):
    proposal = rename(case)
    with pytest.raises(PermissionDenied):
        act(case, proposal, office)


def test_old_and_new_are_shown_in_words(case):
    change = ProposedChange(DEGREE, {"honours": "SECOND_UPPER"}, {"honours": "FIRST"}, "Regraded")
    propose_change(case, change, by=own(case), at=CLOSED)
    [shown] = proposals_shown(case, proposals_about(case), at=CLOSED)
    assert [(line.label, line.old, line.new) for line in shown.lines] == [
        ("Honours as printed", "Second Class Honours, Division One or Upper", "First Class Honours")
    ]


def test_a_university_is_shown_by_its_name(case):
    university = case.offering.programme.institution
    change = ProposedChange(DEGREE, {"university": ""}, {"university": university.code}, "It was yours")
    propose_change(case, change, by=own(case), at=CLOSED)
    [shown] = proposals_shown(case, proposals_about(case), at=CLOSED)
    assert [(line.old, line.new) for line in shown.lines] == [("", university.name)]


@pytest.fixture
def page(client, case):
    start_clock_at(CLOSED)
    client.force_login(case.applicant.user)
    return client


def propose_at(case, query):
    return f"{reverse('applications:propose_change', args=[case.pk])}?{query}"


def test_the_page_proposes_what_differs_and_nothing_else(page, case):
    address = propose_at(case, DEGREE.query)
    form = page.get(address).context["form"]
    posted = posted_as_drawn(form) | {"item-honours": "FIRST", "change-why": "Regraded"}
    response = page.post(address, posted)
    assert response.status_code == 302, response.context["form"].errors
    proposal = ChangeProposal.objects.get()
    assert (proposal.old, proposal.new) == ({"honours": "SECOND_UPPER"}, {"honours": "FIRST"})


def test_what_is_taken_out_is_said_in_the_order_of_the_form_and_once(page, case):
    form = page.get(propose_at(case, DEGREE.query)).context["form"]
    page.post(propose_at(case, DEGREE.query), {"take_out": "1", "change-why": "It was never awarded"})
    response = page.get(reverse("applications:changes", args=[case.pk]))
    [shown] = response.context["proposals"]
    labels = [line.label for line in shown.lines]
    assert labels == [str(field.label) for field in form.fields.values() if str(field.label) in labels]
    assert len(labels) > 5
    assert '<span class="pg-soft">nothing</span>' not in response.content.decode()
    assert f"pg-of-{case.offering.programme.institution.brand}" in response.content.decode()


def posted_as_drawn(form):
    """What a browser posts of the form if nobody touches it."""
    return as_posted(form)


def test_a_mistake_keeps_everything_that_was_typed(page, case):
    address = propose_at(case, PERSON.query)
    posted = posted_as_drawn(page.get(address).context["form"]) | {"family_name": "LAMB", "change-why": ""}
    response = page.post(address, posted)
    assert response.status_code == 200
    assert 'value="LAMB"' in response.content.decode()
    assert not ChangeProposal.objects.exists()


@pytest.mark.parametrize(
    "query", ["section=personal&group=x", "section=nowhere", "section=english&group=english_tests&row=9"]
)
def test_what_the_application_does_not_have_does_not_exist(page, case, query):
    assert page.get(propose_at(case, query)).status_code == 404


def test_a_question_of_the_programme_is_changed_in_words(page, case):
    response = page.get(reverse("applications:changes", args=[case.pk]))
    assert response.status_code == 200
    assert propose_at(case, DEGREE.query).replace("&", "&amp;") in response.content.decode()


def test_two_proposals_for_one_item_are_not_both_taken_over_when_the_first_takes_it_out(case, office):
    whole = case.profile.data["qualifications"][0]
    gone = propose_change(case, ProposedChange(DEGREE, whole, None, "Never awarded"), by=own(case), at=CLOSED)
    slip = propose_change(
        case,
        ProposedChange(DEGREE, {"honours": "SECOND_UPPER"}, {"honours": "FIRST"}, "Regraded"),
        by=own(case),
        at=CLOSED,
    )
    accept_proposal(gone, by=office, at=CLOSED)
    with pytest.raises(ChangeRefused) as refusal:
        accept_proposal(slip, by=office, at=CLOSED)
    assert str(refusal.value) == (
        "What this proposal would change was taken out meanwhile. Refuse it, and say so."
    )
    slip.refresh_from_db()
    assert (slip.is_open, facts_of(case, at=CLOSED).degrees) == (True, ())


def test_two_choices_that_come_to_the_same_specialisation_twice_are_not_both_taken_over(case, office):
    choice, other = Place("choice", "Choice"), Specialisation.objects.get(number=2).pk
    first = ProposedChange(choice, {"specialisation": case.specialisation_id}, {"specialisation": other}, "1")
    second = ProposedChange(choice, {"second_specialisation": None}, {"second_specialisation": other}, "2")
    made = [propose_change(case, change, by=own(case), at=CLOSED) for change in (first, second)]
    accept_proposal(made[0], by=office, at=CLOSED)
    with pytest.raises(ChangeRefused) as refusal:
        accept_proposal(made[1], by=office, at=CLOSED)
    assert str(refusal.value) == (
        "With this change first and second choice would be the same. Refuse it, and say so."
    )
    case.refresh_from_db()
    assert (case.specialisation_id, case.second_specialisation_id) == (other, None)


def test_the_letter_of_an_offer_bears_the_name_that_was_accepted(case, office):
    accept_proposal(rename(case), by=office, at=CLOSED)
    make_offer(case, terms=OfferTerms(reply_by=hkt(2026, 4, 20, 23, 59)), by=office, at=CLOSED)
    assert Paper.objects.get(kind="offer").context["addressee"]["name"].startswith("LAMB ")
