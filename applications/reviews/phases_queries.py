"""Which phase of review a case is in, and whether a reader may score it now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from admissions_portal.support.actors import Actor
from admissions_portal.support.dates import hong_kong_time
from admissions_portal.support.refusals import Refusal
from applications.lifecycle.models import Application
from applications.reviews.assignment import ReviewAssignment
from applications.reviews.phases import ReviewPhase
from programmes.models import Intake
from programmes.queries import programmes_of

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User


class ScoringClosed(Refusal):
    """No phase of review runs now, or the one that runs is for those whom the case was given to."""


def phases_editable_by(user: User, *, on: date) -> QuerySet[ReviewPhase]:
    """The phases of programmes for which `user` assigns readers on that day, the latest intake first."""
    return (
        ReviewPhase.objects.filter(intake__programme__in=programmes_of(user, Right.ASSIGN_REVIEWS, on))
        .select_related("intake__programme__institution", "intake__programme__office")
        .order_by("intake__programme__name", "-intake__code", "intake__term", "begins_at")
    )


def phase_due(phases: Iterable[ReviewPhase], *, at: datetime) -> ReviewPhase | None:
    """Of one intake's phases the one that runs, else the next to begin: where a score is expected now."""
    open_still = [phase for phase in phases if not phase.has_ended(at)]
    return min(open_still, key=lambda phase: phase.begins_at, default=None)


def phases_due(intakes: Iterable[int], *, at: datetime) -> dict[int, ReviewPhase]:
    """For each intake that has one, the phase that runs or begins next. One query."""
    found: dict[int, ReviewPhase] = {}
    phases = ReviewPhase.objects.filter(intake__in=set(intakes), closed_from__gt=at).order_by("-begins_at")
    for phase in phases.select_related("intake__programme__office"):
        found[phase.intake_id] = phase
    return found


def phases_here() -> QuerySet[ReviewPhase]:
    """For a subquery over cases: the phases of each one's intake, the earliest first."""
    return ReviewPhase.objects.filter(intake=OuterRef("offering__intake")).order_by("begins_at")


def phases_running_here(at: datetime) -> QuerySet[ReviewPhase]:
    """For a subquery over cases: the phase that runs at `at`; there is never more than one."""
    return phases_here().filter(begins_at__lte=at, closed_from__gt=at)


def has_phases() -> Exists:
    """For a filter over cases: whether their intake is read in phases at all."""
    return Exists(phases_here())


def phases_of_intake(intake: Intake | int) -> list[ReviewPhase]:
    """Those of one intake, the earliest first."""
    return list(ReviewPhase.objects.filter(intake=intake).order_by("begins_at"))


def why_not_scored_now(
    application: Application,
    phases: Iterable[ReviewPhase],
    *,
    is_given: bool,
    at: datetime,
) -> str:
    """Why a reader cannot score this case at `at`, in a sentence; "" where they can. `phases` are those of
    its intake; `is_given`: the case was given to this reader."""
    phases = list(phases)
    if not phases:
        return ""
    office = {"office": application.offering.programme.office.name}
    due = phase_due(phases, at=at)
    if due is None:
        last = max(phases, key=lambda phase: phase.closed_from)
        return _("Reviewing ended on %(when)s. Ask the %(office)s whether your score is still needed.") % {
            "when": hong_kong_time(last.ends_at),
            **office,
        }
    if due.is_to_come(at):
        return _("Reviewing begins on %(when)s.") % {"when": hong_kong_time(due.begins_at)}
    if due.is_for_assigned and not is_given:
        return _(
            "In “%(phase)s” a case is scored by those it was given to. Ask the %(office)s to give it to you."
        ) % {"phase": due.name, **office}
    return ""


def check_scoring_is_open(application: Application, *, by: Actor, at: datetime) -> None:
    """Raises ScoringClosed, with when reviewing begins or whom to ask, unless the phase of the case lets this
    reader score at `at`. An intake without phases is always open."""
    phases = phases_of_intake(application.offering.intake_id)
    is_given = (
        bool(phases)
        and ReviewAssignment.objects.filter(
            application=application, reader=by.user, taken_back_at=None
        ).exists()
    )
    if why := why_not_scored_now(application, phases, is_given=is_given, at=at):
        raise ScoringClosed(why)
