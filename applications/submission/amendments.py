"""Changing a submitted application until its round closes (B14): a draft beside the case, submitted again.

The case is untouched meanwhile: it is what the office has, and what it keeps if nothing is submitted again.
A review that has begun takes the right to amend from nobody, because the round is open to everybody until its
last minute (AMB-01) and early applications are what the universities ask for (UST-12); submitting again puts
the case back to “received”, and scores given before say so. A decision ends it.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.dates import hong_kong_time
from admissions_portal.support.refusals import Refusal
from applications.lifecycle.actions import lock_application
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_is_own
from applications.submission.models import ProgrammeAnswer, ProposedSupervisor, SectionVisit
from applications.submission.queries import draft_copies_of


class AmendmentRefused(Refusal):
    """The application can no longer be changed and submitted again."""


def why_not_amendable(case: Application, *, at: datetime) -> str:
    """Why the case cannot be submitted again at `at`, and what can be done; "" while it can."""
    if case.is_draft or case.round is None:
        return _("This application is still a draft: change it and submit it.")
    if not case.is_considered:
        return _(
            "The office has decided on this application, or it has ended, so it can no longer be changed. "
            "It is now “%(state)s”."
        ) % {"state": case.get_state_display()}
    if case.round.closes_at is None or case.round.is_closed(at):
        return _(
            "%(round)s closed on %(when)s, so the application stands as it was received. "
            "You can still propose a change to the office."
        ) % {
            "round": case.round.title,
            "when": hong_kong_time(case.round.closes_at) if case.round.closes_at else "–",
        }
    return ""


@transaction.atomic
def begin_amendment(case: Application, *, by: Actor, at: datetime) -> Application:
    """A draft that holds what the case holds; the one there is, so that a second click makes no second one.

    Answers about the person are those of the profile as it stands now. Raises PermissionDenied for anybody
    but the applicant, AmendmentRefused once the round has closed or the case is decided.
    """
    check_is_own(case, by)
    case = lock_application(case)
    if why := why_not_amendable(case, at=at):
        raise AmendmentRefused(why)
    if there := amendment_of(case):
        return there
    made = Application.objects.create(
        applicant=case.applicant,
        offering=case.offering,
        specialisation=case.specialisation,
        second_specialisation=case.second_specialisation,
        amends=case,
        state_since=at,
        started_at=at,
    )
    _copy_rows(case, made)
    SectionVisit.objects.bulk_create(
        SectionVisit(
            applicant=case.applicant, application=made, section=visit.section, saved_at=visit.saved_at
        )
        for visit in case.section_visits.all()
    )
    record_event("application.amendment_begun", about=case, by=by, at=at)
    return made


@transaction.atomic
def leave_out_amendment(amendment: Application, *, by: Actor, at: datetime) -> None:
    """Take the changes back: the application stands as it was received. Left out before: nothing changes.

    What was changed in the profile stays there, for it serves every application. Raises PermissionDenied for
    anybody but the applicant, AmendmentRefused for what amends nothing.
    """
    check_is_own(amendment, by)
    if amendment.amends is None:
        raise AmendmentRefused(_("This is an application of its own, and no change to another."))
    case = lock_application(amendment.amends)
    if (draft := lock_if_there(amendment)) is None:
        return
    draft_copies_of(draft).delete()
    draft.delete()
    record_event("application.amendment_left_out", about=case, by=by, at=at)


def amendment_of(case: Application) -> Application | None:
    """The draft that would replace what the case holds, if the applicant has begun one."""
    try:
        return case.amendment
    except ObjectDoesNotExist:
        return None


def lock_if_there(draft: Application) -> Application | None:
    """The draft's row, locked; None where it has been submitted or left out meanwhile."""
    return Application.objects.select_for_update(of=("self",)).filter(pk=draft.pk).first()


def take_answers(draft: Application, *, into: Application) -> None:
    """The case's own answers become the draft's. What was sent before stands in its submission."""
    into.answers.all().delete()
    into.supervisors.all().delete()
    draft.answers.update(application=into)
    draft.supervisors.update(application=into)
    into.question_versions.set(draft.question_versions.all())


def _copy_rows(source: Application, target: Application) -> None:
    ProgrammeAnswer.objects.bulk_create(
        ProgrammeAnswer(application=target, version_id=row.version_id, key=row.key, value=row.value)
        for row in source.answers.all()
    )
    ProposedSupervisor.objects.bulk_create(
        ProposedSupervisor(
            application=target, position=row.position, name=row.name, has_spoken=row.has_spoken
        )
        for row in source.supervisors.all()
    )
