"""Policies as dated, versioned data. What the rules mean is the engine's; here is only what was in force
when."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from eligibility.engine import Requirements, from_json


class Policy(models.Model):
    """The admission rules of one programme, or of all programmes of one level at an institution.

    It is matched to programmes by the codes of the catalogue, so that either may be loaded first.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    institution_code = models.SlugField(_("institution"))
    level = models.CharField(_("level"), max_length=20)
    programme_slug = models.SlugField(
        _("programme"), blank=True, help_text=_("Empty: every programme of this level at the institution.")
    )

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["institution_code", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution_code", "level", "programme_slug"], name="one_policy_per_programme"
            )
        ]

    def __str__(self) -> str:
        return self.code


class PolicyVersion(models.Model):
    """What a policy says from a day (HKT) on. Published, it never changes: the database refuses it.

    `content` is the engine's `Requirements` as JSON, complete in itself; `sha256` is that of its canonical
    form.
    """

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions", verbose_name=_("policy"))
    number = models.PositiveIntegerField(_("version"))
    effective_from = models.DateField(_("in force from"))
    content = models.JSONField(_("content"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    is_shipped = models.BooleanField(_("came with the portal"), default=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        ordering = ["policy", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="one_policy_version_per_number"),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="policy_version_has_fingerprint"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.number}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    def requirements(self) -> Requirements:
        """The content as the engine reads it; read once for each fingerprint, since content never changes."""
        return _requirements(canonical(self.content))


def canonical(content: Any) -> str:
    """One text for equal contents, whatever order the database gave the keys in."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def fingerprint(content: Any) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


@lru_cache(maxsize=64)
def _requirements(text: str) -> Requirements:
    return from_json(Requirements, json.loads(text))
