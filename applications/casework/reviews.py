"""What readers said, on the case page."""

from __future__ import annotations

from typing import Any

from admissions_portal.accounts.roles import Right
from applications.casework.reading import CaseReading
from applications.casework.review_forms import CaseAbstainForm, CaseReviewForm
from applications.reviews.queries import rubric_in_use


def reviews_on(reading: CaseReading) -> dict[str, Any]:
    own = next((review for review in reading.reviews if review.reviewer_id == reading.user.pk), None)
    return {
        "reviews": reading.reviews,
        "may_review": reading.may(Right.REVIEW) and reading.case.is_considered,
        "own_review": own,
        "review_form": CaseReviewForm(scored=rubric_in_use(reading.case.offering.programme), own=own),
        "abstain_form": CaseAbstainForm(),
    }
