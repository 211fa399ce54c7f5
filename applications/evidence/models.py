import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.models import Timestamped, both_or_neither
from applications.lifecycle.models import Application


class SlotCode(models.TextChoices):
    """What a document proves."""

    DEGREE = "DEGREE", _("Degree certificate and transcript")
    ENGLISH_TEST = "ENGLISH_TEST", _("English test report")
    LANGUAGE_OF_STUDY = "LANGUAGE_OF_STUDY", _("Letter on the language of teaching and examination")
    POSTGRADUATE_STUDY = "POSTGRADUATE_STUDY", _("Transcript of postgraduate study")
    RESIDENCE = "RESIDENCE", _("Proof of residence status")
    RESEARCH_STATEMENT = "RESEARCH_STATEMENT", _("Research statement")
    OTHER = "OTHER", _("Another document")


class DocumentStatus(models.TextChoices):
    RECEIVED = "RECEIVED", _("Received")
    VERIFIED = "VERIFIED", _("Verified")
    REJECTED = "REJECTED", _("Not accepted")


class FileKind(models.TextChoices):
    """Decided by parsing the bytes, never by name or by what the browser says."""

    PDF = "application/pdf", "PDF"
    JPEG = "image/jpeg", "JPEG"
    PNG = "image/png", "PNG"


# below the private files; nothing else is kept there
FOLDER = "evidence"


def private_path(document: "Document", filename: str) -> str:
    """A path that tells nothing: no name, no number."""
    return f"{FOLDER}/{document.pk.hex[:2]}/{document.pk.hex}"


class Document(Timestamped):
    """One file in one slot of one case. Removing it from a draft deletes it; after submission it stays."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="documents")
    slot = models.CharField(_("proves"), max_length=30, choices=SlotCode.choices)
    file = models.FileField(_("file"), upload_to=private_path, max_length=120)
    name = models.CharField(_("file name"), max_length=150)
    kind = models.CharField(max_length=30, choices=FileKind.choices)
    size = models.PositiveIntegerField(help_text="bytes")
    pages = models.PositiveSmallIntegerField(default=1)
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    status = models.CharField(
        _("status"), max_length=20, choices=DocumentStatus, default=DocumentStatus.RECEIVED
    )
    reason = models.CharField(_("why not accepted"), max_length=500, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["uploaded_at", "id"]
        constraints = [
            both_or_neither("checked_by", "checked_at", name="document_checked_by_and_at"),
            # the same file sent twice (a retry on a bad line) is one document
            models.UniqueConstraint(
                fields=["application", "slot", "sha256"], name="one_copy_of_a_file_in_a_slot"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_rejected(self) -> bool:
        return self.status == DocumentStatus.REJECTED

    @property
    def download_name(self) -> str:
        """Its own name with the ending of what it is, so that no device takes it for something else."""
        ending = {FileKind.PDF: "pdf", FileKind.JPEG: "jpg", FileKind.PNG: "png"}[FileKind(self.kind)]
        stem, dot, old = self.name.rpartition(".")
        return f"{stem if dot and stem and len(old) <= 5 else self.name}.{ending}"
