"""Sets of questions and their versions (B15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.models import both_or_neither
from programmes.models.institutions import Institution
from programmes.models.programmes import Kind, Programme
from programmes.questions.content import Questions, fingerprint, from_json

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class QuestionSet(models.Model):
    """Questions of one programme or, where `programme` is empty, of every programme of a kind at the
    institution. A programme asks the questions of both."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="question_sets", verbose_name=_("institution")
    )
    kind = models.CharField(_("kind of programme"), max_length=10, choices=Kind.choices)
    programme = models.ForeignKey(
        Programme,
        models.PROTECT,
        related_name="question_sets",
        verbose_name=_("programme"),
        null=True,
        blank=True,
    )

    if TYPE_CHECKING:
        versions: RelatedManager[QuestionVersion]

    class Meta:
        verbose_name = _("set of questions")
        verbose_name_plural = _("sets of questions")
        ordering = ["institution", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "kind", "programme"],
                name="one_question_set_per_programme",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.code


class QuestionVersion(models.Model):
    """What a set asks from a day (HKT) on. Published, it never changes: the database refuses it.

    `content` is `Questions` as JSON. Until it is published it is a draft without a number, one for each set
    at a time. Of two versions in force from one day the higher number counts.
    """

    set = models.ForeignKey(QuestionSet, models.PROTECT, related_name="versions", verbose_name=_("set"))
    number = models.PositiveIntegerField(_("version"), null=True, blank=True)
    effective_from = models.DateField(_("in force from"))
    content = models.JSONField(_("content"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    is_shipped = models.BooleanField(_("came with the portal"), default=False)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    drafted_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("version of questions")
        verbose_name_plural = _("versions of questions")
        # a draft, having no number, comes first
        ordering = ["set", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["set", "number"], name="one_question_version_per_number"),
            models.UniqueConstraint(
                fields=["set"], condition=Q(published_at__isnull=True), name="one_draft_per_question_set"
            ),
            both_or_neither("number", "published_at", name="question_version_numbered_when_published"),
            both_or_neither("drafted_by", "drafted_at", name="question_version_drafted_by_and_at"),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | Q(published_at__isnull=False),
                name="question_version_published_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.set} {self.number or _('draft')}"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @property
    def edition(self) -> str:
        """Of all that an editor changes; a form says which one it was opened on (`seen`)."""
        return fingerprint([self.content, self.effective_from.isoformat(), self.reason])

    def record(self) -> Questions:
        """The content in its typed form."""
        return from_json(self.content)
