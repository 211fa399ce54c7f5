"""Giving cases to readers, one by one, evenly or from a list; taking one back; putting one off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.history.actions import record_event, record_events
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.lifecycle.actions import lock_application
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_can_with
from applications.reviews.assignment import ReviewAssignment, ReviewPutOff
from applications.reviews.assignment_plans import Pair, Plan, plan_spread, problems_of
from applications.reviews.models import Review
from applications.reviews.phases import ReviewPhase
from applications.reviews.phases_queries import phases_due
from programmes.queries import has_right

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User


class AssignmentRefused(Refusal):
    """The reader has scored already, or the plan that was looked at is no longer the one."""


@dataclass(frozen=True, slots=True)
class Given:
    """What was given, and for every pair that was not the sentence that says why, in the order asked for."""

    given: list[Pair]
    refused: list[tuple[Pair, str]]


@transaction.atomic
def give_cases(pairs: Iterable[Pair], *, by: Actor, at: datetime) -> Given:
    """Give each case to the reader beside it; what cannot be given is left out and says why, so that a list
    of a thousand is not held up by one.

    The cases' rows are locked, in one order: of two officers at once the second sees what the first gave. The
    score is expected in the phase that runs or begins next. Readers are told by `tell_readers`.
    """
    pairs = list(dict.fromkeys(pairs))
    _lock(case for case, _reader in pairs)
    problems = problems_of(pairs, by=by, at=at)
    good = [pair for pair in pairs if pair not in problems]
    _write(good, by=by, at=at)
    return Given(good, [(pair, problems[pair]) for pair in pairs if pair in problems])


@transaction.atomic
def spread_cases(phase: ReviewPhase, readers: Sequence[User], *, seen: str, by: Actor, at: datetime) -> Plan:
    """Give every case of the phase that needs readers to some of these, as evenly as conflicts of interest
    allow. `seen` is the mark of the plan that was looked at.

    Planned anew with the cases locked: where another officer gave something meanwhile the plan is another,
    nothing is given, and AssignmentRefused asks to look again. Raises PermissionDenied without the right to
    assign readers, AssignmentRefused once the phase has ended.
    """
    if by.user is None or not has_right(by.user, Right.ASSIGN_REVIEWS, phase.intake.programme, day_of(at)):
        raise PermissionDenied
    # the cases first, as whoever gives one by hand: the row of that names the phase
    _lock(
        Application.objects.filter(offering__intake=phase.intake_id).order_by().values_list("pk", flat=True)
    )
    phase = (
        ReviewPhase.objects.select_for_update(of=("self",))
        .select_related("intake__programme")
        .get(pk=phase.pk)
    )
    if phase.has_ended(at):
        raise AssignmentRefused(_("This phase has ended. Give it a later end first, or make another one."))
    plan = plan_spread(phase, readers, by=by, at=at)
    if plan.mark != seen:
        raise AssignmentRefused(
            _("What there is to give has changed since this page was drawn. Look at it again, then confirm.")
        )
    _write([Pair(case, reader) for case, reader in plan.pairs], by=by, at=at)
    return plan


@transaction.atomic
def take_back_case(assignment: ReviewAssignment, *, by: Actor, at: datetime) -> ReviewAssignment:
    """The reader no longer has the case; the row stays, with who took it back and when. Taken back before:
    nothing changes.

    Raises PermissionDenied without the right to assign readers on the case, AssignmentRefused where the
    reader has scored it or abstained: what they said stands.
    """
    check_can_with(Right.ASSIGN_REVIEWS, assignment.application, by=by, at=at)
    lock_application(assignment.application)
    assignment = (
        ReviewAssignment.objects.select_for_update(of=("self",))
        .select_related("reader")
        .get(pk=assignment.pk)
    )
    if not assignment.is_open:
        return assignment
    if Review.objects.filter(application=assignment.application_id, reviewer=assignment.reader_id).exists():
        raise AssignmentRefused(
            _("%(reader)s has read this case already; what they said stands.") % {"reader": assignment.reader}
        )
    assignment.taken_back_by, assignment.taken_back_at = by.user, at
    assignment.save(update_fields=["taken_back_by", "taken_back_at"])
    record_event("review.taken_back", about=assignment.application, by=by, at=at, reader=assignment.reader_id)
    return assignment


@transaction.atomic
def put_off_case(application: Application, *, by: Actor, at: datetime) -> ReviewPutOff:
    """The reader says "later": the case comes after all that they have not put off. Nothing of the case
    changes, so its history does not tell it.

    Raises PermissionDenied for whoever may not score it.
    """
    check_can_with(Right.REVIEW, application, by=by, at=at)
    return ReviewPutOff.objects.update_or_create(
        application=application, reader=by.user, defaults={"put_off_at": at}
    )[0]


def _lock(cases: Iterable[UUID]) -> None:
    list(
        Application.objects.select_for_update(of=("self",))
        .filter(pk__in=set(cases))
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _write(pairs: Sequence[Pair], *, by: Actor, at: datetime) -> None:
    if not pairs:
        return
    intakes = dict(
        Application.objects.filter(pk__in={pair.case for pair in pairs})
        .order_by()
        .values_list("pk", "offering__intake")
    )
    phases = phases_due(intakes.values(), at=at)
    rows = [
        ReviewAssignment(
            application_id=case,
            reader_id=reader,
            phase=phases.get(intakes[case]),
            given_by=by.user,
            given_at=at,
        )
        for case, reader in pairs
    ]
    ReviewAssignment.objects.bulk_create(rows, batch_size=1000)
    record_events(
        "review.case_given",
        [(row.application_id, {"reader": row.reader_id, "phase": row.phase_id}) for row in rows],
        model=Application,
        by=by,
        at=at,
    )
