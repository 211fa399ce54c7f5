"""Acts on a profile."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from applications.applicants.models import Applicant, ProfileSnapshot, ResidenceDeclaration
from applications.applicants.queries import fingerprint_of, profile_data


def open_profile(user: AbstractBaseUser) -> Applicant:
    """The profile of `user`, made empty where there is none yet; asked twice at once it is still one."""
    applicant, _made = Applicant.objects.get_or_create(user_id=user.pk)
    return applicant


@transaction.atomic
def freeze_profile(applicant: Applicant, *, at: datetime, university: str = "") -> ProfileSnapshot:
    """Keep the profile as it stands in the database at `at`, whatever is changed in it later (PRODUCT B8).

    What other universities than `university` were told about themselves is left out; "" keeps all.
    """
    current = Applicant.objects.select_related("user").get(pk=applicant.pk)
    data = profile_data(current, university=university)
    return ProfileSnapshot.objects.create(
        applicant=current, data=data, sha256=fingerprint_of(data), taken_at=at
    )


@transaction.atomic
def declare_residence(applicant: Applicant, *, at: datetime) -> ResidenceDeclaration | None:
    """Keep what the profile says now about the status in Hong Kong; None where it says nothing.

    The same again is no new row. What nobody has submitted on yet is corrected in place; after that a change
    is a row more, so that what a submitted application was decided on stays to be read (AMB-04b).
    """
    if not applicant.residence_status:
        return None
    said = {
        "status": applicant.residence_status,
        "since": applicant.residence_since,
        "until": applicant.residence_until,
        "paper": applicant.residence_paper,
        "origin": applicant.origin,
    }
    last = applicant.residence_declarations.last()
    if last is not None and all(getattr(last, name) == value for name, value in said.items()):
        return last
    if last is None or applicant.snapshots.filter(taken_at__gte=last.declared_at).exists():
        return ResidenceDeclaration.objects.create(applicant=applicant, declared_at=at, **said)
    for name, value in said.items():
        setattr(last, name, value)
    last.declared_at = at
    last.save()
    return last
