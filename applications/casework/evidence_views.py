"""The doors to what an officer makes of a case's documents."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.accounts.roles import Right
from admissions_portal.support.actors import Actor
from applications.casework.evidence import document_context, next_to_check
from applications.casework.evidence_forms import (
    CaseDifferenceForm,
    CaseDocumentForm,
    CaseFileForm,
    CaseProvenanceForm,
    CaseSlotForm,
)
from applications.casework.frame import Answer, act_context, act_on_case, case_or_404, try_act
from applications.evidence.actions import (
    file_document,
    record_provenance,
    reject_document,
    release_document,
    reopen_difference,
    retype_document,
    settle_difference,
    verify_document,
)
from applications.evidence.files import FileRefused, read_bytes, read_upload
from applications.evidence.models import Document
from applications.evidence.queries import slots_of
from applications.lifecycle.models import Application, Opened
from applications.lifecycle.openings import note_opening


@require_http_methods(["GET", "HEAD", "POST"])
def case_document(request: HttpRequest, pk: UUID, document_pk: UUID) -> HttpResponse:
    """A document beside the claim it proves; verified with what it prints, or not accepted and why."""
    case, document = _document_or_404(request, pk, document_pk)
    if request.method != "POST":
        return _document_page(request, case, document)
    form = CaseDocumentForm(request.POST, document=document)
    if not form.is_valid():
        return _document_page(request, case, document, check_form=form)
    if form.cleaned_data["verdict"] == "verify":
        printed, shows = form.printed(), form.shows()
        done = _("The document is verified.")
        answer = try_act(
            request,
            lambda by, at: verify_document(document, printed=printed, shows=shows, by=by, at=at),
            on=pk,
        )
    else:
        reason = form.cleaned_data["reason"]
        done = _("The document is marked as not accepted.")
        answer = try_act(
            request, lambda by, at: reject_document(document, reason=reason, by=by, at=at), on=pk
        )
    if not answer.is_done:
        return _document_page(request, case, document, answer, check_form=form)
    messages.success(request, done)
    # whoever checks one beside its claim goes on with the next
    following = next_to_check(case, document) if "go_on" in request.POST else None
    if following:
        return redirect("admin:applications_application_document", pk, following.pk)
    return redirect("admin:applications_application_change", pk)


@require_POST
def case_document_slot(request: HttpRequest, pk: UUID, document_pk: UUID) -> HttpResponse:
    """A file that is really proof of another thing, moved there."""
    case, document = _document_or_404(request, pk, document_pk)
    form = CaseSlotForm(request.POST, slots=slots_of(case, at=clock.now()))
    if not form.is_valid():
        return _document_page(request, case, document, slot_form=form)
    slot, question = form.chosen()
    answer = try_act(
        request, lambda by, at: retype_document(document, slot=slot, question=question, by=by, at=at), on=pk
    )
    if not answer.is_done:
        return _document_page(request, case, document, answer, slot_form=form)
    messages.success(request, _("The file is moved, and waits there to be checked."))
    return redirect("admin:applications_application_document", pk, document_pk)


@require_POST
def case_difference(request: HttpRequest, pk: UUID, difference_pk: int) -> HttpResponse:
    """A printed name or birth date that differs, settled, or opened again."""
    case = case_or_404(request, pk, right=Right.VERIFY_EVIDENCE)
    rows = case.printed_differences.select_related("printed", "settled_by")
    difference = rows.filter(pk=difference_pk, printed__superseded_at=None).first()
    if difference is None:
        raise Http404
    document = next(each for each in case.documents.all() if each.pk == difference.printed.document_id)
    if request.POST.get("verdict") == "reopen":
        answer = try_act(request, lambda by, at: reopen_difference(difference, by=by, at=at), on=pk)
        form, done = None, _("It waits for an officer again.")
    else:
        form = CaseDifferenceForm(request.POST, difference=difference, documents=case.documents.all())
        if not form.is_valid():
            return _document_page(request, case, document, difference_form=form)
        settlement = form.settlement()
        answer = try_act(
            request, lambda by, at: settle_difference(difference, **settlement, by=by, at=at), on=pk
        )
        done = _("It is settled, and the reason stands on the file.")
    if not answer.is_done:
        return _document_page(request, case, document, answer, difference_form=form)
    messages.success(request, done)
    return redirect("admin:applications_application_change", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def case_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A document filed that the office got by another way than from the applicant."""
    case = case_or_404(request, pk, right=Right.VERIFY_EVIDENCE)
    slots = slots_of(case, at=clock.now())
    form = CaseFileForm(
        *((request.POST, request.FILES) if request.method == "POST" else (None,)), slots=slots
    )
    answer = Answer()
    if form.is_valid():
        slot, question = form.chosen()
        given = form.cleaned_data
        try:
            # parsed outside of any transaction
            file = read_upload(given["file"])
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            answer = try_act(
                request,
                lambda by, at: file_document(
                    case,
                    slot,
                    file,
                    part=given["part"],
                    question=question,
                    sent_by_issuer_on=given["sent_by_issuer_on"],
                    by=by,
                    at=at,
                ),
            )
            if answer.is_done:
                messages.success(
                    request, _("“%(name)s” is filed, and waits to be checked.") % {"name": file.name}
                )
                return redirect("admin:applications_application_change", pk)
            for refusal in answer.refusals:
                form.add_error(None, refusal)
    return render(
        request, "admin/cases/file.html", act_context(request, case, _("File a document"), form=form)
    )


@require_POST
def case_document_again(request: HttpRequest, pk: UUID, document_pk: UUID) -> HttpResponse:
    """A held file looked at once more: it may have been held because the machine was busy."""
    _case, document = _document_or_404(request, pk, document_pk)
    with document.file.open() as kept:
        content = kept.read()

    def look_again(by: Actor, at: datetime) -> Document:
        return release_document(document, read_bytes(content, name=document.name), by=by, at=at)

    done = _("The file could be read and is shown like any other.")
    return act_on_case(request, done, look_again, pk=pk, beside=True)


@require_http_methods(["GET", "HEAD", "POST"])
def case_provenance(request: HttpRequest, pk: UUID, document_pk: UUID) -> HttpResponse:
    """Whether the original was sighted, and whether the issuing body has sent it."""
    case, document = _document_or_404(request, pk, document_pk)
    form = CaseProvenanceForm(request.POST if request.method == "POST" else None, document=document)
    answer = Answer()
    if form.is_valid():
        days = form.cleaned_data
        done = _("What is known of “%(name)s” is recorded.") % {"name": document.name}
        answer = try_act(request, lambda by, at: record_provenance(document, **days, by=by, at=at), on=pk)
        if answer.is_done:
            messages.success(request, done)
            return redirect("admin:applications_application_change", pk)
        for refusal in answer.refusals:
            form.add_error(None, refusal)
    return render(
        request,
        "admin/cases/provenance.html",
        act_context(
            request, case, _("Original and issuing body"), held=answer.held, form=form, document=document
        ),
    )


def _document_or_404(request: HttpRequest, pk: UUID, document_pk: UUID) -> tuple[Application, Document]:
    """The case, for whoever verifies its evidence, and one of its own documents."""
    case = case_or_404(request, pk, right=Right.VERIFY_EVIDENCE)
    document = next((row for row in case.documents.all() if row.pk == document_pk), None)
    if document is None:
        raise Http404
    return case, document


def _document_page(
    request: HttpRequest, case: Application, document: Document, answer: Answer | None = None, **forms: Any
) -> HttpResponse:
    """The page of one document, with the forms that did not pass as they were typed."""
    answer, at = answer or Answer(), clock.now()
    for refusal in answer.refusals:
        messages.error(request, refusal)
    note_opening(case.pk, Opened.CASE, by=user_of(request), at=at)
    shown = document_context(case, document, at=at) | forms
    return render(
        request,
        "admin/cases/document.html",
        act_context(request, case, _("Check a document"), held=answer.held, bound=forms.values(), **shown),
    )
