"""Reading what is perhaps one person's, as one member of staff may: both sides are cases open to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from admissions_portal.accounts.roles import Right
from applications.duplicates.models import LikelyPair, RecordKey
from applications.duplicates.scoring import CONTACTS, KeyKind
from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_visible_to
from applications.lifecycle.same_person import (
    Judged,
    PersonJudgement,
    judged_between,
    judgements_about,
)
from applications.lifecycle.states import KNOWN_TO_OFFICE

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User

_INSTITUTION = "offering__intake__programme__institution"


def judgeable_by(user: User, *, on: date) -> QuerySet[Application]:
    """The cases of which this person may say whose they are, on that day (HKT)."""
    return applications_visible_to(user, on=on, right=Right.MERGE_PEOPLE)


def pairs_to_judge(user: User | None, *, on: date) -> QuerySet[LikelyPair]:
    """Pairs that are perhaps one person's and that nobody has judged, from either side, both open to `user`;
    those found last first."""
    if user is None:
        return LikelyPair.objects.none()
    open_to = judgeable_by(user, on=on).order_by().values("pk")
    judged = judged_between(
        OuterRef("application__applicant"),
        OuterRef("other__applicant"),
        OuterRef(f"application__{_INSTITUTION}"),
    )
    return LikelyPair.objects.filter(~Exists(judged), application__in=open_to, other__in=open_to).order_by(
        "-found_at", "-pk"
    )


def pairs_listed(user: User, *, on: date) -> QuerySet[LikelyPair]:
    """`pairs_to_judge`, each once and with all that a line of the list says."""
    sides = ("applicant__user", "profile", "offering__intake__programme")
    return (
        pairs_to_judge(user, on=on)
        .filter(application__lt=F("other"))
        .select_related(*(f"{side}__{each}" for side in ("application", "other") for each in sides))
    )


def judgement_on(case: Application, other: Application) -> PersonJudgement | None:
    """What stands about the records of two cases."""
    institution = case.offering.programme.institution_id
    found = judged_between(case.applicant_id, other.applicant_id, institution)
    return found.select_related("judged_by").first()


def judgements_on(case: Application) -> dict[int, PersonJudgement]:
    """What stands about the record of a case, by the key of the other record."""
    standing = judgements_about([case.applicant_id], case.offering.programme.institution_id)
    return {
        each.other_id if each.one_id == case.applicant_id else each.one_id: each
        for each in standing.select_related("judged_by")
    }


def cases_of_records(records: Iterable[int], institution: int) -> QuerySet[Application]:
    """All that the office knows of these records at the institution."""
    return Application.objects.filter(
        applicant__in=records, state__in=KNOWN_TO_OFFICE, **{_INSTITUTION: institution}
    ).order_by("pk")


def others_beside(case: Application, user: User, *, on: date) -> list[Any]:
    """The cases of other records that are joined to the case's or perhaps the same person's, of those open to
    `user`; each with `reasons`, the pair's, or None."""
    institution = case.offering.programme.institution_id
    pair = LikelyPair.objects.filter(application=case.pk, other=OuterRef("pk"))
    joined = judged_between(case.applicant_id, OuterRef("applicant"), institution).filter(verdict=Judged.SAME)
    return list(
        judgeable_by(user, on=on)
        .filter(Exists(pair) | Exists(joined), **{_INSTITUTION: institution})
        .exclude(applicant=case.applicant_id)
        .annotate(reasons=pair.values("reasons")[:1])
        .order_by("submitted_at", "pk")
    )


def contacts_shared(case: Application, user: User, *, on: date) -> list[tuple[KeyKind, int]]:
    """Which contacts of the case other people give as well, and how many do, of those open to `user`."""
    own = RecordKey.objects.filter(application=case.pk, kind__in=CONTACTS)
    shared = (
        RecordKey.objects.filter(key__in=own.values("key"), kind__in=CONTACTS)
        .filter(application__in=judgeable_by(user, on=on).order_by().values("pk"))
        .exclude(application__applicant=case.applicant_id)
        .order_by()
        .values("kind")
        .annotate(people=Count("application__applicant", distinct=True))
    )
    count = {row["kind"]: row["people"] for row in shared}
    return [(kind, count[kind]) for kind in CONTACTS if kind in count]
