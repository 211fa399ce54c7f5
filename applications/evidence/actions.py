"""Adding and removing a document, and what an officer makes of one."""

from __future__ import annotations

import os
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.evidence.files import ReadFile
from applications.evidence.models import FOLDER, Document, DocumentStatus, SlotCode
from applications.evidence.permissions import check_can_check_document
from applications.lifecycle.actions import lock_application
from applications.lifecycle.messages import write_to_applicant
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_is_own
from applications.lifecycle.queries import RELATED_TO_MESSAGES
from applications.lifecycle.states import OPEN_TO_APPLICANT

# More is not evidence but a heap; several pages belong into one file.
MOST_IN_A_SLOT = 20


class DocumentRefused(Refusal):
    """The case does not take the document, or does not let it go."""


def add_document(
    application: Application, slot: SlotCode, file: ReadFile, *, by: Actor, at: datetime
) -> Document:
    """Keep a file as proof in a slot. The same file again in the same slot is the document that is there.

    `file` is what `files.read_upload` made of an upload, outside any transaction. It lies on disk before its
    row commits: a row never points at nothing, and what a crash can leave is a file without a row. Raises
    PermissionDenied for anybody but the applicant, DocumentRefused for a case that has ended, a slot that is
    full, or the very file the office has turned down.
    """
    check_is_own(application, by)
    with transaction.atomic():
        locked = lock_application(application)
        if locked.has_ended:
            raise DocumentRefused(_("This application has ended, so it takes no more documents."))
        held = locked.documents.filter(slot=slot)
        if same := held.filter(sha256=file.sha256).first():
            if same.is_rejected:
                raise DocumentRefused(
                    _("“%(name)s” is the file that was not accepted: %(reason)s Send another one.")
                    % {"name": file.name, "reason": same.reason}
                )
            return same
        if held.count() >= MOST_IN_A_SLOT:
            raise DocumentRefused(
                _(
                    "“%(name)s” was not kept: %(most)d files is the most for one point. "
                    "Put pages together into one PDF."
                )
                % {"name": file.name, "most": MOST_IN_A_SLOT}
            )
        return _keep(locked, slot, file, by=by, at=at)


def _keep(application: Application, slot: SlotCode, file: ReadFile, *, by: Actor, at: datetime) -> Document:
    document = Document(
        application=application,
        slot=slot,
        name=file.name,
        kind=file.kind,
        size=file.size,
        pages=file.pages,
        sha256=file.sha256,
        uploaded_at=at,
    )
    document.file.save("", ContentFile(file.content), save=False)
    try:
        with document.file.open() as kept:  # a row survives a power cut, so its bytes must
            os.fsync(kept.fileno())
        document.save(force_insert=True)
        record_event(
            "document.added",
            about=application,
            by=by,
            at=at,
            document=str(document.pk),
            slot=slot,
            sha256=file.sha256,
        )
    except BaseException:
        document.file.delete(save=False)
        raise
    return document


@transaction.atomic
def remove_document(document: Document, *, by: Actor, at: datetime) -> None:
    """Take a file out of a draft, for good; the bytes go once this is committed. Gone already is gone.

    Raises PermissionDenied for anybody but the applicant, DocumentRefused once the application was submitted.
    """
    check_is_own(document.application, by)
    application = lock_application(document.application)
    if application.state not in OPEN_TO_APPLICANT:
        raise DocumentRefused(
            _(
                "“%(name)s” stays: your application was submitted with it. "
                "You may add another document beside it."
            )
            % {"name": document.name}
        )
    row = Document.objects.filter(pk=document.pk, application=application).first()
    if row is None:
        return
    storage, path, removed = row.file.storage, row.file.name, str(row.pk)
    row.delete()
    record_event("document.removed", about=application, by=by, at=at, document=removed, slot=document.slot)
    transaction.on_commit(lambda: storage.delete(path))


@transaction.atomic
def verify_document(document: Document, *, by: Actor, at: datetime) -> Document:
    """An officer has compared the document with what it proves and found it right.

    Raises PermissionDenied without the right to verify evidence on this case, DocumentRefused once the case
    has ended or another officer has turned the document down.
    """
    check_can_check_document(document, by, at)
    locked = _lock_to_check(document)
    if locked.status == DocumentStatus.VERIFIED:
        return locked
    _check_nobody_else_has(locked, by)
    _check_off(locked, DocumentStatus.VERIFIED, "", by=by, at=at)
    record_event(
        "document.verified", about=locked.application, by=by, at=at, document=str(locked.pk), slot=locked.slot
    )
    return locked


@transaction.atomic
def reject_document(document: Document, *, reason: str, by: Actor, at: datetime) -> Document:
    """An officer cannot accept the document; the applicant is told why by mail and may send another.

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
    record_event(
        "document.rejected", about=locked.application, by=by, at=at, document=str(locked.pk), slot=locked.slot
    )
    write_to_applicant(locked.application, "document_rejected", at=at, document=locked)
    return locked


def remove_orphans(*, older_than: datetime) -> int:
    """Delete files that a crash left without a row, and return how many.

    `older_than` is real time, as files keep it: a young file may belong to a row that is not yet committed.
    """
    storage = Document._meta.get_field("file").storage
    removed = 0
    for folder in storage.listdir(FOLDER)[0] if storage.exists(FOLDER) else []:
        paths = {f"{FOLDER}/{folder}/{name}" for name in storage.listdir(f"{FOLDER}/{folder}")[1]}
        kept = set(Document.objects.filter(file__in=paths).values_list("file", flat=True))
        for path in paths - kept:
            if storage.get_modified_time(path) < older_than:
                storage.delete(path)
                removed += 1
    return removed


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
