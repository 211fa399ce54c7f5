"""Policy files and stored versions: idempotent, refused with file and line, published for good."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from admissions_portal.support.actors import Actor
from eligibility.engine import assess
from eligibility.loading import POLICIES, PolicyError, load_policies, read_policies
from eligibility.models import Policy, PolicyVersion
from eligibility.queries import NoPolicy, rules_for
from programmes.loading import load_catalogue
from programmes.models import Programme
from tests.eligibility.engine.people import AT, MMEDSC, MPHIL, PHD, person, shipped

FROM = date(2025, 9, 1)


def load(folder: Path = POLICIES) -> tuple[int, int]:
    report = load_policies(folder, by=Actor.system(), at=AT)
    return report.created, report.unchanged


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files, to be spoilt."""
    return Path(shutil.copytree(POLICIES, tmp_path / "policies"))


def spoil(folder: Path, name: str, old: str, new: str) -> Path:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.django_db
def test_loading_twice_changes_nothing() -> None:
    assert load() == (3, 0)
    assert load() == (0, 3)
    assert sorted(Policy.objects.values_list("code", flat=True)) == [MMEDSC, MPHIL, PHD]


@pytest.mark.django_db
def test_the_command_loads_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_policies")
    assert capsys.readouterr().out == "Policies: 3 versions new, 0 as they were.\n"


@pytest.mark.django_db
def test_a_stored_version_gives_the_findings_of_the_file() -> None:
    load()
    for version in PolicyVersion.objects.select_related("policy"):
        code = version.policy.code
        assert assess(person(code), version.requirements(), at=AT) == assess(
            person(code), shipped()[code], at=AT
        )


@pytest.mark.django_db
def test_each_programme_finds_its_policy() -> None:
    load_catalogue()
    load()
    expected = {"TAUGHT_MASTER": MMEDSC, "MPHIL": MPHIL, "PHD": PHD}
    for programme in Programme.objects.select_related("institution"):
        assert rules_for(programme, on=FROM).base.policy.code == expected[programme.level]


@pytest.mark.django_db
def test_before_a_policy_takes_force_there_is_none() -> None:
    load_catalogue()
    load()
    with pytest.raises(NoPolicy):
        rules_for(Programme.objects.get(slug="hku-mmedsc"), on=date(2025, 8, 31))


@pytest.mark.django_db
def test_a_changed_file_becomes_the_next_version_and_the_old_one_stands(folder: Path) -> None:
    load_catalogue()
    load()
    spoil(
        folder,
        "hkust.yaml",
        "overall: 6.0, each_part: 5.5, reading: source",
        "overall: 6.5, each_part: 5.5, reading: source",
    )
    spoil(folder, "hkust-mphil.yaml", "2025-09-01", "2026-03-01")
    spoil(folder, "hkust-phd.yaml", "2025-09-01", "2026-03-01")
    assert load(folder) == (2, 1)
    programme = Programme.objects.filter(level="MPHIL").first()
    assert programme is not None
    numbers = [rules_for(programme, on=day).base.number for day in (date(2026, 2, 28), date(2026, 3, 1))]
    assert numbers == [1, 2]


@pytest.mark.django_db
def test_an_offices_own_version_is_never_overruled_by_a_file(folder: Path) -> None:
    load()
    policy = Policy.objects.get(code=MMEDSC)
    first = policy.versions.get()
    PolicyVersion.objects.create(
        policy=policy, number=2, effective_from=FROM, content=first.content, sha256="0" * 64, published_at=AT
    )
    spoil(folder, "hku.yaml", "valid_years: 2", "valid_years: 3")
    report = load_policies(folder, by=Actor.system(), at=AT)
    assert (report.created, len(report.kept)) == (0, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["change", "delete"])
def test_a_published_version_never_changes(act: str) -> None:
    load()
    version = PolicyVersion.objects.filter(policy__code=MMEDSC)
    with pytest.raises(DatabaseError, match="is published and never changes"), transaction.atomic():
        version.update(effective_from=date(2020, 1, 1)) if act == "change" else version.delete()


# File, what is replaced, by what, how many lines below the beginning of that the mistake is named, why.
MISTAKES = [
    pytest.param(
        "hku-mmedsc.yaml",
        "check: BACHELOR_WITH_HONOURS",
        "check: BACHELOR",
        0,
        "unknown value",
        id="unknown check",
    ),
    pytest.param("hku-mmedsc.yaml", "code: HKU-E2", "code: HKU-E1", 0, "recorded twice", id="a code twice"),
    pytest.param(
        "hku.yaml", "each_part: 5.5", "each: 5.5", 0, "unknown field", id="unknown field, in the file below"
    ),
    pytest.param("hku.yaml", "award_by_day: 31", "award_by_day: 32", 0, "impossible date", id="no such day"),
    pytest.param("hku.yaml", "valid_years: 2", "valid_years: two", 0, "wrong type", id="a word for a number"),
    pytest.param(
        "hku-mmedsc.yaml",
        "title: Degree\n",
        "title: Degree\n    title: Again\n",
        1,
        "is given twice",
        id="a name twice",
    ),
    pytest.param("hku-mmedsc.yaml", "extends: hku", "extends: cuhk", 0, "no file", id="no file to extend"),
    pytest.param(
        "hku-mmedsc.yaml", "effective_from: 2025-09-01", "effective_from: soon", 0, "is a date", id="no date"
    ),
    pytest.param(
        "hku-mmedsc.yaml", "level: TAUGHT_MASTER", "level: MBA", 0, "the level is one of", id="no such level"
    ),
    pytest.param(
        "hku-mmedsc.yaml", "levels: [TAUGHT_MASTER]", "levels: [TAUGHT_MASTER", 1, "not YAML", id="not YAML"
    ),
    pytest.param(
        "hku-mmedsc.yaml",
        "extends: hku\n",
        "extends: hku\nenglish: {valid_years: 1}\n",
        1,
        "never restates",
        id="a file that restates",
    ),
    pytest.param(
        "hku-mmedsc.yaml",
        "modes: [",
        "readings: {AMB-99: x}\nmodes: [",
        0,
        "unknown field",
        id="unknown reading",
    ),
    pytest.param(
        "hku-mmedsc.yaml",
        "level: TAUGHT_MASTER,",
        "level: TAUGHT_MASTER, faculty: medicine,",
        0,
        "“faculty” is not known here",
        id="unknown target",
    ),
    pytest.param(
        "hku-mmedsc.yaml",
        "extends: hku\n",
        "extends: hku\nlayer: FACULTY\n",
        1,
        "the layer is one of",
        id="no layer",
    ),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "old", "new", "below", "reason"), MISTAKES)
def test_a_malformed_file_is_refused_with_file_line_and_reason(
    folder: Path, name: str, old: str, new: str, below: int, reason: str
) -> None:
    path = spoil(folder, name, old, new)
    text = path.read_text(encoding="utf-8")
    line = text[: text.index(new)].count("\n") + 1 + below
    with pytest.raises(PolicyError) as refused:
        load(folder)
    assert (refused.value.path, refused.value.line) == (path, line)
    assert reason in refused.value.reason
    assert PolicyVersion.objects.count() == 0


@pytest.mark.django_db
def test_the_command_refuses_without_loading(folder: Path) -> None:
    spoil(folder, "hkust.yaml", "valid_years: 2", "valid_years: two")
    with pytest.raises(CommandError, match=r"^Nothing was loaded\. .*hkust\.yaml:\d+: "):
        call_command("load_policies", folder=folder)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError):
        read_policies(tmp_path)
