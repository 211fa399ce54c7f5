"""A finished copy of somebody's record, kept for a few days."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models

from admissions_portal.clock import day_of

# below the private files; nothing else is kept there
FOLDER = "copies"


def private_path(copy: RecordCopy, filename: str) -> str:
    """A path that tells nothing: no name, no number."""
    return f"{FOLDER}/{copy.pk.hex}"


class RecordCopy(models.Model):
    """One archive for one person, until `forget_at`. A later copy replaces it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="record_copies")
    file = models.FileField(upload_to=private_path, max_length=120)
    # of the finished archive; empty while it is written
    size = models.PositiveBigIntegerField(default=0, help_text="bytes")
    sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    forget_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "id"]
        indexes = [models.Index(fields=["forget_at"])]

    def __str__(self) -> str:
        return f"{self.user_id} {self.made_at:%Y-%m-%d}"

    @property
    def download_name(self) -> str:
        return f"record-{day_of(self.made_at)}.zip"

    def is_kept(self, at: datetime) -> bool:
        return at < self.forget_at
