"""A frozen profile with what the office corrected in it since: the rules read the sum, people see both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from applications.applicants.names import full_name
from applications.assessments.models import Correction
from applications.lifecycle.models import Application
from applications.lifecycle.queries import person_of

Item = dict[str, Any]


def corrections_of(cases: Iterable[Application]) -> dict[UUID, list[Correction]]:
    """For each case the corrections of the profile it was submitted with, in the order they were made."""
    profiles = {case.profile_id: case.pk for case in cases if case.profile_id}
    found: dict[UUID, list[Correction]] = {}
    if not profiles:  # of drafts; a query that can find nothing still has to be put together
        return found
    for row in Correction.objects.filter(profile__in=profiles).order_by("corrected_at", "id"):
        found.setdefault(profiles[row.profile_id], []).append(row)
    return found


def person_now(application: Application) -> Mapping[str, Any]:
    """The person as frozen at submission, with what the office has corrected since; a draft's as it stands.

    No question where `corrections` were read with the case.
    """
    if application.is_draft:
        return person_of(application)
    return corrected(person_of(application), corrections_in(application))


def names_now(application: Application) -> tuple[str, str]:
    """The full name in force, and the Chinese one to print beside it; "" where it is the full one."""
    person = person_now(application)
    chinese = person["chinese_name"]
    name = full_name(person["family_name"], person["given_names"], chinese)
    return name, "" if chinese == name else chinese


def corrections_in(application: Application) -> list[Correction]:
    """Those of the profile it was submitted with. No question where they were read with the case."""
    return [row for row in application.corrections.all() if row.profile_id == application.profile_id]


def corrected(profile: Mapping[str, Any], corrections: Sequence[Correction]) -> Mapping[str, Any]:
    """The profile with every correction in its place; the very same where there is none."""
    if not corrections:
        return profile
    groups = {row.group for row in corrections if row.group}
    own = {name: value for row in corrections if not row.group for name, value in (row.values or {}).items()}
    lists = {
        group: [item for item in items_of(profile, corrections, group) if item is not None]
        for group in groups
    }
    return {**profile, **own, **lists}


def items_of(profile: Mapping[str, Any], corrections: Iterable[Correction], group: str) -> list[Item | None]:
    """A list of the profile as corrected. Each item keeps its place; None stands where one was taken away."""
    items: list[Item | None] = [dict(item) for item in profile[group]]
    for row in corrections:
        if row.group != group:
            continue
        if row.row is None:
            items.append(dict(row.values or {}))
        elif row.values is None:
            items[row.row] = None
        else:
            items[row.row] = {**(items[row.row] or {}), **row.values}
    return items
