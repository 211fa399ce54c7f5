"""When a programme may be applied for, in which mode, and what it costs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from programmes.models.institutions import Fact
from programmes.models.programmes import Programme

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


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
        if self.term:
            return pgettext("intake", "%(year)s %(term)s") % {
                "year": self.code,
                "term": self.get_term_display(),
            }
        return pgettext("intake", "%(year)s") % {"year": self.code}


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
    """The first instant that is too late, by the reading of AMB-01. A time names its minute: seconds that
    somebody typed with it (23:59:59) belong to it."""
    minute = closes_at.replace(second=0, microsecond=0)
    return minute + timedelta(minutes=1) if reading == CloseReading.WHOLE_MINUTE else minute


class Round(Fact):
    """When an offering may be applied for, and by whom. Instants, compared in UTC, printed in HKT (AMB-30).

    `closes_at` is the minute as printed, `closed_from` the first instant refused. Without them the round is
    "not announced" and cannot be applied for. An empty `opens_at` means no opening was published: the round
    takes applications until it closes.
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

    @property
    def title(self) -> str:
        """The label in the reader's language where our texts know it: `Round 1`, `第一輪`."""
        return gettext(self.label)

    def set_close(self, closes_at: datetime | None, reading: str = CloseReading.WHOLE_MINUTE) -> None:
        """Set the printed minute and, by the reading, the first instant refused. Does not save."""
        closes_at = closes_at.replace(second=0, microsecond=0) if closes_at else None
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
