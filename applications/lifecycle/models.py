import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.models import Timestamped
from applications.applicants.models import Applicant, ProfileSnapshot
from applications.lifecycle.states import CONCLUDED, OPEN_TO_WITHDRAWAL, RUNNING, UNDER_CONSIDERATION, State
from programmes.models import Offering, QuestionVersion, Round, Specialisation


class Application(Timestamped):
    """One person's case for one offering. `state` is written by `apply_transition` alone.

    `round` is the one in which the submission was received (AMB-02), `number` is given with it. `amends` is
    the case that a draft would replace: until it is submitted again the office works on the earlier one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=24, unique=True, null=True, editable=False)
    applicant = models.ForeignKey(
        Applicant, models.PROTECT, related_name="applications", verbose_name=_("applicant")
    )
    offering = models.ForeignKey(
        Offering, models.PROTECT, related_name="applications", verbose_name=_("applied for")
    )
    specialisation = models.ForeignKey(
        Specialisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("specialisation"),
    )
    second_specialisation = models.ForeignKey(
        Specialisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("second choice"),
    )
    state = models.CharField(
        _("state"), max_length=20, choices=State.choices, default=State.DRAFT, editable=False
    )
    state_since = models.DateTimeField(editable=False)
    started_at = models.DateTimeField(editable=False)
    submitted_at = models.DateTimeField(_("received"), null=True, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="+", editable=False)
    profile = models.OneToOneField(
        ProfileSnapshot, models.PROTECT, null=True, related_name="application", editable=False
    )
    amends = models.OneToOneField(
        "self", models.CASCADE, null=True, blank=True, related_name="amendment", editable=False
    )

    # the versions of the programme's questions as they stood when it was submitted; a draft has none yet
    question_versions = models.ManyToManyField(QuestionVersion, related_name="+", editable=False)

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-submitted_at", "id"]
        indexes = [
            models.Index(fields=["offering", "state", "submitted_at"]),
            models.Index(fields=["state", "state_since"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["applicant", "offering"],
                condition=Q(state__in=sorted(RUNNING), amends__isnull=True),
                name="one_running_application_per_offering",
            ),
            models.CheckConstraint(
                condition=Q(amends__isnull=True) | Q(state=State.DRAFT), name="only_a_draft_amends"
            ),
            models.CheckConstraint(
                condition=Q(
                    state=State.DRAFT,
                    submitted_at__isnull=True,
                    number__isnull=True,
                    round__isnull=True,
                    profile__isnull=True,
                )
                | Q(
                    ~Q(state=State.DRAFT),
                    submitted_at__isnull=False,
                    number__isnull=False,
                    round__isnull=False,
                    profile__isnull=False,
                ),
                name="submitted_means_received_numbered_frozen",
            ),
            models.CheckConstraint(
                condition=Q(second_specialisation__isnull=True)
                | ~Q(second_specialisation=F("specialisation")),
                name="second_choice_differs_from_first",
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(_("Draft"))

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def is_considered(self) -> bool:
        """Received and not decided: somebody in the office has it."""
        return self.state in UNDER_CONSIDERATION

    @property
    def has_ended(self) -> bool:
        """Nothing more is expected of anybody: no document is taken, none is checked."""
        return self.state in CONCLUDED

    @property
    def can_be_withdrawn(self) -> bool:
        """The office has it and it has not ended."""
        return self.state in OPEN_TO_WITHDRAWAL


class NumberSeries(models.Model):
    """The last number given in a series, one series for each programme and intake: `MMS26` → 4182."""

    key = models.CharField(max_length=16, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key}-{self.last:06d}"


class Opened(models.TextChoices):
    """What of a case staff may open."""

    CASE = "CASE", _("The case")
    DOCUMENT = "DOCUMENT", _("A document")
    SUBMISSION = "SUBMISSION", _("A copy of what was sent")
    LETTER = "LETTER", _("The letter")


class Opening(models.Model):
    """A member of staff opened something of a case; at most one row in each quarter of an hour. Rows are
    added and never changed.

    `thing` is the document's key or the number of what was sent; "" for the case and its letter.
    """

    # no constraint of the database: checking it would make every look wait for whoever holds the case's row
    application = models.ForeignKey(
        Application, models.CASCADE, related_name="openings", db_constraint=False, db_index=False
    )
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=Opened.choices)
    thing = models.CharField(max_length=36, blank=True)
    quarter = models.DateTimeField()
    opened_at = models.DateTimeField()

    class Meta:
        verbose_name = _("opening of a file")
        verbose_name_plural = _("openings of files")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "opened_by", "what", "thing", "quarter"],
                name="opening_kept_once_in_a_quarter_of_an_hour",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.what} {self.opened_at.isoformat()}"
