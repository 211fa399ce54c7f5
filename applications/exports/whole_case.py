"""A case as one PDF: asked for, made in the background, kept a day for whoever asked, forgotten.

What the front says of the case comes from above, as the press takes it; here it is printed, and every
document that can be read is put behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.history.actions import record_event
from admissions_portal.jobs.actions import request_job
from admissions_portal.jobs.models import Job
from admissions_portal.jobs.runners import Progress
from admissions_portal.papers.preflight import made_printable
from admissions_portal.papers.press import Press, RendererMissing, Sheet
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.evidence.models import Document
from applications.exports.merging import CannotBeMerged, MergedFile, merge, write_anew
from applications.exports.models import AS_PDF, ExportLog, WholeCase, private_path
from applications.lifecycle.models import Application, Opened
from applications.lifecycle.openings import note_opening
from applications.lifecycle.queries import applications_visible_to

KIND = "whole_case"
# long enough for a meeting, short enough to be no second archive
KEPT = timedelta(hours=24)
# whoever works on the documents, and whoever may take lists out of the portal
RIGHTS = (Right.VERIFY_EVIDENCE, Right.EXPORT)


class WholeCaseRefused(Refusal):
    """It cannot be made here and now."""


@dataclass(frozen=True, slots=True)
class DocumentPut:
    """A document of the case, the pages it has in the file, or why it is left out."""

    document: Document
    pages: int = 0
    why_not: str = ""


# The front over what became of each document: template and context as the press takes them.
Front = Callable[[Sequence[DocumentPut]], Mapping[str, Any]]


def case_to_take(user: User, pk: UUID, *, at: datetime) -> Application | None:
    """The case this person may have as one file today, or None: appointments and conflicts of interest are
    asked for each right anew."""
    for right in RIGHTS:
        case = applications_visible_to(user, on=day_of(at), right=right).filter(pk=pk).first()
        if case is not None:
            return case
    return None


@transaction.atomic
def request_whole_case(application: Application, *, by: Actor, at: datetime) -> Job:
    """Ask for the case as one PDF; a worker makes it. Asked again meanwhile, it is the same job.

    Raises PermissionDenied for whoever may not take it.
    """
    if by.user is None or case_to_take(by.user, application.pk, at=at) is None:
        raise PermissionDenied
    params = {"case": str(application.pk), "user": by.user.pk}
    return request_job(KIND, params=params, by=by, at=at, key=f"{KIND}/{application.pk}/{by.user.pk}")


def make_whole_case(
    application: Application, *, made_for: User, front: Front, language: str, at: datetime, progress: Progress
) -> WholeCase:
    """Write the file, keep it for `made_for` alone, and write down that it left the portal.

    A document that cannot be read is named in the file with the reason and stops no other. Safe to run twice:
    the later file replaces the earlier. Raises WholeCaseRefused where the person may no longer take the case,
    and where papers cannot be made here.
    """
    if case_to_take(made_for, application.pk, at=at) is None:
        raise WholeCaseRefused(_("The case is no longer open to you."))
    copy = WholeCase(application=application, made_for=made_for, made_at=at, forget_at=at + KEPT)
    copy.file.name = private_path(copy, "")
    # the row is there before its bytes: whatever dies in between is forgotten with it
    copy.save()
    documents = list(application.documents.order_by("uploaded_at", "id"))
    with TemporaryDirectory() as folder:
        put, files = _documents_anew(documents, Path(folder), progress)
        sheet = Sheet("letters/whole_case.html", made_printable(front(put)), language)
        first, whole = Path(folder, "front.pdf"), Path(folder, "whole.pdf")
        try:
            first.write_bytes(Press([sheet]).print(sheet).pdf)
        except RendererMissing as missing:
            raise WholeCaseRefused(
                _(
                    "No PDF can be made: a system library is missing. Whoever runs the portal finds it with "
                    "./portal doctor."
                )
            ) from missing
        number = application.number or ""
        copy.pages = merge(
            first,
            files,
            whole,
            foot=lambda page, pages: f"p. {page} of {pages} · {number}",
            heading=_("Documents"),
        )
        copy.size = whole.stat().st_size
        with whole.open("rb") as made:
            copy.file.storage.save(copy.file.name, File(made))
    copy.left_out = [{"name": each.document.name, "why": each.why_not} for each in put if each.why_not]
    with transaction.atomic():
        earlier = WholeCase.objects.select_for_update().filter(application=application, made_for=made_for)
        for older in earlier.exclude(pk=copy.pk):
            _forget(older)
        copy.save()
        ExportLog.objects.create(
            exported_by=made_for,
            exported_at=at,
            kind=KIND,
            format=AS_PDF,
            filters={"q": number},
            rows=1,
        )
        record_event("case.exported", about=application, by=Actor.of(made_for), at=at, pages=copy.pages)
    return copy


def whole_case_of(user: User, pk: UUID, *, at: datetime) -> WholeCase | None:
    """The finished file of this person while it is kept and they may still take the case; else None."""
    copy = WholeCase.objects.filter(pk=pk, made_for=user.pk, forget_at__gt=at, size__gt=0).first()
    if copy is None or case_to_take(user, copy.application_id, at=at) is None:
        return None
    return copy


def note_whole_case_taken(copy: WholeCase, *, by: User, at: datetime) -> None:
    """Write down that its owner opened it."""
    note_opening(copy.application_id, Opened.WHOLE, by=by, at=at)


def forget_whole_cases(*, at: datetime) -> int:
    """Delete the files whose day is over; says how many. Safe to run twice or late."""
    forgotten = 0
    for copy in _to_forget(at):
        with transaction.atomic():
            _forget(copy)
        forgotten += 1
    return forgotten


def _to_forget(at: datetime) -> QuerySet[WholeCase]:
    return WholeCase.objects.filter(forget_at__lte=at).order_by("forget_at", "id")


def _forget(copy: WholeCase) -> None:
    # the bytes first: a crash in between leaves a row that the next run deletes, never a file nobody knows
    copy.file.delete(save=False)
    WholeCase.objects.filter(pk=copy.pk).delete()


def _documents_anew(
    documents: Sequence[Document], folder: Path, progress: Progress
) -> tuple[list[DocumentPut], list[MergedFile]]:
    """Each document as a PDF of its own in the folder, or why it is none."""
    put: list[DocumentPut] = []
    files: list[MergedFile] = []
    for done, document in enumerate(documents):
        progress(done, len(documents) + 1)
        if document.is_held:
            put.append(DocumentPut(document, why_not=_("held: not yet examined")))
        elif document.is_rejected:
            put.append(DocumentPut(document, why_not=_("not accepted: %(why)s") % {"why": document.reason}))
        else:
            try:
                with document.file.open("rb") as source:
                    title = _("%(slot)s: %(name)s") % {
                        "slot": document.get_slot_display(),
                        "name": document.name,
                    }
                    path = folder / f"{document.pk.hex}.pdf"
                    files.append(write_anew(source, document.kind, title=title, to=path))
                put.append(DocumentPut(document, pages=files[-1].pages))
            except (CannotBeMerged, OSError):
                put.append(DocumentPut(document, why_not=_("the file cannot be read")))
    progress(len(documents), len(documents) + 1)
    return put, files
