"""Reading identity numbers: whether one is given, and who in an institution gave the same."""

from __future__ import annotations

from django.db.models import QuerySet

from admissions_portal.support.sealing import indexes_of
from applications.identity.models import IdentityNumber
from applications.lifecycle.models import Application
from applications.lifecycle.states import PLACE_TAKEN


def identity_number_of(application: Application) -> IdentityNumber | None:
    """What the applicant gave, or None. No question where the case was read with `identity_number`."""
    return getattr(application, "identity_number", None)


def awaits_identity_number(application: Application) -> bool:
    """A place is accepted and the number not given yet: something for the applicant to do."""
    return application.state in PLACE_TAKEN and identity_number_of(application) is None


def indexes_for(institution: str, kind: str, number: str) -> list[str]:
    """What a number may stand under in the index of an institution (by its code), the one to write first."""
    return indexes_of(f"{kind}:{number}", within=institution)


def same_number_elsewhere(given: IdentityNumber) -> QuerySet[IdentityNumber]:
    """The other cases of the same institution whose applicant gave this number; never those of another."""
    institution = given.application.offering.programme.institution
    return (
        IdentityNumber.objects.filter(
            index__in=indexes_for(institution.code, given.kind, given.number),
            application__offering__intake__programme__institution=institution,
        )
        .exclude(application=given.application_id)
        .order_by("given_at", "id")
    )
