"""The one table: how an application may move. The diagram in README.md is drawn from it."""

from dataclasses import dataclass
from enum import StrEnum

from admissions_portal.accounts.roles import Right
from applications.lifecycle.states import OPEN_TO_WITHDRAWAL, UNDER_CONSIDERATION, State


class Move(StrEnum):
    SUBMIT = "SUBMIT"
    SUBMIT_AGAIN = "SUBMIT_AGAIN"
    BEGIN_REVIEW = "BEGIN_REVIEW"
    MAKE_OFFER = "MAKE_OFFER"
    REFUSE = "REFUSE"
    ACCEPT = "ACCEPT"
    DECLINE = "DECLINE"
    LAPSE = "LAPSE"
    WITHDRAW = "WITHDRAW"


@dataclass(frozen=True, slots=True)
class Transition:
    """`right` is what a member of staff must hold; None means the applicant (or, for LAPSE, the portal
    itself)."""

    move: Move
    sources: frozenset[State]
    target: State
    right: Right | None
    event: str


TRANSITIONS: dict[Move, Transition] = {
    transition.move: transition
    for transition in (
        Transition(Move.SUBMIT, frozenset({State.DRAFT}), State.SUBMITTED, None, "application.submitted"),
        # what is sent again is read again, so a review that had begun begins anew
        Transition(
            Move.SUBMIT_AGAIN, UNDER_CONSIDERATION, State.SUBMITTED, None, "application.submitted_again"
        ),
        Transition(
            Move.BEGIN_REVIEW,
            frozenset({State.SUBMITTED}),
            State.IN_REVIEW,
            Right.SEE_CASES,
            "application.review_begun",
        ),
        Transition(Move.MAKE_OFFER, UNDER_CONSIDERATION, State.OFFERED, Right.DECIDE, "offer.made"),
        Transition(Move.REFUSE, UNDER_CONSIDERATION, State.REFUSED, Right.DECIDE, "application.refused"),
        Transition(Move.ACCEPT, frozenset({State.OFFERED}), State.ACCEPTED, None, "offer.accepted"),
        Transition(Move.DECLINE, frozenset({State.OFFERED}), State.DECLINED, None, "offer.declined"),
        Transition(Move.LAPSE, frozenset({State.OFFERED}), State.LAPSED, None, "offer.lapsed"),
        Transition(Move.WITHDRAW, OPEN_TO_WITHDRAWAL, State.WITHDRAWN, None, "application.withdrawn"),
    )
}
