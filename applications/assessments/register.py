"""Rules and acceptance register read once and asked for many cases; or as they would be, were a draft in
force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from eligibility.models import AcceptedAward, PolicyVersion
from eligibility.queries import (
    NoPolicy,
    RulesInForce,
    chain_of,
    matching_acceptance,
    spelling,
)
from programmes.models import Programme


class Rulebook:
    """The published versions of some institutions, and the draft that is tried out, if one is."""

    def __init__(self, institutions: Iterable[str], *, draft: PolicyVersion | None = None) -> None:
        published = PolicyVersion.objects.filter(
            published_at__isnull=False, policy__institution_code__in=set(institutions)
        ).select_related("policy")
        self._draft = draft
        self._versions = sorted([*published, *([draft] if draft else [])], key=self._order)
        self._known: dict[tuple[int, tuple[int, ...]], RulesInForce] = {}
        self._in_force: dict[date, tuple[PolicyVersion, ...]] = {}

    def _order(self, version: PolicyVersion) -> tuple[date, bool, int]:
        # published, a draft would have the highest number of its day
        return version.effective_from, version is self._draft, version.number or 0

    def rules_for(self, programme: Programme, on: date) -> RulesInForce:
        """As `eligibility.queries.rules_for`, without a question. Equal rules are one object, so that they
        are composed once. Raises NoPolicy."""
        if on not in self._in_force:
            latest = {row.policy_id: row for row in self._versions if row.effective_from <= on}
            self._in_force[on] = tuple(latest.values())
        in_force = self._in_force[on]
        key = programme.pk, tuple(version.pk for version in in_force)
        if key not in self._known:
            self._known[key] = RulesInForce(chain_of(programme, in_force))
        rules = self._known[key]
        if not rules.versions:
            raise NoPolicy(f"no published eligibility policy for {programme.slug} on {on.isoformat()}")
        return rules


class AcceptanceRegister:
    """Entries by the spelling of their institutions' names (C15)."""

    def __init__(self, entries: Iterable[AcceptedAward], *, draft: AcceptedAward | None = None) -> None:
        self._draft = draft
        self._by_name: dict[str, list[AcceptedAward]] = {}
        for entry in [*entries, *([draft] if draft else [])]:
            for name in {spelling(name) for name in entry.names}:
                self._by_name.setdefault(name, []).append(entry)

    def entry_for(
        self, qualification: Mapping[str, Any], programme: Programme, on: date
    ) -> AcceptedAward | None:
        """What accepts a qualification, as the profile has it, for a case of that day (HKT)."""
        candidates = [
            entry
            for entry in self._by_name.get(spelling(qualification["institution"]), ())
            if entry.institution_code == programme.institution.code
            and entry.programme_slug in ("", programme.slug)
            and (entry.holds_on(on) if entry is self._draft else entry.is_in_force(on))
        ]
        return matching_acceptance(
            candidates,
            institution=qualification["institution"],
            country=qualification["country"],
            title=qualification["title"],
            level=qualification["level"],
        )


def acceptance_register(
    institutions: Iterable[str], *, draft: AcceptedAward | None = None
) -> AcceptanceRegister:
    """The register of some institutions, and the entry that is tried out, if one is. One question."""
    entries = AcceptedAward.objects.filter(
        institution_code__in=set(institutions), put_in_force_at__isnull=False
    ).order_by("id")
    return AcceptanceRegister(entries, draft=draft)
