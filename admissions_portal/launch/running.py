"""`./portal`: packages, services, database, demo, and then web, worker and beat, each step with its time."""

import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from admissions_portal.env import PROJECT_DIR

from . import packages, postgres, processes, system, valkey
from .place import Place, fingerprint, migration_hashes, project_files, remade_migrations
from .report import Halt, say, step, warn
from .supervisor import Child, Supervisor

SETTINGS = "admissions_portal.settings.demo"
# What fills the database, in this order, and the files that make doing it again worth while.
PREPARED_FROM = {
    "tables": ("*/migrations/*.py", "admissions_portal/*/migrations/*.py", packages.BASE),
    "catalogue": ("programmes/catalogue/**/*.yaml", "programmes/loading.py"),
    "policies": ("eligibility/policies/**/*.yaml", "eligibility/loading.py"),
}
STATIC_FROM = (
    "admissions_portal/support/management/commands/prepare.py",
    "static/**/*",
    "admissions_portal/*/static/**/*",
    packages.BASE,
)
MESSAGES_FROM = ("locale/*/LC_MESSAGES/*.po", "*/locale/*/LC_MESSAGES/*.po", "*/*/locale/*/LC_MESSAGES/*.po")
DEMO_FROM = ("applications/demo/**/*.py",)
# Commands that change tables, for which the portal's own database role has no right.
OWNER_COMMANDS = {"migrate", "flush", "createcachetable", "prepare"}


@dataclass
class SystemPackages:
    """What apt installs while we go on."""

    names: list[str]
    process: "subprocess.Popen[bytes] | None"
    log: Path

    def wait(self) -> bool:
        """Whether it all went well; true when there was nothing to do."""
        return not self.names or (self.process is not None and self.process.wait() == 0)


def start_system_packages(*extra: str) -> SystemPackages:
    """As root, begin installing what letters (and `extra`) need; otherwise only note what is missing."""
    names = [*system.missing_for_letters(), *extra]
    if not packages.PYTHON.exists() and not packages.can_make_venv():
        names.append("python3-venv")
    log = os.devnull
    if names and system.may_apt():
        descriptor, log = tempfile.mkstemp(prefix="portal-apt-", suffix=".log")
        os.close(descriptor)
    wanted = SystemPackages(names, system.start_apt(names, Path(log)), Path(log))
    if "python3-venv" in names:
        wanted.wait()
    return wanted


def run(place: Place, system_packages: SystemPackages, started: float) -> int:
    """Start everything and keep it running until interrupted; returns the exit code. Raises Halt."""
    supervisor = Supervisor(place)
    supervisor.take_signals()
    try:
        with step("packages") as this:
            packages.install(this, place.log("packages"), dev=False, embedded=needs_services())
        processes.end_leftovers(place.read("running.json") or {})
        refuse_old_database(place)
        port = choose_port()
        static = _start_static(place)
        identity = start_services(supervisor, place, f"http://127.0.0.1:{port}")
        compile_messages(place)
        sign_ins = _prepare(place, identity)
        _finish_static(place, static)
        finish_system_packages(system_packages)
        with step("web server"):
            supervisor.start_child(_web(place, port))
            supervisor.wait_for_page(port)
        for child in (_worker(place), _beat(place)):
            supervisor.start_child(child)
        address = f"http://127.0.0.1:{port}/"
        place.write("address.json", address)
        say(f"\nThe portal runs after {time.monotonic() - started:.1f} s:  {address}")
        say(f"{sign_ins}\nCtrl-C stops it. Logs: {place.path / 'logs'}")
        supervisor.watch()
    except KeyboardInterrupt:
        say("\nStopping …")
    finally:
        supervisor.stop()
        place.forget_children()
    say("Stopped.")
    return 0


def needs_services() -> bool:
    """Whether we run a database or a broker of our own."""
    return not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))


def start_services(supervisor: Supervisor, place: Place, origin: str, *, quick: bool = False) -> str:
    """Start what nobody gave us, tell manage.py where it is, and return what identifies the database."""
    keys = place.keys()
    told = {name: keys[name] for name in ("PORTAL_SECRET_KEY", "PORTAL_FIELD_KEYS")}
    told["PORTAL_ORIGIN"] = origin
    identity = hashlib.sha256(os.environ.get("DATABASE_URL", "").encode()).hexdigest()
    if not os.environ.get("DATABASE_URL"):
        with step("PostgreSQL") as this:
            chosen = postgres.choose(postgres.installations(), place)
            database = postgres.Postgres(place, chosen, quick=quick)
            supervisor.start_service("postgres", database)
            this.note = f"{chosen.major} from the {chosen.origin}"
        told["DATABASE_URL"] = database.url(postgres.APP)
        told["DATABASE_OWNER_URL"] = database.url(postgres.OWNER)
        identity = database.identity()
    if not os.environ.get("REDIS_URL"):
        with step("Valkey"):
            broker = valkey.Valkey(place)
            supervisor.start_service("valkey", broker)
        told["REDIS_URL"] = broker.url
    place.tell_children(told)
    return identity


def refuse_old_database(place: Place) -> None:
    """Before version 1.0 migrations are re-made. Raises Halt where ./var cannot follow."""
    applied = (place.read("stamps.json") or {}).get("migrations", {})
    remade = remade_migrations(applied, migration_hashes())
    if not remade or os.environ.get("DATABASE_URL"):
        return
    say(
        f"\n{place.path} was made by an earlier version whose tables were laid out anew since "
        f"({remade[0]}{' and others' if len(remade) > 1 else ''}).\n"
        "Its demo data cannot be carried over; starting afresh deletes everything in that folder."
    )
    if not asked("Delete it and start afresh? [y/N] "):
        raise Halt("Nothing was changed. To start afresh: ./portal reset", status=2)
    for child in place.path.iterdir():
        if child.name != "lock":
            shutil.rmtree(child) if child.is_dir() else child.unlink()
    place.open()


def asked(question: str) -> bool:
    """Whether a person at a terminal says yes."""
    return sys.stdin.isatty() and input(question).strip().lower() in ("y", "yes")


def choose_port() -> int:
    """PORTAL_PORT or 8000, else the next free one. Raises Halt at a PORTAL_PORT that is no port."""
    word = os.environ.get("PORTAL_PORT") or str(system.FIRST_PORT)
    if not word.isdecimal() or not 1 <= int(word) <= 65535:
        raise Halt(f"PORTAL_PORT is {word!r}; write a number from 1 to 65535.", status=2)
    port = system.free_port(int(word))
    if port != int(word):
        warn(f"Port {word} is taken; using {port}.")
    return port


def manage(place: Place, args: Sequence[str], *, start_services: bool) -> int:
    """manage.py with the services that run, or with ones started for it alone; returns its exit code."""
    supervisor = Supervisor(place)
    if start_services:
        supervisor.take_signals()
    try:
        if start_services:
            with step("packages") as this:
                packages.install(this, place.log("packages"), dev=False, embedded=needs_services())
            _start_services_quietly(supervisor, place)
        owner = {"PORTAL_AS_OWNER": "1"} if args and args[0] in OWNER_COMMANDS else {}
        command = [str(packages.PYTHON), "manage.py", *args]
        return subprocess.run(command, cwd=PROJECT_DIR, env={**environment(place), **owner}).returncode
    except KeyboardInterrupt:
        return 130
    finally:
        if start_services:
            supervisor.stop()
            place.forget_children()


def environment(place: Place) -> dict[str, str]:
    """What children get: ours without another Python's or another PostgreSQL's variables."""
    foreign = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")
    kept = {
        name: value for name, value in os.environ.items() if name not in foreign and not name.startswith("PG")
    }
    return {
        **kept,
        "PATH": f"{packages.VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "PORTAL_VAR": str(place.path),
    }


def run_manage(place: Place, args: Sequence[str], *, owner: bool = False) -> None:
    """manage.py to its end, showing what it prints. Raises Halt with the end of its log."""
    log = place.log("prepare")
    with log.open("ab") as errors:
        errors.write(f"\n$ manage.py {' '.join(args)}\n".encode())
        errors.flush()
        done = subprocess.run(
            [str(packages.PYTHON), "manage.py", *args],
            cwd=PROJECT_DIR,
            env={**environment(place), **({"PORTAL_AS_OWNER": "1"} if owner else {})},
            stdin=subprocess.DEVNULL,
            stderr=errors,
        )
    if done.returncode != 0:
        raise Halt(f"manage.py {' '.join(args)} failed. {log} ends:\n\n{packages.tail(log, 30)}")


def _start_services_quietly(supervisor: Supervisor, place: Place) -> None:
    sys.stdout.flush()
    start_services(supervisor, place, f"http://127.0.0.1:{system.FIRST_PORT}")


def compile_messages(place: Place) -> None:
    made_from = fingerprint(*MESSAGES_FROM)
    sources = project_files(MESSAGES_FROM)
    if _stamped(place, "messages", made_from) and all(path.with_suffix(".mo").exists() for path in sources):
        return
    with step("message catalogues") as this:
        command = [str(packages.PYTHON), "-m", "admissions_portal.launch.messages"]
        done = subprocess.run(command, cwd=PROJECT_DIR, env=environment(place), stderr=subprocess.PIPE)
        if done.returncode != 0:
            raise Halt(f"The message catalogues could not be compiled:\n\n{done.stderr.decode()}")
        this.note = f"{len(sources)} files"
    _stamp(place, "messages", made_from)


def _prepare(place: Place, identity: str) -> str:
    """Fill the database and return the demo's sign-ins as a text.

    Only the steps of `manage.py prepare` whose files have changed, in one process: starting Django costs
    more than most steps; it prints their times. The demo is loaded once for each database.
    """
    made_from = {name: fingerprint(*files, extra=identity) for name, files in PREPARED_FROM.items()}
    stale = [name for name in made_from if not _stamped(place, name, made_from[name])]
    # A fact may need tables that only this version has: all steps after the first stale one are done again.
    needed = list(made_from)[list(made_from).index(stale[0]) :] if stale else []
    made_from |= {"demo": identity, "sign-ins": fingerprint(*DEMO_FROM, extra=identity)}
    needed += [name for name in ("demo", "sign-ins") if not _stamped(place, name, made_from[name])]
    sign_ins = place.path / "sign-ins.txt"
    if needed:
        run_manage(
            place,
            ["prepare", *needed, "--sign-ins", str(sign_ins), "--since", str(time.monotonic())],
            owner=True,
        )
        for name in needed:
            _stamp(place, name, made_from[name])
        _stamp(place, "migrations", migration_hashes())
    return sign_ins.read_text()


def _start_static(place: Place) -> "tuple[str, subprocess.Popen[bytes]] | None":
    """Collect the static files beside the database's first steps: it needs no database."""
    made_from = fingerprint(*STATIC_FROM)
    if _stamped(place, "static", made_from) and (place.path / "static").is_dir():
        return None
    args: list[str | Path] = [packages.PYTHON, "manage.py", "prepare", "static"]
    stand_ins = dict.fromkeys(("PORTAL_SECRET_KEY", "PORTAL_FIELD_KEYS"), secrets.token_urlsafe(48))
    stand_ins |= {"DATABASE_URL": "postgresql://nobody@/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
    env = {**environment(place), **stand_ins}
    return made_from, processes.spawn(args, env=env, log=place.log("static"), cwd=PROJECT_DIR)


def _finish_static(place: Place, under_way: "tuple[str, subprocess.Popen[bytes]] | None") -> None:
    if under_way is None:
        return
    made_from, process = under_way
    with step("static files") as this:
        this.note = "(beside the others)"
        if process.wait() != 0:
            log = place.log("static")
            raise Halt(f"The static files could not be collected. {log} ends:\n\n{packages.tail(log)}")
    _stamp(place, "static", made_from)


def finish_system_packages(wanted: SystemPackages) -> None:
    with step("system libraries") as this:
        this.skipped = not wanted.names or wanted.process is None
        wanted.wait()
    if missing := system.missing_for_letters():
        warn(f"Letters wait: this machine lacks {', '.join(missing)}. Everything else works. To make them:")
        say(f"      {system.install_command(missing)}")
        if wanted.process is not None:
            say(f"      (apt was tried; see {wanted.log})")
    elif wanted.process is not None:
        wanted.log.unlink(missing_ok=True)


def _web(place: Place, port: int) -> Child:
    args: list[str | Path] = [packages.PYTHON, "-m", "gunicorn"]
    args += ["-c", "admissions_portal/deploy/gunicorn.py"]
    env = {**environment(place), "PORTAL_BIND": f"127.0.0.1:{port}"}
    return Child("web", [*args, "admissions_portal.wsgi"], env, place.log("web"))


def _worker(place: Place) -> Child:
    args: list[str | Path] = [packages.PYTHON, "-m", "celery", "-A", "admissions_portal", "worker"]
    args += ["--loglevel", "INFO", "--concurrency", "2", "--without-gossip", "--without-mingle"]
    return Child("worker", args, environment(place), place.log("worker"))


def _beat(place: Place) -> Child:
    # A scheduler without a file: what is due stands in the database, and a file could be left half written.
    args: list[str | Path] = [packages.PYTHON, "-m", "celery", "-A", "admissions_portal", "beat"]
    args += ["--scheduler", "celery.beat:Scheduler", "--pidfile", ""]
    return Child("beat", args, environment(place), place.log("beat"))


def _stamped(place: Place, name: str, value: str) -> bool:
    return bool((place.read("stamps.json") or {}).get(name) == value)


def _stamp(place: Place, name: str, value: object) -> None:
    place.write("stamps.json", {**(place.read("stamps.json") or {}), name: value})
