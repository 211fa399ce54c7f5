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
    UNDO_REFUSAL = "UNDO_REFUSAL"
    TAKE_BACK_OFFER = "TAKE_BACK_OFFER"
    UNDO_DECLINE = "UNDO_DECLINE"
    UNDO_LAPSE = "UNDO_LAPSE"


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
            Right.REVIEW,
            "application.review_begun",
        ),
        Transition(Move.MAKE_OFFER, UNDER_CONSIDERATION, State.OFFERED, Right.DECIDE, "offer.made"),
        Transition(Move.REFUSE, UNDER_CONSIDERATION, State.REFUSED, Right.DECIDE, "application.refused"),
        Transition(Move.ACCEPT, frozenset({State.OFFERED}), State.ACCEPTED, None, "offer.accepted"),
        Transition(Move.DECLINE, frozenset({State.OFFERED}), State.DECLINED, None, "offer.declined"),
        Transition(Move.LAPSE, frozenset({State.OFFERED}), State.LAPSED, None, "offer.lapsed"),
        Transition(Move.WITHDRAW, OPEN_TO_WITHDRAWAL, State.WITHDRAWN, None, "application.withdrawn"),
        # an undone decision leads back to review; an answer or a lapse that is undone to the same offer again
        Transition(
            Move.UNDO_REFUSAL,
            frozenset({State.REFUSED}),
            State.IN_REVIEW,
            Right.UNDO_DECISIONS,
            "application.refusal_undone",
        ),
        Transition(
            Move.TAKE_BACK_OFFER,
            frozenset({State.OFFERED}),
            State.IN_REVIEW,
            Right.UNDO_DECISIONS,
            "offer.taken_back",
        ),
        Transition(
            Move.UNDO_DECLINE,
            frozenset({State.DECLINED}),
            State.OFFERED,
            Right.UNDO_DECISIONS,
            "offer.decline_undone",
        ),
        Transition(
            Move.UNDO_LAPSE,
            frozenset({State.LAPSED}),
            State.OFFERED,
            Right.UNDO_DECISIONS,
            "offer.lapse_undone",
        ),
    )
}
