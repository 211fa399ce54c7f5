"""What leads to an award, and what is said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from programmes.models.institutions import Fact, Institution, Office, School

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from programmes.models.intakes import Intake


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
    """A sentence of ours with the words of the source beside it: a requirement, an aim, advice.

    It holds for one programme, or, where `programme` is empty, for those of the institution at `level`
    (blank: all of them).
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
