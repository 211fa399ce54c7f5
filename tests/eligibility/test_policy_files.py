"""Policy files as others meet them: the published schema, layers as files, versions written as files."""

from __future__ import annotations

import json
import shutil
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from admissions_portal.support.actors import Actor
from eligibility import actions
from eligibility.engine import Honours, Layer, Overlay, Requirements, to_json
from eligibility.loading import POLICIES, PolicyError, load_policies, read_policies
from eligibility.models import Policy, PolicyLayer, PolicyVersion, fingerprint
from eligibility.policy_schema import policy_file_schema
from eligibility.queries import rules_for
from eligibility.reading_yaml import read_policy_file, record_of
from eligibility.writing_yaml import SCHEMA_LINE, policy_file_of
from programmes.models import Programme
from tests.eligibility.offices import AT, ielts, mmedsc, officer, policy, publish, save, school_of_science
from tests.eligibility.rules_at_random import EITHER

SCHOOL = """\
policy: HKUST-SCIENCE
title: School of Science
layer: SCHOOL
applies_to: {institution: hkust, school: science}
effective_from: 2026-03-01
clause: School handbook 2
raises:
  english:
    - {kind: IELTS_ACADEMIC, overall: 6.5}
  outstanding: [FIRST]
rules:
  - code: SCI-1
    check: OFFICER_CONFIRMS
    title: Interview
    clause: School handbook 3
"""
SHIPPED = sorted(POLICIES.glob("*.yaml"))


def problems(text: str) -> list[str]:
    """Where the schema refuses a file, innermost place first; days as text, as JSON has them."""
    tree = yaml.load(text, Loader=yaml.BaseLoader)
    validator = Draft202012Validator(policy_file_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [error.json_path for error in validator.iter_errors(_as_json(tree))]


def _as_json(tree: Any) -> Any:
    """What an editor sees: numbers and truths where YAML has them, days as text."""
    if isinstance(tree, dict):
        return {name: _as_json(value) for name, value in tree.items()}
    if isinstance(tree, list):
        return [_as_json(value) for value in tree]
    value = yaml.safe_load(tree) if tree and len(tree) < 40 else tree
    return tree if isinstance(value, date | dict | list) else value


def load(folder: Path) -> tuple[int, int]:
    report = load_policies(folder, by=Actor.system(), at=AT)
    return report.created, report.unchanged


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped files, and a School's beside them."""
    copied = Path(shutil.copytree(POLICIES, tmp_path / "policies"))
    (copied / "science.yaml").write_text(SCHOOL, encoding="utf-8")
    return copied


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


# the schema


def test_the_published_schema_is_the_present_one() -> None:
    printed = StringIO()
    call_command("assess", "--schema", "policy-file", stdout=printed)
    kept = (POLICIES / "policy.schema.json").read_text(encoding="utf-8")
    assert kept == printed.getvalue(), "write it anew: manage.py assess --schema policy-file"
    assert json.loads(kept) == policy_file_schema()


def test_the_schema_is_one_of_its_dialect() -> None:
    Draft202012Validator.check_schema(policy_file_schema())


@pytest.mark.parametrize("path", SHIPPED, ids=[path.name for path in SHIPPED])
def test_every_shipped_file_names_the_schema_and_satisfies_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(SCHEMA_LINE + "\n")
    assert problems(text) == []


def test_a_schools_file_satisfies_the_schema() -> None:
    assert problems(SCHOOL) == []


COMPLETE = """\
policy: X
title: X
applies_to: {institution: hku, level: PHD}
effective_from: 2026-03-01
levels: [PHD]
rules: []
english: {minima: []}
"""
REFUSED = [
    pytest.param(COMPLETE, "levels: [PHD]", "levels: [MBA]", "$.levels[0]", id="an unknown level"),
    pytest.param(COMPLETE, "rules: []\n", "", "$", id="no rules, and none extended"),
    pytest.param(COMPLETE, "title: X\n", "", "$", id="no title"),
    pytest.param(COMPLETE, "2026-03-01", "March", "$.effective_from", id="no day"),
    pytest.param(COMPLETE, ", level: PHD", "", "$.applies_to", id="no level"),
    pytest.param(COMPLETE, "rules: []", "rules: []\nraises: {}", "$", id="complete rules that raise"),
    pytest.param(COMPLETE, "rules: []", "rules: []\nrule: []", "$", id="an unknown name"),
    pytest.param(
        COMPLETE, "minima: []", "minima: [{kind: X}]", "$.english.minima[0].kind", id="no such test"
    ),
    pytest.param(SCHOOL, "layer: SCHOOL", "layer: FACULTY", "$.layer", id="an unknown layer"),
    pytest.param(SCHOOL, ", school: science", "", "$.applies_to", id="a School's layer without School"),
    pytest.param(SCHOOL, "title: School of Science\n", "", "$", id="a layer without title"),
    pytest.param(SCHOOL, "  outstanding", "  honours", "$.raises", id="a layer that raises something else"),
    pytest.param(SCHOOL, "rules:\n", "levels: [PHD]\nrules:\n", "$", id="a layer with levels"),
]


@pytest.mark.parametrize(("text", "old", "new", "where"), REFUSED)
def test_the_schema_refuses_what_the_loader_would(
    text: str, old: str, new: str, where: str, tmp_path: Path
) -> None:
    assert text.count(old) == 1
    spoilt = text.replace(old, new)
    assert where in problems(spoilt)
    (tmp_path / "spoilt.yaml").write_text(spoilt, encoding="utf-8")
    with pytest.raises(PolicyError):
        read_policies(tmp_path)


# layers as files


def test_a_layer_is_read_after_the_complete_rules(folder: Path) -> None:
    *complete, layer = read_policies(folder)
    assert {file.layer for file in complete} == {PolicyLayer.UNIVERSITY}
    assert layer.target == {
        "layer": "SCHOOL",
        "institution_code": "hkust",
        "level": "",
        "school_code": "science",
        "programme_slug": "",
    }
    assert isinstance(layer.content, Overlay)
    assert (layer.content.english, layer.content.outstanding) == ((ielts("6.5"),), (Honours.FIRST,))
    assert [rule.code for rule in layer.content.rules] == ["SCI-1"]
    with pytest.raises(TypeError, match=r"science\.yaml is a layer"):
        _ = layer.requirements


@pytest.mark.django_db
def test_a_layer_is_published_with_the_rest_and_twice_changes_nothing(folder: Path) -> None:
    assert load(folder) == (4, 0)
    assert load(folder) == (0, 4)
    version = PolicyVersion.objects.get(policy__code="HKUST-SCIENCE")
    assert (version.number, version.is_shipped, version.overlay().layer) == (1, True, Layer.SCHOOL)
    _school, phd, _mphil = school_of_science()
    assert [str(v) for v in rules_for(phd, date(2026, 3, 1)).versions] == ["HKUST-PHD 1", "HKUST-SCIENCE 1"]


LOWER = [
    pytest.param(
        "overall: 6.5", "overall: 5.5", "“IELTS Academic: overall 5.5 or more” is lower than", id="a score"
    ),
    pytest.param(
        "IELTS_ACADEMIC, overall: 6.5",
        "PTE_ACADEMIC, overall: 60",
        "HKUST-MPHIL does not take PTE Academic",
        id="a test",
    ),
    pytest.param("code: SCI-1", "code: UST-01", "UST-01 stands in HKUST-MPHIL already", id="a code"),
    pytest.param("2026-03-01", "2020-03-01", "on 2020-03-01 no rules stand below", id="a day too early"),
    pytest.param("school: science", "level: PHD", "“school” is missing", id="no School"),
    pytest.param("raises:", "raises: [FIRST]\nclause:", "is given twice", id="a name twice"),
    pytest.param(
        "  outstanding:", "  experience:", "“experience” is not known here", id="something else raised"
    ),
    pytest.param("OFFICER_CONFIRMS", "ROUND_OPEN", "unknown value", id="no officer's clause"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("old", "new", "reason"), LOWER)
def test_a_layer_that_lowers_or_cannot_be_is_refused_with_file_and_line_and_nothing_is_loaded(
    folder: Path, old: str, new: str, reason: str
) -> None:
    path = folder / "science.yaml"
    path.write_text(SCHOOL.replace(old, new, 1), encoding="utf-8")
    line = SCHOOL[: SCHOOL.index(old)].count("\n") + 1 + new.count("\n")
    with pytest.raises(PolicyError) as refused:
        load(folder)
    assert (refused.value.path, refused.value.line) == (path, line)
    assert reason in refused.value.reason
    assert not Policy.objects.exists()
    with pytest.raises(CommandError, match=r"^Nothing was loaded\. .*science\.yaml:\d+: "):
        call_command("load_policies", folder=folder)


@pytest.mark.django_db
def test_a_policy_stays_of_its_layer(folder: Path) -> None:
    load(folder)
    path = folder / "science.yaml"
    changed = SCHOOL.replace("layer: SCHOOL", "layer: PROGRAMME")
    changed = changed.replace("school: science", "level: PHD, programme: hkust-phd-chemistry")
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(PolicyError, match="is stored as a policy of the layer SCHOOL"):
        load(folder)


# beside an office


@pytest.mark.django_db
def test_an_offices_draft_is_left_alone_and_its_versions_are_never_overruled(folder: Path) -> None:
    by = officer(mmedsc())
    draft = save(actions.draft_version(policy("HKU-MMEDSC"), by=by, at=AT), by)
    hku = folder / "hku.yaml"
    edit(hku, "valid_years: 2", "valid_years: 3")
    assert load(folder) == (2, 2)  # the changed file, and the School's
    assert [v.number for v in policy("HKU-MMEDSC").versions.order_by("id")] == [1, None, 2]
    kept = PolicyVersion.objects.get(pk=draft.pk)
    assert (kept.edition, kept.is_draft) == (draft.edition, True)

    made = publish("HKU-MMEDSC", kept.record(), date(2026, 9, 1), by)
    assert made.number == 3
    edit(hku, "valid_years: 3", "valid_years: 4")
    report = load_policies(folder, by=Actor.system(), at=AT)
    assert report.kept == ["HKU-MMEDSC: the office’s own version stands; hku-mmedsc.yaml was not loaded"]
    assert policy("HKU-MMEDSC").versions.count() == 3


# versions as files


def version_of(record: Requirements | Overlay) -> PolicyVersion:
    """A version of a policy that is not stored."""
    target = {"institution_code": "hkust", "level": "PHD"}
    if isinstance(record, Overlay):
        target |= {"layer": record.layer.value, "level": ""}
        of_school = record.layer is Layer.SCHOOL
        target |= {"school_code": "science"} if of_school else {"level": "PHD", "programme_slug": "x"}
    content = to_json(record)
    return PolicyVersion(
        policy=Policy(code=record.policy, title=record.title, **target),
        number=3,
        effective_from=date(2026, 9, 1),
        content=content,
        sha256=fingerprint(content),
    )


@settings(max_examples=60, deadline=None)
@given(EITHER)
def test_a_version_written_as_a_file_is_read_back_to_the_same_fingerprint(
    tmp_path_factory: pytest.TempPathFactory, record: Requirements | Overlay
) -> None:
    version = version_of(record)
    path = tmp_path_factory.mktemp("written") / "policy.yaml"
    path.write_text(policy_file_of(version), encoding="utf-8")
    again = record_of(read_policy_file(path), type(record))
    assert again == record
    assert fingerprint(to_json(again)) == version.sha256


@pytest.mark.django_db
def test_what_is_written_of_stored_rules_loads_as_they_are_stored(tmp_path: Path, folder: Path) -> None:
    load(folder)
    for version in PolicyVersion.objects.select_related("policy"):
        path = tmp_path / "written" / f"{version.policy.code}.yaml"
        path.parent.mkdir(exist_ok=True)
        text = policy_file_of(version)
        assert problems(text) == []
        path.write_text(text, encoding="utf-8")
    assert load(tmp_path / "written") == (0, 4)


@pytest.mark.django_db
def test_a_file_written_of_a_layer_reads_like_one(folder: Path) -> None:
    load(folder)
    version = PolicyVersion.objects.select_related("policy").get(policy__code="HKUST-SCIENCE")
    assert policy_file_of(version) == (
        "# yaml-language-server: $schema=policy.schema.json\n"
        "# HKUST-SCIENCE 1\n"
        "\n"
        "policy: HKUST-SCIENCE\n"
        "title: School of Science\n"
        "layer: SCHOOL\n"
        "applies_to: {institution: hkust, school: science}\n"
        "effective_from: 2026-03-01\n"
        "clause: School handbook 2\n"
        "raises:\n"
        "  english:\n"
        "  - {kind: IELTS_ACADEMIC, overall: 6.5}\n"
        "  outstanding: [FIRST]\n"
        "rules:\n"
        "- code: SCI-1\n"
        "  check: OFFICER_CONFIRMS\n"
        "  clause: School handbook 3\n"
        "  title: Interview\n"
    )


@pytest.mark.django_db
def test_a_draft_leaves_as_a_file_too() -> None:
    programme: Programme = mmedsc()
    draft = actions.draft_version(policy("HKU-MMEDSC"), by=officer(programme), at=AT)
    assert policy_file_of(draft).startswith(
        "# yaml-language-server: $schema=policy.schema.json\n# HKU-MMEDSC, draft\n\npolicy: HKU-MMEDSC\n"
    )
