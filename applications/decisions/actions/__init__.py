"""What the office does to decide: prepare, check, release, undo."""

from applications.decisions.actions.checking import give_check, send_back, set_checks
from applications.decisions.actions.deciding import offer_place, refuse_place
from applications.decisions.actions.preparing import (
    DecisionRefused,
    change_prepared,
    end_prepared,
    look_again,
    prepare_decision,
    withdraw_prepared,
)
from applications.decisions.actions.releasing import (
    call_off_release,
    plan_release,
    release_due_decisions,
    release_prepared,
)
from applications.decisions.actions.undoing import undo_decline, undo_lapse, undo_offer, undo_refusal

__all__ = [
    "DecisionRefused",
    "call_off_release",
    "change_prepared",
    "end_prepared",
    "give_check",
    "look_again",
    "offer_place",
    "plan_release",
    "prepare_decision",
    "refuse_place",
    "release_due_decisions",
    "release_prepared",
    "send_back",
    "set_checks",
    "undo_decline",
    "undo_lapse",
    "undo_offer",
    "undo_refusal",
    "withdraw_prepared",
]
