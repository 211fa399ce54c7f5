"""What the launcher tells the person in front of it: each step with its time, and why it stops."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_RED, _PLAIN = ("\033[1;31m", "\033[0m") if sys.stdout.isatty() else ("", "")


class Halt(Exception):
    """The launcher cannot go on; the message says why and what to do. `status` is the exit code."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status


class Step:
    """One step under way; `note` is printed behind its time, a step that was not needed is not printed."""

    note = ""
    skipped = False


@contextmanager
def step(name: str) -> Iterator[Step]:
    """Time what happens inside and print it, once it has happened, in seconds."""
    started, this = time.monotonic(), Step()
    try:
        yield this
    except BaseException:
        say(f"  {name:<28} {'':>7}  failed")
        raise
    if not this.skipped:
        say(f"  {name:<28} {time.monotonic() - started:5.1f} s  {this.note}".rstrip())


def say(text: str = "") -> None:
    """Print at once, also where the terminal lacks a character."""
    encoding = sys.stdout.encoding or "ascii"
    print(text.encode(encoding, "replace").decode(encoding), flush=True)


def warn(text: str) -> None:
    """Print so that it is not overlooked."""
    say(f"{_RED}  ! {text}{_PLAIN}")
