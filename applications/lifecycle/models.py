import uuid

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import CharField, F, Func, Q, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.models import Timestamped, both_or_neither
from applications.applicants.choices import Origin
from applications.applicants.models import Applicant, ProfileSnapshot
from applications.lifecycle.same_person import PersonJudgement  # noqa: F401  gathered with the others
from applications.lifecycle.states import CONCLUDED, OPEN_TO_WITHDRAWAL, RUNNING, UNDER_CONSIDERATION, State
from eligibility.labels import VERDICTS
from programmes.models import Institution, Offering, Programme, QuestionVersion, Round, Specialisation


def number_in_one() -> Replace:
    """For searching: `MMS26000007` of `MMS26-000007`."""
    return Replace("number", Value("-"), Value(""))


def number_alone() -> Func:
    """For searching: `7` of `MMS26-000007`."""
    return Func(
        Func(F("number"), Value("-"), Value(2), function="split_part", output_field=CharField()),
        Value("0"),
        function="LTRIM",
        output_field=CharField(),
    )


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

    # kept by the database itself (migration 0004): the permanent home of the profile, the verdict of the last
    # run of the rules; so that lists count and narrow many cases without reading either
    origin = models.CharField(
        _("permanent home"), max_length=20, choices=Origin, blank=True, default="", editable=False
    )
    verdict = models.CharField(
        _("what the rules say"),
        max_length=20,
        choices=VERDICTS,
        blank=True,
        default="",
        editable=False,
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
            # the orders of lists
            models.Index(fields=["state_since", "submitted_at", "id"]),
            models.Index(fields=["submitted_at", "id"]),
            # an application's number with or without its dash, and the figures alone
            models.Index(OpClass(number_in_one(), "text_pattern_ops"), name="applications_by_number"),
            models.Index(number_alone(), name="applications_by_figures"),
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
    WHOLE = "WHOLE", _("The whole case as one PDF")


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


class BlindReading(models.Model):
    """Those who only read the cases of this programme see no person: neither name nor anything that tells who
    it is. Written by the reviews, when a rubric that says so begins to be used; read by `lifecycle.blind`."""

    programme = models.OneToOneField(Programme, models.CASCADE, primary_key=True, related_name="+")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.programme)


class Ground(models.TextChoices):
    """How the office came to know of a conflict of interest."""

    DECLARED = "DECLARED", _("Declared by the person")
    RECORDED = "RECORDED", _("Recorded by a colleague")
    SUPERVISOR = "SUPERVISOR", _("Named as proposed supervisor")
    DOMAIN = "DOMAIN", _("Same private e-mail domain as the applicant")
    SAME_PERSON = "SAME_PERSON", _("Conflict about another application of the same person")


DETECTED = frozenset({Ground.SUPERVISOR, Ground.DOMAIN, Ground.SAME_PERSON})


class ConflictReason(models.TextChoices):
    """What the conflict is, in the words a declaration chooses from."""

    RELATION = "RELATION", _("Family or a close personal relation")
    WORK = "WORK", _("We work, publish or do business together")
    TEACHING = "TEACHING", _("I teach, supervise or refer the applicant, or did")
    INTEREST = "INTEREST", _("I would gain or lose by the decision")
    OTHER = "OTHER", _("Another reason")


class Recusal(models.Model):
    """A conflict of interest of one member of staff with one case. While it stands, until somebody lifts it,
    the case does not exist for that person.

    `words` are those of whoever said it; of one that the portal found, the name or domain it was found by.
    Neither they nor the reasons ever stand in history.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="recusals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="recusals")
    ground = models.CharField(_("known by"), max_length=12, choices=Ground.choices)
    # a detected one is its own reason
    reason = models.CharField(_("reason"), max_length=12, choices=ConflictReason.choices, blank=True)
    words = models.CharField(_("in words"), max_length=500, blank=True)
    recorded_at = models.DateTimeField()
    # nobody: the portal found it
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lifted_because = models.CharField(_("why it is lifted"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        ordering = ["-recorded_at", "-id"]
        constraints = [
            both_or_neither("lifted_by", "lifted_at", name="recusal_lifted_by_and_at"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | ~Q(lifted_because=""),
                name="recusal_lifted_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["person", "application", "ground"],
                condition=Q(lifted_at__isnull=True),
                name="one_standing_recusal_per_ground",
            ),
            # lifted, it was a coincidence, and is not found again
            models.UniqueConstraint(
                fields=["application", "person", "ground"],
                condition=Q(ground__in=[Ground.DOMAIN, Ground.SUPERVISOR]),
                name="a_conflict_is_found_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_ground_display())

    @property
    def stands(self) -> bool:
        return self.lifted_at is None

    @property
    def is_detected(self) -> bool:
        """Found by the portal, not said by anybody."""
        return self.ground in DETECTED


class ComparedPerson(models.Model):
    """Somebody appointed at an institution, as last compared with all its cases; under another name or
    address they are compared again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="+")
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField()
    compared_at = models.DateTimeField()

    class Meta:
        ordering = ["institution", "person"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "institution"], name="compared_person_once_an_institution"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email
