"""Who applies: the person, and the profile as it stood at one moment."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField
from phonenumber_field.modelfields import PhoneNumberField

from admissions_portal.support.models import SwiftDecoder, Timestamped
from applications.applicants.choices import (
    Origin,
    ResidenceStatus,
)
from applications.applicants.names import full_name, validate_chinese_name, validate_printable


class Applicant(Timestamped):
    """A person who applies. Holds what admission needs and no more (DPP1): no identity number, photograph,
    gender or religion. Everything may be empty while it is a draft; submission asks what must be there."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="applicant")
    family_name = models.CharField(
        _("family name"), max_length=120, blank=True, validators=[validate_printable]
    )
    given_names = models.CharField(
        _("given names"), max_length=120, blank=True, validators=[validate_printable]
    )
    chinese_name = models.CharField(
        _("Chinese name"), max_length=40, blank=True, validators=[validate_chinese_name]
    )
    preferred_name = models.CharField(
        _("preferred name"), max_length=120, blank=True, validators=[validate_printable]
    )
    date_of_birth = models.DateField(_("date of birth"), null=True, blank=True)
    nationality = CountryField(_("nationality"), blank=True)
    phone = PhoneNumberField(_("telephone"), blank=True, region="HK")
    address_1 = models.CharField(
        _("flat, floor, block, building"), max_length=200, blank=True, validators=[validate_printable]
    )
    address_2 = models.CharField(
        _("street and number"), max_length=200, blank=True, validators=[validate_printable]
    )
    address_3 = models.CharField(
        _("district or city"), max_length=200, blank=True, validators=[validate_printable]
    )
    postcode = models.CharField(_("postcode"), max_length=20, blank=True, validators=[validate_printable])
    country = CountryField(_("country or region"), blank=True)
    residence_status = models.CharField(
        _("status in Hong Kong"), max_length=30, choices=ResidenceStatus.choices, blank=True
    )
    origin = models.CharField(_("permanent home"), max_length=20, choices=Origin.choices, blank=True)
    first_language_is_english = models.BooleanField(_("English is the first language"), null=True, blank=True)

    class Meta:
        verbose_name = _("applicant")
        verbose_name_plural = _("applicants")

    def __str__(self) -> str:
        return self.full_name or str(_("Applicant %(number)s") % {"number": self.pk})

    @property
    def full_name(self) -> str:
        """As `names.full_name` has it."""
        return full_name(self.family_name, self.given_names, self.chinese_name)

    @property
    def greeting_name(self) -> str:
        """What a message opens with."""
        return self.preferred_name or self.full_name


class ProfileSnapshot(models.Model):
    """A profile as it stood at one moment; never changed. `sha256` is over the canonical JSON of `data`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="snapshots")
    data = models.JSONField(decoder=SwiftDecoder)
    sha256 = models.CharField(max_length=64)
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["-taken_at", "-id"]
        verbose_name = _("profile as frozen")
        verbose_name_plural = _("profiles as frozen")

    def __str__(self) -> str:
        return f"{self.applicant_id} {self.taken_at:%Y-%m-%d}"
