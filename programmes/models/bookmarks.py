"""What a person keeps an eye on."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models.programmes import Programme


class Bookmark(models.Model):
    """A programme that a person saved for later (HKU-19). Theirs alone: no office sees or counts them."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="bookmarks", verbose_name=_("person")
    )
    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="bookmarks", verbose_name=_("programme")
    )
    saved_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name = _("saved programme")
        verbose_name_plural = _("saved programmes")
        ordering = ["user", "-saved_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "programme"], name="one_bookmark_per_programme")
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.programme}"
