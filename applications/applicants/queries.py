"""Reading a person's profile."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django_countries import countries

from applications.applicants.models import Applicant

# What identifies rows to us and says nothing about the person.
# An identity number is encrypted where it is kept, so no copy of a profile holds any part of it (C7).
_OURS = {"identity_start", "id", "user", "applicant", "created_at", "updated_at"}


def applicant_of(user: AbstractBaseUser) -> Applicant | None:
    """The profile of somebody signed in, or None before they first write in it."""
    return Applicant.objects.filter(user_id=user.pk).first()


def profile_data(applicant: Applicant, *, university: str = "") -> dict[str, Any]:
    """Everything the profile says, as plain JSON: every field of every part, rows in the order of writing.

    For one `university`, by its code, what another one was told about itself is left out: earlier studies
    there. Dates are ISO 8601, scores decimal text, countries ISO 3166 codes, telephones E.164. A field added
    to a model is in here without further ado.
    """
    data = {
        **fields_of(applicant),
        "email": applicant.user.email,
        "qualifications": [fields_of(row) for row in applicant.qualifications.all()],
        "english_tests": [fields_of(row) for row in applicant.english_tests.all()],
        "postgraduate_studies": [fields_of(row) for row in applicant.postgraduate_studies.all()],
        "earlier_studies": [
            fields_of(row) for row in applicant.earlier_studies.all() if university in ("", row.university)
        ],
        "prior_courses": [fields_of(row) for row in applicant.prior_courses.all()],
        "experiences": [fields_of(row) for row in applicant.experiences.all()],
    }
    return json.loads(json.dumps(data, cls=DjangoJSONEncoder))


def address_lines(profile: Mapping[str, Any]) -> list[str]:
    """A profile's address as it goes on an envelope; the country in the active language, no empty line, and
    not once more behind a last line that says it."""
    country = str(countries.name(profile["country"])) if profile["country"] else ""
    lines = [profile[part] for part in ("address_1", "address_2", "address_3", "postcode")]
    written = [line for line in lines if line]
    if country and country.casefold() not in (line.casefold() for line in written[-1:]):
        written.append(country)
    return written


def canonical_json(data: Any) -> bytes:
    """One spelling for equal data: keys sorted, no spaces, UTF-8. What fingerprints are taken of."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def fingerprint_of(data: Any) -> str:
    """SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(data)).hexdigest()


def fields_of(row: models.Model) -> dict[str, Any]:
    """A row's answers by column; what identifies it to us is left out."""
    return {
        field.name: field.get_prep_value(field.value_from_object(row))
        for field in row._meta.concrete_fields
        if field.name not in _OURS
    }
