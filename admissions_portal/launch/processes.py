"""Child processes that cannot outlive us, and, as root, cannot act as root where they must not."""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_CLONE_NEWUSER, _PR_SET_PDEATHSIG = 0x10000000, 1
_LIBC = ctypes.CDLL(None, use_errno=True)


def spawn(
    args: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    log: Path,
    cwd: Path,
    on_our_death: int = signal.SIGTERM,
    before: Callable[[], None] | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a child in its own session, its output in `log`. Linux signals it when we die, however we die.

    `before` runs in the child first (it may give up rights). Call from the main thread only: the death signal
    belongs to the thread that forked.
    """
    us = os.getpid()

    def prepare() -> None:
        if before:
            before()
        if sys.platform == "linux":
            # After `before`: a change of credentials clears it.
            _LIBC.prctl(_PR_SET_PDEATHSIG, on_our_death, 0, 0, 0)
            if os.getppid() not in (us, 0):
                os._exit(1)

    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in args],
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=prepare,
        )


def in_user_namespace() -> None:
    """Become nobody in the eyes of the program that follows, keeping our files: PostgreSQL refuses root.

    The mapped user must stand in /etc/passwd. Raises OSError where the kernel or the container refuses.
    """
    nobody = pwd.getpwnam("nobody")
    if _LIBC.unshare(_CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{nobody.pw_uid} 0 1"),
        ("gid_map", f"{nobody.pw_gid} 0 1"),
    ):
        Path("/proc/self", name).write_text(line)


def as_nobody() -> None:
    """Give up root for good."""
    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)


def works_with(before: Callable[[], None], args: Sequence[str | Path]) -> bool:
    """Whether a program runs at all after `before`."""
    try:
        found = subprocess.run(
            [str(part) for part in args],
            preexec_fn=before,
            capture_output=True,
            cwd="/",
            timeout=20,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return found.returncode == 0


def stop(process: "subprocess.Popen[bytes]", *, by: int = signal.SIGTERM, seconds: float = 10) -> None:
    """Ask a child to end, wait, then end whatever is left of its group."""
    signal_one(process.pid, by)
    finish(process, seconds)


def finish(process: "subprocess.Popen[bytes]", seconds: float) -> None:
    """Wait for a child that was asked to end, then end whatever is left of its group."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    end_group(process.pid)
    process.wait()


def signal_one(pid: int, by: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, by)


def end_group(group: int) -> None:
    """Kill what a child left behind, such as the pool of a worker that was killed."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def identity(pid: int) -> str | None:
    """When a process started, so that a number used again is not mistaken for it. None if it is gone."""
    try:
        # the command's name may contain blanks and brackets; what follows its last bracket does not
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return None if fields[0] == "Z" else fields[19]
    except (OSError, IndexError):
        pass
    if sys.platform == "linux":
        return None
    found = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
    )
    return found.stdout.strip() or None


def end_leftovers(recorded: Mapping[str, Sequence[object]], seconds: float = 5) -> list[str]:
    """End processes of an earlier launcher that was killed; returns their names.

    `recorded` maps a name to its number and identity. Each gets the polite signal, then the other one.
    """
    pids = {name: int(str(pid)) for name, (pid, born) in recorded.items() if born}
    alive = {name: pid for name, pid in pids.items() if identity(pid) == recorded[name][1]}
    for name, pid in alive.items():
        signal_one(pid, signal.SIGINT if name == "postgres" else signal.SIGTERM)
    until = time.monotonic() + seconds
    while time.monotonic() < until and any(identity(pid) for pid in alive.values()):
        time.sleep(0.05)
    for pid in alive.values():
        end_group(pid)
    return sorted(alive)
