"""Two officers, or two starts of the portal, at the same moment: nothing is lost or done twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from admissions_portal.support.actors import Actor
from eligibility import actions
from eligibility.actions import DraftChanged
from eligibility.loading import POLICIES, load_policies
from eligibility.models import PolicyVersion
from tests.eligibility.offices import AT, mmedsc, officer, policy, preview, save, with_ielts

pytestmark = pytest.mark.django_db(transaction=True)

CODE = "HKU-MMEDSC"


def at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """What each act answers or is refused with, all begun together, each with a connection of its own."""

    def alone(act: Callable[[], object]) -> object:
        try:
            return act()
        except DraftChanged as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(alone, acts))


@pytest.fixture
def two() -> tuple[Actor, Actor]:
    programme = mmedsc()
    return officer(programme), officer(programme)


def test_two_who_begin_at_once_have_one_draft(two: tuple[Actor, Actor]) -> None:
    made = at_once([lambda by=by: actions.draft_version(policy(CODE), by=by, at=AT) for by in two * 2])
    assert len({draft.pk for draft in made if isinstance(draft, PolicyVersion)}) == 1
    assert policy(CODE).versions.filter(published_at=None).count() == 1


def test_of_two_who_save_at_once_one_is_kept_and_the_other_told(two: tuple[Actor, Actor]) -> None:
    draft = actions.draft_version(policy(CODE), by=two[0], at=AT)
    texts = [with_ielts(draft.requirements(), score) for score in ("6.5", "7")]
    answers = at_once(
        [lambda by=by, text=text: save(draft, by, content=text) for by, text in zip(two, texts, strict=True)]
    )
    kept = PolicyVersion.objects.get(pk=draft.pk)
    told = [isinstance(answer, DraftChanged) for answer in answers]
    assert sorted(told) == [False, True]
    winner = told.index(False)
    assert (kept.requirements(), kept.drafted_by) == (texts[winner], two[winner].user)


def test_a_save_and_a_publication_at_once_never_publish_what_was_not_previewed(
    two: tuple[Actor, Actor],
) -> None:
    draft = save(actions.draft_version(policy(CODE), by=two[0], at=AT), two[0])
    preview(draft, two[0])
    looked_at = draft.sha256

    def publish() -> object:
        try:
            return actions.publish_version(draft, by=two[0], at=AT)
        except actions.PreviewMissing as refused:
            return refused

    at_once([publish, lambda: save(draft, two[1], content=with_ielts(draft.requirements(), "9"))])
    numbered = policy(CODE).versions.exclude(number=None).order_by("number")
    assert [version.sha256 for version in numbered][1:] in ([], [looked_at])


def test_a_draft_published_twice_at_once_is_one_version(two: tuple[Actor, Actor]) -> None:
    draft = save(actions.draft_version(policy(CODE), by=two[0], at=AT), two[0])
    preview(draft, two[0])
    answers = at_once([lambda by=by: actions.publish_version(draft, by=by, at=AT) for by in two])
    assert sorted(isinstance(answer, DraftChanged) for answer in answers) == [False, True]
    assert policy(CODE).versions.filter(number=2).count() == 1


def test_starts_at_once_load_each_file_once(tmp_path: Path) -> None:
    def start(folder: Path = POLICIES) -> object:
        return load_policies(folder, by=Actor.system(), at=AT).created

    assert sorted(map(str, at_once([start] * 3))) == ["0", "0", "3"]
    folder = Path(shutil.copytree(POLICIES, tmp_path / "policies"))
    hku = folder / "hku.yaml"
    hku.write_text(hku.read_text(encoding="utf-8").replace("valid_years: 2", "valid_years: 3"), "utf-8")
    assert sorted(map(str, at_once([lambda: start(folder)] * 3))) == ["0", "0", "1"]
    assert list(policy(CODE).versions.values_list("number", flat=True)) == [2, 1]
