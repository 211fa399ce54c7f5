"""`./portal doctor`: what this machine has, what it lacks, and what to type."""

import platform
import shutil
import sys

from . import packages, postgres, system, valkey
from .place import Place
from .report import say


def examine(place: Place) -> int:
    """Print one line a thing; returns 1 where something that the portal cannot do without is missing."""
    found = postgres.installations()
    broker = valkey.binary()
    missing = system.missing_for_letters()
    browser = system.find_browser()
    uv = shutil.which("uv")
    can_install = bool(uv) or packages.can_make_venv() or packages.PYTHON.exists()
    port = system.free_port(system.FIRST_PORT)
    facts = [
        (True, "Python", f"{platform.python_version()} ({sys.executable})"),
        (can_install, "can make .venv", "by uv" if uv else _venv_hint(can_install)),
        (packages.PYTHON.exists(), ".venv", str(packages.VENV)),
        (bool(found), "PostgreSQL", ", ".join(f"{each.major} from the {each.origin}" for each in found)),
        (broker is not None, "Valkey", str(broker or "")),
        (not missing, "letters as PDF", system.install_command(missing) if missing else "libraries there"),
        (browser is not None, "browser for tests", str(browser or system.install_command(system.BROWSER))),
        (port == system.FIRST_PORT, f"port {system.FIRST_PORT}", f"{port} is free"),
        (place.path.is_dir(), "state", str(place.path)),
    ]
    for good, name, detail in facts:
        say(f"  {'yes' if good else 'no ':<4} {name:<20} {detail}".rstrip())
    return 0 if can_install else 1


def _venv_hint(good: bool) -> str:
    if good:
        return "by python3 -m venv"
    command = system.install_command(["python3-venv"], as_word="python3-venv")
    return f"{command}   (or install uv)"
