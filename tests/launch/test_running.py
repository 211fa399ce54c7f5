"""The first command's decisions: port, old databases, hints for the system at hand."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from admissions_portal.env import PROJECT_DIR
from admissions_portal.launch import running, system
from admissions_portal.launch.place import Place
from admissions_portal.launch.report import Halt


def test_a_busy_port_gives_way_to_the_next_free_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        taken = busy.getsockname()[1]
        monkeypatch.setenv("PORTAL_PORT", str(taken))
        chosen = running.choose_port()
    assert chosen > taken
    assert capsys.readouterr().out == f"  ! Port {taken} is taken; using {chosen}.\n"


@pytest.mark.parametrize("word", ["eight thousand", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("PORTAL_PORT", word)
    with pytest.raises(Halt, match="write a number from 1 to 65535"):
        running.choose_port()


def test_an_old_var_is_refused_with_the_way_out_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(running, "asked", lambda question: False)
    place = Place(tmp_path).open()
    place.write("stamps.json", {"migrations": {"programmes/migrations/0001_initial.py": "of last month"}})
    with pytest.raises(Halt, match=r"To start afresh: \./portal reset") as halt:
        running.refuse_old_database(place)
    assert halt.value.status == 2
    assert "whose tables were laid out anew" in capsys.readouterr().out
    assert (tmp_path / "stamps.json").exists()


def test_an_old_var_is_emptied_once_somebody_says_yes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(running, "asked", lambda question: True)
    place = Place(tmp_path).open()
    place.write("stamps.json", {"migrations": {"programmes/migrations/0001_initial.py": "of last month"}})
    running.refuse_old_database(place)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["logs"]


@pytest.mark.parametrize(
    ("kind", "user", "command"),
    [
        ("apt", 1000, "sudo apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"),
        ("apt", 0, "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"),
        ("dnf", 1000, "sudo dnf install -y pango harfbuzz"),
        ("apk", 0, "apk add pango harfbuzz-subset"),
        ("brew", 501, "brew install pango harfbuzz"),
    ],
)
def test_the_hint_for_letters_fits_the_system(
    monkeypatch: pytest.MonkeyPatch, kind: str, user: int, command: str
) -> None:
    monkeypatch.setattr(system, "_installer", lambda: kind)
    monkeypatch.setattr(system.os, "geteuid", lambda: user)
    assert system.install_command(system.LETTERS) == command


def test_root_installs_nothing_where_that_is_forbidden(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PORTAL_NO_SYSTEM", "1")
    assert system.may_apt() is False
    assert system.start_apt(["libpango-1.0-0"], tmp_path / "log") is None


def test_the_launcher_needs_nothing_that_is_not_in_python_itself() -> None:
    modules = sorted(
        path.stem
        for path in (PROJECT_DIR / "admissions_portal" / "launch").glob("*.py")
        if path.stem not in ("__init__", "__main__", "messages")
    )
    script = "".join(f"import admissions_portal.launch.{name}\n" for name in modules)
    done = subprocess.run(
        [sys.executable, "-S", "-c", script], cwd=PROJECT_DIR, capture_output=True, text=True, env={}
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_an_unknown_word_is_answered_with_those_there_are() -> None:
    done = subprocess.run(["./portal", "dance"], cwd=PROJECT_DIR, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stdout.startswith("There is no ./portal dance.\n\n./portal           start the portal")


def test_manage_without_services_answers_with_a_hint(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        env={"PORTAL_VAR": str(tmp_path)},
    )
    assert done.returncode == 1
    assert (
        done.stderr == "Start the portal with ./portal, or set PORTAL_SECRET_KEY; .env.example explains it.\n"
    )
