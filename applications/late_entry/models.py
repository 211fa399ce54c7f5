"""A code that opens a closed round, each use of it, and more time for one person (PRODUCT A4)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.models import both_or_neither
from applications.lifecycle.models import Application
from programmes.models import Offering, Programme, Round

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class LateTime(models.Model):
    """Until when something late is received. `valid_until` is the minute as printed, which counts in full;
    `closed_from` the first instant refused (AMB-01)."""

    valid_until = models.DateTimeField(_("until (HKT)"))
    closed_from = models.DateTimeField(_("first instant refused"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made"))
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    def is_over(self, at: datetime) -> bool:
        return self.closed_from <= at

    def holds(self, at: datetime) -> bool:
        """Whether what it allows may be received at `at`."""
        return not self.is_revoked and not self.is_over(at)


class AccessCode(LateTime):
    """A code somebody in the office hands out. Only its fingerprint is kept: it is shown once.

    It opens every closed round of the programme, those of one offering, or one round, and never one that is
    for other people: a round for local applicants stays theirs (HKU-09).
    """

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="access_codes", verbose_name=_("programme")
    )
    offering = models.ForeignKey(Offering, models.PROTECT, null=True, blank=True, related_name="access_codes")
    round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True, related_name="access_codes")
    fingerprint = models.CharField(max_length=64, unique=True)
    most_uses = models.PositiveSmallIntegerField(_("number of uses"))
    # in small letters; empty: whoever has the code
    email = models.EmailField(_("for one person"), blank=True)
    note = models.TextField(_("internal note"), max_length=1000, blank=True)

    if TYPE_CHECKING:
        uses: RelatedManager[AccessCodeUse]

    class Meta:
        verbose_name = _("access code")
        verbose_name_plural = _("late entry")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(round__isnull=True) | Q(offering__isnull=False),
                name="a_codes_round_is_of_its_offering",
            ),
            models.CheckConstraint(condition=Q(most_uses__gte=1), name="a_code_has_a_use"),
            both_or_neither("revoked_by", "revoked_at", name="code_revoked_by_and_at"),
            models.CheckConstraint(
                condition=Q(closed_from__gt=F("valid_until")), name="a_codes_last_minute_counts"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Code %(number)s") % {"number": self.pk})

    @property
    def covers(self) -> str:
        """What it opens, as the office and the applicant read it."""
        if self.round is not None:
            return f"{self.round.offering}, {self.round.title}"
        return str(self.offering or self.programme)

    def is_for(self, offering: Offering) -> bool:
        """Whether it opens rounds of this offering at all."""
        if self.offering_id is not None:
            return self.offering_id == offering.pk
        return self.programme_id == offering.programme.pk


class AccessCodeUse(models.Model):
    """One application has entered the code: who, which and when. Entering it again is no second use."""

    code = models.ForeignKey(AccessCode, models.PROTECT, related_name="uses")
    # null once the draft has been deleted: the use stays used
    application = models.ForeignKey(Application, models.SET_NULL, null=True, related_name="access_code_uses")
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    used_at = models.DateTimeField()

    class Meta:
        ordering = ["used_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["code", "application"], name="one_use_of_a_code_by_a_draft")
        ]

    def __str__(self) -> str:
        return str(self.used_at)


class Extension(LateTime):
    """More time for one person's application for one offering, with the reason.

    The person is named by the address they sign in with: a draft exists for its applicant alone, so the
    office does not learn whether there is one.
    """

    offering = models.ForeignKey(
        Offering, models.PROTECT, related_name="extensions", verbose_name=_("applied for")
    )
    email = models.EmailField(_("address the person signs in with"))
    reason = models.TextField(_("reason"), max_length=1000)

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["offering", "email"])]
        constraints = [
            both_or_neither("revoked_by", "revoked_at", name="extension_revoked_by_and_at"),
            models.CheckConstraint(
                condition=Q(closed_from__gt=F("valid_until")), name="an_extensions_last_minute_counts"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="an_extension_has_a_reason"),
        ]

    def __str__(self) -> str:
        return str(_("Extension %(number)s") % {"number": self.pk})
