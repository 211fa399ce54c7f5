"""What the office asks of an applicant after submission: asked, answered, settled or withdrawn (D2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.clock import HONG_KONG, day_of
from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.dates import hong_kong_day
from admissions_portal.support.refusals import Refusal
from applications.evidence.models import (
    EvidenceRequest,
    RequestKind,
    RequestStatus,
    RequestWants,
    SlotCode,
)
from applications.evidence.permissions import check_can_request
from applications.lifecycle.actions import lock_application
from applications.lifecycle.messages import write_to_applicant
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_is_own
from applications.lifecycle.queries import RELATED_TO_MESSAGES

MOST_RUNNING = 20
LATEST = timedelta(days=366)


class RequestRefused(Refusal):
    """The request cannot be made, answered or ended as things stand."""


@dataclass(frozen=True, slots=True)
class EvidenceTerms:
    """What is asked: when it is needed, what for, in which words, by which day (HKT, counted to its end)."""

    kind: RequestKind
    wants: RequestWants
    title: str
    words: str
    due_on: date
    slot: SlotCode = SlotCode.OTHER
    question: str = ""
    clause: str = ""


@transaction.atomic
def ask_for_evidence(
    application: Application, *, terms: EvidenceTerms, by: Actor, at: datetime
) -> EvidenceRequest:
    """Ask the applicant for a document or an answer; the mail is queued in their language.

    Sent twice by a second click, it is asked once. Raises PermissionDenied without the right to verify
    evidence on this case, RequestRefused without words, for a day that has passed, or once it has ended.
    """
    check_can_request(application, by, at)
    title, words = " ".join(terms.title.split()), terms.words.strip()
    if not title or not words:
        raise RequestRefused(_("Say what you ask for and write a sentence to the applicant."))
    for text, most in (
        (title, EvidenceRequest._meta.get_field("title").max_length or 0),
        (words, EvidenceRequest._meta.get_field("words").max_length or 0),
    ):
        if len(text) > most:
            raise RequestRefused(_("This may have up to %(most)d characters.") % {"most": most})
    if terms.due_on < day_of(at):
        raise RequestRefused(
            _("%(day)s has passed. Choose today or a later day.") % {"day": hong_kong_day(terms.due_on)}
        )
    if terms.due_on > day_of(at) + LATEST:
        raise RequestRefused(
            _("%(day)s is more than a year away. Check the year.") % {"day": hong_kong_day(terms.due_on)}
        )
    application = lock_application(application)
    _check_takes_requests(application)
    asked = {
        "kind": terms.kind,
        "wants": terms.wants,
        "slot": terms.slot if terms.wants == RequestWants.DOCUMENT else SlotCode.OTHER,
        "question": terms.question if terms.slot == SlotCode.PROGRAMME else "",
        "title": title,
        "words": words,
        "clause": terms.clause,
        "due_on": terms.due_on,
    }
    running = application.evidence_requests.filter(status__in=[RequestStatus.OPEN, RequestStatus.ANSWERED])
    if same := running.filter(status=RequestStatus.OPEN, **asked).first():
        return same
    if running.count() >= MOST_RUNNING:
        raise RequestRefused(
            _("%(most)d requests wait already. Settle or withdraw one first.") % {"most": MOST_RUNNING}
        )
    request = EvidenceRequest.objects.create(
        application=application,
        # the whole day counts (AMB-01 reads every date so)
        closed_from=datetime.combine(terms.due_on + timedelta(days=1), time(), HONG_KONG),
        asked_by=by.user,
        asked_at=at,
        **asked,
    )
    due_on = terms.due_on.isoformat()
    record_event(
        "evidence.requested",
        about=request.application,
        by=by,
        at=at,
        due_on=due_on,
        need=str(terms.kind),
        **_codes(request),
    )
    write_to_applicant(application, "evidence_requested", at=at, request=request)
    return request


@transaction.atomic
def answer_request(request: EvidenceRequest, *, answer: str, by: Actor, at: datetime) -> EvidenceRequest:
    """The applicant answers in words; after the day as well, and then it is late. The same words twice are
    one answer.

    Raises PermissionDenied for anybody but the applicant, RequestRefused without words, or where the request
    was settled or withdrawn or the case has ended.
    """
    check_is_own(request.application, by)
    answer = answer.strip()
    if not answer:
        raise RequestRefused(_("Write your answer, or send a document."))
    most = EvidenceRequest._meta.get_field("answer").max_length or 0
    if len(answer) > most:
        raise RequestRefused(
            _("The answer may have up to %(most)d characters; it has %(count)d.")
            % {"most": most, "count": len(answer)}
        )
    locked = _locked(request)
    if locked.answer == answer:
        return locked
    check_takes_answer(locked)
    locked.answer = answer
    locked.save(update_fields=["answer", "updated_at"])
    mark_answered(locked, by=by, at=at)
    return locked


@transaction.atomic
def settle_request(request: EvidenceRequest, *, by: Actor, at: datetime) -> EvidenceRequest:
    """The office has what it asked for, by the answer or by another way. Twice is once.

    Raises PermissionDenied without the right to verify evidence on this case, RequestRefused once it was
    withdrawn.
    """
    check_can_request(request.application, by, at)
    locked = _locked(request)
    if locked.status == RequestStatus.SETTLED:
        return locked
    if locked.status == RequestStatus.WITHDRAWN:
        raise RequestRefused(_("This request was withdrawn meanwhile, so there is nothing to settle."))
    _close(locked, RequestStatus.SETTLED, "", by=by, at=at)
    record_event("evidence.request_settled", about=locked.application, by=by, at=at, **_codes(locked))
    return locked


@transaction.atomic
def withdraw_request(request: EvidenceRequest, *, reason: str, by: Actor, at: datetime) -> EvidenceRequest:
    """The office no longer asks; the applicant is told, with the reason. Twice is once.

    Raises PermissionDenied without the right to verify evidence on this case, RequestRefused without a reason
    or once it was settled.
    """
    check_can_request(request.application, by, at)
    reason = " ".join(reason.split())
    if not reason:
        raise RequestRefused(_("Write why it is no longer needed: the applicant reads this."))
    most = EvidenceRequest._meta.get_field("reason").max_length or 0
    if len(reason) > most:
        raise RequestRefused(_("The reason may have up to %(most)d characters.") % {"most": most})
    locked = _locked(request)
    if locked.status == RequestStatus.WITHDRAWN:
        return locked
    if locked.status == RequestStatus.SETTLED:
        raise RequestRefused(_("This request was settled meanwhile, so it cannot be withdrawn."))
    _close(locked, RequestStatus.WITHDRAWN, reason, by=by, at=at)
    record_event("evidence.request_withdrawn", about=locked.application, by=by, at=at, **_codes(locked))
    write_to_applicant(locked.application, "evidence_request_withdrawn", at=at, request=locked)
    return locked


def check_takes_answer(request: EvidenceRequest) -> None:
    """Raise RequestRefused where the request no longer waits for anything."""
    _check_takes_requests(request.application)
    if not request.is_running:
        raise RequestRefused(
            _("The office no longer asks for “%(title)s”: it is “%(status)s”. You need not send anything.")
            % {"title": request.title, "status": request.get_status_display()}
        )


def mark_answered(request: EvidenceRequest, *, by: Actor, at: datetime) -> None:
    """The applicant has sent something, inside that act's transaction; the first answer's moment stays."""
    if not request.is_open:
        return
    request.status = RequestStatus.ANSWERED
    request.answered_at = at
    request.save(update_fields=["status", "answered_at", "updated_at"])
    record_event(
        "evidence.request_answered",
        about=request.application,
        by=by,
        at=at,
        late=request.was_late,
        **_codes(request),
    )


def reopen_unanswered(request: EvidenceRequest, *, by: Actor, at: datetime) -> None:
    """What was sent in answer was turned down and nothing else is there: the request waits again. Inside the
    act that turned it down, whose message says why."""
    if not request.is_answered or request.answer:
        return
    if any(not document.is_rejected for document in request.documents.all()):
        return
    request.status = RequestStatus.OPEN
    request.answered_at = None
    request.save(update_fields=["status", "answered_at", "updated_at"])
    record_event("evidence.request_reopened", about=request.application, by=by, at=at, **_codes(request))


def locked_request(request: EvidenceRequest, *, of: Application) -> EvidenceRequest:
    """The row as it is now; its case is locked by the caller, first, as everywhere. Raises
    EvidenceRequest.DoesNotExist where it is of another case: no door offers that."""
    return EvidenceRequest.objects.select_for_update().get(pk=request.pk, application=of)


def _locked(request: EvidenceRequest) -> EvidenceRequest:
    lock_application(request.application)
    return (
        EvidenceRequest.objects.select_for_update(of=("self",))
        .select_related(*(f"application__{name}" for name in RELATED_TO_MESSAGES))
        .get(pk=request.pk)
    )


def _check_takes_requests(application: Application) -> None:
    if application.is_draft:
        raise RequestRefused(_("This application has not been submitted, so nothing can be asked yet."))
    if application.has_ended:
        raise RequestRefused(_("This application has ended, so nothing more is asked or sent."))


def _close(request: EvidenceRequest, status: RequestStatus, reason: str, *, by: Actor, at: datetime) -> None:
    request.status, request.reason = status, reason
    request.closed_by, request.closed_at = by.user, at
    request.save(update_fields=["status", "reason", "closed_by", "closed_at", "updated_at"])


def _codes(request: EvidenceRequest) -> dict[str, str]:
    """What history may know of it: never what was asked in words."""
    return {"request": str(request.pk), "wants": request.wants, "clause": request.clause}
