"""A request for advanced standing, its courses as they were when it came, and the decision on each."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.models import Timestamped
from applications.applicants.choices import CourseLevel
from applications.applicants.models import PriorCourse
from applications.lifecycle.models import Application


class StandingStatus(models.TextChoices):
    RECEIVED = "RECEIVED", _("With the Faculty Board")
    DECIDED = "DECIDED", _("Decided")


class ClaimStatus(models.TextChoices):
    OPEN = "OPEN", _("Not decided yet")
    GRANTED = "GRANTED", _("Granted")
    REFUSED = "REFUSED", _("Not granted")


class StandingRequest(Timestamped):
    """One written request, received at `received_at` (HKU-AS4). `findings` is what the engine said then of
    all courses together, under the policy versions `rules`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="standing_requests")
    status = models.CharField(
        _("status"), max_length=10, choices=StandingStatus, default=StandingStatus.RECEIVED
    )
    statement = models.TextField(_("what makes them equivalent"), max_length=4000)
    received_at = models.DateTimeField(_("received"))
    rules = ArrayField(models.BigIntegerField())
    findings = models.JSONField()
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        verbose_name = _("request for advanced standing")
        verbose_name_plural = _("requests for advanced standing")
        ordering = ["received_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(status="RECEIVED"),
                name="one_standing_request_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(status="RECEIVED", decided_at__isnull=True)
                | Q(status="DECIDED", decided_at__isnull=False),
                name="standing_decided_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        return self.status == StandingStatus.RECEIVED


class CourseClaim(Timestamped):
    """One course of a request as it was stated, and what the Faculty Board decided on it (HKU-AS3).

    `credits` were asked for, `granted` were given; `decided_on` is the Board's day, `recorded_at` when the
    office wrote it down.
    """

    request = models.ForeignKey(StandingRequest, models.CASCADE, related_name="courses")
    position = models.PositiveSmallIntegerField()
    # the row of the person's record it was taken from, while that is there: nobody asks for a course twice
    course = models.ForeignKey(PriorCourse, models.SET_NULL, null=True, related_name="claims")
    title = models.CharField(_("course"), max_length=200)
    institution = models.CharField(_("institution"), max_length=200)
    level = models.CharField(_("level"), max_length=30, choices=CourseLevel.choices, blank=True)
    credits = models.PositiveSmallIntegerField(_("credits asked for"), validators=[MinValueValidator(1)])
    passed = models.BooleanField(_("passed"), null=True)
    grade = models.CharField(_("grade"), max_length=40, blank=True)
    completed_on = models.DateField(_("result published on"), null=True)
    used_for_award = models.BooleanField(_("counted towards an award"), null=True)
    status = models.CharField(max_length=10, choices=ClaimStatus, default=ClaimStatus.OPEN)
    granted = models.PositiveSmallIntegerField(_("credits granted"), null=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    decided_on = models.DateField(_("day of the Faculty Board’s decision"), null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("course of a request")
        verbose_name_plural = _("courses of a request")
        ordering = ["request", "position"]
        constraints = [
            models.UniqueConstraint(fields=["request", "position"], name="one_course_at_a_position"),
            models.CheckConstraint(
                condition=Q(
                    status="OPEN",
                    granted__isnull=True,
                    decided_on__isnull=True,
                    recorded_by__isnull=True,
                    recorded_at__isnull=True,
                    reason="",
                )
                | Q(
                    status="GRANTED",
                    granted__gte=1,
                    granted__lte=F("credits"),
                    decided_on__isnull=False,
                    recorded_by__isnull=False,
                    recorded_at__isnull=False,
                )
                | Q(
                    ~Q(reason=""),
                    status="REFUSED",
                    granted__isnull=True,
                    decided_on__isnull=False,
                    recorded_by__isnull=False,
                    recorded_at__isnull=False,
                ),
                name="course_decided_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.status == ClaimStatus.OPEN
