"""Comparing each case with the others of its institution, and keeping which are perhaps one person's.

The tick compares what has come or changed since: a submission, a correction, a telephone number, an e-mail
address, the number of an identity document. Officers read the outcome and nobody waits for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import chain
from typing import Final
from uuid import UUID

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import MD5, Cast, Coalesce, Concat

from admissions_portal.support.sealing import index_of
from applications.applicants.models import ContactChange
from applications.assessments.corrections import corrected, corrections_of
from applications.assessments.models import Correction
from applications.duplicates.models import ComparedCase, LikelyPair, RecordKey
from applications.duplicates.scoring import KeyKind, Traits, is_likely, keys_of, reasons_for, traits_of
from applications.identity.models import IdentityNumber
from applications.identity.queries import identity_number_of
from applications.lifecycle.contacts import contact_of
from applications.lifecycle.models import Application
from applications.lifecycle.queries import person_of
from applications.lifecycle.states import KNOWN_TO_OFFICE

# in one transaction; what is left follows at the next call
CHUNK: Final = 500
# Looking for what has changed reads every case, so it is done once in so many seconds of real time.
EVERY: Final = 60
# any number of its own
_LOCK: Final = 5_111


def compare_changed_cases(*, at: datetime) -> None:
    """The tick: `compare_cases`, once a minute."""
    if cache.add("duplicates.compared", at.isoformat(), timeout=EVERY):
        compare_cases(at=at)


def compare_cases(*, at: datetime) -> int:
    """Compare every case that has come or changed since it was compared last; how many these were."""
    compared = 0
    while done := _compare_some(at=at):
        compared += done
    return compared


@transaction.atomic
def _compare_some(*, at: datetime) -> int:
    with connection.cursor() as cursor:  # one at a time, or two cases that come together never meet
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    changed = list(_changed_cases()[:CHUNK])
    if not changed:
        return 0
    _keep_keys(changed)
    _keep_pairs(changed, at=at)
    ComparedCase.objects.bulk_create(
        [ComparedCase(application=case, shape=case.shape, compared_at=at) for case in changed],  # type: ignore[attr-defined]  # annotated
        update_conflicts=True,
        unique_fields=["application"],
        update_fields=["shape", "compared_at"],
    )
    return len(changed)


def _changed_cases() -> QuerySet[Application]:
    """Those that no longer look as they were compared, each with its `shape`, the first received first."""
    return (
        _whole(Application.objects.filter(state__in=KNOWN_TO_OFFICE))
        .annotate(shape=_shape(), compared=_compared_shape())
        .filter(Q(compared=None) | ~Q(compared=F("shape")))
        .order_by("submitted_at", "pk")
    )


def _compared_shape() -> Subquery:
    return Subquery(ComparedCase.objects.filter(application=OuterRef("pk")).values("shape")[:1])


def _shape() -> MD5:
    """What changes whenever what is compared does; also with the portal's keys, on which the hashes rest."""
    parts = (
        F("profile_id"),
        F("applicant__user__email"),
        Subquery(IdentityNumber.objects.filter(application=OuterRef("pk")).values("index")[:1]),
        Subquery(_last(Correction.objects.filter(profile=OuterRef("profile")))),
        Subquery(_last(ContactChange.objects.filter(applicant=OuterRef("applicant")))),
        Value(index_of("shape", within="duplicates")),
    )
    text: CharField = CharField()
    written = (Coalesce(Cast(part, text), Value("")) for part in parts)
    return MD5(Concat(*chain.from_iterable((part, Value("|")) for part in written), output_field=text))


def _last(rows: QuerySet) -> QuerySet:
    return rows.order_by("-pk").values("pk")[:1]


def _whole(cases: QuerySet[Application]) -> QuerySet[Application]:
    return cases.select_related(
        "applicant__user", "profile", "identity_number", "offering__intake__programme__institution"
    ).prefetch_related("applicant__contact_changes")


def _keep_keys(cases: Collection[Application]) -> None:
    RecordKey.objects.filter(application__in=cases).delete()
    traits = traits_of_cases(cases)
    RecordKey.objects.bulk_create(
        RecordKey(application=case, kind=kind, key=_hashed(case, kind, text))
        for case in cases
        for kind, text in sorted(keys_of(traits[case.pk]))
    )


def _hashed(case: Application, kind: KeyKind, text: str) -> str:
    return index_of(f"{kind}|{text}", within=f"duplicates|{case.offering.programme.institution.code}")


def traits_of_cases(cases: Collection[Application]) -> dict[UUID, Traits]:
    """What each case says about its person as the office sees it now: with corrections, and with the contact
    that counts."""
    corrections: Mapping = corrections_of(cases)
    return {
        case.pk: traits_of(
            corrected(person_of(case), corrections.get(case.pk, [])),
            email=case.applicant.user.email,
            phone=contact_of(case).values["phone"],
            number=f"{given.kind}:{given.number}" if (given := identity_number_of(case)) else "",
        )
        for case in cases
    }


def _keep_pairs(changed: Collection[Application], *, at: datetime) -> None:
    """Compare the changed cases with whatever shares a key with them, and keep both sides of each pair."""
    LikelyPair.objects.filter(Q(application__in=changed) | Q(other__in=changed)).delete()
    near = _near(changed)
    met = {pk for pair in near for pk in pair}
    cases = {case.pk: case for case in _whole(Application.objects.filter(pk__in=met).order_by("pk"))}
    traits = traits_of_cases(cases.values())
    pairs: list[LikelyPair] = []
    for one, other in sorted(near):
        reasons = reasons_for(traits[one], traits[other])
        if is_likely(reasons):
            pairs += (
                LikelyPair(application=cases[here], other=cases[there], reasons=reasons, found_at=at)
                for here, there in ((one, other), (other, one))
            )
    LikelyPair.objects.bulk_create(pairs)


def _near(cases: Iterable[Application]) -> set[tuple[UUID, UUID]]:
    """Pairs of cases of two applicants that share something to compare by, one of them of `cases`. A key is
    made within an institution, so none ever meets a case of another."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT least(a.application_id, b.application_id),
                               greatest(a.application_id, b.application_id)
               FROM applications_recordkey a
               JOIN applications_recordkey b ON b.key = a.key AND b.kind = a.kind
               JOIN applications_application one ON one.id = a.application_id
               JOIN applications_application other ON other.id = b.application_id
               WHERE a.application_id = ANY(%s) AND a.kind = %s AND one.applicant_id <> other.applicant_id""",
            [[case.pk for case in cases], KeyKind.COMPARED],
        )
        return set(cursor.fetchall())
