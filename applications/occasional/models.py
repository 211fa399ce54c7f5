"""A request to take selected courses as an occasional student, the courses wanted, and its files."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.models import Timestamped, both_or_neither
from applications.applicants.models import Applicant
from applications.applicants.names import validate_printable
from applications.evidence.models import FileKind
from programmes.models import Programme

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class OccasionalStatus(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    RECEIVED = "RECEIVED", _("Received")
    APPROVED = "APPROVED", _("Approved")
    DECLINED = "DECLINED", _("Not approved")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


DECIDED = frozenset({OccasionalStatus.APPROVED, OccasionalStatus.DECLINED})
# a second request for the same programme waits until this one has ended
OPEN = frozenset({OccasionalStatus.DRAFT, OccasionalStatus.RECEIVED})


class OccasionalRequest(Timestamped):
    """One person asks a programme for some of its courses. No rule, fee or round of the degree applies.

    `status` moves by this subject's actions alone: draft, received, then one decision, or withdrawn. Sending
    gives it its number and freezes the person as they then stood.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=24, unique=True, null=True, editable=False)
    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="occasional_requests")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="occasional_requests")
    status = models.CharField(
        _("status"), max_length=12, choices=OccasionalStatus, default=OccasionalStatus.DRAFT, editable=False
    )
    why = models.TextField(_("why you want to take them"), max_length=2000, blank=True)
    started_at = models.DateTimeField(editable=False)
    sent_at = models.DateTimeField(_("received"), null=True, editable=False)
    # name, e-mail and telephone as they stood when it was sent; nothing else of the profile is needed (DPP1)
    person = models.JSONField(null=True, editable=False)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        courses: RelatedManager[WantedCourse]
        files: RelatedManager[OccasionalFile]

    class Meta:
        verbose_name = _("request of an occasional student")
        verbose_name_plural = _("occasional students")
        ordering = ["-sent_at", "id"]
        indexes = [models.Index(fields=["programme", "status", "sent_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["applicant", "programme"],
                condition=Q(status__in=sorted(OPEN)),
                name="one_open_occasional_request",
            ),
            models.CheckConstraint(
                condition=Q(status="DRAFT", sent_at__isnull=True, number__isnull=True, person__isnull=True)
                | ~Q(status="DRAFT") & Q(sent_at__isnull=False, number__isnull=False, person__isnull=False),
                name="a_sent_request_is_numbered_and_frozen",
            ),
            models.CheckConstraint(
                condition=Q(status__in=sorted(DECIDED), decided_at__isnull=False)
                | ~Q(status__in=sorted(DECIDED)) & Q(decided_at__isnull=True),
                name="a_decided_request_says_when",
            ),
            models.CheckConstraint(
                condition=Q(status="WITHDRAWN", withdrawn_at__isnull=False)
                | ~Q(status="WITHDRAWN") & Q(withdrawn_at__isnull=True),
                name="a_withdrawn_request_says_when",
            ),
            both_or_neither("decided_by", "decided_at", name="occasional_decided_by_and_at"),
        ]

    def __str__(self) -> str:
        return self.number or str(_("Draft"))

    @property
    def is_draft(self) -> bool:
        return self.status == OccasionalStatus.DRAFT

    @property
    def is_waiting(self) -> bool:
        """Received and not decided."""
        return self.status == OccasionalStatus.RECEIVED

    @property
    def is_decided(self) -> bool:
        return self.status in DECIDED


class CourseKind(models.TextChoices):
    """The two kinds an occasional student may take; Capstone is not among them (HKU-15)."""

    CORE = "CORE", _("Core course")
    SPECIALISED = "SPECIALISED", _("Specialised course")


class WantedCourse(models.Model):
    """A course as the person names it: no list of courses is held, so none can be chosen from.

    `is_approved` is null until the office has decided.
    """

    request = models.ForeignKey(OccasionalRequest, models.CASCADE, related_name="courses")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("course, by title or code"), max_length=200, validators=[validate_printable])
    kind = models.CharField(_("kind of course"), max_length=12, choices=CourseKind, blank=True)
    is_approved = models.BooleanField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["request", "position"], name="one_wanted_course_per_position"),
            models.CheckConstraint(condition=Q(position__gte=1), name="wanted_courses_count_from_one"),
        ]

    def __str__(self) -> str:
        return self.title


FOLDER = "occasional"


def private_path(file: OccasionalFile, filename: str) -> str:
    """A path that tells nothing: no name, no number."""
    return f"{FOLDER}/{file.pk.hex[:2]}/{file.pk.hex}"


class OccasionalFile(Timestamped):
    """A file of a request; what it is, its bytes decide. It goes with the draft and stays once sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(OccasionalRequest, models.CASCADE, related_name="files")
    file = models.FileField(_("file"), upload_to=private_path, max_length=120)
    name = models.CharField(_("file name"), max_length=150)
    kind = models.CharField(max_length=30, choices=FileKind)
    size = models.PositiveIntegerField(help_text="bytes")
    pages = models.PositiveSmallIntegerField(default=1)
    sha256 = models.CharField(max_length=64, help_text="of the bytes as they are kept")
    sent_sha256 = models.CharField(max_length=64, help_text="of the bytes as they came")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["uploaded_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "sent_sha256"], name="one_copy_of_a_file_in_a_request")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_held(self) -> bool:
        """Kept and shown to nobody: it could be neither read nor refused safely."""
        return self.kind == FileKind.UNKNOWN

    @property
    def download_name(self) -> str:
        """Its own name with the ending of what it is."""
        ending = {FileKind.PDF: "pdf", FileKind.JPEG: "jpg", FileKind.PNG: "png"}.get(
            FileKind(self.kind), "bin"
        )
        stem, dot, old = self.name.rpartition(".")
        return f"{stem if dot and stem and len(old) <= 5 else self.name}.{ending}"
