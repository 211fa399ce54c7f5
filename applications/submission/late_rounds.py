"""A round that has closed and still takes one application: by a code that was entered, or by more time given
to the person (A4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from applications.late_entry.models import AccessCode, Extension
from applications.late_entry.queries import late_entries_of
from applications.lifecycle.models import Application
from applications.submission.rounds import may_use
from eligibility.engine import LocalStatus
from programmes.models import Round


@dataclass(frozen=True, slots=True)
class LateEntry:
    """The closed round in which the application is received after all, and what allows it."""

    round: Round
    by: AccessCode | Extension

    @property
    def closes_at(self) -> datetime:
        """The last minute, as printed."""
        return self.by.valid_until


def late_entry(
    application: Application, rounds: Iterable[Round], status: LocalStatus, *, at: datetime
) -> LateEntry | None:
    """The one that lasts longest at `at`, None where nothing lets the application in.

    For a draft whose rounds have closed; a submission asks it in its own transaction.
    """
    rounds = list(rounds)
    return late_entry_among(late_entries_of(application, at=at), rounds, status, at=at)


def late_entry_among(
    entries: Iterable[AccessCode | Extension], rounds: Iterable[Round], status: LocalStatus, *, at: datetime
) -> LateEntry | None:
    """The first of `entries` that opens a round to a person of this status.

    What is late is the time alone: a round for local applicants only stays theirs (HKU-09), and one still to
    come opens on its day. Of several closed rounds the last to close takes it.
    """
    closed = [round_ for round_ in rounds if round_.is_closed(at) and may_use(round_, status)]
    for entry in entries:
        only = getattr(entry, "round_id", None)
        fitting = [round_ for round_ in closed if only in (None, round_.pk)]
        if fitting and entry.holds(at):
            return LateEntry(max(fitting, key=lambda each: (each.closed_from, each.number)), entry)
    return None
