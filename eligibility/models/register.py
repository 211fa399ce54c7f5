"""The register of institutions and awards that an office accepts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from admissions_portal import clock
from admissions_portal.support.models import both_or_neither
from eligibility import labels
from eligibility.models.fingerprints import fingerprint
from programmes.models import Programme

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from eligibility.models.previews import PolicyPreview


class AcceptedAward(models.Model):
    """One entry of the acceptance register (C15): an institution, or an award of it, that an office accepts.

    Judged by days of receipt (HKT): `in_force_from` to `until`, both included. The names are compared as
    spelt, so every spelling is listed. Once in force only its withdrawal can be added: the database refuses
    the rest. A draft until then.
    """

    class Kind(models.TextChoices):
        """As the engine's `Acceptance`."""

        RECOGNISED = "RECOGNISED", _("Recognised institution")
        EQUIVALENT = "EQUIVALENT", _("Award of equivalent standard")
        COMPARABLE = "COMPARABLE", _("Comparable institution")

    institution_code = models.SlugField(_("accepted by"))
    programme_slug = models.SlugField(
        _("programme"), blank=True, help_text=_("Empty: every programme of the university.")
    )
    names = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("names of the institution"),
        help_text=_("Every spelling in use, in each language; spellings are compared, never guessed."),
    )
    country = models.CharField(
        _("country or region"), max_length=2, blank=True, help_text=_("Two letters; empty: wherever.")
    )
    titles = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("titles of the award"),
        default=list,
        blank=True,
        help_text=_("Every spelling in use; empty: any award."),
    )
    level = models.CharField(
        _("level of the award"), max_length=30, choices=list(labels.LEVELS.items()), blank=True
    )
    kind = models.CharField(_("accepted as"), max_length=12, choices=Kind.choices)
    in_force_from = models.DateField(_("for applications received from"))
    until = models.DateField(_("until"), null=True, blank=True)
    why = models.TextField(_("why"), max_length=2000)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("last saved by")
    )
    drafted_at = models.DateTimeField(_("last saved"))
    put_in_force_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("put in force by"),
        null=True,
        blank=True,
    )
    put_in_force_at = models.DateTimeField(_("put in force"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("withdrawn by"),
        null=True,
        blank=True,
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawal_reason = models.TextField(_("why it was withdrawn"), max_length=2000, blank=True)

    if TYPE_CHECKING:
        previews: RelatedManager[PolicyPreview]

    class Meta:
        verbose_name = _("entry of the acceptance register")
        verbose_name_plural = _("acceptance register")
        ordering = ["institution_code", "names", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(names__len__gt=0), name="accepted_award_names_institution"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("in_force_from")),
                name="accepted_award_ends_after_start",
            ),
            both_or_neither("put_in_force_by", "put_in_force_at", name="accepted_award_put_by_and_at"),
            both_or_neither("withdrawn_by", "withdrawn_at", name="accepted_award_withdrawn_by_and_at"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True)
                | Q(put_in_force_at__isnull=False) & ~Q(withdrawal_reason=""),
                name="accepted_award_withdrawn_after_force",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join([*self.names[:1], *self.titles[:1]])

    @property
    def reference(self) -> str:
        """What a finding cites: `ACC-7`."""
        return f"ACC-{self.pk}"

    @property
    def is_draft(self) -> bool:
        return self.put_in_force_at is None

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def fingerprint(self) -> str:
        """Of all that decides cases: what a preview was made of."""
        return fingerprint(
            {
                "institution_code": self.institution_code,
                "programme_slug": self.programme_slug,
                "names": self.names,
                "country": self.country,
                "titles": self.titles,
                "level": self.level,
                "kind": self.kind,
                "in_force_from": self.in_force_from.isoformat(),
                "until": self.until.isoformat() if self.until else None,
            }
        )

    @property
    def edition(self) -> str:
        """Of all that an editor changes; a form says which one it was opened on."""
        return fingerprint([self.fingerprint, self.why])

    def is_for(self, programme: Programme) -> bool:
        """Whether it speaks of applications to this programme. Reads the institution."""
        return self.institution_code == programme.institution.code and self.programme_slug in (
            "",
            programme.slug,
        )

    def holds_on(self, on: date) -> bool:
        """Whether `on` lies between its days (HKT); says nothing of draft or withdrawal."""
        return self.in_force_from <= on and (self.until is None or on <= self.until)

    def is_in_force(self, on: date) -> bool:
        """Whether it judges a case received on the day (HKT). Withdrawn, it still judges what was received
        on earlier days, as a policy's earlier version does."""
        stands = self.withdrawn_at is None or on < clock.day_of(self.withdrawn_at)
        return not self.is_draft and stands and self.holds_on(on)
