"""The catalogue as facts. Each row names the clause of the source it was taken from; what no source says is blank.

Texts an institution publishes in English stay English; descriptions of ours are translated (`translation.py`).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from admissions_portal.accounts.roles import Role

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Fact(models.Model):
    """A row that states something a source says.

    `loaded` keeps each value as the catalogue files last gave it, so that an edit in the admin is recognised
    and never overwritten; it is null for a row made in the admin or for the demonstration.
    """

    source = models.CharField(
        _("source clause"), max_length=80, help_text=_("For example HKU-04, or HKU-08, AMB-01.")
    )
    loaded = models.JSONField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_from_catalogue(self) -> bool:
        return self.loaded is not None


class Institution(Fact):
    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=40)
    brand = models.SlugField(
        _("brand class"), help_text=_("The class that sets this institution's colour in the style sheet.")
    )

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["short_name"]

    def __str__(self) -> str:
        return self.name


class School(Fact):
    """A faculty or school of an institution."""

    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="schools", verbose_name=_("institution")
    )
    code = models.SlugField(_("code"))
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("school")
        verbose_name_plural = _("schools")
        ordering = ["institution", "name"]
        constraints = [models.UniqueConstraint(fields=["institution", "code"], name="one_school_per_code")]

    def __str__(self) -> str:
        return self.name


class Office(Fact):
    """Whom to ask. Offices are renamed, so the name is data; what the source leaves out is blank (HKU-18, UST-14)."""

    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="offices", verbose_name=_("institution")
    )
    code = models.SlugField(_("code"))
    name = models.CharField(_("name"), max_length=200)
    phones = ArrayField(
        models.CharField(max_length=40), verbose_name=_("telephones"), default=list, blank=True
    )
    address = models.TextField(_("address"), blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["institution", "name"]
        constraints = [models.UniqueConstraint(fields=["institution", "code"], name="one_office_per_code")]

    def __str__(self) -> str:
        return self.name


class Level(models.TextChoices):
    TAUGHT_MASTER = "TAUGHT_MASTER", _("Taught master’s")
    MPHIL = "MPHIL", _("Master of Philosophy (MPhil)")
    PHD = "PHD", _("Doctor of Philosophy (PhD)")


class Kind(models.TextChoices):
    TAUGHT = "TAUGHT", _("Taught degree")
    RESEARCH = "RESEARCH", _("Research degree")


class Programme(Fact):
    """What leads to an award. For a research degree: one level in one discipline (AMB-25)."""

    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="programmes", verbose_name=_("institution")
    )
    school = models.ForeignKey(
        School, models.PROTECT, related_name="programmes", verbose_name=_("school"), null=True, blank=True
    )
    office = models.ForeignKey(Office, models.PROTECT, related_name="programmes", verbose_name=_("office"))
    slug = models.SlugField(_("address on the site"), unique=True)
    number_prefix = models.CharField(
        _("prefix of application numbers"), max_length=6, help_text=_("Capital letters, for example MMS.")
    )
    level = models.CharField(_("level"), max_length=20, choices=Level.choices)
    name = models.CharField(_("name"), max_length=200)
    award = models.CharField(
        _("award"), max_length=20, help_text=_("As abbreviated by the institution: MMedSc.")
    )
    discipline = models.CharField(_("discipline"), max_length=120, blank=True)
    is_published = models.BooleanField(_("shown in the catalogue"), default=True)

    if TYPE_CHECKING:
        tracks: RelatedManager[Track]
        intakes: RelatedManager[Intake]
        credits: RelatedManager[CreditComponent]
        documents: RelatedManager[DocumentTitle]

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["institution", "name"]
        constraints = [
            models.UniqueConstraint(fields=["number_prefix"], name="one_programme_per_prefix"),
            models.CheckConstraint(
                condition=Q(number_prefix__regex=r"^[A-Z]{2,6}$"), name="prefix_is_capitals"
            ),
            models.CheckConstraint(
                condition=Q(level=Level.TAUGHT_MASTER) | ~Q(discipline=""), name="research_has_a_discipline"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("programmes:programme", args=[self.slug])

    @property
    def kind(self) -> Kind:
        return Kind.TAUGHT if self.level == Level.TAUGHT_MASTER else Kind.RESEARCH

    @property
    def is_research(self) -> bool:
        return self.kind is Kind.RESEARCH


class Track(Fact):
    """A theme that groups specialisations (HKU-10)."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="tracks", verbose_name=_("programme")
    )
    number = models.CharField(_("number"), max_length=8, help_text=_("As printed: I, II."))
    name = models.CharField(_("name"), max_length=200)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    if TYPE_CHECKING:
        specialisations: RelatedManager[Specialisation]

    class Meta:
        verbose_name = _("track")
        verbose_name_plural = _("tracks")
        ordering = ["programme", "position"]
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="one_track_per_number")]

    def __str__(self) -> str:
        return f"{self.number}: {self.name}"


class Specialisation(Fact):
    """What an applicant chooses; the track follows from it, so no cross-track pair can be stored (HKU-10)."""

    track = models.ForeignKey(Track, models.CASCADE, related_name="specialisations", verbose_name=_("track"))
    number = models.PositiveSmallIntegerField(
        _("number"), help_text=_("As printed, counted through all tracks.")
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("Without the words “Specialisation in”."))

    class Meta:
        verbose_name = _("specialisation")
        verbose_name_plural = _("specialisations")
        ordering = ["track", "number"]
        constraints = [
            models.UniqueConstraint(fields=["track", "number"], name="one_specialisation_per_number")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def programme(self) -> Programme:
        return self.track.programme


class CreditComponent(Fact):
    """A range of credits to be completed. No total is kept anywhere: the source states none (HKU-13)."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="credits", verbose_name=_("programme")
    )
    name = models.CharField(_("name"), max_length=120)
    least = models.PositiveSmallIntegerField(_("least credits"))
    most = models.PositiveSmallIntegerField(_("most credits"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("credit component")
        verbose_name_plural = _("credit components")
        ordering = ["programme", "position"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], name="one_credit_component_per_name"),
            models.CheckConstraint(condition=Q(least__lte=F("most")), name="credits_least_not_above_most"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_fixed(self) -> bool:
        return self.least == self.most


class DocumentTitle(Fact):
    """A download the institution names and this portal does not hold (HKU-17)."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="documents", verbose_name=_("programme")
    )
    title = models.CharField(_("title"), max_length=200)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("document not held here")
        verbose_name_plural = _("documents not held here")
        ordering = ["programme", "position"]
        constraints = [models.UniqueConstraint(fields=["programme", "title"], name="one_document_per_title")]

    def __str__(self) -> str:
        return self.title


class Statement(Fact):
    """A sentence of ours with the words of the source beside it: a requirement, an objective, a piece of advice.

    It holds for one programme, or, where `programme` is empty, for the institution's programmes of `level`
    (blank = all of them).
    """

    class Topic(models.TextChoices):
        OBJECTIVE = "OBJECTIVE", _("Objectives")
        REQUIREMENT = "REQUIREMENT", _("Entrance requirements")
        MERIT = "MERIT", _("What the requirements mean")
        ADVANCED_STANDING = "ADVANCED_STANDING", _("Advanced standing")
        OCCASIONAL = "OCCASIONAL", _("Occasional students")
        OPENING = "OPENING", _("When applications open")
        PROCESS = "PROCESS", _("After you apply")
        VISA = "VISA", _("Student visa or entry permit")
        COSTS = "COSTS", _("Costs of study")
        EMPLOYMENT = "EMPLOYMENT", _("Employment during study")
        DEFERRAL = "DEFERRAL", _("Deferred admission")
        READMISSION = "READMISSION", _("Readmission")
        BACKGROUND = "BACKGROUND", _("About the faculty")

    class Reader(models.TextChoices):
        ANYONE = "ANYONE", _("Everyone")
        NON_LOCAL = "NON_LOCAL", _("Non-local applicants")

    institution = models.ForeignKey(
        Institution, models.CASCADE, related_name="statements", verbose_name=_("institution")
    )
    programme = models.ForeignKey(
        Programme,
        models.CASCADE,
        related_name="statements",
        verbose_name=_("programme"),
        null=True,
        blank=True,
    )
    level = models.CharField(_("level"), max_length=20, choices=Level.choices, blank=True)
    topic = models.CharField(_("topic"), max_length=20, choices=Topic.choices)
    reader = models.CharField(_("for whom"), max_length=12, choices=Reader.choices, default=Reader.ANYONE)
    text = models.TextField(_("text"), help_text=_("In our own words."))
    quote = models.TextField(_("words of the source"), blank=True)
    reading = models.CharField(
        _("reading used"), max_length=40, blank=True, help_text=_("For example AMB-01.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["institution", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "programme", "level", "topic", "reader", "source"],
                name="one_statement_per_clause",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(programme__isnull=True) | Q(level=""), name="statement_of_programme_or_level"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.text[:60]}"


class Intake(Fact):
    """One year's entry to a programme. The start is the *expected* one unless confirmed (HKU-07)."""

    class Term(models.TextChoices):
        FALL = "FALL", _("Fall Term")
        SPRING = "SPRING", _("Spring Term")

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="intakes", verbose_name=_("programme")
    )
    code = models.SlugField(_("year"), max_length=12, help_text=_("The year of entry, for example 2026."))
    term = models.CharField(_("term"), max_length=8, choices=Term.choices, blank=True)
    expected_start_on = models.DateField(_("expected start"), null=True, blank=True)
    is_start_confirmed = models.BooleanField(_("start is confirmed"), default=False)

    if TYPE_CHECKING:
        offerings: RelatedManager[Offering]

    class Meta:
        verbose_name = _("intake")
        verbose_name_plural = _("intakes")
        ordering = ["programme", "-code", "term"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "code", "term"], name="one_intake_per_year_and_term"
            ),
            models.CheckConstraint(
                condition=Q(is_start_confirmed=False) | Q(expected_start_on__isnull=False),
                name="confirmed_start_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.label}"

    @property
    def label(self) -> str:
        """The intake as people call it: `2026`, or `2026 Fall Term`."""
        return f"{self.code} {self.get_term_display()}" if self.term else self.code


class Mode(models.TextChoices):
    FULL_TIME = "FULL_TIME", _("Full-time")
    PART_TIME = "PART_TIME", _("Part-time")


class Offering(Fact):
    """An intake in one study mode: what an application is made to.

    The fee is for the whole programme (AMB-21) and carries its status; amounts per instalment are never kept,
    for an equal split is not stated.
    """

    class FeeStatus(models.TextChoices):
        PROVISIONAL = "PROVISIONAL", _("Provisional")
        APPROVED = "APPROVED", _("Approved")

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="offerings", verbose_name=_("intake"))
    mode = models.CharField(_("study mode"), max_length=12, choices=Mode.choices)
    duration = models.CharField(_("expected duration"), max_length=200, blank=True)
    pattern = models.CharField(_("pattern"), max_length=200, blank=True)
    duration_source = models.CharField(_("source of the duration"), max_length=80, blank=True)
    fee_amount = models.DecimalField(_("fee"), max_digits=10, decimal_places=2, null=True, blank=True)
    fee_currency = models.CharField(_("currency"), max_length=3, default="HKD")
    fee_funding = models.CharField(_("funding"), max_length=60, blank=True)
    fee_source = models.CharField(_("source of the fee"), max_length=80, blank=True)
    instalments = models.PositiveSmallIntegerField(_("number of instalments"), null=True, blank=True)
    fee_status = models.CharField(_("fee status"), max_length=12, choices=FeeStatus.choices, blank=True)
    fee_note = models.CharField(_("approval note"), max_length=200, blank=True)
    fee_status_source = models.CharField(_("source of the fee status"), max_length=80, blank=True)
    quote = models.TextField(_("words of the source"), blank=True)
    quota = models.PositiveIntegerField(_("places"), null=True, blank=True)
    is_closed_to_non_local = models.BooleanField(
        _("said to be closed to non-local applicants"), default=False
    )
    non_local_note = models.TextField(_("note for non-local applicants"), blank=True)
    non_local_source = models.CharField(_("source of that note"), max_length=80, blank=True)

    if TYPE_CHECKING:
        rounds: RelatedManager[Round]

    class Meta:
        verbose_name = _("offering")
        verbose_name_plural = _("offerings")
        ordering = ["intake", "mode"]
        constraints = [
            models.UniqueConstraint(fields=["intake", "mode"], name="one_offering_per_mode"),
            models.CheckConstraint(
                condition=Q(fee_amount__isnull=True, fee_status="")
                | Q(fee_amount__isnull=False, fee_amount__gt=0) & ~Q(fee_status="") & ~Q(fee_source=""),
                name="fee_has_status_and_source",
            ),
            # of a translated field the English column is the one that is always written (`translation.py`)
            models.CheckConstraint(
                condition=~Q(fee_status="PROVISIONAL") | Q(fee_note_en__isnull=False) & ~Q(fee_note_en=""),
                name="provisional_fee_says_why",
            ),
            models.CheckConstraint(
                condition=Q(is_closed_to_non_local=False)
                | Q(non_local_note_en__isnull=False) & ~Q(non_local_note_en=""),
                name="closed_to_non_local_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.intake}, {self.get_mode_display()}"

    @property
    def programme(self) -> Programme:
        return self.intake.programme

    @property
    def is_fee_provisional(self) -> bool:
        return self.fee_status == self.FeeStatus.PROVISIONAL

    @property
    def is_announced(self) -> bool:
        """Whether any round has a closing time; without one nothing can be applied for."""
        return any(round_.is_announced for round_ in self.rounds.all())

    def rounds_open_to(self, at: datetime, *, local: bool | None) -> list[Round]:
        """The rounds that accept an application received at `at`, the soonest to close first.

        `local` is the applicant's status; None means nobody has said, and every open round is named.
        Reads `rounds.all()`, so prefetched rounds cost no query.
        """
        return sorted(
            (r for r in self.rounds.all() if r.is_open(at) and r.is_for(local)),
            key=lambda r: (r.closed_from, r.number),
        )

    def next_round(self, at: datetime, *, local: bool | None) -> Round | None:
        """The round to plan for: the first one open at `at`, else the first still to open, else None."""
        if open_now := self.rounds_open_to(at, local=local):
            return open_now[0]
        to_come = [r for r in self.rounds.all() if r.is_to_come(at) and r.is_for(local)]
        return min(to_come, key=lambda r: (r.opens_at, r.number), default=None)


class CloseReading(models.TextChoices):
    """What `23:59` means (AMB-01)."""

    WHOLE_MINUTE = "WHOLE_MINUTE", _("the printed minute counts in full")
    STRICT = "STRICT", _("closed when the printed minute begins")


def refused_from(closes_at: datetime, reading: str = CloseReading.WHOLE_MINUTE) -> datetime:
    """The first instant that is too late, by the reading of AMB-01."""
    return closes_at + timedelta(minutes=1) if reading == CloseReading.WHOLE_MINUTE else closes_at


class Round(Fact):
    """When an offering may be applied for, and by whom. Instants, compared in UTC, printed in HKT (AMB-30).

    `closes_at` is the minute as printed, `closed_from` the first instant refused. Without them the round is
    "not announced" and cannot be applied for. An empty `opens_at` means no opening was published: the round takes
    applications until it closes.
    """

    class Audience(models.TextChoices):
        ANYONE = "ANYONE", _("Everyone")
        LOCAL_ONLY = "LOCAL_ONLY", _("Local applicants only")

    offering = models.ForeignKey(Offering, models.CASCADE, related_name="rounds", verbose_name=_("offering"))
    number = models.PositiveSmallIntegerField(_("number"))
    label = models.CharField(_("label"), max_length=60)
    audience = models.CharField(
        _("who may apply"), max_length=12, choices=Audience.choices, default=Audience.ANYONE
    )
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    opens_reading = models.CharField(_("reading of the opening"), max_length=40, blank=True)
    closes_at = models.DateTimeField(_("closes (the minute as printed, HKT)"), null=True, blank=True)
    close_reading = models.CharField(
        _("reading of the close"),
        max_length=12,
        choices=CloseReading.choices,
        default=CloseReading.WHOLE_MINUTE,
    )
    closed_from = models.DateTimeField(_("first instant refused"), null=True, blank=True, editable=False)
    quote = models.CharField(_("words of the source"), max_length=300, blank=True)
    is_example = models.BooleanField(_("example, not published by the institution"), default=False)

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["offering", "number"]
        constraints = [
            models.UniqueConstraint(fields=["offering", "number"], name="one_round_per_number"),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True, closed_from__isnull=True)
                # a comparison with NULL would count as true, so presence is asked for
                | Q(closes_at__isnull=False, closed_from__isnull=False)
                & (
                    Q(close_reading="WHOLE_MINUTE", closed_from=F("closes_at") + timedelta(minutes=1))
                    | Q(close_reading="STRICT", closed_from=F("closes_at"))
                ),
                name="round_is_refused_as_read",
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True)
                | Q(closed_from__isnull=True)
                | Q(opens_at__lt=F("closed_from")),
                name="round_opens_before_it_closes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offering}, {self.label}"

    def set_close(self, closes_at: datetime | None, reading: str = CloseReading.WHOLE_MINUTE) -> None:
        """Set the printed minute and, by the reading, the first instant refused. Does not save."""
        self.closes_at, self.close_reading = closes_at, reading
        self.closed_from = refused_from(closes_at, reading) if closes_at else None

    @property
    def is_announced(self) -> bool:
        return self.closed_from is not None

    @property
    def is_local_only(self) -> bool:
        return self.audience == self.Audience.LOCAL_ONLY

    def is_for(self, local: bool | None) -> bool:
        """Whether a local (True) or non-local (False) applicant may use it; None: nobody has said, so yes."""
        return local is not False or not self.is_local_only

    def is_open(self, at: datetime) -> bool:
        """Whether an application received at `at` is in time (AMB-01). Never, while no close is announced."""
        return self.closed_from is not None and self.has_opened(at) and at < self.closed_from

    def has_opened(self, at: datetime) -> bool:
        return self.opens_at is None or self.opens_at <= at

    def is_closed(self, at: datetime) -> bool:
        return self.closed_from is not None and self.closed_from <= at

    def is_to_come(self, at: datetime) -> bool:
        return self.is_announced and not self.has_opened(at)


class Agreement(Fact):
    """A notice that institutions signed something. Nothing can be applied for on its strength (MOU-04)."""

    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="agreements", verbose_name=_("institution")
    )
    code = models.SlugField(_("code"), unique=True)
    title = models.CharField(_("title"), max_length=200)
    parties = models.CharField(_("parties"), max_length=300)
    signed_on = models.DateField(_("dated"))
    scope = models.TextField(_("what it is about"))
    condition = models.TextField(_("condition"))
    quote = models.TextField(_("words of the source"))
    as_of = models.DateField(_("text as of"))
    url = models.URLField(_("published at"), max_length=300)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-signed_on", "code"]

    def __str__(self) -> str:
        return self.title


class Appointment(models.Model):
    """Somebody's role for one programme, from a day to a day, both included (HKT). Without one, staff see nothing."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="appointments", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="appointments", verbose_name=_("programme")
    )
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["programme", "role", "user", "from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "programme", "from_on"], name="one_appointment_per_start"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="appointment_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.programme}"

    def holds_on(self, on: date) -> bool:
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)
