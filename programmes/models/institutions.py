"""Who offers programmes, whom to ask, and what institutions have signed."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


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
    # a setting of the office and no fact of a source: empty, so off, until somebody sets it
    most_applications = models.PositiveSmallIntegerField(
        _("most applications at a time"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_(
            "How many submitted applications one person may have with this institution at once. Left empty: "
            "as many as they like."
        ),
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
    """Whom to ask. Offices are renamed, so the name is data; what a source omits is blank (HKU-18)."""

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
