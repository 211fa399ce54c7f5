"""The runners there are. Apps register theirs in `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from django.utils.functional import Promise


class Progress(Protocol):
    """Tell the reader how far it is, and the portal that the job still lives.

    Raises JobLost once another worker has it.
    """

    def __call__(self, done: int, total: int | None = None) -> None: ...


class JobLost(Exception):
    """The lease ran out and another worker took the job: stop, it is no longer yours."""


class Runner(NamedTuple):
    """`run(params, progress)` does the work, is safe to run twice, and returns JSON for the reader or None.

    A `url` in the result becomes the link to what was made, a `text` the sentence beside it.
    """

    kind: str
    title: str | Promise
    run: Callable[[dict[str, Any], Progress], dict[str, Any] | None]


_runners: dict[str, Runner] = {}


def register_runners(*runners: Runner) -> None:
    """Make runners known.

    Registering the same again changes nothing; another of the same kind raises ValueError.
    """
    for runner in runners:
        if _runners.setdefault(runner.kind, runner) != runner:
            raise ValueError(f"Two runners are called {runner.kind!r}.")


def runner_of(kind: str) -> Runner:
    """The registered runner. Raises LookupError for a kind nobody registered."""
    try:
        return _runners[kind]
    except KeyError:
        raise LookupError(f"No runner is called {kind!r}; register it in AppConfig.ready().") from None
