"""The one door through which a document leaves the portal."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe
from django_sendfile import sendfile

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from applications.evidence.models import FileKind
from applications.evidence.queries import document_visible_to
from applications.lifecycle.models import Opened
from applications.lifecycle.openings import note_opening

# Shown in a page of the office beside the claim it proves, and in no page of anybody else; browsers draw a
# file of its own inside a page of theirs, which has inline styles.
PICTURE_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
)
PDF_POLICY = "default-src 'self'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@login_required
@require_safe
@xframe_options_sameorigin
# nothing stays behind on a shared computer
@cache_control(private=True, no_store=True)
def document(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The file, to its applicant and to staff who may open the case; for everybody else it does not exist.

    Its type is what the parser found, whatever its name says. Only a picture is shown in a sandbox: in one,
    Safari and Chrome show no PDF at all. Their PDF viewers are sandboxes of their own, and no PDF with a
    program is kept.
    """
    user, at = user_of(request), clock.now()
    found = document_visible_to(user, pk, on=clock.day_of(at))
    if found is None:
        raise Http404
    if found.application.applicant.user_id != user.pk:
        note_opening(found.application_id, Opened.DOCUMENT, thing=str(pk), by=user, at=at)
    response = sendfile(
        request, found.file.path, attachment_filename=found.download_name, mimetype=found.kind
    )
    response["Content-Security-Policy"] = PDF_POLICY if found.kind == FileKind.PDF else PICTURE_POLICY
    return response
