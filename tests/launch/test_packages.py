"""The lists of packages: reasons in one, hashes in the others, an index address in none."""

import re
import tomllib

import pytest

from admissions_portal.env import PROJECT_DIR
from admissions_portal.launch import packages

LOCKS = [packages.BASE, packages.DEV, packages.EMBEDDED, packages.UV]


def locked(name: str) -> dict[str, str]:
    """Package and version, hashes left out."""
    lines = (PROJECT_DIR / name).read_text().splitlines()
    found = [re.match(r"([a-z0-9-]+)(?:\[[a-z,]+\])?==(\S+)", line) for line in lines]
    return {each[1]: each[2] for each in found if each}


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_its_hashes_and_no_address(name: str) -> None:
    text = (PROJECT_DIR / name).read_text()
    blocks = re.split(r"\n(?=[a-z])", text.strip())
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
    assert re.findall(r"://|--index|--find-links", text) == []


def test_the_locks_agree_on_every_version() -> None:
    versions: dict[str, set[str]] = {}
    for name in LOCKS:
        for package, version in locked(name).items():
            versions.setdefault(package, set()).add(version)
    assert {package: found for package, found in versions.items() if len(found) > 1} == {}


def test_every_dependency_is_locked_and_says_why_it_is_there() -> None:
    text = (PROJECT_DIR / "pyproject.toml").read_text()
    listed = tomllib.loads(text)
    wanted = [
        *((packages.BASE, each) for each in listed["project"]["dependencies"]),
        *((packages.EMBEDDED, each) for each in listed["dependency-groups"]["embedded"]),
        *((packages.DEV, each) for each in listed["dependency-groups"]["dev"]),
    ]
    bare = {each: (lock, re.split(r"[\[<>=~!]", each)[0].lower()) for lock, each in wanted}
    assert [each for each, (lock, name) in bare.items() if name not in locked(lock)] == []
    assert [each for each in bare if not re.search(re.escape(f'"{each}",') + r"  # \w+", text)] == []


def test_no_lock_file_with_an_index_address_is_kept() -> None:
    assert not (PROJECT_DIR / "uv.lock").exists()
