"""Policies as dated, versioned data, in layers; the register of what an office accepts; previews of both.

What the rules mean is the engine's; here is only what was in force when, and who said so.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from admissions_portal import clock
from admissions_portal.support.models import both_or_neither
from eligibility import labels
from eligibility.engine import Overlay, Requirements, from_json
from programmes.models import Level, Programme

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


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


def canonical(content: Any) -> str:
    """One text for equal contents, whatever order the database gave the keys in."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def fingerprint(content: Any) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


@lru_cache(maxsize=64)
def _requirements(text: str) -> Requirements:
    return from_json(Requirements, json.loads(text))


@lru_cache(maxsize=64)
def _overlay(text: str) -> Overlay:
    return from_json(Overlay, json.loads(text))
