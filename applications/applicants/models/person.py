"""Who applies: the person, and the profile as it stood at one moment."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from admissions_portal.support.fields import DerivedTextField, DerivedWordsField, SealedTextField
from admissions_portal.support.models import SwiftDecoder, Timestamped
from admissions_portal.support.words import vector_of
from applications.applicants.choices import (
    Origin,
    ResidencePaper,
    ResidenceStatus,
)
from applications.applicants.identity import IdentityKind, masked
from applications.applicants.names import full_name, validate_chinese_name, validate_printable
from applications.applicants.searching import name_order, name_words
from applications.applicants.telephones import TelephoneField


class Applicant(Timestamped):
    """A person who applies. Holds what admission needs and no more (DPP1): no photograph, gender or
    religion, and of an identity number only the beginning, encrypted (C7). Everything may be empty while it
    is a draft; submission asks what must be there."""

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
    # former and married names, aliases, other spellings: what certificates may be made out to (C4)
    other_names = models.CharField(
        _("other names on certificates"), max_length=200, blank=True, validators=[validate_printable]
    )
    date_of_birth = models.DateField(_("date of birth"), null=True, blank=True)
    nationality = CountryField(_("nationality"), blank=True)
    identity_kind = models.CharField(
        _("identity document"), max_length=20, choices=IdentityKind.choices, blank=True
    )
    identity_start = SealedTextField(_("first four characters of its number"), blank=True)
    phone = TelephoneField(_("telephone"), blank=True, region="HK")
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
    # when the status began; of a visa, when it was first issued
    residence_since = models.DateField(_("first issued, or held since"), null=True, blank=True)
    residence_until = models.DateField(_("valid until"), null=True, blank=True)
    residence_paper = models.CharField(
        _("what shows the status"), max_length=30, choices=ResidencePaper.choices, blank=True
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
    def identity_shown(self) -> str:
        """What a page may show of the identity document's number: `A12…(•)`."""
        return masked(self.identity_start, self.identity_kind)

    def get_identity_start_display(self) -> str:
        """How the review and every other page print the answer."""
        return self.identity_shown

    @property
    def greeting_name(self) -> str:
        """What a message opens with."""
        return self.preferred_name or self.full_name


class ResidenceDeclaration(models.Model):
    """What somebody declared about their status in Hong Kong, from `declared_at` on; the last row counts.

    A status that a submitted application was decided on is never written over: the change is a row more
    (AMB-04b). Until something is submitted a correction takes the place of what it corrects.
    """

    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="residence_declarations")
    status = models.CharField(_("status in Hong Kong"), max_length=30, choices=ResidenceStatus.choices)
    since = models.DateField(_("first issued, or held since"), null=True)
    until = models.DateField(_("valid until"), null=True)
    paper = models.CharField(
        _("what shows the status"), max_length=30, choices=ResidencePaper.choices, blank=True
    )
    origin = models.CharField(_("permanent home"), max_length=20, choices=Origin.choices, blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        ordering = ["declared_at", "id"]
        verbose_name = _("declared status in Hong Kong")
        verbose_name_plural = _("declared statuses in Hong Kong")

    def __str__(self) -> str:
        return f"{self.status} {self.declared_at:%Y-%m-%d}"


class ProfileSnapshot(models.Model):
    """A profile as it stood at one moment; never changed. `sha256` is over the canonical JSON of `data`.

    By `words` the person is found, by `name_order` lists are ordered; both are written with the row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="snapshots")
    data = models.JSONField(decoder=SwiftDecoder)
    sha256 = models.CharField(max_length=64)
    taken_at = models.DateTimeField()
    words = DerivedWordsField(models.TextField(), derive=lambda row: name_words(row.data))
    name_order = DerivedTextField(derive=lambda row: name_order(row.data))

    class Meta:
        ordering = ["-taken_at", "-id"]
        indexes = [
            GinIndex(vector_of("words"), name="profiles_by_name"),
            models.Index(fields=["name_order"], name="profiles_in_order_of_name"),
        ]
        verbose_name = _("profile as frozen")
        verbose_name_plural = _("profiles as frozen")

    def __str__(self) -> str:
        return f"{self.applicant_id} {self.taken_at:%Y-%m-%d}"
