"""Which records an institution knows to be one person's.

A record is what one account applied with. Joining two moves nothing: it is a row of one institution, and
every other institution's view of the same accounts stays as it was. Written by `applications.duplicates`;
read here by whatever counts people or keeps somebody away from a person.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.models import both_or_neither
from applications.applicants.models import Applicant
from programmes.models import Institution


class Judged(models.TextChoices):
    """What an officer decided about two records."""

    SAME = "SAME", _("The same person")
    DIFFERENT = "DIFFERENT", _("Two different people")


class PersonJudgement(models.Model):
    """An officer's word on two records at one institution, in force until it is undone.

    Whoever is joined to one of several joined records is joined to each: such a row is `drawn_from` the one
    that an officer made, and falls with it. Reasons stand here and never in history.
    """

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    one = models.ForeignKey(Applicant, models.CASCADE, related_name="+")
    other = models.ForeignKey(Applicant, models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=10, choices=Judged.choices)
    because = models.CharField(max_length=500)
    judged_at = models.DateTimeField()
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drawn_from = models.ForeignKey("self", models.CASCADE, null=True, related_name="drawn")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_because = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-judged_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="judged_records_in_order"),
            models.UniqueConstraint(
                fields=["institution", "one", "other"],
                condition=Q(undone_at__isnull=True),
                name="one_standing_judgement_on_two_records",
            ),
            both_or_neither("undone_by", "undone_at", name="judgement_undone_by_and_at"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | ~Q(undone_because=""),
                name="judgement_undone_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_verdict_display())

    @property
    def joins(self) -> bool:
        return self.verdict == Judged.SAME


def standing_judgements(institution: Any) -> QuerySet[PersonJudgement]:
    """What officers of the institution (a key, or an OuterRef to one) decided and nobody has undone."""
    return PersonJudgement.objects.filter(institution=institution, undone_at__isnull=True).order_by("pk")


def judgements_about(records: Any, institution: Any) -> QuerySet[PersonJudgement]:
    """Those of `standing_judgements` on any of these records, by their keys."""
    return standing_judgements(institution).filter(Q(one__in=records) | Q(other__in=records))


def judged_between(one: Any, other: Any, institution: Any) -> QuerySet[PersonJudgement]:
    """What was decided on two records, given by keys or OuterRefs, in whichever order; one row at most."""
    return standing_judgements(institution).filter(Q(one=one, other=other) | Q(one=other, other=one))


def records_of_person(record: int, institution: int) -> QuerySet[Applicant]:
    """The record with this key and those that the institution knows to be the same person's."""
    joined = standing_judgements(institution).filter(verdict=Judged.SAME)
    return Applicant.objects.filter(
        Q(pk=record)
        | Q(pk__in=joined.filter(one=record).values("other"))
        | Q(pk__in=joined.filter(other=record).values("one"))
    ).order_by("pk")
