"""A phase of review: from when until when an intake's cases are scored, by whom, how openly (PRODUCT E3)."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.models import Timestamped
from programmes.models import Intake, Programme

MOST_READERS = 9


class WhoScores(models.TextChoices):
    """Who may score a case while the phase runs."""

    EVERY_READER = "EVERY_READER", _("Every reader of the programme")
    ASSIGNED = "ASSIGNED", _("Only readers to whom the case was given")


class OthersScores(models.TextChoices):
    """When a reader sees what the others gave."""

    AFTER_OWN = "AFTER_OWN", _("Once their own score is in")
    AFTER_PHASE = "AFTER_PHASE", _("Not before the phase has ended")


class ReviewPhase(Timestamped):
    """How one intake's cases are read from one minute to another. Those of an intake never overlap.

    `ends_at` is the last minute as printed, which counts in full (AMB-01); `closed_from` the first instant at
    which a score is too late. An intake without a phase is open to every reader of the programme for as long
    as a case is considered.
    """

    intake = models.ForeignKey(
        Intake, models.PROTECT, related_name="review_phases", verbose_name=_("programme and intake")
    )
    name = models.CharField(_("name"), max_length=120)
    begins_at = models.DateTimeField(_("begins (HKT)"))
    ends_at = models.DateTimeField(_("ends (the minute as printed, HKT)"))
    closed_from = models.DateTimeField(_("first instant refused"), editable=False)
    who_scores = models.CharField(
        _("who scores"), max_length=12, choices=WhoScores.choices, default=WhoScores.EVERY_READER
    )
    readers_needed = models.PositiveSmallIntegerField(
        _("readers each case needs"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_READERS)],
    )
    others_scores = models.CharField(
        _("when readers see each other’s scores"),
        max_length=12,
        choices=OthersScores.choices,
        default=OthersScores.AFTER_OWN,
    )
    asks_third_reader = models.BooleanField(_("one more reader where the scores lie apart"), default=False)

    class Meta:
        verbose_name = _("phase of review")
        verbose_name_plural = _("phases of review")
        ordering = ["intake", "begins_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(begins_at__lt=F("closed_from")), name="phase_begins_before_it_ends"
            ),
            models.CheckConstraint(
                condition=Q(closed_from__gt=F("ends_at")), name="a_phases_last_minute_counts"
            ),
            models.CheckConstraint(
                condition=Q(readers_needed__gte=1, readers_needed__lte=MOST_READERS),
                name="a_phase_needs_1_to_9_readers",
            ),
            # the key as a range of one number: ranges are compared without an extension of the database
            ExclusionConstraint(
                name="phases_of_an_intake_do_not_overlap",
                expressions=[
                    (Func(F("intake"), F("intake"), Value("[]"), function="int8range"), "&&"),
                    (Func(F("begins_at"), F("closed_from"), function="tstzrange"), "&&"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def programme(self) -> Programme:
        return self.intake.programme

    @property
    def is_for_assigned(self) -> bool:
        return self.who_scores == WhoScores.ASSIGNED

    def is_running(self, at: datetime) -> bool:
        """Whether a score given at `at` is in time."""
        return self.begins_at <= at < self.closed_from

    def is_to_come(self, at: datetime) -> bool:
        return at < self.begins_at

    def has_ended(self, at: datetime) -> bool:
        return self.closed_from <= at
