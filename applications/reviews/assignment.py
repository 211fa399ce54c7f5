"""Which reader was given which case, what each put off, and the mails that told them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from admissions_portal.outbox.models import Message
from admissions_portal.support.models import both_or_neither
from applications.lifecycle.models import Application
from applications.reviews.phases import ReviewPhase
from programmes.models import Programme


class ReviewNotice(models.Model):
    """A mail to one reader: what was given to them since the last one, or, with `days_before`, that a phase
    ends with cases still to score. The unique rows are why nobody is told twice."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    # the day (HKT) of a notice of what was given: one a day at most
    on = models.DateField()
    phase = models.ForeignKey(ReviewPhase, models.CASCADE, null=True, related_name="+")
    days_before = models.PositiveSmallIntegerField(null=True)
    # the end that it reminds of: one that is moved is reminded of anew
    closed_from = models.DateTimeField(null=True)
    decided_at = models.DateTimeField()
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("notice to a reader")
        verbose_name_plural = _("notices to readers")
        ordering = ["decided_at", "id"]
        constraints = [
            both_or_neither("phase", "days_before", name="a_reminder_is_of_a_phase"),
            models.UniqueConstraint(
                fields=["reader", "programme", "on"],
                condition=Q(phase__isnull=True),
                name="told_of_cases_given_once_a_day",
            ),
            both_or_neither("phase", "closed_from", name="a_reminder_is_of_an_end"),
            models.UniqueConstraint(
                fields=["reader", "phase", "closed_from", "days_before"], name="reminded_of_an_end_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} {self.on.isoformat()}"


class ReviewAssignment(models.Model):
    """A case given to a reader, by whom and when; taken back, the row stays.

    `phase` is the one in which the score was expected when the case was given, or none. Whether the reader
    has scored is read from their score, never written here.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="review_assignments")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="review_assignments")
    phase = models.ForeignKey(ReviewPhase, models.PROTECT, null=True, related_name="assignments")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)
    # the mail that told the reader of it
    notice = models.ForeignKey(ReviewNotice, models.SET_NULL, null=True, related_name="assignments")

    class Meta:
        verbose_name = _("case given to a reader")
        verbose_name_plural = _("cases given to readers")
        ordering = ["given_at", "id"]
        constraints = [
            both_or_neither("taken_back_by", "taken_back_at", name="assignment_taken_back_by_and_at"),
            models.UniqueConstraint(
                fields=["application", "reader"],
                condition=Q(taken_back_at__isnull=True),
                name="a_case_is_with_a_reader_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["given_at"],
                condition=Q(notice__isnull=True, taken_back_at__isnull=True),
                name="assignment_not_yet_told",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.reader_id}"

    @property
    def is_open(self) -> bool:
        return self.taken_back_at is None


class ReviewPutOff(models.Model):
    """A reader said "later" to a case: it comes after all that they have not put off, the oldest first."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="+")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    put_off_at = models.DateTimeField()

    class Meta:
        verbose_name = _("case put off by a reader")
        verbose_name_plural = _("cases put off by readers")
        ordering = ["put_off_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "reader"], name="one_put_off_per_reader")
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.reader_id}"
