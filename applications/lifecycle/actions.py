"""Starting a case, and the only writer of its state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.applicants.models import Applicant
from applications.lifecycle.limits import check_not_too_many
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_can_with
from applications.lifecycle.states import RUNNING, State
from applications.lifecycle.transitions import TRANSITIONS, Move
from programmes.models import Offering


class TransitionRefused(Refusal):
    """The case is not in a state from which this move is possible: somebody else, or oneself, was there
    first."""


class ApplicationGone(Refusal):
    """The draft was deleted, or what it changed was submitted, by another tab a moment before."""


@transaction.atomic
def start_application(applicant: Applicant, offering: Offering, *, by: Actor, at: datetime) -> Application:
    """A draft for this offering; the running one if there is one, so that a second click makes no second
    draft.

    Whether a round is open is not asked here: a draft may be prepared early, submission decides (AMB-03).
    Raises PermissionDenied for anybody but the applicant, TooManyApplications where the institution limits
    how many one person may have with it (B12).
    """
    if by.user is None or by.user.pk != applicant.user_id:
        raise PermissionDenied
    running = Application.objects.filter(
        applicant=applicant, offering=offering, state__in=RUNNING, amends=None
    )
    if found := running.first():
        return found
    check_not_too_many(applicant, offering)
    try:
        with transaction.atomic():
            made = Application.objects.create(
                applicant=applicant, offering=offering, state_since=at, started_at=at
            )
    except IntegrityError:  # another tab was first
        return running.get()
    record_event("application.started", about=made, by=by, at=at, offering=offering.pk)
    return made


def lock_application(application: Application) -> Application:
    """The row as it is in the database now, locked until the transaction ends.

    Raises ApplicationGone for a draft that is there no more.
    """
    locked = Application.objects.select_for_update(of=("self",)).filter(pk=application.pk).first()
    if locked is None:
        raise ApplicationGone(
            _(
                "This draft is gone: it was deleted or submitted in another tab. “My applications” shows "
                "what there is."
            )
        )
    return locked


@transaction.atomic
def apply_transition(
    application: Application,
    move: Move,
    *,
    by: Actor,
    at: datetime,
    fields: Mapping[str, Any] | None = None,
    **data: Any,
) -> Application:
    """Move the case and write its history. Returns the locked row; `application` itself is brought up to
    date.

    `fields` are written in the same UPDATE as the state; `data` goes into the event: ids, codes, dates.
    Raises TransitionRefused when the state does not allow the move, and PermissionDenied when a member of
    staff lacks the right the table names.
    """
    transition = TRANSITIONS[move]
    locked = lock_application(application)
    if locked.state not in transition.sources:
        raise moved_on(locked)
    if transition.right is not None:
        check_can_with(transition.right, locked, by=by, at=at)
    locked.state = transition.target
    locked.state_since = at
    for name, value in (fields or {}).items():
        setattr(locked, name, value)
    locked.save(update_fields=["state", "state_since", "updated_at", *(fields or {})])
    record_event(transition.event, about=locked, by=by, at=at, **data)
    for name in ("state", "state_since", *(fields or {})):
        setattr(application, name, getattr(locked, name))
    return locked


def moved_on(application: Application) -> TransitionRefused:
    """What is said to whoever would act on a case that no longer stands where it stood."""
    return TransitionRefused(
        _("This application has moved on: it is now “%(state)s”. Reload the page to see where it stands.")
        % {"state": State(application.state).label}
    )


def next_number(series: str) -> str:
    """The next number of the series, without gaps: `MMS26-000001`. Call it last: the series' row stays
    locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO applications_numberseries (key, last) VALUES (%s, 1)
               ON CONFLICT (key) DO UPDATE SET last = applications_numberseries.last + 1
               RETURNING last""",
            [series],
        )
        return f"{series}-{cursor.fetchone()[0]:06d}"
