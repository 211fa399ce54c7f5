"""Policies as published, for the pages of requirements: what is in force, what was, and what is announced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext

from admissions_portal.support.dates import hong_kong_day
from eligibility.engine import SCALES, EnglishMinimum, Requirements, to_json
from eligibility.models import PolicyVersion
from eligibility.values import describe_minimum
from eligibility.wording import RuleText, explain_requirements
from programmes.models import Institution


@dataclass(frozen=True)
class VersionShown:
    """One published version and its days; `until` None: nothing published follows it."""

    version: PolicyVersion
    until: date | None
    on: date

    @property
    def is_past(self) -> bool:
        return self.until is not None and self.until < self.on

    @property
    def is_to_come(self) -> bool:
        return self.version.effective_from > self.on

    @property
    def is_in_force(self) -> bool:
        return not self.is_past and not self.is_to_come

    @property
    def days(self) -> str:
        """The days it was, is or will be in force, as a sentence."""
        first = hong_kong_day(self.version.effective_from)
        if self.until is not None and self.until < self.version.effective_from:
            return gettext("Replaced on the day it took force, {day}.").format(day=first)
        if self.until is not None:
            return gettext("In force here from {first} until {last}.").format(
                first=first, last=hong_kong_day(self.until)
            )
        if self.is_to_come:
            return gettext("Takes force here on {day}.").format(day=first)
        return gettext("In force here from {day}.").format(day=first)


@dataclass(frozen=True)
class LayerShown:
    """What a School or programme asks beyond the university, as its version in force says."""

    version: PolicyVersion
    title: str
    clause: str
    figures: tuple[str, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class PolicyShown:
    """Complete rules of one policy in one version.

    older    figures of tests no longer offered, which the text still lists (AMB-10)
    layers   what Schools and programmes ask beyond, on the same day
    history  every published version of the policy, the newest first
    """

    title: str
    institution: str
    shown: VersionShown
    rules: list[RuleText]
    older: tuple[str, ...]
    layers: tuple[LayerShown, ...]
    history: tuple[VersionShown, ...]

    @property
    def version(self) -> PolicyVersion:
        return self.shown.version

    @property
    def others(self) -> list[VersionShown]:
        return [shown for shown in self.history if shown.version.pk != self.version.pk]


def policies_published(on: date) -> list[PolicyShown]:
    """Every policy with complete rules in force on a day (HKT), by institution. Two queries, however many."""
    histories = _histories(on)
    names = _institution_names()
    in_force = [shown for history in histories.values() for shown in history if shown.is_in_force]
    return [
        _policy(shown, histories, in_force, names)
        for shown in in_force
        if not shown.version.policy.is_overlay
    ]


def version_published(code: str, number: int, *, on: date) -> PolicyShown | None:
    """One published version of complete rules, in force or not; None where there is none."""
    histories = _histories(on)
    for history in histories.values():
        for shown in history:
            version = shown.version
            if (version.policy.code, version.number) == (code, number) and not version.policy.is_overlay:
                # the layers of the days it was in force are others, and have their own history
                return _policy(shown, histories, [], _institution_names())
    return None


def _histories(on: date) -> dict[int, tuple[VersionShown, ...]]:
    """Every published version by its policy, the newest first, with the last day it was in force."""
    versions = (
        PolicyVersion.objects.filter(published_at__isnull=False)
        .select_related("policy")
        .order_by("policy__institution_code", "policy__code", "-effective_from", "-number")
    )
    histories: dict[int, list[VersionShown]] = {}
    for version in versions:
        newer = histories.setdefault(version.policy_id, [])
        until = newer[-1].version.effective_from - timedelta(days=1) if newer else None
        newer.append(VersionShown(version, until, on))
    return {policy: tuple(history) for policy, history in histories.items()}


def _institution_names() -> dict[str, str]:
    return {institution.code: institution.name for institution in Institution.objects.all()}


def _policy(
    shown: VersionShown,
    histories: Mapping[int, tuple[VersionShown, ...]],
    in_force: Iterable[VersionShown],
    names: Mapping[str, str],
) -> PolicyShown:
    policy, requirements = shown.version.policy, shown.version.requirements()
    return PolicyShown(
        title=gettext(policy.title),
        institution=names.get(policy.institution_code, policy.institution_code),
        shown=shown,
        rules=explain_requirements(requirements),
        older=_older_tests(requirements),
        layers=tuple(
            _layer(other.version)
            for other in in_force
            if other.version.policy.is_overlay
            and other.version.policy.institution_code == policy.institution_code
            and other.version.policy.level in ("", policy.level)
        ),
        history=histories[policy.pk],
    )


def _older_tests(requirements: Requirements) -> tuple[str, ...]:
    if requirements.reading("AMB-10") == "hidden":
        return ()
    rows = [row for row in requirements.english.minima if SCALES[row.kind].retired]
    return tuple(describe_minimum(_values(row)) for row in rows)


def _layer(version: PolicyVersion) -> LayerShown:
    overlay = version.overlay()
    return LayerShown(
        version=version,
        title=gettext(version.policy.title),
        clause=gettext(overlay.clause) if overlay.clause else "",
        figures=tuple(describe_minimum(_values(row)) for row in overlay.english),
        clauses=tuple(gettext(rule.title) for rule in overlay.rules),
    )


def _values(row: EnglishMinimum) -> dict[str, Any]:
    """The figures as the sentences about them take them."""
    values = to_json(row)
    return {name: value for name, value in values.items() if value} | values["parts"]
