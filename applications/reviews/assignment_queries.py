"""Who was given which case, which cases need readers, and which case a reader should score next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    Count,
    DecimalField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import MD5, Cast, Coalesce, Concat, Greatest

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Right, roles_with
from admissions_portal.clock import day_of
from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_visible_to
from applications.lifecycle.recusals import is_recused
from applications.lifecycle.states import UNDER_CONSIDERATION
from applications.reviews.assignment import ReviewAssignment, ReviewPutOff
from applications.reviews.models import Review
from applications.reviews.phases import ReviewPhase, WhoScores
from applications.reviews.phases_queries import has_phases, phases_here, phases_running_here
from applications.reviews.queries import cases_apart, counted, disagrees
from programmes.models import Programme
from programmes.queries import appointments_on, people_with

# how long before its phase ends a score that is not in is "soon due"
SOON = timedelta(days=3)


def assignments_in_force(*, on: date) -> QuerySet[ReviewAssignment]:
    """Cases given and not taken back, whose reader may still read them that day: appointed, active, and
    without a conflict of interest. The rest hold nobody's place."""
    appointed = appointments_on(on).filter(
        user=OuterRef("reader"),
        programme=OuterRef("application__offering__intake__programme"),
        role__in=roles_with(Right.REVIEW),
    )
    return ReviewAssignment.objects.filter(
        Exists(appointed),
        ~is_recused(OuterRef("reader"), application="application"),
        taken_back_at=None,
        reader__is_active=True,
        reader__is_staff=True,
    )


def scores_awaited(*, at: datetime) -> QuerySet[ReviewAssignment]:
    """Of the cases in force and still considered those that their reader has neither scored nor abstained
    from."""
    said = Review.objects.filter(application=OuterRef("application"), reviewer=OuterRef("reader"))
    return assignments_in_force(on=day_of(at)).filter(
        ~Exists(said), application__state__in=UNDER_CONSIDERATION
    )


def scores_to_give(*, at: datetime) -> QuerySet[ReviewAssignment]:
    """Those awaited that can be given now: the phase they were given in has begun, or they are of none."""
    return scores_awaited(at=at).filter(Q(phase=None) | Q(phase__begins_at__lte=at))


def scores_missing(*, at: datetime) -> QuerySet[ReviewAssignment]:
    """Those awaited whose phase ends within `SOON` or has ended: the office asks, or gives the case to
    somebody else."""
    return scores_awaited(at=at).filter(phase__begins_at__lte=at, phase__closed_from__lte=at + SOON)


def assignments_on(cases: Iterable[UUID]) -> QuerySet[ReviewAssignment]:
    """Whom these cases are with, in the order in which they were given."""
    return (
        ReviewAssignment.objects.filter(application__in=list(cases), taken_back_at=None)
        .select_related("reader", "given_by", "phase")
        .order_by("given_at", "id")
    )


def annotate_readers(cases: QuerySet[Application], *, at: datetime) -> QuerySet[Any]:
    """Adds `scored` (scores that are in), `readers_expected` (those and the readers who still have the case)
    and `readers_missing` (how many more it needs in the phase that runs or begins next; 0 without a phase).

    Where the phase asks for it, a case whose scores lie apart when all are in needs one reader more.
    """
    due = phases_here().filter(closed_from__gt=at)
    awaited = scores_awaited(at=at).filter(application=OuterRef("pk"))
    scored = counted(Review.objects.filter(application=OuterRef("pk")))
    third = Q(phase_asks_third=True, scored__gte=F("phase_needs")) & disagrees(user=None, at=at)
    needed = F("phase_needs") + Case(When(wants_third=True, then=1), default=0)
    return cases.annotate(
        scored=_count(scored),
        readers_expected=F("scored") + _count(awaited),
        phase_needs=Coalesce(Subquery(due.values("readers_needed")[:1]), 0),
        phase_asks_third=Subquery(due.values("asks_third_reader")[:1]),
        wants_third=Case(When(third, then=Value(True)), default=Value(False)),
        readers_missing=Case(
            When(state__in=UNDER_CONSIDERATION, then=Greatest(needed - F("readers_expected"), 0)),
            default=0,
            output_field=IntegerField(),
        ),
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("application").annotate(count=Count("pk"))
    return Coalesce(Subquery(counted.values("count")), 0)


# The cases of phases that run or come next, by how many readers each has: those whose scores count and those
# who still have it. One pass over all of them; asked case by case, thousands would take seconds.
_BY_READERS = """
    SELECT application.id
      FROM applications_application AS application
      JOIN programmes_offering AS offering ON offering.id = application.offering_id
      JOIN (SELECT DISTINCT ON (intake_id) intake_id, readers_needed, asks_third_reader
              FROM applications_reviewphase WHERE closed_from > %s ORDER BY intake_id, begins_at
           ) AS due ON due.intake_id = offering.intake_id
      LEFT JOIN ({readers}) AS taken (application_id, score) ON taken.application_id = application.id
     WHERE application.state = ANY(%s)
     GROUP BY application.id, due.readers_needed, due.asks_third_reader
    HAVING {having}
"""
_TOO_FEW = "count(taken.application_id) < due.readers_needed"
_ALL_SCORED = (
    "due.asks_third_reader AND count(taken.application_id) = due.readers_needed "
    "AND count(taken.score) = due.readers_needed"
)


def _by_readers(having: str, *, at: datetime) -> RawSQL:
    scores = counted(Review.objects.order_by()).values_list("application", "score")
    nothing = Value(None, output_field=DecimalField())
    awaited = scores_awaited(at=at).order_by().annotate(none=nothing).values_list("application", "none")
    readers, params = scores.union(awaited, all=True).query.sql_with_params()
    states = [str(state) for state in UNDER_CONSIDERATION]
    # the text is ours, what is compared are parameters
    return RawSQL(_BY_READERS.format(readers=readers, having=having), (at, *params, states))  # nosec B611


def cases_needing_readers(
    *, at: datetime, user: User | None = None, third: bool = False
) -> QuerySet[Application]:
    """Cases with fewer readers than their phase needs, and those whose scores lie apart where it asks one
    more, of the scores that `user` may see (None: of all, for the portal's own use); `third`: the latter
    alone. Not scoped otherwise: narrow what somebody may see by it. As `readers_missing`."""
    apart = Q(pk__in=_by_readers(_ALL_SCORED, at=at)) & cases_apart(user=user, at=at)
    needing = apart if third else Q(pk__in=_by_readers(_TOO_FEW, at=at)) | apart
    return Application.objects.filter(needing).order_by()


def cases_to_score(user: User, *, at: datetime) -> QuerySet[Application]:
    """What this reader can score now, in the order in which the cases need them.

    What was given to them, and where every reader scores also what still needs readers. First what they have
    not put off, then what only they can do, the fewest scores, the nearest end; what is left falls by a lot
    that is this reader's own and the same each time.
    """
    running = phases_running_here(at)
    visible = applications_visible_to(user, on=day_of(at), right=Right.REVIEW)
    own = Review.objects.filter(application=OuterRef("pk"), reviewer=user)
    given = ReviewAssignment.objects.filter(application=OuterRef("pk"), reader=user, taken_back_at=None)
    later = ReviewPutOff.objects.filter(application=OuterRef("pk"), reader=user)
    return (
        visible.filter(~Exists(own), state__in=UNDER_CONSIDERATION)
        .annotate(
            is_given=Exists(given),
            scored=_count(counted(Review.objects.filter(application=OuterRef("pk")))),
            put_off_at=Subquery(later.values("put_off_at")[:1]),
            phase_ends_at=Subquery(running.values("ends_at")[:1]),
            lot=MD5(Concat(Cast("pk", CharField()), Value(f"/{user.pk}"))),
        )
        .filter(
            Q(~has_phases())
            | Q(Exists(running), is_given=True)
            | Q(
                Exists(running.filter(who_scores=WhoScores.EVERY_READER)),
                pk__in=cases_needing_readers(at=at).values("pk"),
            )
        )
        .order_by(
            F("put_off_at").asc(nulls_first=True),
            "-is_given",
            "scored",
            F("phase_ends_at").asc(nulls_last=True),
            "lot",
        )
    )


def cases_scored_by(user: User, *, at: datetime) -> QuerySet[Application]:
    """What this reader has scored, or abstained from, in the phases that run now, and where there are no
    phases of what is still considered; the latest first, each with `own_score` and `own_score_at`."""
    own = Review.objects.filter(application=OuterRef("pk"), reviewer=user)
    began = phases_running_here(at).values("begins_at")[:1]
    return (
        applications_visible_to(user, on=day_of(at), right=Right.REVIEW)
        .annotate(
            own_score=Subquery(own.values("score")[:1]),
            own_score_at=Subquery(own.values("reviewed_at")[:1]),
            phase_began_at=Subquery(began),
        )
        .filter(
            Q(~has_phases(), state__in=UNDER_CONSIDERATION) | Q(own_score_at__gte=F("phase_began_at")),
            own_score_at__isnull=False,
        )
        .order_by("-own_score_at", "pk")
    )


def cases_awaited_outside(user: User, *, at: datetime) -> list[ReviewAssignment]:
    """Cases given to this reader that cannot be scored now: their phase has not begun, or it ended before a
    score was in and no other runs. The next to begin first."""
    running = ReviewPhase.objects.filter(
        intake=OuterRef("application__offering__intake"), begins_at__lte=at, closed_from__gt=at
    )
    visible = applications_visible_to(user, on=day_of(at), right=Right.REVIEW).order_by()
    return list(
        scores_awaited(at=at)
        .filter(~Exists(running), reader=user, phase__isnull=False, application__in=visible.values("pk"))
        .select_related("phase", "application__offering__intake__programme__office", "application__profile")
        .order_by("phase__begins_at", "application__number")
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reader is: scored of all that are theirs to score now, and the next case, None at the end."""

    scored: int
    waiting: int
    next_case: Application | None

    @property
    def total(self) -> int:
        return self.scored + self.waiting


def progress_of(user: User, *, at: datetime, after: UUID | None = None) -> Progress:
    """Two queries. `after` is the case the reader has open: the next one is another."""
    waiting = cases_to_score(user, at=at)
    following = waiting.exclude(pk=after) if after else waiting
    me = User.objects.filter(pk=user.pk)
    scored, left = me.values_list(_how_many(cases_scored_by(user, at=at)), _how_many(waiting)).get()
    return Progress(scored, left, following.first())


def _how_many(cases: QuerySet[Application]) -> Coalesce:
    one = cases.order_by().annotate(one=Value(1)).values("one")
    return Coalesce(Subquery(one.annotate(count=Count("pk")).values("count")), 0)


def loads_in(phase: ReviewPhase, readers: Iterable[int], *, at: datetime) -> dict[int, int]:
    """How many cases of the phase's intake each of these readers has, scored ones included. One query."""
    readers = list(readers)
    loads = dict.fromkeys(readers, 0)
    scored = Review.objects.filter(reviewer__in=readers, application__offering__intake=phase.intake_id)
    held = assignments_in_force(on=day_of(at)).filter(
        reader__in=readers, application__offering__intake=phase.intake_id
    )
    pairs = (
        held.order_by()
        .values_list("reader", "application")
        .union(scored.order_by().values_list("reviewer", "application"))
    )
    for reader, _application in pairs:
        loads[reader] += 1
    return loads


def readers_of(programme: Programme, *, on: date) -> QuerySet[User]:
    """Whoever may score the programme's cases that day, by name."""
    return people_with(Right.REVIEW, programme, on)


def barred_from(cases: QuerySet[Application], readers: Iterable[User], *, on: date) -> set[tuple[UUID, int]]:
    """Pairs of these cases and readers where the reader may not see the case: a conflict of interest, an
    application of their own, no appointment. One query for each reader: the gate is asked, not rebuilt."""
    every = set(cases.order_by().values_list("pk", flat=True))
    barred: set[tuple[UUID, int]] = set()
    for reader in readers:
        visible = applications_visible_to(reader, on=on, right=Right.REVIEW).order_by()
        seen = set(visible.filter(pk__in=cases.order_by().values("pk")).values_list("pk", flat=True))
        barred |= {(case, reader.pk) for case in every - seen}
    return barred
