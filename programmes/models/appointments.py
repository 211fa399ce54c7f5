"""Who works for a programme, as what, and from when until when."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from admissions_portal.accounts.roles import Role
from programmes.models.programmes import Programme


class Appointment(models.Model):
    """Somebody's role for one programme, from day to day inclusive (HKT). Without one, staff see nothing."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="appointments", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="appointments", verbose_name=_("programme")
    )
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["programme", "role", "user", "from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "programme", "from_on"], name="one_appointment_per_start"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="appointment_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.programme}"

    def holds_on(self, on: date) -> bool:
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)
