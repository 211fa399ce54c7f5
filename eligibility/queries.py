"""Which rules apply to a programme on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from eligibility.models import Policy, PolicyVersion
from programmes.models import Programme


class NoPolicy(LookupError):
    """No published rules apply to this programme on this day: a fault of the data, not of the applicant."""


def policies_for(programmes: Iterable[Programme]) -> dict[int, Policy]:
    """The policy of each programme, by primary key: its own, else that of its level. One query, however
    many."""
    found: dict[tuple[str, str, str], Policy] = {
        (policy.institution_code, policy.level, policy.programme_slug): policy
        for policy in Policy.objects.all()
    }
    chosen: dict[int, Policy] = {}
    for programme in programmes:
        key = programme.institution.code, programme.level
        policy = found.get((*key, programme.slug)) or found.get((*key, ""))
        if policy is not None:
            chosen[programme.pk] = policy
    return chosen


def policy_version_for(programme: Programme, on: date) -> PolicyVersion:
    """The published version in force for a programme on a day (HKT): the one that took force last.

    Raises NoPolicy where there is none, which `manage.py load_policies` mends.
    """
    policy = policies_for([programme]).get(programme.pk)
    version = published_versions(on).filter(policy=policy).first() if policy is not None else None
    if version is None:
        raise NoPolicy(f"no published eligibility policy for {programme.slug} on {on.isoformat()}")
    return version


def published_versions(on: date) -> QuerySet[PolicyVersion]:
    """Every published version that had taken force by a day, the latest of each policy first."""
    return (
        PolicyVersion.objects.filter(published_at__isnull=False, effective_from__lte=on)
        .select_related("policy")
        .order_by("policy__institution_code", "policy__code", "-effective_from", "-number")
    )


def versions_in_force(on: date) -> list[PolicyVersion]:
    """One version for each policy that has one on a day, by institution and code."""
    in_force: dict[int, PolicyVersion] = {}
    for version in published_versions(on):
        in_force.setdefault(version.policy_id, version)
    return list(in_force.values())
