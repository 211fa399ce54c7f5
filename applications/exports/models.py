from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ExportFormat(models.TextChoices):
    XLSX = "XLSX", "XLSX"
    CSV = "CSV", "CSV"


class ExportLog(models.Model):
    """Who took which list out of the portal. Written before the first byte leaves; never changed."""

    exported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    exported_at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    format = models.CharField(max_length=4, choices=ExportFormat)
    filters = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    rows = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-exported_at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.format}"
