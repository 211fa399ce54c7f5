"""One file in one slot of one case, and what an officer made of it."""

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
    # which of them, `Document.question` says
    PROGRAMME = "PROGRAMME", _("Document of the programme")
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
    # could be neither read nor refused within the parser's limits
    UNKNOWN = "application/octet-stream", _("not yet examined")


class Part(models.TextChoices):
    """What a file is of the thing it proves (D7). None is asked for unless the office asks."""

    ORIGINAL = "ORIGINAL", _("Original")
    TRANSLATION = "TRANSLATION", _("Translation")
    GRADING_SCALE = "GRADING_SCALE", _("Grading scale")
    VERIFICATION_REPORT = "VERIFICATION_REPORT", _("Verification report")


class PartLanguage(models.TextChoices):
    """The language a file is written in, as the applicant says."""

    ENGLISH = "ENGLISH", _("English")
    CHINESE = "CHINESE", _("Chinese")
    ENGLISH_AND_CHINESE = "ENGLISH_AND_CHINESE", _("English and Chinese")
    OTHER = "OTHER", _("Another language")


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
    # the key of the programme's question that asks for it; "" in every other slot
    question = models.CharField(max_length=40, blank=True)
    # what the office asked for and got this in answer
    request = models.ForeignKey(
        "EvidenceRequest", models.PROTECT, null=True, related_name="documents", verbose_name=_("request")
    )
    file = models.FileField(_("file"), upload_to=private_path, max_length=120)
    name = models.CharField(_("file name"), max_length=150)
    kind = models.CharField(max_length=30, choices=FileKind.choices)
    size = models.PositiveIntegerField(help_text="bytes")
    pages = models.PositiveSmallIntegerField(default=1)
    sha256 = models.CharField(max_length=64, help_text="of the bytes as they are kept")
    sent_sha256 = models.CharField(max_length=64, help_text="of the bytes as they came")
    was = models.CharField(max_length=30, blank=True, help_text="the kind that came, where another is kept")
    # the file that was not accepted and in whose place this one came
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, related_name="replaced_by")
    # the member of the office who filed it, having got it by another way than from the applicant
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # of the attempt that brought it: the same attempt repeated after a dropped connection is no second one
    upload_key = models.UUIDField(null=True)
    part = models.CharField(_("what the file is"), max_length=30, choices=Part, default=Part.ORIGINAL)
    language = models.CharField(_("language"), max_length=30, choices=PartLanguage, blank=True)
    translated_by = models.CharField(_("translated by"), max_length=150, blank=True)
    is_certified = models.BooleanField(_("the translator has certified it"), default=False)
    uploaded_at = models.DateTimeField()
    status = models.CharField(
        _("status"), max_length=20, choices=DocumentStatus, default=DocumentStatus.RECEIVED
    )
    reason = models.CharField(_("why not accepted"), max_length=500, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    # the office has had the paper itself in hand; the body that issued it has sent it by its own way
    original_sighted_on = models.DateField(null=True)
    original_sighted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    sent_by_issuer_on = models.DateField(null=True)
    sent_by_issuer_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["uploaded_at", "id"]
        constraints = [
            both_or_neither("checked_by", "checked_at", name="document_checked_by_and_at"),
            both_or_neither("original_sighted_on", "original_sighted_by", name="document_sighted_on_and_by"),
            both_or_neither("sent_by_issuer_on", "sent_by_issuer_by", name="document_sent_on_and_by"),
            models.CheckConstraint(
                condition=models.Q(part="TRANSLATION") | models.Q(translated_by="", is_certified=False),
                name="only_a_translation_has_a_translator",
            ),
            # what nobody has examined nobody can have found right
            models.CheckConstraint(
                condition=~models.Q(kind="application/octet-stream", status="VERIFIED"),
                name="a_held_document_is_not_verified",
            ),
            # the same file sent twice (a retry on a bad line) is one document
            models.UniqueConstraint(
                fields=["application", "slot", "question", "sent_sha256"], name="one_copy_of_a_file_in_a_slot"
            ),
            models.CheckConstraint(
                condition=models.Q(slot="PROGRAMME") & ~models.Q(question="")
                | ~models.Q(slot="PROGRAMME") & models.Q(question=""),
                name="a_document_of_the_programme_names_its_question",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_rejected(self) -> bool:
        return self.status == DocumentStatus.REJECTED

    @property
    def is_held(self) -> bool:
        """Kept and shown to nobody: it could be neither read nor refused safely."""
        return self.kind == FileKind.UNKNOWN

    @property
    def was_heic(self) -> bool:
        return self.was == "image/heic"

    @property
    def download_name(self) -> str:
        """Its own name with the ending of what it is, so that no device takes it for something else."""
        ending = {FileKind.PDF: "pdf", FileKind.JPEG: "jpg", FileKind.PNG: "png"}.get(
            FileKind(self.kind), "bin"
        )
        stem, dot, old = self.name.rpartition(".")
        return f"{stem if dot and stem and len(old) <= 5 else self.name}.{ending}"
