"""The last days that leave time for a visa before a programme starts. Plain arithmetic on published figures.

A visa or entry permit must be approved before commencement (UST-17), is applied for after the offer has been
accepted (UST-20) and normally takes six to eight weeks (UST-21). Residents of the Mainland then need an exit
endorsement, which takes two weeks more (UST-22). Normal times, not promises.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

SHORTEST_WEEKS = 6
LONGEST_WEEKS = 8
# from the label to the exit endorsement; the handbook says it of residents of the Mainland only
ENDORSEMENT_WEEKS = 2


class Outlook(StrEnum):
    """What the normal times leave on a day: all of them, the shorter only, or not even that."""

    SAFE = "SAFE"
    TIGHT = "TIGHT"
    LATE = "LATE"


@dataclass(frozen=True, slots=True)
class VisaDates:
    """Days in Hong Kong, each of which still counts. `safe_on`: the offer accepted and the visa applied for
    by then leaves the longest normal time; `latest_on` leaves the shortest only."""

    starts_on: date
    is_confirmed: bool
    from_mainland: bool

    @property
    def registered_by(self) -> date:
        """Approval comes before commencement (UST-17): the day before the start."""
        return self.starts_on - timedelta(days=1)

    @property
    def approved_by(self) -> date:
        """The label or visa in hand, with time left for an exit endorsement (UST-22)."""
        return self.registered_by - timedelta(weeks=ENDORSEMENT_WEEKS if self.from_mainland else 0)

    @property
    def safe_on(self) -> date:
        return self.approved_by - timedelta(weeks=LONGEST_WEEKS)

    @property
    def latest_on(self) -> date:
        return self.approved_by - timedelta(weeks=SHORTEST_WEEKS)

    def outlook(self, on: date) -> Outlook:
        """What is left to somebody who accepts and applies on that day."""
        if on <= self.safe_on:
            return Outlook.SAFE
        return Outlook.TIGHT if on <= self.latest_on else Outlook.LATE


def visa_dates(
    starts_on: date | None, *, is_confirmed: bool = False, from_mainland: bool
) -> VisaDates | None:
    """The dates for an intake, or None where no start is published: nothing is invented."""
    return None if starts_on is None else VisaDates(starts_on, is_confirmed, from_mainland)
