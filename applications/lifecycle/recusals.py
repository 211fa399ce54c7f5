"""Who has a conflict of interest with which case: for filters, and for those who keep the record of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When

from applications.lifecycle.models import DETECTED, Recusal

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User
    from applications.lifecycle.models import Application


def is_recused(person: Any, *, application: str = "pk") -> Exists:
    """For a filter: whether a conflict of `person` (a key, or an OuterRef to one) stands with the case in the
    column `application` of what is filtered.

    `reviews.exclude(is_recused(OuterRef("reviewer"), application="application"))` are those that count.
    """
    return Exists(
        Recusal.objects.filter(person=person, application=OuterRef(application), lifted_at__isnull=True)
    )


def has_conflict_with(user: User, *, institution: str, **person: str) -> Exists:
    """For a filter over what is no case: whether a conflict of `user` stands with any case, at the
    `institution` in that column, of the person that `person` tells by lookups from the applicant:
    `has_conflict_with(user, institution="programme__institution", pk="applicant")`.
    """
    return Exists(
        Recusal.objects.filter(
            person=user.pk,
            lifted_at__isnull=True,
            application__offering__intake__programme__institution=OuterRef(institution),
            **{f"application__applicant__{lookup}": OuterRef(column) for lookup, column in person.items()},
        )
    )


def recused_cases(user: User) -> set[str]:
    """The keys, as text, of the cases that do not exist for this person."""
    standing = Recusal.objects.filter(person=user.pk, lifted_at__isnull=True).order_by()
    return {str(pk) for pk in standing.values_list("application", flat=True)}


def recusals_of(application: Application) -> QuerySet[Recusal]:
    """Every conflict on the file of a case, those that stand first."""
    return (
        Recusal.objects.filter(application=application)
        .select_related("person", "recorded_by", "lifted_by")
        .order_by(F("lifted_at").desc(nulls_first=True), "-recorded_at", "-id")
    )


def standing_recusals(applications: QuerySet[Application]) -> QuerySet[Recusal]:
    """The conflicts that stand with these cases: what the portal found comes first, the latest first."""
    return (
        Recusal.objects.filter(application__in=applications.order_by().values("pk"), lifted_at__isnull=True)
        .select_related(
            "person",
            "recorded_by",
            "application__applicant",
            "application__profile",
            "application__offering__intake__programme",
        )
        .order_by(
            Case(When(ground__in=sorted(DETECTED), then=Value(0)), default=Value(1)), "-recorded_at", "-id"
        )
    )
