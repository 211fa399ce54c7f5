"""Offers: made once, answered by the applicant alone, to the minute, and lapsing after it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation
from django.utils.translation import gettext

from admissions_portal.history.queries import events_about
from admissions_portal.outbox.models import Message
from admissions_portal.papers.actions import void_paper
from admissions_portal.support.actors import Actor
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.offers.actions import (
    OfferRefused,
    accept_offer,
    decline_offer,
    lapse_offers,
    make_offer,
    meet_condition,
)
from applications.offers.models import Offer, OfferStatus, ReplyReminder
from applications.offers.replies import remind_of_replies
from applications.offers.terms import ConditionTerms, OfferTerms
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.programmes import hkt

pytestmark = pytest.mark.django_db
MADE = hkt(2026, 5, 4, 10, 0)
REPLY_BY = hkt(2026, 5, 29, 23, 59)
TRANSCRIPT = ConditionTerms("Official final transcript", "Sent by your university", date(2026, 8, 31))


def an_offer(**changes: Any) -> Offer:
    case = CaseFactory()
    terms = OfferTerms(**{"reply_by": REPLY_BY, "conditions": (TRANSCRIPT,), **changes})
    return make_offer(case, terms=terms, by=acting(officer(case.offering.programme)), at=MADE)


def kinds() -> list[str]:
    return list(Message.objects.order_by("queued_at", "kind").values_list("kind", flat=True))


def test_an_offer_moves_the_case_and_queues_letter_and_message() -> None:
    offer = an_offer()
    message = Message.objects.get()
    assert Application.objects.get().state == State.OFFERED
    assert [(c.text, c.due_on) for c in offer.conditions.all()] == [(TRANSCRIPT.text, date(2026, 8, 31))]
    assert (message.kind, message.paper, message.to_user) == (
        "offer_made",
        offer.letter,
        offer.application.applicant.user_id,
    )
    assert offer.number == "OFF-2026-000001"


def test_the_fee_never_leaves_without_its_note_in_mail_and_letter() -> None:
    offer = an_offer()
    assert offer.letter.context["fee"] == {
        "amount": "HK$198,000",
        "note": "Provisional: subject to the University Council’s approval.",
        "instalments": "2 instalments",
    }
    assert "HK$198,000, 2 instalments. Provisional:" in " ".join(Message.objects.get().body.split())


@pytest.mark.parametrize(
    ("at", "in_time"),
    [
        pytest.param(REPLY_BY + timedelta(seconds=59), True, id="the whole last minute counts (AMB-01)"),
        pytest.param(REPLY_BY + timedelta(minutes=1), False, id="the minute after is too late (AMB-01)"),
    ],
)
def test_a_reply_is_in_time_until_the_printed_minute_has_ended(at: Any, in_time: bool) -> None:
    offer = an_offer()
    by = acting(offer.application.applicant.user)
    if in_time:
        assert accept_offer(offer, by=by, at=at).status == OfferStatus.ACCEPTED
        assert Application.objects.get().state == State.ACCEPTED
    else:
        with pytest.raises(OfferRefused):
            accept_offer(offer, by=by, at=at)
        assert Application.objects.get().state == State.OFFERED


def test_accepting_twice_is_accepting_once() -> None:
    offer = an_offer()
    by = acting(offer.application.applicant.user)
    first = accept_offer(offer, by=by, at=MADE + timedelta(days=1))
    again = accept_offer(offer, by=by, at=MADE + timedelta(days=2))
    assert again.answered_at == first.answered_at == MADE + timedelta(days=1)
    assert kinds() == ["offer_made", "offer_accepted"]


def test_after_declining_there_is_no_accepting() -> None:
    offer = an_offer()
    by = acting(offer.application.applicant.user)
    decline_offer(offer, reason="Another place", by=by, at=MADE)
    with pytest.raises(OfferRefused):
        accept_offer(offer, by=by, at=MADE)
    declined = Offer.objects.select_related("letter").get()
    assert (declined.status, declined.decline_reason) == (OfferStatus.DECLINED, "Another place")
    assert not declined.letter.is_in_force


def test_nobody_answers_for_somebody_else() -> None:
    offer = an_offer()
    for by in (acting(CaseFactory().applicant.user), acting(offer.made_by), Actor.system()):
        with pytest.raises(PermissionDenied):
            accept_offer(offer, by=by, at=MADE)


def test_an_offer_lapses_once_its_last_minute_has_ended() -> None:
    offer = an_offer()
    assert lapse_offers(at=REPLY_BY + timedelta(seconds=59)) == 0
    assert lapse_offers(at=REPLY_BY + timedelta(minutes=1)) == 1
    assert lapse_offers(at=REPLY_BY + timedelta(minutes=2)) == 0
    lapsed = Offer.objects.select_related("letter").get(pk=offer.pk)
    assert (lapsed.status, lapsed.lapsed_at) == (OfferStatus.LAPSED, REPLY_BY + timedelta(minutes=1))
    assert Application.objects.get().state == State.LAPSED
    assert kinds() == ["offer_made", "offer_lapsed"]
    assert not lapsed.letter.is_in_force


def test_an_offer_that_cannot_lapse_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stuck, free = an_offer(reply_by=REPLY_BY - timedelta(days=1)), an_offer()
    monkeypatch.setattr(
        "applications.offers.actions.void_paper",
        lambda paper, *, at: void_paper(paper, at=at) if paper.pk != stuck.letter_id else 1 / 0,
    )
    assert lapse_offers(at=REPLY_BY + timedelta(minutes=1)) == 1
    assert [Offer.objects.get(pk=offer.pk).status for offer in (stuck, free)] == ["OPEN", "LAPSED"]
    assert [record.message for record in caplog.records] == ["offer did not lapse"]


def test_the_fee_is_said_in_the_applicants_language_and_the_letter_in_english() -> None:
    case = CaseFactory(applicant__user__language="zh-hant")
    terms = OfferTerms(reply_by=REPLY_BY)
    with translation.override("zh-hans"):  # the officer's
        offer = make_offer(case, terms=terms, by=acting(officer(case.offering.programme)), at=MADE)
    with translation.override("zh-hant"):
        provisional = gettext("Provisional:")
    assert provisional != "Provisional:"
    assert provisional in Message.objects.get().body
    assert offer.letter.context["fee"]["note"].startswith("Provisional: ")


@pytest.mark.parametrize(
    ("known", "line"),
    [
        pytest.param(
            {"phones": ["2358 6622"], "email": "a@b.hk"}, "Questions: 2358 6622, Grad Office", id="phone"
        ),
        pytest.param({"phones": [], "email": "a@b.hk"}, "Questions: a@b.hk, Grad Office", id="only e-mail"),
        pytest.param({"phones": [], "email": ""}, None, id="neither (HKU-18)"),
    ],
)
def test_a_mail_names_of_the_office_what_is_known(known: dict[str, Any], line: str | None) -> None:
    case = CaseFactory()
    office = case.offering.programme.office
    office.name, office.phones, office.email = "Grad Office", known["phones"], known["email"]
    office.save()
    case = Application.objects.get()
    make_offer(
        case, terms=OfferTerms(reply_by=REPLY_BY), by=acting(officer(case.offering.programme)), at=MADE
    )
    lines = Message.objects.get().body.splitlines()
    assert [each for each in lines if each.startswith("Questions")] == ([line] if line else [])
    assert "Grad Office" in lines


def test_an_officer_marks_a_condition_as_met_once() -> None:
    offer = an_offer()
    by = acting(offer.made_by)
    condition = offer.conditions.get()
    first = meet_condition(condition, by=by, at=MADE + timedelta(days=1))
    again = meet_condition(condition, by=by, at=MADE + timedelta(days=2))
    assert (again.status, again.met_by, again.met_at) == ("MET", offer.made_by, first.met_at)
    assert [e.kind for e in events_about(offer.application)] == ["offer.made", "condition.met"]


def test_conditions_end_with_the_offer_and_are_no_business_of_the_applicant() -> None:
    offer = an_offer()
    applicant = acting(offer.application.applicant.user)
    with pytest.raises(PermissionDenied):
        meet_condition(offer.conditions.get(), by=applicant, at=MADE)
    decline_offer(offer, by=applicant, at=MADE)
    with pytest.raises(OfferRefused):
        meet_condition(offer.conditions.get(), by=acting(offer.made_by), at=MADE)
    assert offer.conditions.get().status == "OPEN"


def test_an_accepted_offer_does_not_lapse() -> None:
    offer = an_offer()
    accept_offer(offer, by=acting(offer.application.applicant.user), at=MADE)
    assert lapse_offers(at=REPLY_BY + timedelta(days=9)) == 0


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"reply_by": MADE - timedelta(minutes=1)}, id="a reply-by in the past"),
        pytest.param(
            {"conditions": (ConditionTerms("Late", "x", date(2026, 5, 3)),)}, id="a condition due yesterday"
        ),
    ],
)
def test_an_impossible_date_is_refused_and_nothing_is_written(changes: dict[str, Any]) -> None:
    with pytest.raises(OfferRefused):
        an_offer(**changes)
    assert not Offer.objects.exists()
    assert not Message.objects.exists()


def test_each_warning_before_the_lapse_goes_once() -> None:
    an_offer()
    for days in range(9, 0, -1):
        for _again in range(3):
            remind_of_replies(at=REPLY_BY + timedelta(minutes=1) - timedelta(days=days))
    assert list(ReplyReminder.objects.order_by("due_at").values_list("days_before", "status")) == [
        (7, "QUEUED"),
        (3, "QUEUED"),
        (1, "QUEUED"),
    ]
    assert kinds().count("offer_reply_reminder") == 3


def test_after_an_outage_only_the_nearest_warning_goes() -> None:
    an_offer()
    assert remind_of_replies(at=REPLY_BY - timedelta(hours=2)) == 1
    assert list(ReplyReminder.objects.order_by("due_at").values_list("days_before", "status")) == [
        (7, "SKIPPED"),
        (3, "SKIPPED"),
        (1, "QUEUED"),
    ]


def test_a_warning_due_before_the_offer_was_made_is_none() -> None:
    an_offer(reply_by=MADE + timedelta(days=2))
    assert remind_of_replies(at=MADE + timedelta(minutes=1)) == 0
    assert not ReplyReminder.objects.exists()
