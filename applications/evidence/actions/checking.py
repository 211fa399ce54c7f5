"""What an officer makes of a document: looked at again, verified, not accepted, moved, filed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.clock import day_of
from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.dates import hong_kong_day
from applications.assessments.actions import assess_if_changed, forget_shown_status
from applications.assessments.shown import StatusAsShown
from applications.evidence.actions.documents import MOST_IN_A_SLOT, on_disk, read_after_all, turned_down
from applications.evidence.actions.printed import forget_printed, record_printed
from applications.evidence.actions.refusals import DocumentRefused
from applications.evidence.actions.requests import locked_request, reopen_unanswered
from applications.evidence.actions.residence import record_status_shown
from applications.evidence.files import ReadFile
from applications.evidence.models import Document, DocumentStatus, Part, SlotCode
from applications.evidence.parts import PARTS_OF
from applications.evidence.permissions import check_can_check_document, check_can_request
from applications.evidence.printed import AsPrinted, is_made_out
from applications.evidence.queries import slots_of
from applications.evidence.slots import Need
from applications.lifecycle.actions import lock_application
from applications.lifecycle.messages import write_to_applicant
from applications.lifecycle.models import Application
from applications.lifecycle.queries import RELATED_TO_MESSAGES


@transaction.atomic
def release_document(document: Document, file: ReadFile, *, by: Actor, at: datetime) -> Document:
    """An officer has had a held file looked at once more; where it could be read it is shown like any other.

    `file` is what `files.read_bytes` made of the kept bytes. Raises PermissionDenied without the right to
    verify evidence on this case, DocumentRefused where the file still cannot be read or the case has ended.
    """
    check_can_check_document(document, by, at)
    locked = _lock_to_check(document)
    if read_after_all(locked, file, by=by, at=at).is_held:
        raise DocumentRefused(
            _("“%(name)s” still cannot be read safely. Turn it down, and say what to send instead.")
            % {"name": locked.name}
        )
    return locked


@transaction.atomic
def verify_document(
    document: Document,
    *,
    printed: AsPrinted | None = None,
    shows: StatusAsShown | None = None,
    by: Actor,
    at: datetime,
) -> Document:
    """An officer has compared the document with what it proves and found it right. Where that changed what
    the rules know, they run again.

    `printed` is what it prints of the person, for one that is made out to somebody (D6); `shows`, for a proof
    of residence, the status and its days: where they contradict what was declared, the applicant is asked and
    the status waits for an officer (AMB-04b). Raises PermissionDenied without the right to verify evidence on
    this case, DocumentRefused once the case has ended, another officer has turned the document down, or what
    it prints or shows is not said.
    """
    check_can_check_document(document, by, at)
    locked = _lock_to_check(document)
    if locked.is_held:
        raise DocumentRefused(
            _("“%(name)s” is held: nobody has seen it, so it cannot be verified.") % {"name": locked.name}
        )
    was_verified = locked.status == DocumentStatus.VERIFIED
    if was_verified and locked.checked_by != by.user:
        return locked
    _check_nobody_else_has(locked, by)
    if is_made_out(locked) and not (printed or was_verified):
        raise DocumentRefused(
            _("Write the name as “%(name)s” prints it, or say that it prints none.") % {"name": locked.name}
        )
    if printed:
        record_printed(locked, printed, by=by, at=at)
    if not was_verified:
        _check_off(locked, DocumentStatus.VERIFIED, "", by=by, at=at)
        record_event(
            "document.verified",
            about=locked.application,
            by=by,
            at=at,
            document=str(locked.pk),
            slot=locked.slot,
        )
    if shows and locked.slot == SlotCode.RESIDENCE:
        record_status_shown(locked, shows, by=by, at=at)
    assess_if_changed(locked.application, by=by, at=at)
    return locked


@transaction.atomic
def reject_document(document: Document, *, reason: str, by: Actor, at: datetime) -> Document:
    """An officer cannot accept the document; the applicant is told why by mail and may send another. Where
    that changed what the rules know, they run again.

    Raises PermissionDenied without the right to verify evidence on this case, DocumentRefused without a
    reason that fits, once the case has ended or another officer has checked the document.
    """
    check_can_check_document(document, by, at)
    reason = " ".join(reason.split())
    if not reason:
        raise DocumentRefused(_("Write why it is not accepted: the applicant reads this and sends another."))
    most = Document._meta.get_field("reason").max_length or 0
    if len(reason) > most:
        raise DocumentRefused(_("The reason may have up to %(most)d characters.") % {"most": most})
    locked = _lock_to_check(document)
    if locked.status == DocumentStatus.REJECTED and locked.reason == reason:
        return locked
    _check_nobody_else_has(locked, by)
    _check_off(locked, DocumentStatus.REJECTED, reason, by=by, at=at)
    forget_printed(locked, by=by, at=at)
    forget_shown_status(locked.application, document=locked.pk)
    record_event(
        "document.rejected", about=locked.application, by=by, at=at, document=str(locked.pk), slot=locked.slot
    )
    if locked.request is not None:
        reopen_unanswered(locked_request(locked.request, of=locked.application), by=by, at=at)
    write_to_applicant(locked.application, "document_rejected", at=at, document=locked)
    assess_if_changed(locked.application, by=by, at=at)
    return locked


@transaction.atomic
def record_provenance(
    document: Document,
    *,
    original_sighted_on: date | None,
    sent_by_issuer_on: date | None,
    by: Actor,
    at: datetime,
) -> Document:
    """How far the paper behind the file is known: the office has had the original in hand on a day (HKT), the
    issuing body has sent it by its own way. None takes a record back; what does not change keeps its officer.

    Raises PermissionDenied without the right to verify evidence on this case, DocumentRefused for a day still
    to come, or once the case has ended.
    """
    check_can_check_document(document, by, at)
    locked = _lock_to_check(document)
    days = {"original_sighted": original_sighted_on, "sent_by_issuer": sent_by_issuer_on}
    changed = {stem: day for stem, day in days.items() if day != getattr(locked, f"{stem}_on")}
    for stem, day in changed.items():
        if day and day > day_of(at):
            raise DocumentRefused(_("%(day)s is still to come.") % {"day": hong_kong_day(day)})
        setattr(locked, f"{stem}_on", day)
        setattr(locked, f"{stem}_by", by.user if day else None)
    if changed:
        locked.save()
    told = {"document": str(locked.pk), "slot": locked.slot}
    if "original_sighted" in changed:
        record_event(
            "document.original_sighted" if original_sighted_on else "document.original_sighted_withdrawn",
            about=locked.application,
            by=by,
            at=at,
            on=original_sighted_on and original_sighted_on.isoformat(),
            **told,
        )
    if "sent_by_issuer" in changed:
        record_event(
            "document.sent_by_issuer" if sent_by_issuer_on else "document.sent_by_issuer_withdrawn",
            about=locked.application,
            by=by,
            at=at,
            on=sent_by_issuer_on and sent_by_issuer_on.isoformat(),
            **told,
        )
    return locked


@transaction.atomic
def retype_document(
    document: Document, *, slot: SlotCode, question: str = "", by: Actor, at: datetime
) -> Document:
    """The file is really proof of another thing: it moves to that slot and waits there to be checked.

    What was made of it as proof of the first thing no longer counts; history keeps the move. Where that thing
    must be shown and nothing else is there for it, the applicant is told. Raises PermissionDenied without the
    right to verify evidence on this case, DocumentRefused for a slot that is full or has the very file, for
    one that another officer has checked, or once the case has ended.
    """
    check_can_check_document(document, by, at)
    question = question if slot == SlotCode.PROGRAMME else ""
    locked = _lock_to_check(document)
    case, moved_from = locked.application, (SlotCode(locked.slot), locked.question)
    if moved_from == (slot, question):
        return locked
    _check_nobody_else_has(locked, by)
    there = case.documents.filter(slot=slot, question=question)
    if there.filter(sent_sha256=locked.sent_sha256).exists():
        raise DocumentRefused(_("The very same file is there already. Turn this one down instead."))
    _check_has_room(there.count())
    locked.slot, locked.question, locked.replaces = slot, question, None
    if locked.part not in PARTS_OF[slot]:
        locked.part, locked.translated_by, locked.is_certified = Part.ORIGINAL, "", False
    request, locked.request = locked.request, None
    locked.status, locked.reason = DocumentStatus.RECEIVED, ""
    locked.checked_by = locked.checked_at = None
    locked.save()
    locked.replaced_by.update(replaces=None)
    forget_printed(locked, by=by, at=at)
    forget_shown_status(case, document=locked.pk)
    record_event(
        "document.retyped",
        about=case,
        by=by,
        at=at,
        document=str(locked.pk),
        slot=slot,
        moved_from=moved_from[0],
    )
    if request is not None:
        reopen_unanswered(locked_request(request, of=case), by=by, at=at)
    assess_if_changed(case, by=by, at=at)
    left = next((s for s in slots_of(case, at=at) if (s.code, s.question) == moved_from), None)
    if left and left.need is not Need.OPTIONAL and not left.is_filled:
        write_to_applicant(case, "document_retyped", at=at, document=locked, missing=left.title, why=left.why)
    return locked


@transaction.atomic
def file_document(
    application: Application,
    slot: SlotCode,
    file: ReadFile,
    *,
    part: Part = Part.ORIGINAL,
    question: str = "",
    sent_by_issuer_on: date | None = None,
    by: Actor,
    at: datetime,
) -> Document:
    """An officer files what the office got by another way than from the applicant: from the body that issued
    it on a day (HKT), or at the counter. The same file again is the one that is there.

    Raises PermissionDenied without the right to verify evidence on this case, DocumentRefused for a draft or
    a case that has ended, a day still to come, a file that could not be read, or a slot that is full.
    """
    check_can_request(application, by, at)
    if sent_by_issuer_on and sent_by_issuer_on > day_of(at):
        raise DocumentRefused(_("%(day)s is still to come.") % {"day": hong_kong_day(sent_by_issuer_on)})
    case = lock_application(application)
    if case.has_ended or case.is_draft:
        raise DocumentRefused(_("This application takes no documents as it stands."))
    question = question if slot == SlotCode.PROGRAMME else ""
    there = case.documents.filter(slot=slot, question=question)
    if same := there.filter(sent_sha256=file.sent_sha256).first():
        return same
    _check_has_room(there.count())
    part = part if part in PARTS_OF[slot] else Part.ORIGINAL
    document = Document(
        application=case,
        slot=slot,
        question=question,
        name=file.name,
        kind=file.kind,
        was=file.was,
        pages=file.pages,
        sent_sha256=file.sent_sha256,
        part=part,
        replaces=turned_down(there, part),
        filed_by=by.user,
        uploaded_at=at,
        sent_by_issuer_on=sent_by_issuer_on,
        sent_by_issuer_by=by.user if sent_by_issuer_on else None,
    )
    if document.is_held:
        raise DocumentRefused(
            _("“%(name)s” cannot be read safely, so it is not filed. Print it to a new PDF, and file that.")
            % {"name": file.name}
        )
    with on_disk(document, file):
        document.save(force_insert=True)
        record_event(
            "document.filed",
            about=case,
            by=by,
            at=at,
            document=str(document.pk),
            slot=slot,
            sha256=file.sha256,
        )
    return document


def _check_has_room(count: int) -> None:
    if count >= MOST_IN_A_SLOT:
        raise DocumentRefused(
            _("%(most)d files is the most for one point. Turn one down, or put pages together into one PDF.")
            % {"most": MOST_IN_A_SLOT}
        )


def _lock_to_check(document: Document) -> Document:
    """The row as it is now, with what a message needs; its case is locked first, as everywhere."""
    if lock_application(document.application).has_ended:
        raise DocumentRefused(_("This application has ended, so its documents stay as they are."))
    return (
        Document.objects.select_for_update(of=("self",))
        .select_related("checked_by", *(f"application__{name}" for name in RELATED_TO_MESSAGES))
        .get(pk=document.pk)
    )


def _check_nobody_else_has(document: Document, by: Actor) -> None:
    """Of two officers who look at one document the first is heard, and may think again; the second learns of
    it."""
    if document.status != DocumentStatus.RECEIVED and document.checked_by != by.user:
        raise DocumentRefused(
            _("“%(name)s” has been checked meanwhile: it is “%(status)s”. Reload the page to see by whom.")
            % {"name": document.name, "status": document.get_status_display()}
        )


def _check_off(document: Document, status: DocumentStatus, reason: str, *, by: Actor, at: datetime) -> None:
    document.status, document.reason = status, reason
    document.checked_by, document.checked_at = by.user, at
    document.save(update_fields=["status", "reason", "checked_by", "checked_at", "updated_at"])
