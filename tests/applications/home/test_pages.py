"""The applicant's pages: whose they are, what they say, and what they cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.history.queries import events_about
from admissions_portal.outbox.models import Message
from applications.evidence.actions import reject_document, verify_document
from applications.evidence.models import EvidenceRequest
from applications.evidence.printed import AsPrinted
from applications.home.greeting import greeting
from applications.home.timeline import timeline_of
from applications.lifecycle.actions import apply_transition
from applications.lifecycle.states import State
from applications.lifecycle.transitions import Move
from applications.offers.actions import accept_offer, decline_offer, lapse_offers, make_offer
from applications.offers.models import Offer
from applications.offers.terms import ConditionTerms, OfferTerms
from applications.withdrawals.actions import withdraw_application
from applications.withdrawals.models import WithdrawalReason
from programmes.models import Bookmark
from tests.factories.accounts import UserFactory
from tests.factories.applicants import ApplicantFactory
from tests.factories.applications import CaseFactory, DraftFactory, acting, officer
from tests.factories.evidence import DocumentFactory
from tests.factories.papers import PaperFactory
from tests.factories.programmes import OfferingFactory, RoundFactory, hkt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policies", "march")]
AT = hkt(2026, 3, 24, 9, 0)
HOME = "/my/"


@pytest.fixture
def march(db):
    start_clock_at(AT)


@pytest.fixture
def hannah():
    return ApplicantFactory(preferred_name="Hannah")


@pytest.fixture
def mmedsc():
    offering = OfferingFactory(intake__programme__slug="hku-mmedsc")
    RoundFactory(offering=offering)
    return offering


def message_to(user, **fields):
    return Message.objects.create(
        **{
            "kind": "application_received",
            "to_user": user.pk,
            "to_address": user.email,
            "language": "en",
            "subject": "Your application has been received",
            "body": "Dear Hannah,\n\nthank you.",
            "queued_at": AT,
            "due_at": AT,
            "sender": "MMedSc Office",
            **fields,
        }
    )


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


# home


def test_somebody_new_is_told_what_will_be_here_and_where_to_begin(client):
    client.force_login(UserFactory())
    text = text_of(client.get(HOME))
    assert "Choose a programme" in text
    assert f'<a class="btn btn-primary" href="{reverse("programmes:catalogue")}">' in text


def test_the_page_greets_shows_one_next_step_and_who_to_ask(client, hannah, mmedsc):
    DraftFactory(applicant=hannah, offering=mmedsc)
    client.force_login(hannah.user)
    text = text_of(client.get(HOME))
    assert "Good morning, Hannah</h1>" in text
    assert (text.count('class="pg-now"'), text.count("btn btn-primary")) == (1, 1)
    assert "31\xa0March\xa02026, 23:59\xa0HKT" in text
    assert "(+852) 3910 0000" in text
    assert "No messages. We write here when the office needs something." in text


def test_while_the_office_reads_it_says_that_nothing_is_asked(client, hannah):
    case = CaseFactory(applicant=hannah)
    client.force_login(hannah.user)
    text = text_of(client.get(HOME))
    assert "Nothing is asked of you now" in text
    assert f"{case.offering.programme.office.name} has your application." in text
    assert case.number in text


def said_of(client, person):
    """The sentence under “Nothing is asked of you now”."""
    client.force_login(person.user)
    return text_of(client.get(HOME)).partition("Nothing is asked of you now")[2].split("<p>")[1].strip()


def test_how_an_application_ended_is_said_plainly(client, hannah):
    case = CaseFactory(applicant=hannah, state=State.REFUSED)
    office = case.offering.programme.office.name
    assert said_of(client, hannah).startswith(
        f"You are not offered a place. The message from {office} says more."
    )
    for answer, sentence in [
        (
            lambda offer: decline_offer(offer, reason="", by=acting(offer.application.applicant.user), at=AT),
            "You have declined the offer, and the application has ended with it.",
        ),
        (lambda offer: lapse_offers(at=offer.closed_from), "The offer lapsed without a reply."),
    ]:
        case = CaseFactory()
        terms = OfferTerms(hkt(2026, 4, 20, 23, 59))
        answer(make_offer(case, terms=terms, by=acting(officer(case.offering.programme)), at=AT))
        assert said_of(client, case.applicant).startswith(sentence)


def test_a_message_of_another_year_says_the_year(client, hannah):
    message_to(hannah.user, queued_at=hkt(2025, 12, 25, 9, 0))
    client.force_login(hannah.user)
    assert "25\xa0December\xa02025" in text_of(client.get(HOME))


def test_nothing_of_another_person_is_shown(client, hannah):
    other = CaseFactory()
    message_to(other.applicant.user, subject="For somebody else")
    client.force_login(hannah.user)
    text = text_of(client.get(HOME))
    assert other.number not in text
    assert "For somebody else" not in text


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (4, "Good evening"),
        (5, "Good morning"),
        (11, "Good morning"),
        (12, "Good afternoon"),
        (18, "Good evening"),
    ],
)
def test_the_greeting_is_by_the_hour_in_hong_kong(hour, words):
    assert greeting("Hannah", at=hkt(2026, 3, 24, hour)) == f"{words}, Hannah"


def test_without_a_name_nobody_is_greeted():
    assert greeting("", at=AT) == "My applications"


# messages


HIDDEN = {
    "a sign-in mail": {"is_sign_in": True},
    "an account mail": {"kind": "account"},
    "one held back": {"status": "HELD"},
    "one replaced by a later": {"status": "SKIPPED"},
    "one that is due later": {"due_at": hkt(2026, 4, 1)},
}


@pytest.mark.parametrize("fields", HIDDEN.values(), ids=HIDDEN.keys())
def test_not_among_the_messages_is(client, hannah, fields):
    hidden = message_to(hannah.user, **fields)
    client.force_login(hannah.user)
    assert hidden.subject not in text_of(client.get(HOME))
    assert client.get(reverse("applications:message", args=[hidden.pk])).status_code == 404


def test_a_message_is_read_in_full(client, hannah):
    CaseFactory(applicant=hannah)
    message = message_to(hannah.user, body="Dear Hannah,\n\n<b>thank</b> you.\nhttp://127.0.0.1:8000/my/\n")
    client.force_login(hannah.user)
    address = reverse("applications:message", args=[message.pk])
    assert f'<a href="{address}">Your application has been received</a>' in text_of(client.get(HOME))
    text = text_of(client.get(address))
    assert "Dear Hannah,\n\n&lt;b&gt;thank&lt;/b&gt; you." in text
    assert '<a href="http://127.0.0.1:8000/my/"' in text


def test_another_persons_message_does_not_exist(client, hannah):
    message = message_to(hannah.user)
    client.force_login(UserFactory())
    assert client.get(reverse("applications:message", args=[message.pk])).status_code == 404


# one case


def test_a_case_shows_its_papers_documents_and_messages(client, hannah, mmedsc):
    case = CaseFactory(applicant=hannah, offering=mmedsc)
    document = DocumentFactory(application=case, name="成績單.pdf")
    message_to(hannah.user, about_kind="application", about_id=str(case.pk), subject="About this one")
    message_to(hannah.user, about_kind="application", about_id="another", subject="About another")
    client.force_login(hannah.user)
    text = text_of(client.get(reverse("applications:overview", args=[case.pk])))
    for address in (
        reverse("applications:receipt", args=[case.pk]),
        reverse("applications:findings", args=[case.pk]),
        reverse("applications:documents", args=[case.pk]),
        reverse("applications:document", args=[document.pk]),
    ):
        assert f'href="{address}"' in text
    assert "About this one" in text
    assert "About another" not in text
    assert reverse("applications:review", args=[case.pk]) not in text


def test_a_case_with_an_offer_leads_to_it(client, hannah, mmedsc):
    case = CaseFactory(applicant=hannah, offering=mmedsc)
    offer = make_offer(
        case, terms=OfferTerms(hkt(2026, 4, 20, 23, 59)), by=acting(officer(mmedsc.programme)), at=AT
    )
    client.force_login(hannah.user)
    text = text_of(client.get(reverse("applications:overview", args=[case.pk])))
    assert text.count(f'href="{reverse("applications:offer", args=[offer.pk])}"') == 2


@pytest.mark.parametrize("page", ["overview", "documents", "receipt", "review", "findings"])
def test_a_case_exists_for_its_applicant_alone(client, page):
    case = CaseFactory()
    for somebody in (UserFactory(), officer(case.offering.programme)):
        client.force_login(somebody)
        assert client.get(reverse(f"applications:{page}", args=[case.pk])).status_code == 404


@pytest.mark.parametrize("page", ["home", "overview", "message"])
def test_without_signing_in_there_is_only_the_way_to_sign_in(client, page):
    args = [] if page == "home" else [CaseFactory().pk]
    response = client.get(reverse(f"applications:{page}", args=args))
    assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("account_login"))


# where it stands


def titles(case):
    case.refresh_from_db()
    return [(stage.title, stage.state) for stage in timeline_of(case, list(events_about(case)))]


def test_a_draft_stands_at_its_beginning(mmedsc):
    assert titles(DraftFactory(offering=mmedsc)) == [
        ("Draft", "now"),
        ("Submission", ""),
        ("Review", ""),
        ("Decision", ""),
        ("Expected start", ""),
    ]


def test_a_case_goes_through_its_stages(hannah):
    case = CaseFactory(applicant=hannah)
    by = acting(officer(case.offering.programme))
    assert titles(case) == [
        ("Submitted", "done"),
        ("With the office", "now"),
        ("Decision", ""),
        ("Expected start", ""),
    ]
    document = DocumentFactory(application=case)
    reader = acting(officer(case.offering.programme, Role.REVIEWER))
    apply_transition(case, Move.BEGIN_REVIEW, by=reader, at=AT)
    assert titles(case)[1] == ("In review", "now")
    verify_document(document, printed=AsPrinted(), by=by, at=AT)
    assert titles(case)[1] == ("Documents checked", "done")
    offer = make_offer(case, terms=OfferTerms(hkt(2026, 4, 20, 23, 59)), by=by, at=AT)
    assert titles(case)[3:] == [("Offer made", "done"), ("Your reply", "now"), ("Expected start", "")]
    accept_offer(offer, by=acting(hannah.user), at=AT)
    assert titles(case)[3:] == [("Offer made", "done"), ("Offer accepted", "now"), ("Expected start", "")]


def test_documents_are_checked_once_every_point_has_one_that_was_accepted():
    case = CaseFactory()
    by = acting(officer(case.offering.programme))
    refused, better = DocumentFactory.create_batch(2, application=case)
    reject_document(refused, reason="Unreadable.", by=by, at=AT)
    assert titles(case)[1] == ("With the office", "now")
    verify_document(better, printed=AsPrinted(), by=by, at=AT)
    assert titles(case)[1] == ("Documents checked", "done")


def test_a_declined_offer_ends_the_line(hannah):
    case = CaseFactory(applicant=hannah)
    offer = make_offer(
        case, terms=OfferTerms(hkt(2026, 4, 20, 23, 59)), by=acting(officer(case.offering.programme)), at=AT
    )
    decline_offer(offer, reason="", by=acting(hannah.user), at=AT)
    assert titles(case)[-1] == ("Offer declined", "now")


def test_a_refusal_is_said_plainly():
    assert titles(CaseFactory(state=State.REFUSED))[-1] == ("Not offered a place", "now")


# what it costs


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def with_cases(applicant, count):
    """A draft, a case with a document turned down, a case with an offer and a message, `count` of each."""
    for _n in range(count):
        offering = RoundFactory(offering__intake__programme__institution__code="hku").offering
        DraftFactory(applicant=applicant, offering=offering)
        case = CaseFactory(applicant=applicant)
        DocumentFactory(application=case, status="REJECTED", reason="No.", content=b"%PDF-1.4 case")
        offered = CaseFactory(applicant=applicant, state=State.OFFERED)
        paper = PaperFactory()
        Offer.objects.create(
            application=offered,
            case=offered,
            number=paper.number,
            made_at=AT,
            opened_at=AT,
            made_by=applicant.user,
            reply_by=hkt(2026, 4, 20, 23, 59),
            closed_from=hkt(2026, 4, 21),
            terms={},
            letter=paper,
        )
        message_to(applicant.user)


def test_the_home_page_asks_the_database_the_same_at_3_and_at_30(client, hannah):
    with_cases(hannah, 3)
    client.force_login(hannah.user)
    few = queries_of(client, HOME)
    with_cases(hannah, 27)
    assert queries_of(client, HOME) == few


def test_the_page_of_a_case_asks_the_database_the_same_at_3_and_at_30(client, hannah, mmedsc):
    case = CaseFactory(applicant=hannah, offering=mmedsc)
    address = reverse("applications:overview", args=[case.pk])
    client.force_login(hannah.user)
    counts = []
    for more in (3, 27):
        DocumentFactory.create_batch(more, application=case)
        for _n in range(more):
            message_to(hannah.user, about_kind="application", about_id=str(case.pk))
        counts.append(queries_of(client, address))
    assert counts[0] == counts[1]


# what home gathers


@pytest.mark.usefixtures("policies")
def test_what_has_ended_is_folded_and_the_rest_says_its_step(client, hannah, mmedsc):
    DraftFactory(applicant=hannah, offering=mmedsc)
    ended = CaseFactory(applicant=hannah, state=State.REFUSED)
    client.force_login(hannah.user)
    text = text_of(client.get(HOME))
    before, _fold, folded = text.partition("<summary>1 application that has ended</summary>")
    assert (ended.number in before, ended.number in folded) == (False, True)
    assert "Next: <strong>Finish and submit your application</strong>" in before


def test_messages_say_which_are_not_read_until_they_are(client, hannah):
    CaseFactory(applicant=hannah)
    message = message_to(hannah.user)
    client.force_login(hannah.user)
    assert "All messages, 1 not read" in text_of(client.get(HOME))
    assert "Not read" in text_of(client.get("/my/messages/"))
    client.get(f"/my/messages/{message.pk}/")
    assert Message.objects.get().read_at is not None
    assert "Not read" not in text_of(client.get("/my/messages/"))
    assert "not read" not in text_of(client.get(HOME))


def test_somebody_elses_message_stays_unread_and_does_not_exist(client, hannah):
    message = message_to(UserFactory())
    client.force_login(hannah.user)
    assert client.get(f"/my/messages/{message.pk}/").status_code == 404
    assert Message.objects.get().read_at is None


def test_letters_are_opened_and_downloaded_and_an_old_one_says_that_it_is_void(client, hannah):
    case = CaseFactory(applicant=hannah)
    offer = make_offer(
        case,
        terms=OfferTerms(hkt(2026, 4, 20, 23, 59)),
        by=acting(officer(case.offering.programme)),
        at=AT,
    )
    client.force_login(hannah.user)
    assert "It is being made. Reload this page in a moment." in text_of(client.get(HOME))
    offer.letter.status, offer.letter.pages = "RENDERED", 2
    offer.letter.pdf, offer.letter.rendered_at = b"%PDF", AT
    offer.letter.save()
    text = text_of(client.get(HOME))
    address = reverse("applications:offer_letter", args=[offer.pk])
    assert f'<a href="{address}">Offer of admission {offer.number}</a>' in text
    assert f'<a href="{address}" download="{offer.letter.filename}">' in text
    withdraw_application(case, reason=WithdrawalReason.PLANS, by=acting(hannah.user), at=hkt(2026, 3, 24, 10))
    text = text_of(client.get(HOME))
    assert ("No longer valid" in text, f'download="{offer.letter.filename}"' in text) == (True, False)


def test_saved_programmes_stand_on_home(client, hannah, mmedsc):
    Bookmark.objects.create(user=hannah.user, programme=mmedsc.programme, saved_at=AT)
    client.force_login(hannah.user)
    assert mmedsc.programme.name in text_of(client.get(HOME)).partition("Saved programmes</h2>")[2]


def a_life_of(hannah):
    """One more application of each sort that asks something of the database."""
    offering = OfferingFactory()
    RoundFactory(offering=offering)
    draft = DraftFactory(applicant=hannah, offering=offering)
    Bookmark.objects.create(user=hannah.user, programme=offering.programme, saved_at=AT)
    case = CaseFactory(applicant=hannah)
    staff = officer(case.offering.programme)
    EvidenceRequest.objects.create(
        application=case,
        kind="NOW",
        wants="DOCUMENT",
        title="A transcript",
        words="All pages.",
        due_on=AT.date(),
        closed_from=hkt(2026, 3, 25),
        asked_by=staff,
        asked_at=AT,
    )
    DocumentFactory(application=case)
    other = CaseFactory(applicant=hannah)
    make_offer(
        other,
        terms=OfferTerms(hkt(2026, 4, 20, 23, 59), (ConditionTerms("Text", "By post", AT.date()),)),
        by=acting(officer(other.offering.programme)),
        at=AT,
    )
    gone = CaseFactory(applicant=hannah)
    withdraw_application(gone, reason=WithdrawalReason.PLANS, by=acting(hannah.user), at=AT)
    message_to(hannah.user, about_kind="application", about_id=str(draft.pk))


def test_home_asks_the_database_as_often_for_six_of_each_as_for_one(client, hannah):
    client.force_login(hannah.user)
    counts = []
    for more in (1, 5):
        for _n in range(more):
            a_life_of(hannah)
        client.get(HOME)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(HOME).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    # session, user and clock; one for each kind of thing shown, five for saved programmes, two for
    # what the office settled and corrected
    assert counts[1] <= 28
