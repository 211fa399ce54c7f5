"""What would be given to whom before anything is: the problem of each pair, and an even spread as a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_visible_to
from applications.lifecycle.states import UNDER_CONSIDERATION
from applications.reviews.assignment import ReviewAssignment
from applications.reviews.assignment_queries import (
    annotate_readers,
    barred_from,
    cases_needing_readers,
    loads_in,
    readers_of,
)
from applications.reviews.assignment_spread import spread
from applications.reviews.models import Review
from applications.reviews.phases import ReviewPhase

if TYPE_CHECKING:
    from programmes.models import Programme


class Pair(NamedTuple):
    """A case and a reader it might be given to, by their keys."""

    case: UUID
    reader: int


def problems_of(pairs: Sequence[Pair], *, by: Actor, at: datetime) -> dict[Pair, str]:
    """For each pair that cannot be given, why, in a sentence. The number of queries grows with the readers
    and programmes, not with the cases. Raises PermissionDenied for the portal itself, which gives nothing."""
    if by.user is None:
        raise PermissionDenied
    on = day_of(at)
    visible = applications_visible_to(by.user, on=on, right=Right.ASSIGN_REVIEWS).order_by()
    cases = {case.pk: case for case in visible.filter(pk__in={pair.case for pair in pairs})}
    people = User.objects.in_bulk({pair.reader for pair in pairs})
    appointed = _appointed({case.offering.programme for case in cases.values()}, at=at)
    barred = barred_from(Application.objects.filter(pk__in=cases), people.values(), on=on)
    held = _pairs(ReviewAssignment.objects.filter(taken_back_at=None, application__in=cases), "reader")
    said = _pairs(Review.objects.filter(application__in=cases), "reviewer")
    problems: dict[Pair, str] = {}
    for pair in pairs:
        case, reader = cases.get(pair.case), people.get(pair.reader)
        named = {"reader": reader}
        if case is None:
            problems[pair] = _("You cannot give this application to readers.")
        elif reader is None or reader.pk not in appointed[case.offering.programme.pk]:
            problems[pair] = _("%(reader)s does not score for %(programme)s.") % {
                "reader": reader or _("This person"),
                "programme": case.offering.programme.name,
            }
        elif not case.is_considered:
            problems[pair] = _("This application has been decided or has ended; no score is needed.")
        elif pair in said:
            problems[pair] = _("%(reader)s has read it already.") % named
        elif pair in held:
            problems[pair] = _("%(reader)s has it already.") % named
        elif pair in barred:
            problems[pair] = _("%(reader)s may not see it: there is a conflict of interest.") % named
    return problems


def _appointed(programmes: Iterable[Programme], *, at: datetime) -> dict[int, set[int]]:
    return {
        programme.pk: set(readers_of(programme, on=day_of(at)).order_by().values_list("pk", flat=True))
        for programme in programmes
    }


def _pairs(rows: object, reader: str) -> set[Pair]:
    return {Pair(*row) for row in rows.order_by().values_list("application", reader)}  # type: ignore[attr-defined]


class Share(NamedTuple):
    """What one reader has and would get."""

    name: str
    reader: int
    has: int
    gets: int

    @property
    def total(self) -> int:
        return self.has + self.gets


@dataclass(frozen=True, slots=True)
class Plan:
    """Who would get which case. `cases` counts those that need readers; `short` are the keys and numbers of
    those for which there are too few among the chosen."""

    pairs: list[Pair]
    shares: list[Share]
    cases: int
    short: list[tuple[UUID, str]]

    @property
    def mark(self) -> str:
        """What is confirmed is what was seen."""
        said = "".join(f"{case}/{reader} " for case, reader in self.pairs)
        return sha256(said.encode()).hexdigest()[:16]


def plan_spread(phase: ReviewPhase, readers: Sequence[User], *, by: Actor, at: datetime) -> Plan:
    """Every case of the phase's intake that needs readers and that this officer sees, spread over `readers`;
    those who may not read for the programme are left out. The same while nothing changes, whoever asks.

    Nobody gets a case they had before: not one they read, and not one that was taken back from them.
    """
    on = day_of(at)
    appointed = set(readers_of(phase.programme, on=on).order_by().values_list("pk", flat=True))
    readers = sorted((reader for reader in readers if reader.pk in appointed), key=lambda reader: reader.pk)
    visible = applications_visible_to(by.user, on=on, right=Right.ASSIGN_REVIEWS)
    lacking = visible.filter(pk__in=cases_needing_readers(at=at, user=by.user).values("pk"))
    needing = {
        pk: (number, missing)
        for pk, number, missing in annotate_readers(lacking, at=at)
        .filter(offering__intake=phase.intake_id)
        .order_by("number")
        .values_list("pk", "number", "readers_missing")
    }
    intake = {"application__offering__intake": phase.intake_id}
    considered = Application.objects.filter(offering__intake=phase.intake_id, state__in=UNDER_CONSIDERATION)
    barred = (
        barred_from(considered, readers, on=on)
        | _pairs(ReviewAssignment.objects.filter(**intake), "reader")
        | _pairs(Review.objects.filter(**intake), "reviewer")
    )
    loads = loads_in(phase, [reader.pk for reader in readers], at=at)
    found = spread({pk: missing for pk, (_number, missing) in needing.items()}, loads, barred)
    gets = Counter(reader for _case, reader in found.given)
    return Plan(
        [Pair(case, reader) for case, reader in found.given],
        sorted(Share(str(reader), reader.pk, loads[reader.pk], gets[reader.pk]) for reader in readers),
        len(needing),
        [(pk, number) for pk, (number, _missing) in needing.items() if pk in found.short],
    )
