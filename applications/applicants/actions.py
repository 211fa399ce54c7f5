"""Acts on a profile."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from applications.applicants.models import Applicant, ProfileSnapshot
from applications.applicants.queries import fingerprint_of, profile_data


def open_profile(user: AbstractBaseUser) -> Applicant:
    """The profile of `user`, made empty where there is none yet; asked twice at once it is still one."""
    applicant, _made = Applicant.objects.get_or_create(user_id=user.pk)
    return applicant


@transaction.atomic
def freeze_profile(applicant: Applicant, *, at: datetime) -> ProfileSnapshot:
    """Keep the profile as it stands in the database at `at`, whatever is changed in it later (PRODUCT B8)."""
    current = Applicant.objects.select_related("user").get(pk=applicant.pk)
    data = profile_data(current)
    return ProfileSnapshot.objects.create(
        applicant=current, data=data, sha256=fingerprint_of(data), taken_at=at
    )
