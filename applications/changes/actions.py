"""Proposing a change after the round has closed, and the office's answer (B14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.assessments.actions import correct_answers
from applications.assessments.corrections import corrections_of, items_of
from applications.changes.models import ChangeProposal, ProposalStatus
from applications.changes.places import Place
from applications.evidence.actions import add_document, compare_again
from applications.evidence.files import ReadFile
from applications.lifecycle.actions import lock_application
from applications.lifecycle.messages import write_to_applicant
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_can_with, check_is_own
from applications.submission.amendments import why_not_amendable
from applications.submission.sections.choice import Choice

# More is a correspondence, which is better held by telephone.
MOST_OPEN = 20


class ChangeRefused(Refusal):
    """The change cannot be proposed, taken back or decided now."""


@dataclass(frozen=True, slots=True)
class ProposedChange:
    """What is to change: `old` and `new` as in `ChangeProposal`, or `words` where the form has no inputs."""

    place: Place
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    why: str
    words: str = ""


@transaction.atomic
def propose_change(
    application: Application,
    change: ProposedChange,
    *,
    proof: ReadFile | None = None,
    by: Actor,
    at: datetime,
) -> ChangeProposal:
    """Ask the office to change an answer of a submitted application. The submission stays as it was sent.

    The very same asked again, by a second click, is the one that waits. `proof` goes where proofs of its kind
    go. Raises PermissionDenied for anybody but the applicant, ChangeRefused while the round is open (then it
    is changed and submitted again), once the case has ended, or where nothing would change.
    """
    check_is_own(application, by)
    application = lock_application(application)
    if application.is_draft or not why_not_amendable(application, at=at):
        raise ChangeRefused(
            _(
                "Until its round closes, change the application itself and submit it again. "
                "Nobody need be asked."
            )
        )
    if application.has_ended:
        raise ChangeRefused(_("This application has ended, so nothing in it is changed any more."))
    if not change.words and change.old == change.new:
        raise ChangeRefused(_("Nothing is changed yet. Change an answer, then send it."))
    waiting = application.proposals.filter(status=ProposalStatus.OPEN)
    what: dict[str, Any] = {
        "section": change.place.section,
        "group": change.place.group,
        "row": change.place.row,
        "old": change.old,
        "new": change.new,
        "words": change.words,
        "why": change.why,
    }
    for same in waiting:
        if all(getattr(same, name) == value for name, value in what.items()):
            return same
    if len(waiting) >= MOST_OPEN:
        raise ChangeRefused(
            _("%(count)d changes wait for the office already. Wait for its answers, or telephone it.")
            % {"count": MOST_OPEN}
        )
    assert application.profile is not None, "a submitted case has its profile"
    document = add_document(application, change.place.slot, proof, by=by, at=at) if proof else None
    made = ChangeProposal.objects.create(
        application=application, profile=application.profile, proof=document, proposed_at=at, **what
    )
    record_event(
        "change.proposed", about=application, by=by, at=at, proposal=str(made.pk), section=made.section
    )
    return made


@transaction.atomic
def withdraw_proposal(proposal: ChangeProposal, *, by: Actor, at: datetime) -> ChangeProposal:
    """The applicant takes a proposal back. Taken back before: nothing changes.

    Raises PermissionDenied for anybody but the applicant, ChangeRefused once the office has answered.
    """
    check_is_own(proposal.application, by)
    lock_application(proposal.application)
    locked = ChangeProposal.objects.select_for_update().get(pk=proposal.pk)
    if locked.status == ProposalStatus.WITHDRAWN:
        return locked
    _check_open(locked)
    record_event("change.withdrawn", about=locked.application, by=by, at=at, proposal=str(locked.pk))
    return _close(locked, ProposalStatus.WITHDRAWN, "", by=by, at=at)


@transaction.atomic
def accept_proposal(proposal: ChangeProposal, *, by: Actor, at: datetime) -> ChangeProposal:
    """The office takes the change over: it stands beside the frozen answer, and the rules run with it.

    Accepted before: nothing changes. Raises PermissionDenied without the right to verify evidence on this
    case, ChangeRefused once it is closed otherwise, the case has ended or was submitted again since, or for
    an item that another proposal has taken out, and for a second choice that is the first by now.
    """
    application, locked = _locked_for_office(proposal, by=by, at=at)
    if locked.status == ProposalStatus.ACCEPTED:
        return locked
    _check_open(locked)
    if application.has_ended:
        raise ChangeRefused(_("This application has ended, so nothing in it is changed any more."))
    if locked.profile_id != application.profile_id:
        raise ChangeRefused(
            _(
                "The application was submitted again since, so this proposal speaks of an earlier one. "
                "Refuse it."
            )
        )
    if _is_gone(locked, application):
        raise ChangeRefused(
            _("What this proposal would change was taken out meanwhile. Refuse it, and say so.")
        )
    record_event("change.accepted", about=application, by=by, at=at, proposal=str(locked.pk))
    closed = _close(locked, ProposalStatus.ACCEPTED, "", by=by, at=at)
    if closed.section == Choice.key:
        _choose(application, closed.new or {})
    elif not closed.words:
        correct_answers(application, group=closed.group, row=closed.row, values=closed.new, by=by, at=at)
        # a name or birth date corrected may be what the documents print
        compare_again(application, by=by, at=at)
    write_to_applicant(application, "change_decided", at=at, proposal=closed, is_accepted=True)
    return closed


@transaction.atomic
def refuse_proposal(proposal: ChangeProposal, *, reason: str, by: Actor, at: datetime) -> ChangeProposal:
    """The office does not take the change over and says why; the applicant reads it.

    The same refusal again changes nothing. Raises PermissionDenied without the right to verify evidence on
    this case, ChangeRefused without a reason or once it is closed otherwise.
    """
    application, locked = _locked_for_office(proposal, by=by, at=at)
    reason = " ".join(reason.split())
    if not reason:
        raise ChangeRefused(_("Write why the change is not accepted: the applicant reads it."))
    if (locked.status, locked.reason) == (ProposalStatus.REFUSED, reason):
        return locked
    _check_open(locked)
    record_event("change.refused", about=application, by=by, at=at, proposal=str(locked.pk))
    closed = _close(locked, ProposalStatus.REFUSED, reason, by=by, at=at)
    write_to_applicant(application, "change_decided", at=at, proposal=closed, is_accepted=False)
    return closed


def _is_gone(proposal: ChangeProposal, application: Application) -> bool:
    """Whether the item it speaks of has been taken out: there is nothing left to change."""
    if proposal.row is None or proposal.words:
        return False
    corrections = corrections_of([application]).get(application.pk, [])
    return items_of(proposal.profile.data, corrections, proposal.group)[proposal.row] is None


def _choose(application: Application, chosen: dict[str, Any]) -> None:
    """What is applied for from now on; the submission says what was applied for then."""
    for name, value in chosen.items():
        setattr(application, f"{name}_id", value)
    if application.specialisation_id is not None and (
        application.specialisation_id == application.second_specialisation_id
    ):
        raise ChangeRefused(
            _("With this change first and second choice would be the same. Refuse it, and say so.")
        )
    application.save(update_fields=[*chosen, "updated_at"])


def _locked_for_office(
    proposal: ChangeProposal, *, by: Actor, at: datetime
) -> tuple[Application, ChangeProposal]:
    check_can_with(Right.VERIFY_EVIDENCE, proposal.application, by=by, at=at)
    application = lock_application(proposal.application)
    return application, ChangeProposal.objects.select_for_update().get(pk=proposal.pk)


def _check_open(proposal: ChangeProposal) -> None:
    if not proposal.is_open:
        raise ChangeRefused(
            _("This proposal is closed already: %(status)s.") % {"status": proposal.get_status_display()}
        )


def _close(
    proposal: ChangeProposal, status: ProposalStatus, reason: str, *, by: Actor, at: datetime
) -> ChangeProposal:
    proposal.status, proposal.reason = status, reason
    proposal.decided_by, proposal.decided_at = by.user, at
    proposal.save(update_fields=["status", "reason", "decided_by", "decided_at"])
    return proposal
