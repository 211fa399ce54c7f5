"""Storing the shipped policies: twice changes nothing, and what an office published itself is never
overruled."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from eligibility.engine import FactsError, Requirements, from_json, to_json
from eligibility.models import Policy, PolicyVersion, fingerprint
from eligibility.reading_yaml import Located, PolicyError, read_policy_file
from programmes.models import Level

POLICIES = Path(__file__).parent / "policies"

__all__ = ["POLICIES", "LoadReport", "PolicyError", "PolicyFile", "load_policies", "read_policies"]

_TARGET = {"institution", "level", "programme"}


@dataclass(frozen=True)
class PolicyFile:
    """A policy as a file states it, complete with the layers it extends."""

    requirements: Requirements
    institution_code: str
    level: str
    programme_slug: str
    effective_from: date
    path: Path


@dataclass
class LoadReport:
    created: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)


def read_policies(folder: Path = POLICIES) -> list[PolicyFile]:
    """Every policy of the folder's `*.yaml`; a file without `policy` is a layer for others.

    Raises PolicyError with file, line and reason for the first thing that is wrong.
    """
    found: dict[str, PolicyFile] = {}
    paths = sorted(folder.glob("*.yaml"))
    for path in paths:
        tree = read_policy_file(path)
        if "policy" not in tree.value:
            continue
        policy = _policy(tree, path)
        if policy.requirements.policy in found:
            raise tree.at("$.policy").wrong(f"“{policy.requirements.policy}” stands in two files")
        found[policy.requirements.policy] = policy
    if not found:
        raise PolicyError(folder, 0, "there is no policy file (*.yaml) here")
    return list(found.values())


def _policy(tree: Located, path: Path) -> PolicyFile:
    values = dict(tree.value)
    target, effective_from = values.pop("applies_to", None), values.pop("effective_from", None)
    if target is None or not isinstance(target.value, dict):
        raise (target or tree).wrong("“applies_to” with institution and level is missing")
    for name in {"institution", "level"} - set(target.value):
        raise target.wrong(f"“{name}” is missing")
    for name in set(target.value) - _TARGET:
        raise target.value[name].wrong(f"“{name}” is not known here")
    if target.value["level"].value not in Level.values:
        raise target.value["level"].wrong("the level is one of " + ", ".join(Level.values))
    if effective_from is None or type(effective_from.value) is not date:
        raise (effective_from or tree).wrong("“effective_from” is a date as 2025-09-01")
    content = Located(values, tree.path, tree.line)
    try:
        requirements = from_json(Requirements, content.plain())
    except FactsError as error:
        raise content.at(error.path).wrong(str(error)) from error
    names: dict[str, Any] = target.plain()
    return PolicyFile(
        requirements,
        names["institution"],
        names["level"],
        names.get("programme", ""),
        effective_from.value,
        path,
    )


@transaction.atomic
def load_policies(folder: Path = POLICIES, *, by: Actor, at: datetime) -> LoadReport:
    """Publish every policy file whose content is not stored yet; all of them or, on PolicyError, none.

    A published version never changes, so a changed file becomes the next version. Once an office has
    published a version of its own, files are only reported.
    """
    report = LoadReport()
    for file in read_policies(folder):
        policy, _ = Policy.objects.update_or_create(
            code=file.requirements.policy,
            defaults={
                "title": file.requirements.title,
                "institution_code": file.institution_code,
                "level": file.level,
                "programme_slug": file.programme_slug,
            },
        )
        content = to_json(file.requirements)
        sha256 = fingerprint(content)
        versions = list(policy.versions.order_by("-number"))
        if any(
            version.sha256 == sha256 and version.effective_from == file.effective_from for version in versions
        ):
            report.unchanged += 1
        elif any(not version.is_shipped for version in versions):
            report.kept.append(f"{policy}: the office’s own version stands; {file.path.name} was not loaded")
        else:
            version = PolicyVersion.objects.create(
                policy=policy,
                number=versions[0].number + 1 if versions else 1,
                effective_from=file.effective_from,
                content=content,
                sha256=sha256,
                is_shipped=True,
                published_at=at,
            )
            record_event("policy.published", about=version, by=by, at=at, policy=policy.code, sha256=sha256)
            report.created += 1
    return report
