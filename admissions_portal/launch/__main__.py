"""The words after ./portal: run (when there is none), test, stop, reset, doctor, manage, lock."""

import os
import sys
import time
from collections.abc import Callable, Sequence

from admissions_portal.env import PROJECT_DIR

from . import checks, doctor, packages, processes, running, system
from .place import Place
from .report import Halt, say

USAGE = """./portal           start the portal and keep it running until Ctrl-C
./portal test      all checks and tests; --full for the bigger sizes; anything else goes to pytest alone
./portal stop      stop the portal that runs in another terminal
./portal reset     delete everything in ./var: database, files, keys (--yes asks nothing)
./portal doctor    what this machine has and what it lacks
./portal manage …  Django's manage.py with the portal's services
./portal lock      make requirements*.txt anew from pyproject.toml (needs uv)

PORTAL_PORT         the port to try first (8000)
PORTAL_VAR          where state is kept (./var)
DATABASE_URL        use this PostgreSQL instead of our own      postgresql://user:password@host:5432/name
REDIS_URL           use this Valkey or Redis instead of our own  redis://host:6379/0
PORTAL_NO_SYSTEM=1  install no system packages, even as root
PORTAL_NO_UV=1      install by pip, even where uv is there"""


def main(args: Sequence[str]) -> int:
    word, rest = (args[0], list(args[1:])) if args else ("run", [])
    commands: dict[str, Callable[[list[str]], int]] = {
        "run": _run,
        "test": _test,
        "stop": _stop,
        "reset": _reset,
        "doctor": _doctor,
        "manage": _manage,
        "lock": _lock,
    }
    if word in ("help", "-h", "--help"):
        say(USAGE)
        return 0
    if word not in commands:
        say(f"There is no ./portal {word}.\n\n{USAGE}")
        return 2
    try:
        return commands[word](rest)
    except Halt as halt:
        say(f"\n{halt}")
        return halt.status
    except KeyboardInterrupt:
        say("\nStopped.")
        return 0 if word == "run" else 130


def _run(args: list[str]) -> int:
    if args:
        raise Halt(f"./portal run takes no more words.\n\n{USAGE}", status=2)
    started = time.monotonic()
    packages_wanted = running.start_system_packages()
    system.become_owner_of_checkout(packages_wanted.wait)
    place = Place.of_project().open()
    lock = place.lock()
    if lock is None:
        found = place.read("address.json") or "another terminal"
        say(f"The portal runs already: {found}\n./portal stop stops it.")
        return 0
    return running.run(place, packages_wanted, started)


def _test(args: list[str]) -> int:
    return checks.run(args)


def _stop(args: list[str]) -> int:
    system.become_owner_of_checkout()
    place = Place.of_project()
    if not place.path.is_dir():
        say("The portal does not run.")
        return 0
    place.open()
    lock = place.lock()
    recorded = place.read("running.json") or {}
    if lock is None:
        pid = int((place.path / "lock").read_text() or 0)
        processes.signal_one(pid, 15)
        if not system.wait_until(lambda: place.lock() is not None, 40):
            raise Halt(f"The portal (process {pid}) does not stop. End it with: kill -9 {pid}")
        say("Stopped.")
    elif left := processes.end_leftovers(recorded):
        say(f"Ended what a killed ./portal had left: {', '.join(left)}.")
    else:
        say("The portal does not run.")
    return 0


def _reset(args: list[str]) -> int:
    system.become_owner_of_checkout()
    place = Place.of_project()
    if not place.path.is_dir():
        say("There is nothing to reset.")
        return 0
    place.open()
    lock = place.lock()
    if lock is None:
        raise Halt("The portal runs. Stop it first: ./portal stop")
    if "--yes" not in args and not running.asked(
        f"Delete everything in {place.path}: database, files, keys? [y/N] "
    ):
        raise Halt("Nothing was deleted. Without a terminal, say ./portal reset --yes", status=2)
    processes.end_leftovers(place.read("running.json") or {})
    place.delete()
    say("Deleted. ./portal starts afresh.")
    return 0


def _manage(args: list[str]) -> int:
    system.become_owner_of_checkout()
    place = Place.of_project().open()
    lock = place.lock()
    return running.manage(place, args, start_services=lock is not None)


def _lock(args: list[str]) -> int:
    packages.lock()
    say("Made requirements.txt, requirements-dev.txt, requirements-embedded.txt and requirements-uv.txt.")
    return 0


def _doctor(args: list[str]) -> int:
    return doctor.examine(Place.of_project())


if __name__ == "__main__":
    os.chdir(PROJECT_DIR)
    sys.exit(main(sys.argv[1:]))
