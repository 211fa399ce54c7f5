"""Scoring a case, or saying that one cannot judge it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.accounts.roles import Right
from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.lifecycle.actions import apply_transition, lock_application
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_can_with
from applications.lifecycle.states import State
from applications.lifecycle.transitions import Move
from applications.reviews.models import EarlierReview, Judgement, Recommendation, Review, Rubric
from applications.reviews.phases_queries import check_scoring_is_open
from applications.reviews.queries import counted, reviews_visible_to, rubric_in_use
from applications.reviews.rubric import SINGLE_SCORE

# what a change of one's review keeps of the earlier one
_SAID = ("rubric_id", "points", "score", "recommendation", "comment", "saw_others", "reviewed_at")

RUBRIC_CHANGED = gettext_lazy(
    "What is scored has changed since this page was drawn. Look at your points, then save again."
)


class ReviewRefused(Refusal):
    """The case is decided, or the points are none of the rubric's."""


@transaction.atomic
def give_review(
    application: Application,
    *,
    points: Mapping[str, Decimal],
    recommendation: Recommendation,
    rubric: Rubric | None = None,
    comment: str = "",
    by: Actor,
    at: datetime,
) -> Review:
    """The reader's points for each category of the programme's rubric (none: one score, `SINGLE_SCORE`), with
    the total, a recommendation and a comment; given again, the earlier review is kept beside it.

    The first score of a case begins its review. Raises ReviewRefused once the case is decided, under a rubric
    that is no longer in use, and for points that are not on its scale.
    """
    application = _open_to_reviews(application, by=by, at=at)
    if rubric_in_use(application.offering.programme) != rubric:
        raise ReviewRefused(RUBRIC_CHANGED)
    categories = SINGLE_SCORE if rubric is None else rubric.record()
    given = {}
    for category in categories:
        # as the scale writes it, which is what the reader chose from
        found = next((each for each in category.scale if each == points.get(category.key)), None)
        if found is None:
            raise ReviewRefused(
                _("%(category)s goes from %(lowest)s to %(highest)s in steps of %(step)s.")
                % {
                    "category": category.title,
                    "lowest": category.lowest,
                    "highest": category.highest,
                    "step": category.step,
                }
            )
        given[category.key] = found
    review = _keep(
        application,
        {
            "rubric_id": rubric and rubric.pk,
            "points": {key: str(found) for key, found in given.items()},
            "score": categories.total(given),
            "recommendation": Recommendation(recommendation),
            "comment": comment.strip(),
        },
        by=by,
        at=at,
    )
    if application.state == State.SUBMITTED:
        apply_transition(application, Move.BEGIN_REVIEW, by=by, at=at)
    return review


@transaction.atomic
def abstain_from_review(application: Application, *, reason: str, by: Actor, at: datetime) -> Review:
    """The reader cannot judge this case, and says why: done for this reader, and no score. A score that the
    reader gave before is kept beside it and counts no longer.

    Raises ReviewRefused once the case is decided, and without a reason.
    """
    application = _open_to_reviews(application, by=by, at=at)
    if not reason.strip():
        raise ReviewRefused(_("Write why you cannot judge this case: it stays on the file."))
    said: dict[str, Any] = {"rubric_id": None, "points": {}, "score": None, "recommendation": ""}
    said["comment"] = reason.strip()
    return _keep(application, said, by=by, at=at)


def _open_to_reviews(application: Application, *, by: Actor, at: datetime) -> Application:
    """The case, locked, where this actor may give or change a review now. Raises ScoringClosed outside the
    phases of review."""
    check_can_with(Right.REVIEW, application, by=by, at=at)
    application = lock_application(application)
    if not application.is_considered:
        raise ReviewRefused(_("This case has been decided; its scores stand as they are."))
    # the row of an upper subject, by the name of its relation: a decision was weighed by the scores on file
    if application.prepared_decisions.filter(status="PREPARED").exists():
        raise ReviewRefused(
            _(
                "A decision on this case is prepared, so its scores stand as they are. Ask the office to "
                "take it back if yours has to change."
            )
        )
    check_scoring_is_open(application, by=by, at=at)
    return application


def _keep(application: Application, said: dict[str, Any], *, by: Actor, at: datetime) -> Review:
    """Write the reader's review, and whether others' scores lay open to them. Said again, it is left alone;
    said otherwise, what it replaces is kept as a row."""
    review = Review.objects.filter(application=application, reviewer=by.user).first()
    if review is not None and all(getattr(review, name) == value for name, value in said.items()):
        return review
    user = by.user
    assert user is not None, "check_can_with has let a person in"
    others = reviews_visible_to(user, at=at).filter(application=application).exclude(reviewer=user.pk)
    said |= {"reviewed_at": at, "saw_others": counted(others).exists()}
    if review is None:
        review = Review.objects.create(application=application, reviewer=by.user, **said)
        record_event("review.given", about=application, by=by, at=at, review=review.pk)
        return review
    EarlierReview.objects.create(review=review, replaced_at=at, **_said_in(review))
    for name, value in said.items():
        setattr(review, name, value)
    review.save()
    record_event("review.changed", about=application, by=by, at=at, review=review.pk)
    return review


def _said_in(review: Judgement) -> dict[str, Any]:
    return {name: getattr(review, name) for name in _SAID}
