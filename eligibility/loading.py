"""Storing the shipped policies: twice changes nothing, what an office published itself is never overruled,
and its drafts are left alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from eligibility.engine import Overlay, Requirements, to_json
from eligibility.layers import lowerings
from eligibility.models import Policy, PolicyLayer, PolicyVersion, fingerprint
from eligibility.queries import rules_below
from eligibility.reading_yaml import Located, PolicyError, content_of, is_overlay, read_policy_file, record_of
from programmes.models import Level

POLICIES = Path(__file__).parent / "policies"

__all__ = ["POLICIES", "LoadReport", "PolicyError", "PolicyFile", "load_policies", "read_policies"]

# What `applies_to` must say of each layer, and what it may say besides.
_TARGETS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    PolicyLayer.UNIVERSITY: (("institution", "level"), ("programme",)),
    PolicyLayer.SCHOOL: (("institution", "school"), ("level",)),
    PolicyLayer.PROGRAMME: (("institution", "level", "programme"), ()),
}


@dataclass(frozen=True)
class PolicyFile:
    """A policy, or a layer upon one, as a file states it; complete with the files it extends."""

    content: Requirements | Overlay
    layer: PolicyLayer
    institution_code: str
    level: str
    school_code: str
    programme_slug: str
    effective_from: date
    path: Path
    tree: Located

    @property
    def requirements(self) -> Requirements:
        """The complete rules. Raises TypeError for a layer."""
        if not isinstance(self.content, Requirements):
            raise TypeError(f"{self.path.name} is a layer, not complete rules")
        return self.content

    @property
    def target(self) -> dict[str, str]:
        """Whom the policy is for, as fields of `Policy`."""
        return {
            "layer": self.layer,
            "institution_code": self.institution_code,
            "level": self.level,
            "school_code": self.school_code,
            "programme_slug": self.programme_slug,
        }


@dataclass
class LoadReport:
    created: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)


def read_policies(folder: Path = POLICIES) -> list[PolicyFile]:
    """Every policy of the folder's `*.yaml`, complete rules before what raises them; a file without `policy`
    is there for others to extend.

    Raises PolicyError with file, line and reason for the first thing that is wrong.
    """
    found: dict[str, PolicyFile] = {}
    for path in sorted(folder.glob("*.yaml")):
        tree = read_policy_file(path)
        if "policy" not in tree.value:
            continue
        policy = _policy(tree, path)
        if policy.content.policy in found:
            raise tree.at("$.policy").wrong(f"“{policy.content.policy}” stands in two files")
        found[policy.content.policy] = policy
    if not found:
        raise PolicyError(folder, 0, "there is no policy file (*.yaml) here")
    return sorted(found.values(), key=lambda policy: list(PolicyLayer).index(policy.layer))


def _policy(tree: Located, path: Path) -> PolicyFile:
    layer = tree.value["layer"].value if "layer" in tree.value else PolicyLayer.UNIVERSITY
    if layer not in PolicyLayer.values:
        raise tree.value["layer"].wrong("the layer is one of " + ", ".join(PolicyLayer.values))
    target = tree.value.get("applies_to")
    effective_from = tree.value.get("effective_from")
    asked, allowed = _TARGETS[layer]
    if target is None or not isinstance(target.value, dict):
        raise (target or tree).wrong("“applies_to” with " + " and ".join(asked) + " is missing")
    for name in asked:
        if name not in target.value:
            raise target.wrong(f"“{name}” is missing")
    for name, value in target.value.items():
        if name not in (*asked, *allowed):
            raise value.wrong(f"“{name}” is not known here")
        if not isinstance(value.value, str) or not value.value:
            raise value.wrong("expected a code here")
    if "level" in target.value and target.value["level"].value not in Level.values:
        raise target.value["level"].wrong("the level is one of " + ", ".join(Level.values))
    if effective_from is None or type(effective_from.value) is not date:
        raise (effective_from or tree).wrong("“effective_from” is a date as 2025-09-01")
    codes: dict[str, str] = target.plain()
    return PolicyFile(
        record_of(tree, Overlay) if is_overlay(tree) else record_of(tree, Requirements),
        PolicyLayer(layer),
        codes["institution"],
        codes.get("level", ""),
        codes.get("school", ""),
        codes.get("programme", ""),
        effective_from.value,
        path,
        tree,
    )


@transaction.atomic
def load_policies(folder: Path = POLICIES, *, by: Actor, at: datetime) -> LoadReport:
    """Publish every policy file whose content is not stored yet; all of them or, on PolicyError, none.

    A published version never changes, so a changed file becomes the next version. Once an office has
    published a version of its own, files are only reported. A layer that would lower what stands below is
    refused like any other mistake.
    """
    report = LoadReport()
    for file in read_policies(folder):
        policy, _ = Policy.objects.select_for_update().get_or_create(
            code=file.content.policy, defaults={"title": file.content.title, **file.target}
        )
        if policy.layer != file.layer:
            raise file.tree.wrong(f"{policy} is stored as a policy of the layer {policy.layer}")
        content = to_json(file.content)
        sha256 = fingerprint(content)
        published = list(policy.versions.filter(published_at__isnull=False).order_by("-number"))
        known = [version for version in published if version.sha256 == sha256]
        if any(version.effective_from == file.effective_from for version in known):
            report.unchanged += 1
            continue
        if any(not version.is_shipped for version in published):
            report.kept.append(f"{policy}: the office’s own version stands; {file.path.name} was not loaded")
            continue
        _describe(policy, file)
        if isinstance(file.content, Overlay):
            _check_raises(policy, file, file.content)
        version = PolicyVersion.objects.create(
            policy=policy,
            number=(published[0].number or 0) + 1 if published else 1,
            effective_from=file.effective_from,
            content=content,
            sha256=sha256,
            is_shipped=True,
            published_at=at,
        )
        record_event(
            "policy.published",
            about=policy,
            by=by,
            at=at,
            policy=policy.code,
            number=version.number,
            sha256=sha256,
            effective_from=file.effective_from.isoformat(),
        )
        report.created += 1
    return report


def _describe(policy: Policy, file: PolicyFile) -> None:
    """Title and programmes as the file now gives them."""
    said = {"title": file.content.title, **file.target}
    if any(getattr(policy, name) != value for name, value in said.items()):
        for name, value in said.items():
            setattr(policy, name, value)
        policy.save()


def _check_raises(policy: Policy, file: PolicyFile, overlay: Overlay) -> None:
    if not rules_below(policy, file.effective_from):
        day = file.effective_from.isoformat()
        raise file.tree.at("$.effective_from").wrong(f"on {day} no rules stand below that could be raised")
    for problem in lowerings(policy, overlay, file.effective_from):
        raise content_of(file.tree).at(problem.path).wrong(problem.sentence)
