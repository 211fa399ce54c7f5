"""What a catalogue row and a programme page show at a moment, worked out from prefetched rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from programmes.models import Intake, Offering, Programme, Round, Statement

_NEVER = datetime.max.replace(tzinfo=UTC)


class Standing(TextChoices):
    """Whether somebody can apply now, later, no longer, or nobody knows yet."""

    OPEN = "OPEN", _("Open now")
    OPENING = "OPENING", _("Opening later")
    CLOSED = "CLOSED", _("Closed")
    UNANNOUNCED = "UNANNOUNCED", _("Not announced")


@dataclass(frozen=True)
class RoundShown:
    """A round as printed: offerings with equal dates share one line. `at` decides open, to come or closed."""

    round: Round
    offerings: tuple[Offering, ...]
    every_mode: bool
    at: datetime

    @property
    def is_open(self) -> bool:
        return self.round.is_open(self.at)

    @property
    def is_closed(self) -> bool:
        return self.round.is_closed(self.at)

    @property
    def is_to_come(self) -> bool:
        return self.round.is_to_come(self.at)

    @property
    def is_announced(self) -> bool:
        return self.round.is_announced

    @property
    def takes_over_drafts(self) -> bool:
        """Whether a draft left from an earlier round counts here without applying anew (AMB-02)."""
        return self.round.number > 1 and not self.is_closed


@dataclass(frozen=True)
class OfferingShown:
    """A study mode as it stands at `at`: a column of the comparison."""

    offering: Offering
    at: datetime

    @property
    def open_rounds(self) -> list[Round]:
        return self.offering.rounds_open_to(self.at, local=None)

    @property
    def is_open(self) -> bool:
        return bool(self.open_rounds)

    @property
    def is_open_to_local_only(self) -> bool:
        """Open, and in no round that a non-local applicant may use (HKU-09)."""
        return self.is_open and not self.offering.rounds_open_to(self.at, local=False)

    def takes(self, local: bool | None) -> bool:
        """Whether a local (True) or non-local (False) applicant is admitted at all; None: nobody has said."""
        return local is not False or not self.offering.is_closed_to_non_local

    def standing(self, local: bool | None) -> Standing:
        """How it stands for a local (True) or non-local (False) applicant; None: for whoever may."""
        announced = [r for r in self.offering.rounds.all() if r.is_announced]
        theirs = [r for r in announced if r.is_for(local)]
        if any(r.is_open(self.at) for r in theirs):
            return Standing.OPEN
        if any(r.is_to_come(self.at) for r in theirs):
            return Standing.OPENING
        # dates that are for others only leave nothing to wait for in this intake
        return Standing.CLOSED if announced else Standing.UNANNOUNCED


@dataclass(frozen=True)
class IntakeShown:
    """An intake with its modes and rounds, as they stand at `at`."""

    intake: Intake
    offerings: tuple[Offering, ...]
    at: datetime

    @cached_property
    def rounds(self) -> tuple[RoundShown, ...]:
        """Every round once, in order of number; modes with equal dates together."""
        together: dict[tuple[object, ...], list[tuple[Round, Offering]]] = {}
        for offering in self.offerings:
            for round_ in offering.rounds.all():
                printed = (
                    round_.number,
                    round_.title,
                    round_.audience,
                    round_.opens_at,
                    round_.closes_at,
                    round_.is_example,
                )
                together.setdefault(printed, []).append((round_, offering))
        shown = [
            RoundShown(
                round=pairs[0][0],
                offerings=tuple(offering for _round, offering in pairs),
                every_mode=len(pairs) == len(self.offerings),
                at=self.at,
            )
            for pairs in together.values()
        ]
        return tuple(sorted(shown, key=lambda s: (s.round.number, s.round.closed_from or _NEVER)))

    @property
    def open_rounds(self) -> list[RoundShown]:
        return sorted((s for s in self.rounds if s.is_open), key=lambda s: s.round.closed_from or _NEVER)

    @property
    def columns(self) -> list[OfferingShown]:
        return [OfferingShown(offering, self.at) for offering in self.offerings]

    @property
    def is_open(self) -> bool:
        return any(s.is_open for s in self.rounds)

    @property
    def is_open_to_local_only(self) -> bool:
        """Open, and in no round that a non-local applicant may use (HKU-09)."""
        return self.is_open and all(s.round.is_local_only for s in self.open_rounds)

    @property
    def is_over(self) -> bool:
        """Every announced round has closed and none is to come."""
        return self.is_announced and all(s.is_closed for s in self.rounds if s.is_announced)

    @property
    def sources(self) -> str:
        """The clauses of duration, fee and fee status, each once, as the page names them."""
        told = [c for o in self.offerings for c in (o.duration_source, o.fee_source, o.fee_status_source)]
        told.append(self.intake.source)
        clauses = [clause for text in told for clause in text.split(", ") if clause]
        facts_first = sorted(set(clauses), key=lambda clause: (clause.startswith("AMB"), clause))
        return ", ".join(facts_first)

    @property
    def has_patterns(self) -> bool:
        return any(o.pattern for o in self.offerings)

    @property
    def has_instalments(self) -> bool:
        return any(o.instalments for o in self.offerings)

    @property
    def is_announced(self) -> bool:
        return any(s.is_announced for s in self.rounds)

    @property
    def nearest_for_everyone(self) -> RoundShown | None:
        """The first round not yet over that is not for local applicants only."""
        usable = [s for s in self.rounds if s.is_announced and not s.is_closed and not s.round.is_local_only]
        return min(usable, key=lambda s: s.round.closed_from or _NEVER, default=None)

    @property
    def nearest(self) -> RoundShown | None:
        """The round to name: open and soonest to close, else next to open, else last closed, else None."""
        if open_now := self.open_rounds:
            return open_now[0]
        if to_come := [s for s in self.rounds if s.is_to_come]:
            return min(to_come, key=lambda s: s.round.opens_at or _NEVER)
        closed = [s for s in self.rounds if s.is_closed]
        return max(closed, key=lambda s: s.round.closed_from or _NEVER, default=None)

    @property
    def order(self) -> tuple[int, float]:
        """Sorts soonest deadline first, then what is still to open, then what has closed, unknown last."""
        nearest = self.nearest
        if nearest is None or nearest.round.closed_from is None:
            return 3, 0.0
        closes = nearest.round.closed_from.timestamp()
        if nearest.is_open:
            return 0, closes
        return (1, closes) if nearest.is_to_come else (2, -closes)

    @property
    def fees(self) -> tuple[Offering, ...]:
        """One offering per different fee statement, so that each is told once and with its note."""
        different: dict[tuple[object, ...], Offering] = {}
        for o in self.offerings:
            if o.fee_amount is not None:
                told = (o.fee_amount, o.fee_currency, o.fee_funding, o.fee_status, o.fee_note)
                different.setdefault(told, o)
        return tuple(different.values())

    @property
    def shares_one_fee(self) -> bool:
        return len(self.fees) == 1 and all(o.fee_amount is not None for o in self.offerings)


@dataclass(frozen=True)
class ProgrammeShown:
    """A programme with the intakes worth showing at `at`."""

    programme: Programme
    intakes: tuple[IntakeShown, ...]

    @property
    def intake(self) -> IntakeShown | None:
        return self.intakes[0] if self.intakes else None

    @property
    def order(self) -> tuple[int, float, str]:
        return (*(self.intake.order if self.intake else (3, 0.0)), self.programme.name)

    @property
    def opening(self) -> Statement | None:
        """What the institution says of the opening in general, while nothing is dated (UST-11)."""
        said: list[Statement] = getattr(self.programme.institution, "openings", [])
        return next((s for s in said if s.level in ("", self.programme.level)), None)

    @property
    def columns(self) -> list[OfferingShown]:
        return [column for intake in self.intakes for column in intake.columns]

    @property
    def specialisation_count(self) -> int:
        return sum(len(track.specialisations.all()) for track in self.programme.tracks.all())


def show_programme(programme: Programme, at: datetime) -> ProgrammeShown:
    """Intakes that can still be applied for, soonest first; if there is none, the newest one.

    Expects `intakes__offerings__rounds` prefetched and asks the database nothing then.
    """
    shown = [IntakeShown(i, tuple(i.offerings.all()), at) for i in programme.intakes.all()]
    ahead = sorted((i for i in shown if i.order[0] < 2), key=lambda i: i.order)
    return ProgrammeShown(programme, tuple(ahead or shown[:1]))


def show_programmes(programmes: Iterable[Programme], at: datetime) -> list[ProgrammeShown]:
    """Rows of the catalogue: soonest deadline first, unknown last."""
    return sorted((show_programme(p, at) for p in programmes), key=lambda row: row.order)
