"""Scoring a case."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.lifecycle.actions import apply_transition, lock_application
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_can_with
from applications.lifecycle.states import State
from applications.lifecycle.transitions import Move
from applications.reviews.models import Recommendation, Review

# best first
SCORES = tuple(Decimal(half) / 2 for half in range(10, 1, -1))


class ReviewRefused(Refusal):
    """The case is decided, or the score is none."""


@transaction.atomic
def give_review(
    application: Application,
    *,
    score: Decimal,
    recommendation: Recommendation,
    comment: str = "",
    by: Actor,
    at: datetime,
) -> Review:
    """The reader's score (1.0 to 5.0 in steps of 0.5), recommendation and comment; given again, it replaces
    the first.

    The first review of a case begins its review. Raises ReviewRefused once the case is decided.
    """
    check_can_with(Right.REVIEW, application, by=by, at=at)
    application = lock_application(application)
    if not application.is_considered:
        raise ReviewRefused(_("This case has been decided; its scores stand as they are."))
    if score not in SCORES:
        raise ReviewRefused(_("A score goes from 1.0 to 5.0 in steps of 0.5, for example 3.5."))
    review, made = Review.objects.update_or_create(
        application=application,
        reviewer=by.user,
        defaults={
            "score": score,
            "recommendation": recommendation,
            "comment": comment.strip(),
            "reviewed_at": at,
        },
    )
    record_event(
        "review.given" if made else "review.changed", about=application, by=by, at=at, review=review.pk
    )
    if application.state == State.SUBMITTED:
        apply_transition(application, Move.BEGIN_REVIEW, by=by, at=at)
    return review
