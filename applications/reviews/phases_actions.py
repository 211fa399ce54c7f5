"""Setting up the phases of review of an intake."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.dates import hong_kong_time
from admissions_portal.support.refusals import Refusal
from applications.reviews.phases import MOST_READERS, OthersScores, ReviewPhase, WhoScores
from programmes.models import Intake, refused_from
from programmes.queries import has_right


class PhaseRefused(Refusal):
    """The phase would overlap another, end before it begins, or somebody else changed it a moment before."""


@dataclass(frozen=True, slots=True)
class PhaseTerms:
    """What is set of a phase. `ends_at` is the last minute (HKT), counted in full."""

    name: str
    begins_at: datetime
    ends_at: datetime
    who_scores: str = WhoScores.EVERY_READER
    readers_needed: int = 2
    others_scores: str = OthersScores.AFTER_OWN
    asks_third_reader: bool = False

    @classmethod
    def of(cls, phase: ReviewPhase) -> PhaseTerms:
        """As the phase stands; `edition_of` tells whether it still does."""
        return cls(**{name: getattr(phase, name) for name in cls.__slots__})


def edition_of(phase: ReviewPhase) -> str:
    """Which one an editor saw: another after each change."""
    return phase.updated_at.isoformat()


@transaction.atomic
def make_phase(intake: Intake, terms: PhaseTerms, *, by: Actor, at: datetime) -> ReviewPhase:
    """A new phase of review for the intake's cases.

    Raises PermissionDenied without the right to assign readers in the programme, PhaseRefused for times that
    have passed, that are the wrong way round, or in which another phase of the intake runs.
    """
    _check_right(intake, by, at)
    closed_from = _check_terms(intake, terms, at=at)
    if closed_from <= at:
        raise PhaseRefused(
            _("%(when)s has passed. Choose a later end.") % {"when": hong_kong_time(terms.ends_at)}
        )
    phase = ReviewPhase.objects.create(intake=intake, closed_from=closed_from, **_written(terms))
    record_event("phase.made", about=phase, by=by, at=at, **_told(intake, terms))
    return phase


@transaction.atomic
def change_phase(phase: ReviewPhase, terms: PhaseTerms, *, seen: str, by: Actor, at: datetime) -> ReviewPhase:
    """Set the phase anew; what was scored or given under it stays. `seen` is the edition the editor had open.

    Leaves early when nothing changes. Raises as `make_phase`, and PhaseRefused where somebody else changed or
    removed the phase since. A phase that has ended may be given a later end, which opens it again.
    """
    _check_right(phase.intake, by, at)
    closed_from = _check_terms(phase.intake, terms, at=at, but=phase)
    locked = ReviewPhase.objects.select_for_update().filter(pk=phase.pk).first()
    if locked is None:
        raise PhaseRefused(_("This phase was removed a moment ago. Make a new one if it is needed."))
    if PhaseTerms.of(locked) == terms:
        return locked
    if edition_of(locked) != seen:
        raise PhaseRefused(
            _("Somebody else changed this phase since you opened it. Look at it below, then save again.")
        )
    for name, value in {**_written(terms), "closed_from": closed_from}.items():
        setattr(locked, name, value)
    locked.save()
    record_event("phase.changed", about=locked, by=by, at=at, **_told(phase.intake, terms))
    return locked


@transaction.atomic
def remove_phase(phase: ReviewPhase, *, by: Actor, at: datetime) -> None:
    """Take away a phase in which no case was given to anybody. Removed before: nothing changes.

    Raises PermissionDenied without the right, PhaseRefused where cases were given in it.
    """
    _check_right(phase.intake, by, at)
    locked = ReviewPhase.objects.select_for_update().filter(pk=phase.pk).first()
    if locked is None:
        return
    if locked.assignments.exists():
        raise PhaseRefused(
            _("Cases were given to readers in this phase, so it stays on record. Let it end earlier instead.")
        )
    record_event("phase.removed", about=locked, by=by, at=at, intake=locked.intake_id)
    locked.delete()


def _check_right(intake: Intake, by: Actor, at: datetime) -> None:
    if by.user is None or not has_right(by.user, Right.ASSIGN_REVIEWS, intake.programme, day_of(at)):
        raise PermissionDenied


def _check_terms(
    intake: Intake, terms: PhaseTerms, *, at: datetime, but: ReviewPhase | None = None
) -> datetime:
    """The first instant that is too late. The intake is locked: two phases made at once see each other."""
    Intake.objects.select_for_update().get(pk=intake.pk)
    closed_from = refused_from(terms.ends_at)
    if closed_from <= terms.begins_at:
        raise PhaseRefused(
            _("The phase would end on %(end)s, before it begins on %(begin)s. Choose a later end.")
            % {"end": hong_kong_time(terms.ends_at), "begin": hong_kong_time(terms.begins_at)}
        )
    if not 1 <= terms.readers_needed <= MOST_READERS:
        raise PhaseRefused(
            _("A case needs 1 to %(most)d readers; %(given)d is not in between.")
            % {"most": MOST_READERS, "given": terms.readers_needed}
        )
    others = ReviewPhase.objects.filter(
        intake=intake, begins_at__lt=closed_from, closed_from__gt=terms.begins_at
    )
    if but is not None:
        others = others.exclude(pk=but.pk)
    if other := others.order_by("begins_at").first():
        raise PhaseRefused(
            _(
                "“%(other)s” runs from %(begin)s to %(end)s. Only one phase of an intake runs at a time: "
                "choose times outside of it."
            )
            % {
                "other": other.name,
                "begin": hong_kong_time(other.begins_at),
                "end": hong_kong_time(other.ends_at),
            }
        )
    return closed_from


def _written(terms: PhaseTerms) -> dict[str, object]:
    return {**asdict(terms), "name": terms.name.strip()}


def _told(intake: Intake, terms: PhaseTerms) -> dict[str, object]:
    """For history: dates and codes, never the name somebody typed."""
    return {
        "intake": intake.pk,
        "begins": terms.begins_at.isoformat(),
        "ends": terms.ends_at.isoformat(),
        "who_scores": str(terms.who_scores),
        "readers": terms.readers_needed,
        "others_scores": str(terms.others_scores),
        "asks_third_reader": terms.asks_third_reader,
    }
