"""Adding, describing and removing a document."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from applications.evidence.actions.refusals import DocumentRefused
from applications.evidence.actions.requests import (
    check_takes_answer,
    locked_request,
    mark_answered,
)
from applications.evidence.bytes import delete_bytes, remove_orphans_of
from applications.evidence.files import ReadFile
from applications.evidence.models import (
    FOLDER,
    Document,
    DocumentStatus,
    EvidenceRequest,
    FileKind,
    Part,
    PartLanguage,
    SlotCode,
)
from applications.evidence.parts import PARTS_OF
from applications.lifecycle.actions import lock_application
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_is_own
from applications.lifecycle.states import OPEN_TO_APPLICANT

# More is not evidence but a heap; several pages belong into one file.
MOST_IN_A_SLOT = 20


def add_document(
    application: Application,
    slot: SlotCode,
    file: ReadFile,
    *,
    part: Part = Part.ORIGINAL,
    question: str = "",
    request: EvidenceRequest | None = None,
    upload_key: UUID | None = None,
    by: Actor,
    at: datetime,
) -> Document:
    """Keep a file as proof in a slot. The same file again in the same slot is the document that is there.

    `file` is what `files.read_upload` made of an upload, outside any transaction. It lies on disk before its
    row commits: a row never points at nothing, and what a crash can leave is a file without a row.
    `upload_key` names the attempt: an answer with this key and `uploaded_at == at` is new, one with this key
    and an earlier moment came with the same attempt before its connection dropped, any other was there.
    A file that was held is released when it comes again and can be read. `question` is the key of the
    programme's question, in a slot of its own. Sent in answer to `request`, it stands in the slot that the
    request is for, and the request is answered.
    Raises PermissionDenied for anybody but the applicant, DocumentRefused for a case that has ended, a slot
    that is full, or the very file the office has turned down; RequestRefused for a request that has ended.
    """
    check_is_own(application, by)
    with transaction.atomic():
        # changes to a submitted application have no documents of their own: a proof is the case's at once
        locked = lock_application(application.amends or application)
        if locked.has_ended:
            raise DocumentRefused(_("This application has ended, so it takes no more documents."))
        if request is not None:
            request = locked_request(request, of=locked)
            check_takes_answer(request)
            slot, question = SlotCode(request.slot), request.question
        there = locked.documents.filter(slot=slot, question=question)
        if same := there.filter(sent_sha256=file.sent_sha256).first():
            if same.is_rejected:
                raise DocumentRefused(
                    _("“%(name)s” is the file that was not accepted: %(reason)s Send another one.")
                    % {"name": file.name, "reason": same.reason}
                )
            if request is not None and same.request_id != request.pk:
                same.request = request
                same.save(update_fields=["request", "updated_at"])
            if request is not None:
                mark_answered(request, by=by, at=at)
            return read_after_all(same, file, by=by, at=at)
        if there.count() >= MOST_IN_A_SLOT:
            raise DocumentRefused(
                _(
                    "“%(name)s” was not kept: %(most)d files is the most for one point. "
                    "Put pages together into one PDF."
                )
                % {"name": file.name, "most": MOST_IN_A_SLOT}
            )
        document = Document(
            application=locked,
            replaces=turned_down(there, part),
            slot=slot,
            question=question,
            request=request,
            name=file.name,
            kind=file.kind,
            was=file.was,
            pages=file.pages,
            sent_sha256=file.sent_sha256,
            upload_key=upload_key,
            part=part if part in PARTS_OF[slot] else Part.ORIGINAL,
            uploaded_at=at,
        )
        is_held = document.is_held
        with on_disk(document, file):
            document.save(force_insert=True)
            record_event(
                "document.held" if is_held else "document.added",
                about=locked,
                by=by,
                at=at,
                document=str(document.pk),
                slot=slot,
                sha256=file.sha256,
            )
            if request is not None:
                mark_answered(request, by=by, at=at)
        return document


def turned_down(there: QuerySet[Document], part: Part) -> Document | None:
    """The last file of that part which was not accepted and has nothing in its place yet."""
    left = there.filter(status=DocumentStatus.REJECTED, part=part, replaced_by=None)
    return left.order_by("checked_at", "id").last()


@contextmanager
def on_disk(document: Document, file: ReadFile) -> Iterator[None]:
    """The file's bytes under a path of their own, taken away again where its row does not follow."""
    document.size, document.sha256 = file.size, file.sha256
    document.file.save("", ContentFile(file.content), save=False)
    try:
        with document.file.open() as kept:  # a row survives a power cut, so its bytes must
            os.fsync(kept.fileno())
        yield
    except BaseException:
        document.file.delete(save=False)
        raise


def read_after_all(document: Document, file: ReadFile, *, by: Actor, at: datetime) -> Document:
    """A held document whose file can be read after all becomes an ordinary one; any other stays as it is."""
    if not document.is_held or file.kind == FileKind.UNKNOWN:
        return document
    storage, path = document.file.storage, document.file.name
    document.kind, document.pages, document.was = file.kind, file.pages, file.was
    with on_disk(document, file):
        document.save()
        record_event(
            "document.released",
            about=document.application,
            by=by,
            at=at,
            document=str(document.pk),
            slot=document.slot,
            sha256=file.sha256,
        )
    delete_bytes(storage, path)
    return document


@transaction.atomic
def describe_document(
    document: Document,
    *,
    part: Part,
    language: PartLanguage | str,
    translated_by: str,
    is_certified: bool,
    by: Actor,
    at: datetime,
) -> Document:
    """The applicant says what the file is: which part, in which language, translated by whom.

    Translator and certificate count for a translation only. Raises PermissionDenied for anybody but the
    applicant, DocumentRefused once the office has checked it, the case has ended, or for a part its slot does
    not take.
    """
    check_is_own(document.application, by)
    application = lock_application(document.application)
    locked = Document.objects.select_for_update().get(pk=document.pk, application=application)
    if application.has_ended or locked.filed_by_id or locked.status != DocumentStatus.RECEIVED:
        raise DocumentRefused(
            _("“%(name)s” stays as it is described: the office has filed or checked it.")
            % {"name": locked.name}
        )
    if part not in PARTS_OF[SlotCode(locked.slot)]:
        raise DocumentRefused(
            _("“%(part)s” is not a part of this. Choose one from the list.") % {"part": Part(part).label}
        )
    if part != Part.TRANSLATION:
        translated_by, is_certified = "", False
    said = {
        "part": part,
        "language": language,
        "translated_by": " ".join(translated_by.split()),
        "is_certified": is_certified,
    }
    if all(getattr(locked, name) == value for name, value in said.items()):
        return locked
    for name, value in said.items():
        setattr(locked, name, value)
    locked.save(update_fields=[*said, "updated_at"])
    record_event(
        "document.described",
        about=application,
        by=by,
        at=at,
        document=str(locked.pk),
        part=part,
        language=language,
    )
    return locked


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
    delete_bytes(storage, path)


def remove_orphans(*, older_than: datetime) -> int:
    """As `bytes.remove_orphans_of` says, for documents."""
    return remove_orphans_of(Document, FOLDER, older_than=older_than)
