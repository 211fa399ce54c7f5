"""An applicant takes an application back: who may, from where, what ends with it, and who is told."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from admissions_portal.clock.actions import start_clock_at
from admissions_portal.history.queries import events_about
from admissions_portal.outbox.models import Message
from admissions_portal.support.actors import Actor
from applications.evidence.actions import add_document
from applications.evidence.files import read_bytes
from applications.evidence.models import Document, SlotCode
from applications.lifecycle.actions import ApplicationGone, TransitionRefused, start_application
from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_visible_to
from applications.lifecycle.states import State
from applications.offers.actions import accept_offer, lapse_offers, make_offer
from applications.offers.models import Offer, OfferStatus
from applications.offers.replies import remind_of_replies
from applications.offers.terms import OfferTerms
from applications.submission.actions import save_section, submit_application
from applications.submission.declarations import in_force
from applications.submission.sections import section_named
from applications.withdrawals.actions import (
    WithdrawalRefused,
    discard_draft,
    note_withdrawal,
    withdraw_application,
)
from applications.withdrawals.models import Withdrawal, WithdrawalReason
from applications.worklists.desk import waiting_piles
from applications.worklists.filters import Narrowing
from applications.worklists.queries import annotate_listing
from tests.factories.applicants import ApplicantFactory
from tests.factories.applications import CaseFactory, DraftFactory, acting, officer
from tests.factories.desks import latest_version
from tests.factories.drafts import own, publish_policies, ready_draft, taught_offering
from tests.factories.evidence import DocumentFactory, pdf
from tests.factories.programmes import hkt

pytestmark = pytest.mark.django_db
AT = hkt(2026, 4, 2, 9, 30)
REPLY_BY = hkt(2026, 4, 20, 23, 59)
PLANS = WithdrawalReason.PLANS


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def withdraw(case, **more):
    return withdraw_application(
        case, **{"reason": PLANS, "by": acting(case.applicant.user), "at": AT, **more}
    )


def offered(**fields):
    case = CaseFactory(**fields)
    make_offer(case, terms=OfferTerms(REPLY_BY), by=acting(officer(case.offering.programme)), at=AT)
    return case


def fresh(case):
    return Application.objects.get(pk=case.pk)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.IN_REVIEW, State.OFFERED, State.ACCEPTED])
def test_a_running_application_is_withdrawn_from(state):
    case = CaseFactory(state=state)
    said = withdraw(case, words="  I go to another city. ")
    assert (fresh(case).state, fresh(case).state_since) == (State.WITHDRAWN, AT)
    assert (said.reason, said.words, said.from_state, said.withdrawn_at) == (
        PLANS,
        "I go to another city.",
        state,
        AT,
    )


@pytest.mark.parametrize("state", [State.REFUSED, State.DECLINED, State.LAPSED])
def test_what_has_ended_otherwise_stays_as_it_ended(state):
    case = CaseFactory(state=state)
    with pytest.raises(TransitionRefused):
        withdraw(case)
    assert (fresh(case).state, Withdrawal.objects.count(), Message.objects.count()) == (state, 0, 0)


def test_a_draft_is_not_withdrawn():
    with pytest.raises(WithdrawalRefused) as refused:
        withdraw(DraftFactory())
    assert str(refused.value) == (
        "This application has not been submitted, so there is nothing to withdraw. You may delete it."
    )


def test_nobody_withdraws_for_somebody_else():
    case = CaseFactory()
    staff = officer(case.offering.programme)
    for by in (acting(ApplicantFactory().user), acting(staff), Actor.system()):
        with pytest.raises(PermissionDenied):
            withdraw(case, by=by)
    assert fresh(case).state == State.SUBMITTED


def test_twice_is_once_and_the_first_reason_stands():
    case = CaseFactory()
    first = withdraw(case, reason=WithdrawalReason.MONEY)
    again = withdraw(case, reason=WithdrawalReason.OTHER, at=hkt(2026, 4, 3))
    assert (again, again.reason, Message.objects.count()) == (first, WithdrawalReason.MONEY, 1)


def test_history_says_that_and_never_why():
    case = CaseFactory(state=State.IN_REVIEW)
    withdraw(case, words="Canary words")
    [event] = events_about(case)
    assert (event.kind, event.at, event.data) == ("application.withdrawn", AT, {"came_from": "IN_REVIEW"})


def test_an_open_offer_ends_and_is_neither_reminded_of_nor_lapses():
    case = offered()
    withdraw(case)
    offer = Offer.objects.get()
    assert (offer.status, offer.withdrawn_at, offer.answered_at) == (OfferStatus.WITHDRAWN, AT, None)
    assert offer.letter.voided_at == AT
    assert remind_of_replies(at=hkt(2026, 4, 19)) == 0
    assert lapse_offers(at=hkt(2026, 4, 21)) == 0
    assert fresh(case).state == State.WITHDRAWN


def test_an_accepted_offer_keeps_the_moment_of_its_acceptance():
    case = offered()
    accept_offer(case.offer, by=acting(case.applicant.user), at=AT)
    withdraw(fresh(case), at=hkt(2026, 5, 1))
    offer = Offer.objects.get()
    assert (offer.status, offer.answered_at, offer.withdrawn_at) == (
        OfferStatus.WITHDRAWN,
        AT,
        hkt(2026, 5, 1),
    )


def test_the_applicant_is_told_in_one_message():
    case = CaseFactory(number="TST26-000042", offering__intake__programme__name="Master of Subject")
    withdraw(case)
    [message] = Message.objects.all()
    assert (message.kind, message.subject) == (
        "application_withdrawn",
        "You have withdrawn your application (TST26-000042)",
    )
    text = " ".join(message.body.split())
    assert (
        "You withdrew your application TST26-000042 for Master of Subject on "
        "2 April 2026, 09:30:00 HKT. It has ended, and nothing more is asked of you. "
        "A withdrawal cannot be undone. You may apply again while a round is open."
    ) in text
    assert "place you were offered" not in text


def test_the_message_has_the_number_though_the_caller_read_the_case_before_it_had_one():
    case = CaseFactory(number="TST26-000042")
    read_before = fresh(case)
    read_before.number = None
    withdraw(read_before)
    assert Message.objects.get().subject == "You have withdrawn your application (TST26-000042)"


def test_the_message_about_an_offered_place_says_that_it_is_given_up():
    withdraw(offered())
    text = " ".join(Message.objects.get(kind="application_withdrawn").body.split())
    assert "The place you were offered is given up with it, and its letter is no longer valid." in text


def test_afterwards_one_may_begin_again():
    case = CaseFactory()
    withdraw(case)
    again = start_application(case.applicant, case.offering, by=acting(case.applicant.user), at=AT)
    assert (again != case, again.state) == (True, State.DRAFT)


# the office


def piles_of(staff):
    return {
        pile.query: pile.count for pile in waiting_piles(applications_visible_to(staff, on=AT.date()), at=AT)
    }


def listed(staff):
    visible = applications_visible_to(staff, on=AT.date())
    return list(
        Narrowing.read({"pile": "withdrawn"}).apply(annotate_listing(visible, user=None, at=AT), at=AT)
    )


def test_the_office_has_a_pile_of_withdrawals_until_somebody_notes_them():
    case = CaseFactory()
    staff = officer(case.offering.programme)
    assert (piles_of(staff)["pile=withdrawn"], listed(staff)) == (0, [])
    said = withdraw(case)
    assert (piles_of(staff)["pile=withdrawn"], listed(staff)) == (1, [case])
    note_withdrawal(said, by=acting(staff), at=AT)
    assert (piles_of(staff)["pile=withdrawn"], listed(staff)) == (0, [])
    assert events_about(case).last().kind == "withdrawal.noted"


def test_noting_twice_keeps_the_first():
    case = CaseFactory()
    one, two = officer(case.offering.programme), officer(case.offering.programme)
    said = withdraw(case)
    note_withdrawal(said, by=acting(one), at=AT)
    noted = note_withdrawal(said, by=acting(two), at=hkt(2026, 4, 3))
    assert (noted.noted_by, noted.noted_at) == (one, AT)


def test_an_officer_of_another_programme_notes_nothing():
    said = withdraw(CaseFactory())
    with pytest.raises(PermissionDenied):
        note_withdrawal(said, by=acting(officer(CaseFactory().offering.programme)), at=AT)


def test_the_case_page_says_when_why_and_what_to_do(client):
    start_clock_at(AT)
    case = CaseFactory(state=State.IN_REVIEW)
    withdraw(case, words="My mother is ill.")
    client.force_login(officer(case.offering.programme))
    address = f"/office/applications/application/{case.pk}/"
    text = client.get(address).content.decode()
    assert "Do next: Note the withdrawal" in text
    assert "The applicant withdrew when the case stood at “In review”." in text
    assert ("My plans have changed" in text, "My mother is ill." in text) == (True, True)
    seen = {"seen": latest_version(case.pk)}
    text = client.post(f"{address}withdrawn/", seen, follow=True).content.decode()
    assert "It is noted that the office has seen the withdrawal." in text
    assert "Nothing is asked of the office now</h2>" in text
    assert f'action="{address}withdrawn/"' not in text


# drafts


def test_a_draft_is_deleted_with_its_files(django_capture_on_commit_callbacks):
    draft = DraftFactory()
    document = DocumentFactory(application=draft)
    path, storage = document.file.name, document.file.storage
    with django_capture_on_commit_callbacks(execute=True):
        discard_draft(draft, by=acting(draft.applicant.user), at=AT)
    assert (Application.objects.count(), Document.objects.count(), storage.exists(path)) == (0, 0, False)
    assert [event.kind for event in events_about(draft)] == ["application.discarded"]


def test_a_file_stays_where_the_deletion_is_undone():
    draft = DraftFactory()
    document = DocumentFactory(application=draft)
    with transaction.atomic():
        discard_draft(draft, by=acting(draft.applicant.user), at=AT)
        transaction.set_rollback(True)
    assert Application.objects.filter(pk=draft.pk).exists()
    assert document.file.storage.exists(document.file.name)


def test_deleting_twice_is_once():
    draft = DraftFactory()
    for _n in range(2):
        discard_draft(draft, by=acting(draft.applicant.user), at=AT)
    assert not Application.objects.exists()


def test_what_another_tab_does_to_a_deleted_draft_is_refused_in_words():
    publish_policies()
    draft = ready_draft(taught_offering())
    by, tab = own(draft), Application.objects.get(pk=draft.pk)
    discard_draft(draft, by=by, at=AT)
    acts = [
        lambda: save_section(tab, section_named(tab, "choice", at=AT), {}, by=by, at=AT),
        lambda: submit_application(tab, declaration=in_force(on=AT.date()), by=by, at=AT),
        lambda: add_document(tab, SlotCode.OTHER, read_bytes(pdf(), name="a.pdf"), by=by, at=AT),
    ]
    for act in acts:
        with pytest.raises(ApplicationGone) as refusal:
            act()
        assert str(refusal.value) == (
            "This draft is gone: it was deleted or submitted in another tab. “My applications” shows what "
            "there is."
        )


def test_what_was_submitted_is_not_deleted():
    case = CaseFactory()
    with pytest.raises(WithdrawalRefused) as refused:
        discard_draft(case, by=acting(case.applicant.user), at=AT)
    assert str(refused.value) == (
        "This application has been submitted: it cannot be deleted, but you may withdraw it."
    )
    assert Application.objects.filter(pk=case.pk).exists()


def test_nobody_deletes_the_draft_of_somebody_else():
    draft = DraftFactory()
    with pytest.raises(PermissionDenied):
        discard_draft(draft, by=acting(ApplicantFactory().user), at=AT)


# the pages


@pytest.fixture
def april(db):
    start_clock_at(AT)


@pytest.mark.usefixtures("april")
def test_without_a_reason_nothing_is_withdrawn_and_nothing_typed_is_lost(client):
    case = CaseFactory()
    client.force_login(case.applicant.user)
    response = client.post(f"/applications/{case.pk}/withdraw/", {"words": "Typed words"})
    text = response.content.decode()
    assert (response.status_code, fresh(case).state) == (200, State.SUBMITTED)
    assert ("Choose one of the answers." in text, ">\nTyped words</textarea>" in text) == (True, True)


@pytest.mark.usefixtures("april")
def test_the_page_withdraws_and_says_so(client):
    publish_policies()
    case = CaseFactory(offering__intake__programme__slug="hku-mmedsc")
    client.force_login(case.applicant.user)
    address = f"/applications/{case.pk}/withdraw/"
    response = client.post(address, {"reason": "PLANS"}, follow=True)
    assert response.redirect_chain == [(f"/applications/{case.pk}/", 302)]
    assert "You have withdrawn the application. We have written to you to confirm it." in (
        response.content.decode()
    )
    assert fresh(case).state == State.WITHDRAWN
    # there is nothing left to withdraw
    assert client.get(address).status_code == 302


CONSEQUENCES = {
    "received": (lambda: CaseFactory(), None),
    "offered": (lambda: offered(), "The offer ends with it, and its letter is no longer valid."),
    "accepted": (
        lambda: accepted(),
        "You give up the place you have accepted, and its letter is no longer valid. "
        "The office may offer the place to somebody else.",
    ),
}


def accepted():
    case = offered()
    accept_offer(case.offer, by=acting(case.applicant.user), at=AT)
    return fresh(case)


@pytest.mark.usefixtures("april")
@pytest.mark.parametrize(("make", "sentence"), CONSEQUENCES.values(), ids=CONSEQUENCES.keys())
def test_the_page_says_what_ends(client, make, sentence):
    case = make()
    client.force_login(case.applicant.user)
    text = " ".join(client.get(f"/applications/{case.pk}/withdraw/").content.decode().split())
    assert "It cannot be undone, by you or by the office." in text
    assert [said for _make, said in CONSEQUENCES.values() if said and said in text] == (
        [sentence] if sentence else []
    )


@pytest.mark.usefixtures("april")
def test_a_draft_is_deleted_from_its_page(client):
    draft = DraftFactory(offering__intake__expected_start_on=date(2026, 9, 1))
    client.force_login(draft.applicant.user)
    address = f"/applications/{draft.pk}/delete/"
    assert "Its answers and 0 files are deleted for good." in client.get(address).content.decode()
    response = client.post(address, follow=True)
    assert (response.redirect_chain, Application.objects.count()) == ([("/my/", 302)], 0)
    assert "The draft has been deleted. Your profile is kept." in response.content.decode()
