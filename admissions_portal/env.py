"""The only reader of environment variables. A variable that is missing or malformed answers with a sentence
that says what to do, never with a traceback from deep inside a library.

Knows nobody; everything may know it.
"""

import os
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit


class EnvironmentHint(Exception):
    """A variable cannot be used; the message says which one, why, and what to do."""


class _Required:
    """Marks a variable that has no default."""


REQUIRED: Final = _Required()
_YES, _NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}
_HINTS = {
    "DATABASE_URL": "Start the portal with ./portal, or set DATABASE_URL to a PostgreSQL database: "
    "postgresql://user:password@host:5432/name",
    "REDIS_URL": "Start the portal with ./portal, or set REDIS_URL to a Valkey or Redis server: "
    "redis://host:6379/0",
}
PROJECT_DIR = Path(__file__).resolve().parent.parent
_spare: dict[str, str] = {}


def var_dir() -> Path:
    """Where this machine keeps the portal's state: PORTAL_VAR, or ./var."""
    return Path(os.environ.get("PORTAL_VAR") or PROJECT_DIR / "var").absolute()


def join_launcher(*, as_owner: bool = False) -> None:
    """Take what nobody set from var/portal.env (NAME=value lines), if it is there.

    The launcher writes that file while its services run, so that manage.py and pytest find them. The portal's
    own database role may not change tables; `as_owner` signs in as the role that may. Production settings
    never call this.
    """
    try:
        lines = (var_dir() / "portal.env").read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    found = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    owner_url = found.pop("DATABASE_OWNER_URL", None)
    if as_owner and owner_url:
        found["DATABASE_URL"] = owner_url
    assume(**found)


def assume(**values: str) -> None:
    """Stand-ins for variables that nobody set; the first stand-in stays."""
    for name, value in values.items():
        _spare.setdefault(name, value)


def text(name: str, default: str | _Required = REQUIRED) -> str:
    """The variable as it stands. Raises EnvironmentHint where it has no default and is not set."""
    value = os.environ.get(name, _spare.get(name))
    if value is not None and (value or isinstance(default, str)):
        return value
    if isinstance(default, str):
        return default
    raise EnvironmentHint(
        _HINTS.get(name, f"Start the portal with ./portal, or set {name}; .env.example explains it.")
    )


def flag(name: str, default: bool = False) -> bool:
    """1, true, yes, on, or 0, false, no, off. Raises EnvironmentHint at anything else."""
    value = text(name, str(default)).strip().lower()
    if value in _YES | _NO:
        return value in _YES
    raise EnvironmentHint(f"{name} is {value!r}; write 1 for yes or 0 for no.")


def number(name: str, default: int | _Required = REQUIRED) -> int:
    """A whole number. Raises EnvironmentHint at anything else."""
    value = text(name, str(default) if isinstance(default, int) else default)
    try:
        return int(value)
    except ValueError:
        raise EnvironmentHint(f"{name} is {value!r}; write a whole number.") from None


def words(name: str, default: list[str] | _Required = REQUIRED) -> list[str]:
    """A list separated by commas, blanks dropped."""
    value = text(name, ",".join(default) if isinstance(default, list) else default)
    return [word.strip() for word in value.split(",") if word.strip()]


def url(name: str, schemes: tuple[str, ...], default: str | _Required = REQUIRED) -> str:
    """An address with one of `schemes`. Raises EnvironmentHint otherwise; repeats no password."""
    value = text(name, default)
    if value and urlsplit(value).scheme not in schemes:
        raise EnvironmentHint(f"{name} must start with {' or '.join(f'{scheme}://' for scheme in schemes)}.")
    return value


def database_url() -> str:
    """Where PostgreSQL is."""
    return url("DATABASE_URL", ("postgresql", "postgres"))


def redis_url() -> str:
    """Where the broker is: Valkey, or Redis."""
    return url("REDIS_URL", ("redis", "rediss", "redis+socket", "unix"))
