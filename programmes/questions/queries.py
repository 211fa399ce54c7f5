"""Which questions are asked of whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q, QuerySet

from programmes.models import Programme, QuestionSet, QuestionVersion


def sets_asking(programme: Programme) -> QuerySet[QuestionSet]:
    """The sets whose questions the programme asks: the institution's for its kind first, then its own."""
    return (
        QuestionSet.objects.filter(institution=programme.institution_id, kind=programme.kind)
        .filter(Q(programme=None) | Q(programme=programme))
        .order_by("programme_id")
    )


def questions_in_force(programme: Programme, on: date) -> list[QuestionVersion]:
    """What the programme asks on a day (HKT), the institution's questions before its own. One query."""
    published = (
        QuestionVersion.objects.filter(
            set__in=sets_asking(programme).order_by(), published_at__isnull=False, effective_from__lte=on
        )
        .order_by("set_id", "-effective_from", "-number")
        .distinct("set_id")
        .select_related("set")
    )
    return in_order(published)


def in_order(versions: Iterable[QuestionVersion]) -> list[QuestionVersion]:
    """The institution's questions before the programme's own."""
    return sorted(versions, key=lambda version: (version.set.programme_id is not None, version.set_id))


def programmes_asking_each(sets: Collection[QuestionSet]) -> dict[int, list[Programme]]:
    """By set every programme that asks its questions, by name. One query for all."""
    rows = list(
        Programme.objects.filter(institution__in={each.institution_id for each in sets})
        .select_related("institution")
        .order_by("name")
    )
    return {each.pk: [row for row in rows if _asks(row, each)] for each in sets}


def _asks(programme: Programme, questions: QuestionSet) -> bool:
    if questions.programme_id is not None:
        return programme.pk == questions.programme_id
    return programme.institution_id == questions.institution_id and programme.kind == questions.kind
