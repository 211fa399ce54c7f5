"""`./portal test`: the static checks, then every test, with services and a browser of the run's own."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from admissions_portal.env import PROJECT_DIR

from . import packages, running, system
from .place import Place
from .report import Halt, say, step, warn
from .supervisor import Supervisor

SETTINGS = "admissions_portal.settings.test"
CODE = ("admissions_portal", "programmes", "eligibility", "applications")


@dataclass
class Check:
    """One static check and, once run, what it said."""

    name: str
    args: Sequence[str]
    status: int | None = None
    output: str = ""
    seconds: float = 0.0

    def run(self, env: dict[str, str]) -> None:
        started = time.monotonic()
        done = subprocess.run(
            [str(packages.VENV / "bin" / self.args[0]), *self.args[1:]],
            cwd=PROJECT_DIR,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.status, self.seconds = done.returncode, time.monotonic() - started
        self.output = done.stdout.decode(errors="replace")


def static_checks() -> list[Check]:
    """Longest first: two run at a time."""
    templates = [
        str(path.relative_to(PROJECT_DIR)) for path in sorted(PROJECT_DIR.glob("templates/**/*.html"))
    ]
    return [
        Check("types", ["mypy"]),
        Check("missing migrations", ["python", "manage.py", "makemigrations", "--check", "--dry-run"]),
        Check("Django's own checks", ["python", "manage.py", "check"]),
        Check("message catalogues", ["python", "manage.py", "messages", "--check"]),
        Check(
            "unsafe calls",
            ["bandit", "-q", "-r", "--severity-level", "medium", "-c", "pyproject.toml", *CODE],
        ),
        Check("who imports whom", ["lint-imports", "--no-cache"]),
        Check("templates' format", ["djade", "--check", "--target-version", "5.2", *templates]),
        Check("lint", ["ruff", "check", "--no-cache", "--output-format", "concise", "."]),
        Check("format", ["ruff", "format", "--no-cache", "--check", "--output-format", "concise", "."]),
    ]


def run(args: Sequence[str]) -> int:
    """Everything, or with arguments for pytest only that; returns the exit code. Raises Halt."""
    full, rest = "--full" in args, [each for each in args if each != "--full"]
    ci = os.environ.get("CI") == "true"
    system_packages = running.start_system_packages(*([] if system.find_browser() else system.BROWSER))
    system.become_owner_of_checkout(system_packages.wait)
    place = Place(Place.of_project().open().path / "test").open()
    if (lock := place.lock()) is None:
        raise Halt("A test run is under way in this checkout already.")
    supervisor = Supervisor(place)
    supervisor.take_signals()
    try:
        with step("packages") as this:
            packages.install(this, place.log("packages"), dev=True, embedded=running.needs_services())
        running.start_services(supervisor, place, "http://127.0.0.1:8000", quick=True)
        running.compile_messages(place)
        running.finish_system_packages(system_packages)
        env = {**running.environment(place), "DJANGO_SETTINGS_MODULE": SETTINGS}
        browser = system.find_browser()
        env |= {"PORTAL_CHROMIUM": str(browser)} if browser else {}
        env |= {"PORTAL_TEST_FULL": "1"} if full else {}
        failed = [] if rest else _run_static_checks(env)
        status = _pytest(env, rest, browser)
        _say_the_end(failed, browser)
        return 1 if failed or (ci and not browser) else status
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130
    finally:
        supervisor.stop()
        place.forget_children()
        lock.close()


def _run_static_checks(env: dict[str, str]) -> list[str]:
    """Run them two at a time and print each; returns the names of those that failed."""
    waiting, done = static_checks(), list[Check]()
    every = list(waiting)
    turn = threading.Lock()

    def work() -> None:
        while True:
            with turn:
                if not waiting:
                    return
                check = waiting.pop(0)
            check.run(env)
            with turn:
                done.append(check)
                good = check.status == 0
                say(f"  {check.name:<28} {check.seconds:5.1f} s{'' if good else '  FAILED'}")
                if not good:
                    say(check.output)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [check.name for check in every if check.status != 0]


def _pytest(env: dict[str, str], rest: Sequence[str], browser: Path | None) -> int:
    whole = ["-n", "auto", "--dist", "worksteal", "--create-db", "-q"]
    without_browser = [] if browser else ["-m", "not browser"]
    command = [str(packages.PYTHON), "-m", "pytest", *(rest or whole), *without_browser]
    sys.stdout.flush()
    return subprocess.run(command, cwd=PROJECT_DIR, env=env, stdin=subprocess.DEVNULL).returncode


def _say_the_end(failed: Sequence[str], browser: Path | None) -> None:
    if failed:
        warn(f"FAILED before the tests: {', '.join(failed)} (see above)")
    if not browser:
        warn("THE BROWSER TESTS DID NOT RUN: there is no Chromium on this machine. To have them:")
        say(f"      {system.install_command(system.BROWSER)}")
