"""What the office asks of an applicant after submission (D2)."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from admissions_portal.outbox.models import Message
from admissions_portal.support.models import Timestamped, both_or_neither
from applications.evidence.models.document import SlotCode
from applications.lifecycle.models import Application


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
