"""The doors to what an officer makes of a case's documents."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from admissions_portal.accounts.roles import Right
from admissions_portal.support.actors import Actor
from applications.casework.forms import (
    CaseDocumentForm,
    CaseProvenanceForm,
)
from applications.casework.frame import Answer, act_context, act_on_case, case_or_404, case_response, try_act
from applications.evidence.actions import (
    record_provenance,
    reject_document,
    release_document,
    verify_document,
)
from applications.evidence.files import read_bytes
from applications.evidence.models import Document
from applications.lifecycle.models import Application


@require_POST
def case_document(request: HttpRequest, pk: UUID, document_pk: UUID) -> HttpResponse:
    """A document checked: verified, or not accepted and why."""
    document = _document_or_404(case_or_404(request, pk, right=Right.VERIFY_EVIDENCE), document_pk)
    form = CaseDocumentForm(request.POST, document=document)
    if not form.is_valid():
        return case_response(request, pk, document_form=form)
    if form.cleaned_data["verdict"] == "verify":
        done = _("The document is verified.")
        return act_on_case(request, done, lambda by, at: verify_document(document, by=by, at=at), pk=pk)
    reason = form.cleaned_data["reason"]
    return act_on_case(
        request,
        _("The document is marked as not accepted."),
        lambda by, at: reject_document(document, reason=reason, by=by, at=at),
        pk=pk,
        document_form=form,
    )


@require_POST
def case_document_again(request: HttpRequest, pk: UUID, document_pk: UUID) -> HttpResponse:
    """A held file looked at once more: it may have been held because the machine was busy."""
    document = _document_or_404(case_or_404(request, pk, right=Right.VERIFY_EVIDENCE), document_pk)
    with document.file.open() as kept:
        content = kept.read()

    def look_again(by: Actor, at: datetime) -> Document:
        return release_document(document, read_bytes(content, name=document.name), by=by, at=at)

    done = _("The file could be read and is shown like any other.")
    return act_on_case(request, done, look_again, pk=pk, beside=True)


@require_http_methods(["GET", "HEAD", "POST"])
def case_provenance(request: HttpRequest, pk: UUID, document_pk: UUID) -> HttpResponse:
    """Whether the original was sighted, and whether the issuing body has sent it."""
    case = case_or_404(request, pk, right=Right.VERIFY_EVIDENCE)
    document = _document_or_404(case, document_pk)
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


def _document_or_404(case: Application, pk: UUID) -> Document:
    """One of the case's own documents."""
    document = next((row for row in case.documents.all() if row.pk == pk), None)
    if document is None:
        raise Http404
    return document
