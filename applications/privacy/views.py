"""A person's own copy of their record: asking for it and taking it."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_sendfile import sendfile

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.support.actors import Actor
from applications.privacy.actions import KEPT, note_copy_taken, request_copy
from applications.privacy.held import HELD
from applications.privacy.queries import copy_of, latest_copy


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest) -> HttpResponseBase:
    """What a copy holds, the one that is there, and the button that asks for one."""
    user, at = user_of(request), clock.now()
    if request.method == "POST":
        return redirect("jobs:progress", pk=request_copy(user, by=Actor.of(user), at=at).pk)
    return render(
        request,
        "applications/privacy/record.html",
        {"copy": latest_copy(user, at=at), "tables": HELD, "days": KEPT.days, "now": at},
    )


@login_required
@require_safe
# nothing stays behind on a shared computer
@cache_control(private=True, no_store=True)
def record_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The archive, to its owner; for everybody else, and once its days are over, it does not exist."""
    user, at = user_of(request), clock.now()
    copy = copy_of(user, pk, at=at)
    if copy is None or not copy.file.storage.exists(copy.file.name):
        raise Http404
    note_copy_taken(copy, by=Actor.of(user), at=at)
    if settings.SENDFILE_BACKEND.endswith(".simple"):
        # no web server in front that sends files: that backend would hold the whole archive in memory
        return FileResponse(
            copy.file.open("rb"),
            as_attachment=True,
            filename=copy.download_name,
            content_type="application/zip",
        )
    return sendfile(
        request,
        copy.file.path,
        attachment=True,
        attachment_filename=copy.download_name,
        mimetype="application/zip",
    )
