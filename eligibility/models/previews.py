"""What an office was shown before it put something in force."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from eligibility.models.policies import PolicyVersion
from eligibility.models.register import AcceptedAward


class PolicyPreview(models.Model):
    """What a draft would change among open applications, as it was shown before it was put in force (C12).

    `fingerprint` is that of the draft it was made of, so that a later edit needs another. `counts` are the
    office's figures; `rows` has one object for each changed case: `{application, programme, before, after,
    flips: [{code, before, after}]}`. Never changed; it goes with its draft.
    """

    version = models.ForeignKey(
        PolicyVersion,
        models.CASCADE,
        related_name="previews",
        verbose_name=_("policy version"),
        null=True,
        blank=True,
    )
    entry = models.ForeignKey(
        AcceptedAward,
        models.CASCADE,
        related_name="previews",
        verbose_name=_("entry of the acceptance register"),
        null=True,
        blank=True,
    )
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    at = models.DateTimeField(_("made"))
    counts = models.JSONField(_("counts"))
    rows = models.JSONField(_("cases that change"))

    class Meta:
        verbose_name = _("preview")
        verbose_name_plural = _("previews")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(version__isnull=False, entry__isnull=True)
                | Q(version__isnull=True, entry__isnull=False),
                name="preview_is_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(fingerprint__regex=r"^[0-9a-f]{64}$"), name="preview_has_fingerprint"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version or self.entry} {self.at:%Y-%m-%d %H:%M}"
