"""What was compared, by what cases are found beside each other, and which are perhaps one person's.

All of it is worked out from the cases (`comparing.py`) and may be thrown away: the officers' own decisions
stand in `lifecycle.same_person`.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from applications.duplicates.scoring import KeyKind
from applications.lifecycle.models import Application


class ComparedCase(models.Model):
    """A case as last compared with the others of its institution; in another shape it is compared again."""

    application = models.OneToOneField(Application, models.CASCADE, primary_key=True, related_name="+")
    shape = models.CharField(max_length=32)
    compared_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.application_id} {self.compared_at.isoformat()}"


class RecordKey(models.Model):
    """A keyed hash of something a case says about its person, made within its institution: equal ones meet
    there and nowhere else, and none can be read back."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=KeyKind.choices)
    key = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["key", "kind"], name="record_keys_that_are_equal")]

    def __str__(self) -> str:
        return f"{self.kind} {self.application_id}"


class LikelyPair(models.Model):
    """Two cases of two records that are perhaps one person's, with the reasons; each pair stands here from
    either side."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="likely_pairs")
    other = models.ForeignKey(Application, models.CASCADE, related_name="+")
    # codes of `scoring.Reason`
    reasons = ArrayField(models.CharField(max_length=10))
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["-found_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["application", "other"], name="likely_pair_once")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.other_id}"
