"""What readers said, on the case page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from admissions_portal.accounts.roles import Right
from applications.casework.forms import CaseReviewForm
from applications.casework.reading import CaseReading
from applications.reviews.models import Review


def reviews_on(reading: CaseReading) -> dict[str, Any]:
    own = next((review for review in reading.reviews if review.reviewer_id == reading.user.pk), None)
    return {
        "reviews": reading.reviews,
        "may_review": reading.may(Right.REVIEW) and reading.case.is_considered,
        "review_form": CaseReviewForm(initial=_own_score(own)),
    }


def _own_score(review: Review | None) -> Mapping[str, Any]:
    if review is None:
        return {}
    return {"score": str(review.score), "recommendation": review.recommendation, "comment": review.comment}
