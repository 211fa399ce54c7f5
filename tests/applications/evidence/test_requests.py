"""What the office asks of an applicant: asked, mailed, answered late or in time, settled, withdrawn; reminded
of once; in the way of an offer by its kind."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.history.models import Event
from admissions_portal.outbox.models import Message
from admissions_portal.support.actors import Actor
from applications.assessments.actions import assess_application
from applications.evidence.actions import (
    EvidenceTerms,
    RequestRefused,
    add_document,
    answer_request,
    ask_for_evidence,
    reject_document,
    settle_request,
    withdraw_request,
)
from applications.evidence.files import ReadFile, read_upload
from applications.evidence.models import EvidenceRequest, RequestKind, RequestWants, SlotCode
from applications.evidence.queries import requests_awaiting, requests_before_offer
from applications.evidence.reminders import remind_of_requests
from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_visible_to
from applications.lifecycle.states import State
from applications.offers.actions import OfferRefused, make_offer
from applications.offers.terms import OfferTerms
from applications.worklists.desk import waiting_piles
from tests.factories.accounts import StaffFactory, UserFactory
from tests.factories.applications import CaseFactory
from tests.factories.drafts import AT, taught_offering
from tests.factories.evidence import pdf, upload
from tests.factories.programmes import AppointmentFactory, hkt

pytestmark = pytest.mark.django_db

DUE = date(2026, 4, 10)
TERMS = EvidenceTerms(
    kind=RequestKind.NOW,
    wants=RequestWants.DOCUMENT,
    title="Transcript of the last year",
    words="The scan ends on page 2. Please send all pages.",
    due_on=DUE,
    slot=SlotCode.DEGREE,
    clause="HKU-E1",
)


@pytest.fixture
def case() -> Application:
    return CaseFactory()


@pytest.fixture
def office(case) -> Actor:
    user = StaffFactory()
    AppointmentFactory(user=user, programme=case.offering.programme, role=Role.PROGRAMME_OFFICE)
    return Actor.of(user)


@pytest.fixture
def me(case) -> Actor:
    return Actor.of(case.applicant.user)


def asked(case, office, **terms) -> EvidenceRequest:
    return ask_for_evidence(case, terms=replace(TERMS, **terms), by=office, at=AT)


def fresh(request: EvidenceRequest) -> EvidenceRequest:
    return EvidenceRequest.objects.get(pk=request.pk)


def text_of(message: Message) -> str:
    return message.body.replace("\N{NO-BREAK SPACE}", " ")


def read_pdf() -> ReadFile:
    return read_upload(upload(pdf()))


# the journey


def test_asked_mailed_answered_by_a_file_and_settled(case, office, me):
    request = asked(case, office)
    assert request.closed_from == hkt(2026, 4, 11)  # the whole of 10 April counts
    message = Message.objects.get()
    assert message.subject == f"Please send us something for your application ({case.number})"
    assert "we ask you for: Transcript of the last year." in " ".join(text_of(message).split())
    assert "The scan ends on page 2. Please send all pages." in text_of(message)
    assert "by 10 April 2026" in text_of(message)
    assert requests_awaiting([case]) == {case.pk: [request]}

    document = add_document(
        case, SlotCode.OTHER, read_pdf(), request=request, by=me, at=hkt(2026, 4, 10, 23, 59, 59)
    )
    assert (document.slot, document.request) == ("DEGREE", request)
    answered = fresh(request)
    assert (answered.status, answered.was_late) == ("ANSWERED", False)
    assert requests_awaiting([case]) == {}

    settle_request(request, by=office, at=hkt(2026, 4, 13))
    settled = fresh(request)
    assert (settled.status, settled.closed_by) == ("SETTLED", office.user)
    assert settle_request(request, by=office, at=hkt(2026, 4, 14)).closed_at == hkt(2026, 4, 13)
    assert [event.kind for event in Event.objects.filter(about_id=str(case.pk)).order_by("id")] == [
        "evidence.requested",
        "document.added",
        "evidence.request_answered",
        "evidence.request_settled",
    ]


def test_once_the_application_has_ended_the_page_asks_for_nothing(case, office, me, client):
    request = asked(case, office)
    add_document(case, SlotCode.OTHER, read_pdf(), request=request, by=me, at=hkt(2026, 4, 9))
    start_clock_at(hkt(2026, 4, 9, 12))
    client.force_login(case.applicant.user)
    address = reverse("applications:request", args=[case.pk, request.pk])
    waits, added = "The review of your application waits for it.", "you may still add to it"
    shown = client.get(address).content.decode()
    assert (waits in shown, added in shown) == (True, True)
    Application.objects.filter(pk=case.pk).update(state=State.WITHDRAWN)
    shown = client.get(address).content.decode()
    assert (waits in shown, added in shown) == (False, False)
    assert "This application has ended, so nothing in it is changed any more." in shown


def test_an_answer_in_words_after_the_day_is_taken_and_is_late(case, office, me):
    request = asked(case, office, wants=RequestWants.ANSWER)
    answer_request(request, answer="It is on its way.", by=me, at=hkt(2026, 4, 11))
    late = fresh(request)
    assert (late.status, late.answer, late.was_late) == ("ANSWERED", "It is on its way.", True)


def test_the_mail_is_in_the_language_of_the_applicant(case, office):
    type(case.applicant.user).objects.filter(pk=case.applicant.user_id).update(language="zh-hant")
    asked(Application.objects.get(pk=case.pk), office)
    assert Message.objects.get().language == "zh-hant"


def test_withdrawn_with_a_reason_that_the_applicant_reads(case, office, me):
    request = asked(case, office)
    with pytest.raises(RequestRefused, match="Write why"):
        withdraw_request(request, reason=" ", by=office, at=AT)
    withdraw_request(request, reason="The registry sent it.", by=office, at=AT + timedelta(minutes=5))
    assert fresh(request).status == "WITHDRAWN"
    assert "The reason: The registry sent it." in text_of(Message.objects.latest("queued_at"))
    with pytest.raises(RequestRefused, match="You need not send anything"):
        answer_request(request, answer="Here", by=me, at=AT)
    with pytest.raises(RequestRefused, match="You need not send anything"):
        add_document(case, SlotCode.DEGREE, read_pdf(), request=request, by=me, at=AT)
    with pytest.raises(RequestRefused, match="withdrawn meanwhile"):
        settle_request(request, by=office, at=AT)


def test_what_was_not_accepted_opens_the_request_again(case, office, me):
    request = asked(case, office)
    document = add_document(case, SlotCode.DEGREE, read_pdf(), request=request, by=me, at=AT)
    reject_document(document, reason="Page 3 is missing.", by=office, at=AT)
    assert (fresh(request).status, fresh(request).answered_at) == ("OPEN", None)


def test_asked_twice_by_a_second_click_is_asked_once(case, office):
    assert asked(case, office) == asked(case, office)
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        pytest.param({"due_on": date(2026, 3, 23)}, "23 March 2026 has passed", id="a day gone by"),
        pytest.param({"due_on": date(2036, 3, 23)}, "more than a year away", id="a wrong year"),
        pytest.param({"words": " \n"}, "write a sentence to the applicant", id="no words"),
        pytest.param({"title": "x" * 121}, "up to 120 characters", id="a long name"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(case, office, terms, sentence):
    with pytest.raises(RequestRefused) as refused:
        asked(case, office, **terms)
    assert sentence in str(refused.value).replace("\N{NO-BREAK SPACE}", " ")


# whose it is


def test_nobody_else_asks_answers_or_ends_it(case, office):
    request = asked(case, office)
    other_office = StaffFactory()
    AppointmentFactory(user=other_office, role=Role.PROGRAMME_OFFICE)
    reader = StaffFactory()
    AppointmentFactory(user=reader, programme=case.offering.programme, role=Role.REVIEWER)
    for stranger in (Actor.of(other_office), Actor.of(reader), Actor.of(UserFactory())):
        for act in (
            lambda by: ask_for_evidence(case, terms=TERMS, by=by, at=AT),
            lambda by: settle_request(request, by=by, at=AT),
            lambda by: withdraw_request(request, reason="No", by=by, at=AT),
            lambda by: answer_request(request, answer="Yes", by=by, at=AT),
            lambda by: add_document(case, SlotCode.DEGREE, read_pdf(), request=request, by=by, at=AT),
        ):
            with pytest.raises(PermissionDenied):
                act(stranger)
    assert fresh(request).status == "OPEN"


def test_a_file_answers_no_request_of_another_case(case, office, me):
    elsewhere = CaseFactory(applicant=case.applicant)
    with pytest.raises(EvidenceRequest.DoesNotExist):
        add_document(elsewhere, SlotCode.DEGREE, read_pdf(), request=asked(case, office), by=me, at=AT)


# what waits for it


@pytest.mark.parametrize(
    ("kind", "stops"),
    [(RequestKind.NOW, True), (RequestKind.LATER_BLOCKING, True), (RequestKind.LATER_NON_BLOCKING, False)],
)
def test_an_offer_waits_by_the_kind_of_what_is_open(case, office, me, kind, stops):
    request = asked(case, office, kind=kind)
    assert requests_before_offer(case) == ([request] if stops else [])
    terms = OfferTerms(reply_by=hkt(2026, 5, 1, 23, 59), conditions=())
    if not stops:
        make_offer(case, terms=terms, by=office, at=AT)
        return
    with pytest.raises(OfferRefused, match="still asks for: Transcript of the last year"):
        make_offer(case, terms=terms, by=office, at=AT)
    add_document(case, SlotCode.DEGREE, read_pdf(), request=request, by=me, at=AT)
    with pytest.raises(OfferRefused):  # answered is not yet looked at
        make_offer(case, terms=terms, by=office, at=AT)
    settle_request(request, by=office, at=AT)
    make_offer(Application.objects.get(pk=case.pk), terms=terms, by=office, at=AT)


def test_the_piles_of_the_desk_follow_the_clock(case, office, me):
    asked(case, office)

    def piles(at):
        visible = applications_visible_to(office.user, on=at.date())
        found = {pile.query: pile.count for pile in waiting_piles(visible, at=at)}
        return found["pile=overdue"], found["pile=answers"]

    assert piles(hkt(2026, 4, 10, 23, 59)) == (0, 0)
    assert piles(hkt(2026, 4, 11)) == (1, 0)
    answer_request(EvidenceRequest.objects.get(), answer="Here", by=me, at=hkt(2026, 4, 11))
    assert piles(hkt(2026, 4, 11)) == (0, 1)


# reminders


def reminders() -> list[str]:
    return list(
        Message.objects.filter(kind="evidence_request_reminder").order_by("id").values_list("kind", flat=True)
    )


@pytest.mark.parametrize(
    ("ticks", "sent"),
    [
        pytest.param([hkt(2026, 4, 7, 23, 59, 59)], [0], id="before three days"),
        pytest.param([hkt(2026, 4, 8), hkt(2026, 4, 8), hkt(2026, 4, 9, 12)], [1, 0, 0], id="twice is once"),
        pytest.param([hkt(2026, 4, 8), hkt(2026, 4, 10), hkt(2026, 4, 10, 9)], [1, 1, 0], id="three and one"),
        pytest.param(
            [hkt(2026, 4, 10, 9), hkt(2026, 4, 10, 9)], [1, 0], id="after an outage the nearest only"
        ),
        pytest.param([hkt(2026, 4, 11)], [0], id="none once it is late"),
    ],
)
def test_each_reminder_goes_once(case, office, ticks, sent):
    asked(case, office)
    assert [remind_of_requests(at=at) for at in ticks] == sent
    assert len(reminders()) == sum(sent)


def test_a_reminder_that_fell_due_before_it_was_asked_is_none(case, office):
    asked(case, office, due_on=date(2026, 3, 26))
    assert [remind_of_requests(at=hkt(2026, 3, 25)), remind_of_requests(at=hkt(2026, 3, 26))] == [0, 1]


def test_nobody_is_reminded_of_what_is_answered_withdrawn_or_of_an_ended_case(case, office, me):
    answer_request(asked(case, office), answer="Here", by=me, at=AT)
    withdraw_request(asked(case, office, title="Another"), reason="No need", by=office, at=AT)
    ended = CaseFactory(offering=case.offering)
    asked(ended, office)
    Application.objects.filter(pk=ended.pk).update(state=State.REFUSED)
    assert remind_of_requests(at=hkt(2026, 4, 8)) == 0


def test_reminding_costs_the_same_for_one_and_for_ten(case, office, django_assert_max_num_queries):
    for _n in range(10):
        asked(CaseFactory(offering=case.offering), office)
    with django_assert_max_num_queries(40):  # each mail is a row of its own
        assert remind_of_requests(at=hkt(2026, 4, 8)) == 10


# the pages


def test_an_officer_asks_from_a_finding_in_one_click_and_the_applicant_answers_without_scripts(
    policies, client
):
    case = CaseFactory(offering=taught_offering())
    office = StaffFactory()
    AppointmentFactory(user=office, programme=case.offering.programme, role=Role.PROGRAMME_OFFICE)
    assess_application(case, by=Actor.system(), at=AT, received_at=AT)
    start_clock_at(AT)
    at_work = client
    at_work.force_login(office)
    page = reverse("admin:applications_application_ask", args=[case.pk])
    shown = at_work.get(reverse("admin:applications_application_change", args=[case.pk])).content.decode()
    assert f'href="{page}?clause=HKU-E1"' in shown
    begun = at_work.get(page, {"clause": "HKU-E1"}).context["form"].initial
    assert (begun["clause"], begun["slot"]) == ("HKU-E1", "slot-other")
    sent = {
        "wants": "DOCUMENT",
        "kind": "NOW",
        "title": "All pages",
        "words": "Please.",
        "slot": "slot-degree",
        "due_on_day": "10",
        "due_on_month": "4",
        "due_on_year": "2026",
        "clause": "HKU-E1",
    }
    wrong = at_work.post(page, sent | {"due_on_day": "40"})
    assert "There is no day 40 in that month" in wrong.content.decode()
    assert "Please." in wrong.content.decode()
    assert at_work.post(page, sent).status_code == 302
    request = EvidenceRequest.objects.get()
    assert (request.clause, request.slot, request.due_on) == ("HKU-E1", "DEGREE", DUE)

    client.force_login(case.applicant.user)
    page = reverse("applications:request", args=[case.pk, request.pk])
    assert "Please." in client.get(page).content.decode()
    empty = client.post(page, {"answer": ""})
    assert "Write your answer, or choose a file" in empty.content.decode()
    assert client.post(page, {"answer": "The registry is closed until Monday."}).url == page
    assert fresh(request).answer == "The registry is closed until Monday."
    documents = client.get(reverse("applications:documents", args=[case.pk])).content.decode()
    assert f'name="{request.anchor}"' in documents


def test_enter_in_the_reason_of_a_withdrawal_never_settles(case, office, client):
    asked(case, office)
    start_clock_at(AT)
    client.force_login(office.user)
    page = client.get(reverse("admin:applications_application_change", args=[case.pk])).content.decode()
    forms = [form for form in re.findall(r"<form.*?</form>", page, re.S) if "/requests/" in form]
    # Enter presses the first button of a form
    assert [re.findall(r'value="(settle|withdraw)"', form) for form in forms] == [["settle"], ["withdraw"]]
    assert ['name="reason"' in form for form in forms] == [False, True]


def test_another_applicant_and_another_office_find_nothing(case, office, client):
    request = asked(case, office)
    start_clock_at(AT)
    client.force_login(UserFactory())
    assert client.get(reverse("applications:request", args=[case.pk, request.pk])).status_code == 404
    stranger = StaffFactory()
    AppointmentFactory(user=stranger, role=Role.PROGRAMME_OFFICE)
    client.force_login(stranger)
    assert client.get(reverse("admin:applications_application_ask", args=[case.pk])).status_code == 404
    end = reverse("admin:applications_application_request", args=[case.pk, request.pk])
    assert client.post(end, {"verdict": "settle"}).status_code == 404


def test_files_chosen_when_the_session_had_ended_were_not_kept_and_it_is_said(case, client):
    from django.core.files.uploadedfile import SimpleUploadedFile

    start_clock_at(AT)
    page = reverse("applications:documents", args=[case.pk])
    answer = client.post(page, {"slot-other": SimpleUploadedFile("a.pdf", b"%PDF-1.4")}, follow=True)
    assert "Files were not kept: sign in, then choose them again." in answer.content.decode()
    assert case.documents.count() == 0
