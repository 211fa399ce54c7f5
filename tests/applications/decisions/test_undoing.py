"""Each undo is an act of its own: which state, which right, what it leads to, and what stays on the file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from admissions_portal.accounts.roles import Role
from admissions_portal.history.queries import events_about
from admissions_portal.outbox.models import Message
from admissions_portal.papers.models import Paper
from admissions_portal.support.dates import hong_kong_day, hong_kong_time
from applications.decisions.actions import (
    DecisionRefused,
    offer_place,
    refuse_place,
    undo_decline,
    undo_lapse,
    undo_offer,
    undo_refusal,
)
from applications.decisions.models import Decision, DecisionUndo
from applications.lifecycle.actions import TransitionRefused, start_application
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.offers.actions import OfferRefused, accept_offer, decline_offer, lapse_offers
from applications.offers.models import Offer, OfferStatus
from applications.offers.replies import remind_of_replies
from applications.withdrawals.actions import withdraw_application
from applications.withdrawals.models import WithdrawalReason
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.decisions import AT, OFFER, REPLY_BY
from tests.factories.programmes import hkt

pytestmark = pytest.mark.django_db
SOON, AFTER = hkt(2026, 5, 6, 9, 0), hkt(2026, 6, 1, 9, 0)
AGAIN = hkt(2026, 6, 10, 23, 59)
WHY = {"reason": "The wrong list was used.", "words": "We are sorry.", "at": AFTER}

UNDOS: dict[str, tuple[Callable[..., DecisionUndo], State, State]] = {
    "refusal": (undo_refusal, State.REFUSED, State.IN_REVIEW),
    "offer": (undo_offer, State.OFFERED, State.IN_REVIEW),
    "decline": (undo_decline, State.DECLINED, State.OFFERED),
    "lapse": (undo_lapse, State.LAPSED, State.OFFERED),
}


def undo(name: str, case: Application, **changes: Any) -> DecisionUndo:
    """Undone by the coordinator, unless somebody else is named."""
    by = changes.pop("by", None) or acting(officer(case.offering.programme, Role.COORDINATOR))
    until = {"reply_by": AGAIN} if name in ("decline", "lapse") else {}
    return UNDOS[name][0](case, **{**WHY, **until, "by": by, **changes})


def case_in(state: State) -> Application:
    """A case brought to that state by the house's own acts."""
    case: Application = CaseFactory()
    office, me = acting(officer(case.offering.programme)), acting(case.applicant.user)
    assert OFFER.offer is not None
    if state is State.REFUSED:
        refuse_place(case, reason="COMPETITION", by=office, at=AT)
    elif state in (State.OFFERED, State.ACCEPTED, State.DECLINED, State.LAPSED):
        offer_place(case, terms=OFFER.offer, by=office, at=AT)
    if state is State.ACCEPTED:
        accept_offer(case.offer, by=me, at=SOON)
    elif state is State.DECLINED:
        decline_offer(case.offer, reason="Too far away", by=me, at=SOON)
    elif state is State.LAPSED:
        lapse_offers(at=REPLY_BY + timedelta(minutes=1))
    elif state is State.WITHDRAWN:
        withdraw_application(case, reason=WithdrawalReason.PLANS, by=me, at=SOON)
    case = Application.objects.get(pk=case.pk)
    assert case.state in (state, State.SUBMITTED)
    return case


@pytest.mark.parametrize(
    "state", [state for state in State if state not in (State.DRAFT, State.IN_REVIEW)], ids=str
)
def test_each_undo_is_possible_from_its_own_state_alone(state: State) -> None:
    """The matrix of states and undos. An acceptance and a withdrawal are never undone."""
    case = case_in(state)
    by = acting(officer(case.offering.programme, Role.COORDINATOR))
    possible = set()
    for name in UNDOS:
        before = Message.objects.count()
        try:
            undo(name, case, by=by)
        except TransitionRefused:
            assert (Message.objects.count(), DecisionUndo.objects.count()) == (before, len(possible))
        else:
            possible.add(name)
            break
    assert possible == {name for name, (_act, source, _target) in UNDOS.items() if source is state}
    if possible:
        [name] = possible
        assert Application.objects.get(pk=case.pk).state == UNDOS[name][2]


@pytest.mark.parametrize("name", UNDOS)
def test_only_whoever_holds_the_right_undoes(name: str) -> None:
    """The matrix of rights: the coordinator of this very programme, and nobody else."""
    case = case_in(UNDOS[name][1])
    others = [officer(case.offering.programme, role) for role in Role if role is not Role.COORDINATOR]
    others += [officer(CaseFactory().offering.programme, Role.COORDINATOR), case.applicant.user]
    for other in others:
        with pytest.raises(PermissionDenied):
            undo(name, case, by=acting(other))
    with pytest.raises(DecisionRefused, match="Write why it is undone"):
        undo(name, case, reason="   ")
    assert Application.objects.get(pk=case.pk).state == UNDOS[name][1]
    done = undo(name, case)
    assert (done.what.lower(), done.reason) == (name, "The wrong list was used.")


def test_an_undone_refusal_is_told_stays_on_the_file_and_is_decided_anew() -> None:
    case = case_in(State.REFUSED)
    first = Decision.objects.get()
    undo("refusal", case)
    told = Message.objects.get(kind="refusal_undone")
    assert "We are sorry." in told.body
    assert "wrong list" not in told.body
    first.refresh_from_db()
    assert (first.application, first.case) == (None, case)
    second = refuse_place(case, reason="PLACES_FILLED", by=acting(officer(case.offering.programme)), at=AFTER)
    assert list(case.decisions.order_by("decided_at")) == [first, second]
    assert Message.objects.filter(kind="application_refused").count() == 2
    assert [event.kind for event in events_about(case)] == [
        "application.refused",
        "application.refusal_undone",
        "application.refused",
    ]


def test_an_offer_taken_back_is_void_and_another_may_be_made() -> None:
    case = case_in(State.OFFERED)
    first = Offer.objects.get()
    undo("offer", case, at=SOON)
    first.refresh_from_db()
    assert (first.status, first.taken_back_at, first.application, first.case) == (
        OfferStatus.TAKEN_BACK,
        SOON,
        None,
        case,
    )
    assert first.letter.voided_at == SOON
    # the first letter had not been made: its mail no longer promises anything
    assert list(Message.objects.order_by("queued_at", "kind").values_list("kind", "status")) == [
        ("offer_made", "HELD"),
        ("offer_taken_back", "QUEUED"),
    ]
    with pytest.raises(OfferRefused, match="Taken back by the office"):
        accept_offer(first, by=acting(case.applicant.user), at=SOON)
    assert OFFER.offer is not None
    offer_place(case, terms=OFFER.offer, by=acting(officer(case.offering.programme)), at=SOON)
    second = Application.objects.get(pk=case.pk).offer
    assert (second.is_open, second.number != first.number) == (True, True)
    assert set(Offer.objects.all()) == {first, second}


@pytest.mark.parametrize("name", ["decline", "lapse"])
def test_an_offer_opened_again_has_a_new_letter_and_is_answered_as_the_first_time(name: str) -> None:
    case = case_in(UNDOS[name][1])
    first_letter = case.offer.letter
    done = undo(name, case)
    assert done.declined_because == ("Too far away" if name == "decline" else "")
    offer = Offer.objects.get()
    assert (offer.status, offer.reply_by, offer.opened_at, offer.made_at, offer.answered_at) == (
        OfferStatus.OPEN,
        AGAIN,
        AFTER,
        AT,
        None,
    )
    first_letter.refresh_from_db()
    assert (first_letter.superseded_by, offer.letter.version, offer.letter.number) == (
        offer.letter,
        2,
        offer.number,
    )
    assert offer.letter.context["reply_by"] == hong_kong_time(AGAIN)
    assert offer.letter.context["date"] == hong_kong_day(AFTER)
    told = Message.objects.get(kind="offer_opened_again")
    assert (told.paper, "We are sorry." in told.body) == (offer.letter, True)
    # the warnings begin anew, and no day that had passed before is made up for
    assert remind_of_replies(at=AFTER) == 0
    assert remind_of_replies(at=AGAIN - timedelta(days=2)) == 1
    decline_offer(offer, by=acting(case.applicant.user), at=AGAIN)
    assert Message.objects.filter(kind="offer_declined").count() == (2 if name == "decline" else 1)
    assert Application.objects.get(pk=case.pk).decision == Decision.objects.get()


@pytest.mark.parametrize("name", ["decline", "lapse"])
def test_an_offer_is_opened_until_a_day_to_come(name: str) -> None:
    case = case_in(UNDOS[name][1])
    with pytest.raises(OfferRefused, match="has passed"):
        undo(name, case, reply_by=AFTER - timedelta(minutes=1))
    assert (Paper.objects.count(), DecisionUndo.objects.count()) == (1, 0)


@pytest.mark.parametrize("name", ["refusal", "decline", "lapse"])
def test_nothing_is_undone_beside_another_application_for_the_same_place(name: str) -> None:
    case = case_in(UNDOS[name][1])
    start_application(case.applicant, case.offering, by=acting(case.applicant.user), at=AFTER)
    with pytest.raises(DecisionRefused, match="begun another application"):
        undo(name, case)
