"""Reading rubrics and reviews."""

from __future__ import annotations

from applications.reviews.models import Rubric
from programmes.models import Programme


def rubric_in_use(programme: Programme) -> Rubric | None:
    """The programme's rubric, the version used last; None where it is scored by `SINGLE_SCORE`."""
    return (
        Rubric.objects.filter(programme=programme, number__isnull=False)
        .select_related("programme")
        .order_by("-number")
        .first()
    )
