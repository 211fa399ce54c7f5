import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from admissions_portal.outbox.models import Message
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


class RequestKind(models.TextChoices):
    """When the office needs it, and what waits for it (D2)."""

    NOW = "NOW", _("Now: the review waits for it")
    LATER_BLOCKING = "LATER_BLOCKING", _("Later: no offer is made before it")
    LATER_NON_BLOCKING = "LATER_NON_BLOCKING", _("Later: nothing waits for it")


class RequestWants(models.TextChoices):
    DOCUMENT = "DOCUMENT", _("A document")
    ANSWER = "ANSWER", _("An answer in words")


class RequestStatus(models.TextChoices):
    """Whether it is late is no status: it follows from the day and the clock."""

    OPEN = "OPEN", _("Waiting for the applicant")
    ANSWERED = "ANSWERED", _("Answered")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    SETTLED = "SETTLED", _("Settled")


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


class EvidenceRequest(Timestamped):
    """Something the office asks of an applicant after submission: a document for a slot, or an answer.

    `due_on` is a day in Hong Kong and counts to its end; `closed_from` is the first instant that is late.
    Late answers are taken and said to be late. `title` names the thing, `words` are to the applicant;
    `clause` is the finding it came from. Who ended it is in `closed_by`, why it was withdrawn in `reason`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="evidence_requests")
    kind = models.CharField(_("needed"), max_length=20, choices=RequestKind)
    wants = models.CharField(_("asked for"), max_length=10, choices=RequestWants)
    slot = models.CharField(_("proves"), max_length=30, choices=SlotCode, default=SlotCode.OTHER)
    # of a document of the programme, which one
    question = models.CharField(max_length=40, blank=True)
    title = models.CharField(_("what is asked for"), max_length=120)
    words = models.TextField(_("words to the applicant"), max_length=2000)
    clause = models.CharField(_("clause"), max_length=40, blank=True)
    due_on = models.DateField(_("due on"))
    closed_from = models.DateTimeField()
    status = models.CharField(max_length=10, choices=RequestStatus, default=RequestStatus.OPEN)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(_("answer"), max_length=5000, blank=True)
    answered_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(_("why it was withdrawn"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["due_on", "asked_at", "id"]
        indexes = [models.Index(fields=["status", "closed_from"], name="evidence_request_due")]
        constraints = [
            both_or_neither("closed_by", "closed_at", name="request_closed_by_and_at"),
            models.CheckConstraint(
                condition=models.Q(status__in=["WITHDRAWN", "SETTLED"], closed_at__isnull=False)
                | models.Q(status__in=["OPEN", "ANSWERED"], closed_at__isnull=True),
                name="request_is_closed_or_not",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="ANSWERED") | models.Q(answered_at__isnull=False),
                name="answered_request_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """The applicant has still to answer."""
        return self.status == RequestStatus.OPEN

    @property
    def is_answered(self) -> bool:
        """The applicant has answered, and the office has to look."""
        return self.status == RequestStatus.ANSWERED

    @property
    def is_running(self) -> bool:
        return self.status in (RequestStatus.OPEN, RequestStatus.ANSWERED)

    @property
    def blocks_offer(self) -> bool:
        """Whether no offer is made before it is settled or withdrawn."""
        return self.is_running and self.kind != RequestKind.LATER_NON_BLOCKING

    @property
    def wants_document(self) -> bool:
        return self.wants == RequestWants.DOCUMENT

    @property
    def was_late(self) -> bool:
        return self.answered_at is not None and self.answered_at >= self.closed_from

    @property
    def anchor(self) -> str:
        """The id of its file input on the documents page."""
        return f"request-{self.pk.hex}"

    def is_overdue(self, at: datetime) -> bool:
        return self.is_open and at >= self.closed_from


class RequestReminder(models.Model):
    """One reminder of one request; the unique row is why nobody gets it twice."""

    request = models.ForeignKey(EvidenceRequest, models.CASCADE, related_name="reminders")
    days_before = models.PositiveSmallIntegerField()
    decided_at = models.DateTimeField()
    message = models.OneToOneField(Message, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "days_before"], name="each_request_reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.days_before} days before"
