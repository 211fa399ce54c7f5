"""The office decides once, with a reason the applicant is told."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from admissions_portal.accounts.roles import Role
from admissions_portal.history.queries import events_about
from admissions_portal.outbox.models import Message
from admissions_portal.support.actors import Actor
from applications.decisions.actions import DecisionRefused, offer_place, refuse_place
from applications.decisions.models import Decision, RefusalReason
from applications.lifecycle.actions import TransitionRefused
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.offers.actions import OfferRefused
from applications.offers.models import Offer
from applications.offers.terms import ConditionTerms, OfferTerms
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.programmes import ProgrammeFactory, hkt

pytestmark = pytest.mark.django_db
AT = hkt(2026, 5, 4, 10, 0)
TERMS = OfferTerms(hkt(2026, 5, 29, 23, 59), (ConditionTerms("Transcript", "By post", date(2026, 8, 31)),))


def refuse(case: Application, **changes: Any) -> Decision:
    by = changes.pop("by", None) or acting(officer(case.offering.programme))
    return refuse_place(case, **{"reason": RefusalReason.COMPETITION, "by": by, "at": AT, **changes})


def offer(case: Application, **changes: Any) -> Decision:
    by = changes.pop("by", None) or acting(officer(case.offering.programme))
    return offer_place(case, **{"terms": TERMS, "by": by, "at": AT, **changes})


def state_of(case: Application) -> str:
    return Application.objects.get(pk=case.pk).state


def test_a_refusal_is_told_with_its_reason_and_without_the_note() -> None:
    case = CaseFactory()
    decision = refuse(case, note="  Weak in statistics. ")
    assert (decision.outcome, decision.note, decision.decided_at, decision.application) == (
        "REFUSE",
        "Weak in statistics.",
        AT,
        case,
    )
    assert list(decision.reasons.values_list("reason", "clause")) == [("COMPETITION", "")]
    assert decision.prepared.status == "RELEASED"
    assert state_of(case) == State.REFUSED
    message = Message.objects.get()
    assert (message.kind, message.to_user) == ("application_refused", case.applicant.user_id)
    assert "Other applicants were placed higher" in " ".join(message.body.split())
    assert "statistics" not in message.subject + message.body


@pytest.mark.parametrize("reason", RefusalReason.values)
def test_each_reason_reaches_the_applicant_in_words(reason: str) -> None:
    refuse(CaseFactory(), reason=reason)
    body = " ".join(Message.objects.get().body.split())
    assert str(RefusalReason(reason).label) in body
    assert reason not in body


@pytest.mark.parametrize("reason", ["", "BECAUSE", "competition"])
def test_a_refusal_needs_a_reason(reason: str) -> None:
    case = CaseFactory()
    with pytest.raises(DecisionRefused, match="reason"):
        refuse(case, reason=reason)
    assert (state_of(case), Decision.objects.count(), Message.objects.count()) == (State.SUBMITTED, 0, 0)


@pytest.mark.parametrize("first", [offer, refuse], ids=["after an offer", "after a refusal"])
@pytest.mark.parametrize("second", [offer, refuse], ids=["an offer", "a refusal"])
def test_what_is_decided_is_not_decided_again(first: Any, second: Any) -> None:
    case = CaseFactory()
    first(case)
    decided, mails = state_of(case), Message.objects.count()
    with pytest.raises(TransitionRefused):
        second(case)
    assert (state_of(case), Decision.objects.count(), Message.objects.count()) == (decided, 1, mails)


def test_an_offer_is_decision_offer_letter_and_message_in_one() -> None:
    case = CaseFactory()
    decision = offer(case, note="Strong.")
    made = Offer.objects.get()
    assert (decision.outcome, decision.reasons.count(), decision.note) == ("OFFER", 0, "Strong.")
    assert (state_of(case), made.letter.status) == (State.OFFERED, "DUE")
    assert Message.objects.get().paper == made.letter
    assert [event.kind for event in events_about(case)] == ["offer.made"]


def test_an_offer_that_is_refused_leaves_no_decision_behind() -> None:
    case = CaseFactory()
    with pytest.raises(OfferRefused):
        offer(case, terms=OfferTerms(hkt(2026, 5, 4, 9, 58)))
    assert (state_of(case), Decision.objects.count(), Offer.objects.count()) == (State.SUBMITTED, 0, 0)


@pytest.mark.parametrize("act", [offer, refuse])
@pytest.mark.parametrize("role", [Role.REVIEWER, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_only_the_programme_office_decides(act: Any, role: Role) -> None:
    case = CaseFactory()
    with pytest.raises(PermissionDenied):
        act(case, by=acting(officer(case.offering.programme, role)))
    assert state_of(case) == State.SUBMITTED


@pytest.mark.parametrize("act", [offer, refuse])
def test_nobody_outside_decides(act: Any) -> None:
    case = CaseFactory()
    for by in (acting(officer(ProgrammeFactory())), acting(case.applicant.user), Actor.system()):
        with pytest.raises(PermissionDenied):
            act(case, by=by)
    assert state_of(case) == State.SUBMITTED
