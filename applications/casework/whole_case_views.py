"""The case as one PDF: asking for it and taking it."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe
from django_sendfile import sendfile

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.support.actors import Actor
from applications.exports.whole_case import (
    case_to_take,
    note_whole_case_taken,
    request_whole_case,
    whole_case_of,
)

NAME = "case-%s.pdf"


@require_POST
def case_whole(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Ask for it; how far it is stands on a page of its own."""
    user, at = user_of(request), clock.now()
    case = case_to_take(user, pk, at=at)
    if case is None:
        raise Http404
    return redirect("jobs:progress", pk=request_whole_case(case, by=Actor.of(user), at=at).pk)


@require_safe
# nothing stays behind on a shared computer
@cache_control(private=True, no_store=True)
def case_whole_file(request: HttpRequest, pk: UUID, copy_pk: UUID) -> HttpResponseBase:
    """The file, to whoever asked for it; for everybody else, and once its day is over, it does not exist."""
    user, at = user_of(request), clock.now()
    copy = whole_case_of(user, copy_pk, at=at)
    if copy is None or copy.application_id != pk or not copy.file.storage.exists(copy.file.name):
        raise Http404
    note_whole_case_taken(copy, by=user, at=at)
    name = NAME % copy.application.number
    if settings.SENDFILE_BACKEND.endswith(".simple"):
        # no web server in front that sends files: that backend would hold the whole file in memory
        return FileResponse(copy.file.open("rb"), filename=name, content_type="application/pdf")
    return sendfile(request, copy.file.path, attachment_filename=name, mimetype="application/pdf")
