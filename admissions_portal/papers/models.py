from __future__ import annotations

import secrets
import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# Without I, L, O and U: nobody misreads a code copied from paper.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12


def new_code() -> str:
    """Sixty random bits: a code cannot be guessed, and says nothing."""
    return "".join(secrets.choice(CODE_ALPHABET) for _n in range(CODE_LENGTH))


class Paper(models.Model):
    """A letter, receipt or certificate. Its context is frozen at the request, its bytes are written once."""

    class Status(models.TextChoices):
        DUE = "DUE", _("being made")
        RENDERED = "RENDERED", _("made")
        FAILED = "FAILED", _("could not be made")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    about_kind = models.CharField(max_length=40)
    about_id = models.CharField(max_length=40)
    template = models.CharField(max_length=100)
    context = models.JSONField()
    language = models.CharField(max_length=10, default="en")
    # copied from paper by hand, or read from its QR code
    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code, editable=False)
    # domain time
    requested_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="supersedes"
    )

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DUE)
    # real time: leases and retries are machinery
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    # in the database on purpose: the bytes and their hash become true in one transaction
    pdf = models.BinaryField(null=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    template_version = models.CharField(max_length=64, blank=True)
    rendered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["requested_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], name="one_paper_per_number_and_version"),
            models.CheckConstraint(
                condition=Q(status="RENDERED", pdf__isnull=False, rendered_at__isnull=False, pages__gt=0)
                | (~Q(status="RENDERED") & Q(pdf__isnull=True, rendered_at__isnull=True)),
                name="a_rendered_paper_has_its_bytes",
            ),
        ]
        indexes = [
            models.Index(fields=["about_kind", "about_id"]),
            # what is due is found without looking at what is done
            models.Index(fields=["requested_at"], condition=Q(status="DUE"), name="papers_due"),
        ]

    def __str__(self) -> str:
        return f"{self.number} v{self.version}"

    @property
    def is_rendered(self) -> bool:
        return self.status == self.Status.RENDERED

    @property
    def is_in_force(self) -> bool:
        """Neither replaced nor voided."""
        return self.superseded_by_id is None and self.voided_at is None

    @property
    def filename(self) -> str:
        return f"{self.number}-v{self.version}.pdf"
