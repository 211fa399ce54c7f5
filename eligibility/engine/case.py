"""What every rule is given: facts, requirements, the moment, and what several rules need worked out once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from .facts import Degree, Facts, Residence, Round
from .findings import Outcome
from .records import YEARS, FactsError
from .requirements import Requirements

if TYPE_CHECKING:
    from .english import Sitting

T = TypeVar("T")

HKT = timezone(timedelta(hours=8), "HKT")
"""Hong Kong time: UTC+8 all year, no daylight saving (AMB-30)."""


def check_instant(at: datetime) -> None:
    """Refuse a moment of asking that cannot be one. Raises FactsError with path `$.at`."""
    if at.tzinfo is None or at.year not in YEARS:
        raise FactsError("$.at", "impossible_instant", at.isoformat(), "an instant with its offset")


class Standing(NamedTuple):
    """What a rule makes of one qualification, before it is a finding."""

    outcome: Outcome
    reason: str
    reading: str = ""
    document: str = ""


@dataclass(slots=True)
class Case:
    """One person before one policy at one moment.

    at             the instant that counts: when the application was received, else when the rules are
                   asked (AMB-03)
    on             its Hong Kong date, on which scores must be valid (AMB-05)
    today          the Hong Kong date of asking: a score or degree may arrive after the application did
    residence      the status that counts: as declared at submission, or at registration where that is read
                   and known (AMB-04b)
    qualification  the one on which admission is sought (HKU), see `qualifications.py`
    better         another declared one that would serve better, or None
    first_degree   the bachelor's that counts (HKUST), or None
    sittings       the English tests as judged, the one that serves best first
    exemption      whether an English test is needed at all
    round          the round an application received at this moment belongs to, or None
    described      facts as values for findings, by the identity of the fact (`values`)
    """

    facts: Facts
    requirements: Requirements
    at: datetime
    on: date
    today: date
    residence: Residence | None = None
    qualification: Degree | None = None
    better: Degree | None = None
    first_degree: Degree | None = None
    sittings: tuple[Sitting, ...] = ()
    exemption: Standing | None = None
    round: Round | None = None

    @property
    def sitting(self) -> Sitting | None:
        """The English test that serves best, or None where none is declared."""
        return self.sittings[0] if self.sittings else None

    described: dict[int, dict[str, Any]] = field(default_factory=dict)

    def reading(self, name: str) -> str:
        """The policy's choice for a reading."""
        return self.requirements.choices[name]

    def values(self, describe: Callable[[T], dict[str, Any]], fact: T) -> dict[str, Any]:
        """`describe(fact)`, once for all the findings that quote this fact, which are never changed."""
        described = self.described.get(id(fact))
        if described is None:
            described = self.described[id(fact)] = describe(fact)
        return described
