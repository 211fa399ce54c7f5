"""Policies in layers, and what each says from a day on."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.models import both_or_neither
from eligibility.engine import Overlay, Requirements, from_json
from eligibility.models.fingerprints import canonical, fingerprint
from programmes.models import Level, Programme

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from eligibility.models.previews import PolicyPreview


class PolicyLayer(models.TextChoices):
    """Who asks. The layers above the university's can only raise (UST-10)."""

    UNIVERSITY = "UNIVERSITY", _("University")
    SCHOOL = "SCHOOL", _("School")
    PROGRAMME = "PROGRAMME", _("Programme")


class Policy(models.Model):
    """One layer of admission rules. UNIVERSITY: the complete rules of one programme, or of all programmes of
    a level. SCHOOL and PROGRAMME: what a School or a programme asks beyond them.

    It is matched to programmes by the codes of the catalogue, so that either may be loaded first.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    layer = models.CharField(
        _("layer"), max_length=12, choices=PolicyLayer.choices, default=PolicyLayer.UNIVERSITY
    )
    institution_code = models.SlugField(_("institution"))
    level = models.CharField(
        _("level"),
        max_length=20,
        choices=Level.choices,
        blank=True,
        help_text=_("Empty: every level of the School."),
    )
    school_code = models.SlugField(_("School"), blank=True)
    programme_slug = models.SlugField(
        _("programme"), blank=True, help_text=_("Empty: every programme of this level at the institution.")
    )

    if TYPE_CHECKING:
        versions: RelatedManager[PolicyVersion]

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["institution_code", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution_code", "layer", "level", "school_code", "programme_slug"],
                name="one_policy_per_programme_and_layer",
            ),
            models.CheckConstraint(
                condition=Q(layer="UNIVERSITY", school_code="") & ~Q(level="")
                | Q(layer="SCHOOL", programme_slug="") & ~Q(school_code="")
                | Q(layer="PROGRAMME", school_code="") & ~Q(programme_slug="") & ~Q(level=""),
                name="policy_says_whose_it_is",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_overlay(self) -> bool:
        """Whether it only raises what the layers below ask."""
        return self.layer != PolicyLayer.UNIVERSITY

    def is_for(self, programme: Programme) -> bool:
        """Whether it speaks of this programme, judged by the catalogue's codes. Reads institution and
        School. A programme with complete rules of its own is not judged by those of its level; who asks for
        what is in force must look for the former first."""
        return (
            self.institution_code == programme.institution.code
            and self.level in ("", programme.level)
            and self.programme_slug in ("", programme.slug)
            and (not self.school_code or self.school_code == getattr(programme.school, "code", None))
        )


class PolicyVersion(models.Model):
    """What a policy says from a day (HKT) on. Published, it never changes: the database refuses it.

    `content` is the engine's `Requirements`, or for a School or programme its `Overlay`, as JSON; `sha256` is
    that of its canonical form. Until it is published it is a draft without a number, one for each policy at a
    time. Of two versions in force from the same day the higher number counts.
    """

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions", verbose_name=_("policy"))
    number = models.PositiveIntegerField(_("version"), null=True, blank=True)
    effective_from = models.DateField(_("in force from"))
    content = models.JSONField(_("content"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    is_shipped = models.BooleanField(_("came with the portal"), default=False)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("last saved by"),
        null=True,
        blank=True,
    )
    drafted_at = models.DateTimeField(_("last saved"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("approved by"),
        null=True,
        blank=True,
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("published by"),
        null=True,
        blank=True,
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    if TYPE_CHECKING:
        previews: RelatedManager[PolicyPreview]

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        # a draft, having no number, comes first
        ordering = ["policy", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="one_policy_version_per_number"),
            models.UniqueConstraint(
                fields=["policy"], condition=Q(published_at__isnull=True), name="one_draft_per_policy"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="policy_version_has_fingerprint"
            ),
            both_or_neither("number", "published_at", name="policy_version_numbered_when_published"),
            both_or_neither("drafted_by", "drafted_at", name="policy_version_drafted_by_and_at"),
            both_or_neither("approved_by", "approved_at", name="policy_version_approved_by_and_at"),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | Q(published_at__isnull=False),
                name="policy_version_published_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        if self.number is None:
            return str(_("%(policy)s, draft")) % {"policy": self.policy}
        return f"{self.policy} {self.number}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @property
    def is_approved(self) -> bool:
        """Whether a second person has approved it as it stands; saving it again takes that away."""
        return self.approved_at is not None

    @property
    def fingerprint(self) -> str:
        """Of all that decides cases, content and day: what a preview was made of."""
        return fingerprint({"content": self.content, "effective_from": self.effective_from.isoformat()})

    @property
    def edition(self) -> str:
        """Of all that an editor changes; a form says which one it was opened on (`save_draft(seen=…)`)."""
        return fingerprint([self.fingerprint, self.reason])

    def record(self) -> Requirements | Overlay:
        """The content as the engine reads it, whichever layer it is of."""
        return _overlay(canonical(self.content)) if self.policy.is_overlay else self.requirements()

    def requirements(self) -> Requirements:
        """The complete rules. Read once for each content. Raises TypeError for a layer that only raises:
        `queries.rules_for` composes it."""
        if self.policy.is_overlay:
            raise TypeError(f"{self.policy} is a layer, not complete rules")
        return _requirements(canonical(self.content))

    def overlay(self) -> Overlay:
        """What a School or programme asks beyond. Raises TypeError for complete rules."""
        if not self.policy.is_overlay:
            raise TypeError(f"{self.policy} is complete rules, not a layer")
        return _overlay(canonical(self.content))


@lru_cache(maxsize=64)
def _requirements(text: str) -> Requirements:
    return from_json(Requirements, json.loads(text))


@lru_cache(maxsize=64)
def _overlay(text: str) -> Overlay:
    return from_json(Overlay, json.loads(text))
