"""Where the launcher keeps what it must remember: ./var, its keys, sockets, stamps and the running state.

Everything stands under one folder that only its owner may enter: whoever reaches PostgreSQL's socket as
superuser of a cluster run by root could write files as root.
"""

import base64
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from admissions_portal.env import PROJECT_DIR, var_dir

from .report import Halt

# A socket's path must fit into 104 bytes on macOS and 108 on Linux, PostgreSQL's file name included.
LONGEST_SOCKET_FOLDER = 103 - len("/.s.PGSQL.5432.lock")


@dataclass(frozen=True)
class Place:
    """One set of services and their state; the tests have a second one inside the first."""

    path: Path

    @classmethod
    def of_project(cls) -> "Place":
        return cls(var_dir())

    def open(self) -> "Place":
        """Make the folder private. Raises Halt where it belongs to somebody else."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Halt(
                f"Cannot write to {self.path.parent}: {error.strerror}.\n"
                "Clone the project as yourself, or set PORTAL_VAR to a folder of your own."
            ) from None
        found = self.path.stat()
        if found.st_uid != os.geteuid():
            raise Halt(
                f"{self.path} belongs to another user (id {found.st_uid}). Run ./portal as that user, "
                "or set PORTAL_VAR to a folder of your own."
            )
        if stat.S_IMODE(found.st_mode) & 0o077:
            self.path.chmod(0o700)
        (self.path / "logs").mkdir(exist_ok=True)
        return self

    def lock(self) -> IO[str] | None:
        """The right to run here, held until the file is closed or we end; None where another has it."""
        file = open(os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600), "r+")  # noqa: SIM115  held open
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        return file

    def log(self, name: str) -> Path:
        return self.path / "logs" / f"{name}.log"

    def keys(self) -> dict[str, str]:
        """The generated secrets, made once: signing, field encryption, the database roles' passwords."""
        path = self.path / "keys.env"
        if not path.exists():
            write_private(
                path,
                _as_lines(
                    {
                        "PORTAL_SECRET_KEY": secrets.token_urlsafe(64),
                        "PORTAL_FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
                        "SUPERUSER_PASSWORD": secrets.token_urlsafe(32),
                        "OWNER_PASSWORD": secrets.token_urlsafe(32),
                        "APP_PASSWORD": secrets.token_urlsafe(32),
                    }
                ),
            )
        return dict(line.split("=", 1) for line in path.read_text().splitlines())

    def socket_folder(self) -> Path:
        """A private folder short enough for a socket: ./var/run, else a remembered random name."""
        folder = self.path / "run"
        if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
            folder.mkdir(mode=0o700, exist_ok=True)
            return folder
        record = self.path / "run-folder"
        if record.exists():
            folder = Path(record.read_text())
            if folder.is_dir() and not folder.is_symlink() and is_private(folder):
                return folder
        folder = Path(tempfile.mkdtemp(prefix="portal-"))
        write_private(record, str(folder))
        return folder

    def tell_children(self, variables: dict[str, str]) -> None:
        """Write var/portal.env, which manage.py and pytest read while the services run."""
        write_private(self.path / "portal.env", _as_lines(variables))

    def forget_children(self) -> None:
        (self.path / "portal.env").unlink(missing_ok=True)

    def read(self, name: str) -> Any:
        """A remembered JSON value; None where there is none or it was cut short."""
        try:
            return json.loads((self.path / name).read_text())
        except (OSError, ValueError):
            return None

    def write(self, name: str, value: Any) -> None:
        write_private(self.path / name, json.dumps(value, indent=1))

    def delete(self) -> None:
        """Everything, also what lies outside because a path was too long or PostgreSQL ran as nobody."""
        for name in ("run-folder", "postgres-home"):
            record = self.path / name
            folder = Path(record.read_text()) if record.exists() else None
            if folder and is_private(folder, any_owner=os.geteuid() == 0):
                shutil.rmtree(folder)
        shutil.rmtree(self.path)


def is_private(folder: Path, *, any_owner: bool = False) -> bool:
    """Nobody but its owner may enter, and that is us."""
    try:
        found = folder.stat()
    except OSError:
        return False
    return not found.st_mode & 0o077 and (any_owner or found.st_uid == os.geteuid())


def write_private(path: Path, text: str) -> None:
    """Replace a file in one move, readable by its owner alone; a crash leaves the old or the new one."""
    spare = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(spare, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    spare.replace(path)


def fingerprint(*patterns: str, extra: str = "") -> str:
    """A hash over the names and contents of the project's files that match, and over `extra`."""
    total = hashlib.sha256(extra.encode())
    for path in project_files(patterns):
        total.update(path.relative_to(PROJECT_DIR).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:20]


def project_files(patterns: Iterable[str]) -> list[Path]:
    return sorted({path for pattern in patterns for path in PROJECT_DIR.glob(pattern) if path.is_file()})


def migration_hashes() -> dict[str, str]:
    """Every migration of ours with the hash of its text, so that a re-made one is noticed."""
    return {
        path.relative_to(PROJECT_DIR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:20]
        for path in project_files(["*/migrations/0*.py", "admissions_portal/*/migrations/0*.py"])
    }


def remade_migrations(applied: dict[str, str], present: dict[str, str]) -> list[str]:
    """Applied migrations that are gone or read otherwise now: the database cannot follow them."""
    return sorted(name for name, text in applied.items() if present.get(name) != text)


def _as_lines(values: dict[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in values.items())
