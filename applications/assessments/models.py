from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.fields import DerivedWordsField
from admissions_portal.support.models import SwiftDecoder, Timestamped, both_or_neither
from admissions_portal.support.words import vector_of
from applications.applicants.choices import ResidenceStatus
from applications.applicants.models import ProfileSnapshot
from applications.applicants.searching import name_words
from applications.assessments.status import status_is_left_open
from applications.lifecycle.models import Application
from eligibility.engine import Outcome, Verdict
from eligibility.models import PolicyVersion


class Reassessment(models.Model):
    """One run of the rules over every open case of some programmes, asked for by the office.

    `after` is the last case that is done, written with each chunk: a worker that dies leaves off there, and
    another goes on. Counts are of cases.
    """

    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    programmes = ArrayField(models.BigIntegerField())
    after = models.UUIDField(null=True)
    seen = models.PositiveIntegerField(default=0)
    assessed = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    finished = models.BooleanField(default=False)

    class Meta:
        ordering = ["-requested_at", "-id"]

    def __str__(self) -> str:
        return f"{self.requested_at:%Y-%m-%d} {self.seen}"


class Assessment(models.Model):
    """One run of one set of policy versions over the facts of one case. Never changed: a new run is a new
    row.

    `policy_version` is the University's, `overlays` the versions of School and programme that raised it.
    `engine` names the engine that found it; `inputs` is the fingerprint of engine, versions and facts, so
    that the same question is known again. `changed_from` is the verdict before, where this run gave another.
    """

    # the index of the last run serves
    application = models.ForeignKey(Application, models.CASCADE, related_name="assessments", db_index=False)
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+")
    overlays = ArrayField(models.BigIntegerField(), default=list, blank=True)
    engine = models.CharField(max_length=20, blank=True)
    inputs = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    verdict = models.CharField(max_length=20, choices=[(v.value, v.value) for v in Verdict])
    changed_from = models.CharField(max_length=20, blank=True, choices=[(v.value, v.value) for v in Verdict])
    facts = models.JSONField(decoder=SwiftDecoder)
    findings = models.JSONField(decoder=SwiftDecoder)
    reassessment = models.ForeignKey(Reassessment, models.PROTECT, null=True, related_name="assessments")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["application", "-at", "-id"]),
            models.Index(
                fields=["reassessment"], condition=~Q(changed_from=""), name="assessments_that_changed"
            ),
            models.Index(
                fields=["application"], condition=Q(status_is_left_open()), name="assessments_status_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.verdict}"

    @property
    def versions(self) -> tuple[int, ...]:
        """Primary keys of the policy versions it was made under, the University's first."""
        return (self.policy_version_id, *self.overlays)


class OfficerFinding(Timestamped):
    """What an officer found on a clause the text leaves to the office; the latest for a code counts.

    `authority` is who found it where the clause names somebody: examiners, School and department. With
    `overrides` it replaces whatever the rule itself found, on a written authority; it counts before any
    other for its code until it is withdrawn. The reason stands here and never in history. The rule's own
    finding stays in the assessment.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="officer_findings")
    code = models.CharField(_("clause"), max_length=40)
    outcome = models.CharField(_("finding"), max_length=20, choices=[(o.value, o.value) for o in Outcome])
    reason = models.TextField(_("reason"), max_length=2000)
    overrides = models.BooleanField(_("overrides the rule"), default=False)
    authority = models.CharField(_("on whose authority"), max_length=200, blank=True)
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering = ["found_at", "id"]
        constraints = [
            both_or_neither("withdrawn_by", "withdrawn_at", name="withdrawn_by_whom_and_when"),
            models.CheckConstraint(
                condition=Q(overrides=False, withdrawn_at__isnull=True)
                | (Q(overrides=True) & ~Q(authority="")),
                name="an_override_names_its_authority",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.outcome}"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def is_overriding(self) -> bool:
        """An override that still counts."""
        return self.overrides and not self.is_withdrawn


class Correction(models.Model):
    """An answer the office corrected after a round had closed, beside the frozen one (B14). Never changed.

    `group` is "" for the person's own answers, else the list in the profile; `row` counts its items from 0,
    corrections before this one included, and is null for an item that is added. `values` is what the answers
    become, null where the item is taken away. It counts for the profile it was made against.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="corrections")
    profile = models.ForeignKey(ProfileSnapshot, models.CASCADE, related_name="+")
    group = models.CharField(max_length=40, blank=True)
    row = models.PositiveSmallIntegerField(null=True)
    values = models.JSONField(null=True)
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField()
    # a person is found by a corrected name as by the one they were received under
    words = DerivedWordsField(
        models.TextField(), derive=lambda row: [] if row.group else name_words(row.values or {})
    )

    class Meta:
        ordering = ["corrected_at", "id"]
        indexes = [GinIndex(vector_of("words"), name="corrections_by_name")]

    def __str__(self) -> str:
        return self.group


class SettledStatus(models.Model):
    """What an officer settled about an applicant's status in Hong Kong, where the person was not sure, the
    definition left it open, or the papers showed another one (C2, UST-18).

    It counts in the place of what was declared, which stays frozen as it is; the last row counts, none is
    ever changed. The reason stays on the file and never goes into history.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="settled_statuses")
    status = models.CharField(_("status in Hong Kong"), max_length=30, choices=ResidenceStatus.choices)
    reason = models.TextField(_("reason"), max_length=2000)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField()

    class Meta:
        ordering = ["settled_at", "id"]
        verbose_name = _("status settled by an officer")
        verbose_name_plural = _("statuses settled by officers")
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=ResidenceStatus.NOT_SURE), name="a_settled_status_is_one"
            )
        ]

    def __str__(self) -> str:
        return self.status


class ShownStatus(models.Model):
    """What the papers an officer verified show about the status in Hong Kong (AMB-04b). The last row counts.

    `contradicts` says whether that is another status than the one declared, or one that was not held on the
    day of receipt: then the rules leave the status to an officer until `SettledStatus` has a later row.
    `document` is the key of the proof, which stands above this subject.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="shown_statuses")
    status = models.CharField(_("status in Hong Kong"), max_length=30, choices=ResidenceStatus.choices)
    since = models.DateField(_("first issued, or held since"), null=True)
    until = models.DateField(_("valid until"), null=True)
    document = models.UUIDField()
    contradicts = models.BooleanField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["recorded_at", "id"]
        verbose_name = _("status shown by a paper")
        verbose_name_plural = _("statuses shown by papers")
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=ResidenceStatus.NOT_SURE), name="a_shown_status_is_one"
            )
        ]

    def __str__(self) -> str:
        return self.status
