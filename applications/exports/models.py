import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.lifecycle.models import Application


class ExportFormat(models.TextChoices):
    XLSX = "XLSX", "XLSX"
    CSV = "CSV", "CSV"


# no format of a list: a whole case leaves so
AS_PDF = "PDF"


class ExportLog(models.Model):
    """Who took which list out of the portal. Written before the first byte leaves; never changed."""

    exported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    exported_at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    format = models.CharField(max_length=4, choices=[*ExportFormat.choices, (AS_PDF, AS_PDF)])
    filters = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    rows = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-exported_at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.format}"


# below the private files; nothing else is kept there
FOLDER = "whole-cases"


def private_path(copy: "WholeCase", filename: str) -> str:
    """A path that tells nothing: no name, no number."""
    return f"{FOLDER}/{copy.pk.hex}"


class WholeCase(models.Model):
    """A case as one PDF, for the one person who asked for it, until `forget_at`.

    `left_out` names the documents that are not in it, each with the reason.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="+")
    made_for = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    file = models.FileField(upload_to=private_path, max_length=120)
    # of the finished file; empty while it is written
    size = models.PositiveBigIntegerField(default=0, help_text="bytes")
    pages = models.PositiveIntegerField(default=0)
    left_out = models.JSONField(default=list)
    made_at = models.DateTimeField()
    forget_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "id"]
        indexes = [models.Index(fields=["forget_at"])]

    def __str__(self) -> str:
        return f"{self.application_id} {self.made_at:%Y-%m-%d}"
