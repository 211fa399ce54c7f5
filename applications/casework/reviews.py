"""What readers said, on the case page, as the person who looks may see it; and their own review."""

from __future__ import annotations

from typing import Any

from admissions_portal.accounts.roles import Right
from applications.casework.reading import CaseReading
from applications.casework.review_forms import CaseAbstainForm, CaseReviewForm
from applications.reviews.queries import rubric_in_use


def reviews_on(reading: CaseReading) -> dict[str, Any]:
    own = next((review for review in reading.said if review.reviewer_id == reading.user.pk), None)
    shown = {"reviews": reading.reviews, "scores": reading.scores, "own_review": own, "may_review": False}
    if not reading.may(Right.REVIEW) or not reading.case.is_considered:
        return shown
    rubric = rubric_in_use(reading.case.offering.programme)
    return shown | {
        "may_review": True,
        "review_form": CaseReviewForm(scored=rubric, own=own),
        "abstain_form": CaseAbstainForm(),
    }
