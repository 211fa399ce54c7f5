"""Reading what lets a late application in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from admissions_portal.accounts.roles import Right
from applications.late_entry.models import AccessCode, AccessCodeUse, Extension
from applications.lifecycle.models import Application
from applications.lifecycle.recusals import has_conflict_with
from programmes.models import Offering
from programmes.queries import programmes_of

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User

# Whoever decides whom to admit also decides who may still be received: the programme office.
RIGHT = Right.DECIDE


def access_codes_of(user: User, *, on: date) -> QuerySet[AccessCode]:
    """The codes of programmes for which `user` may let people in late on that day, but for those made for
    somebody with whose case they have a conflict of interest; `used` counts their uses."""
    return (
        AccessCode.objects.filter(programme__in=programmes_of(user, RIGHT, on))
        .exclude(has_conflict_with(user, institution="programme__institution", user__email__iexact="email"))
        .select_related(
            "programme__institution",
            "offering__intake__programme",
            "round__offering__intake__programme",
            "made_by",
            "revoked_by",
        )
        .annotate(used=Count("uses"))
        .order_by("-made_at", "-id")
    )


def extensions_of(user: User, *, on: date) -> QuerySet[Extension]:
    """The extensions given for programmes for which `user` may let people in late on that day, but for those
    of somebody with whose case they have a conflict of interest."""
    house = "offering__intake__programme__institution"
    return (
        Extension.objects.filter(offering__intake__programme__in=programmes_of(user, RIGHT, on))
        .exclude(has_conflict_with(user, institution=house, user__email__iexact="email"))
        .select_related("offering__intake__programme__institution", "made_by", "revoked_by")
        .order_by("-made_at", "-id")
    )


def uses_of(code: AccessCode) -> QuerySet[AccessCodeUse]:
    """Who entered the code, in which application, when."""
    return code.uses.select_related(
        "application__applicant", "application__profile", "application__round"
    ).order_by("used_at", "id")


def extension_of(user: User, offering: Offering, *, at: datetime) -> Extension | None:
    """More time that `user` has for the offering at `at`, begun or not; the longest."""
    given = Extension.objects.filter(
        offering=offering, email=user.email.lower(), revoked_at__isnull=True, closed_from__gt=at
    )
    return given.order_by("-closed_from", "pk").first()


def late_entries_of_each(
    drafts: Iterable[Application], *, at: datetime
) -> dict[UUID, list[AccessCode | Extension]]:
    """For each draft what still lets it in at `at`, the latest end first. Two questions, none without a
    draft."""
    drafts = list(drafts)
    found: dict[UUID, list[AccessCode | Extension]] = defaultdict(list)
    if not drafts:
        return found
    holding = {"code__revoked_at__isnull": True, "code__closed_from__gt": at}
    uses = AccessCodeUse.objects.filter(application__in=drafts, **holding).select_related("code")
    by_pk = {draft.pk: draft for draft in drafts}
    for use in uses.order_by("-code__closed_from", "pk"):
        # entered before the study mode was changed, a code may be for another offering
        if use.application_id and use.code.is_for(by_pk[use.application_id].offering):
            found[use.application_id].append(use.code)
    # the address is asked of the account at this moment: whoever has changed it is asked for under the new
    addresses = {(draft.offering_id, draft.applicant.user.email.lower()): draft.pk for draft in drafts}
    given = Extension.objects.filter(
        Q(offering__in={offering for offering, _email in addresses})
        & Q(email__in={email for _offering, email in addresses}),
        revoked_at__isnull=True,
        closed_from__gt=at,
    )
    for extension in given.order_by("-closed_from", "pk"):
        if pk := addresses.get((extension.offering_id, extension.email)):
            found[pk].append(extension)
    for entries in found.values():
        entries.sort(key=lambda entry: entry.closed_from, reverse=True)
    return found


def late_entries_of(application: Application, *, at: datetime) -> list[AccessCode | Extension]:
    """What still lets this application in at `at`, the latest end first."""
    return late_entries_of_each([application], at=at).get(application.pk, [])
