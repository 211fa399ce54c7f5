"""What the office asks of the applicant, on a page of its own: read, answered by a file or in words."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.evidence.actions import answer_request
from applications.evidence.forms import DocumentsForm, RequestAnswerForm
from applications.evidence.permissions import can_add_document
from applications.evidence.queries import requests_of
from applications.evidence.slots import slot_of_request
from applications.lifecycle.queries import applications_of
from applications.submission.document_views import UPLOADS, add_files, shown_slot, signed_out_with_files


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request(request: HttpRequest, pk: UUID, request_pk: UUID) -> HttpResponse:
    """One request; takes files and words, also after its day. 404 for anybody else's."""
    if request.method == "POST" and not request.user.is_authenticated:
        if request.FILES:
            messages.warning(request, signed_out_with_files())
        return redirect_to_login(request.path)
    return _request(request, pk, request_pk)


@login_required
def _request(request: HttpRequest, pk: UUID, request_pk: UUID) -> HttpResponse:
    application = get_object_or_404(applications_of(user_of(request)), pk=pk)
    asked = get_object_or_404(requests_of(application), pk=request_pk)
    at, by = clock.now(), Actor.of(user_of(request))
    slot = slot_of_request(asked)
    sent = request.POST if request.method == "POST" else None
    files = DocumentsForm([slot], sent, request.FILES if sent else None, initial={"upload_key": uuid4()})
    words = RequestAnswerForm(sent, initial={"answer": asked.answer})
    if sent is not None:
        files.is_valid()
        words.is_valid()
        there = add_files(request, application, files, at=at)
        answer = words.cleaned_data.get("answer", "")
        if answer:
            try:
                answer_request(asked, answer=answer, by=by, at=at)
            except Refusal as refusal:
                words.add_error("answer", str(refusal))
        elif not there and not files.errors and not words.errors:
            words.add_error("answer", _("Write your answer, or choose a file, then send it."))
        if not files.errors and not words.errors:
            if answer:
                messages.success(request, _("Your answer is with the office."))
            return redirect("applications:request", application.pk, asked.pk)
        asked = requests_of(application).get(pk=asked.pk)
        slot = slot_of_request(asked)
    context = {
        "application": application,
        "programme": application.offering.programme,
        "asked": asked,
        "is_late": asked.is_overdue(at),
        "files": files,
        "words": words,
        "shown": shown_slot(slot, files),
        "may_answer": asked.is_running and can_add_document(application, by),
        "now": at,
        **UPLOADS,
    }
    return render(request, "applications/evidence/request.html", context)
