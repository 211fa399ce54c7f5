"""./var: private, remembered, and never guessed."""

import os
import stat
from pathlib import Path

import pytest

from admissions_portal.launch import place as place_module
from admissions_portal.launch.place import Place, remade_migrations
from admissions_portal.launch.report import Halt


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_an_open_var_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    folder.mkdir(mode=0o755)
    Place(folder).open()
    assert mode(folder) == 0o700


def test_a_var_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    with pytest.raises(Halt, match="belongs to another user"):
        Place(tmp_path).open()


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    place = Place(tmp_path).open()
    keys = place.keys()
    assert place.keys() == keys
    assert len(set(keys.values())) == 5
    assert min(map(len, keys.values())) >= 43
    assert mode(tmp_path / "keys.env") == 0o600


def test_sockets_lie_in_var(tmp_path: Path) -> None:
    place = Place(tmp_path).open()
    assert place.socket_folder() == tmp_path / "run"
    assert mode(tmp_path / "run") == 0o700


def test_a_path_too_long_for_a_socket_gets_a_private_random_folder_that_is_remembered(tmp_path: Path) -> None:
    place = Place(tmp_path / ("long" * 30)).open()
    folder = place.socket_folder()
    assert len(str(folder)) <= place_module.LONGEST_SOCKET_FOLDER
    assert mode(folder) == 0o700
    assert place.socket_folder() == folder
    place.delete()
    assert not folder.exists()


def test_a_remembered_folder_that_others_may_enter_is_not_used(tmp_path: Path) -> None:
    place = Place(tmp_path / ("long" * 30)).open()
    first = place.socket_folder()
    first.chmod(0o777)
    second = place.socket_folder()
    assert second != first
    first.rmdir()
    second.rmdir()


def test_only_one_portal_runs_in_one_place(tmp_path: Path) -> None:
    place = Place(tmp_path).open()
    first = place.lock()
    assert first is not None
    assert place.lock() is None
    first.close()
    second = place.lock()
    assert second is not None
    second.close()


@pytest.mark.parametrize(
    ("applied", "present", "remade"),
    [
        pytest.param({}, {"a/0001": "x"}, [], id="a fresh database takes any"),
        pytest.param(
            {"a/0001": "x"}, {"a/0001": "x", "a/0002": "y"}, [], id="a further migration is applied"
        ),
        pytest.param({"a/0001": "x"}, {"a/0001": "y"}, ["a/0001"], id="a re-made migration is noticed"),
        pytest.param({"a/0001": "x", "b/0001": "y"}, {"a/0001": "x"}, ["b/0001"], id="a dropped one too"),
    ],
)
def test_an_old_database_is_recognised(
    applied: dict[str, str], present: dict[str, str], remade: list[str]
) -> None:
    assert remade_migrations(applied, present) == remade


def test_a_cut_short_record_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "stamps.json").write_text('{"tables": "abc')
    assert Place(tmp_path).read("stamps.json") is None
