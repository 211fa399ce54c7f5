"""The form's page of documents: its steps are submission's, its files are evidence's."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.evidence.actions import add_document, remove_document
from applications.evidence.files import LARGEST, read_upload
from applications.evidence.forms import DocumentsForm
from applications.evidence.models import Document
from applications.evidence.permissions import can_add_document
from applications.evidence.queries import slots_of
from applications.lifecycle.models import Application
from applications.submission.frame import form_frame
from applications.submission.queries import written_by
from applications.submission.sections import Filling, section_after, section_named


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What this application must show and what is there; takes any number of files at once and removes one.

    Whatever can be kept is kept, even when another file beside it is refused. 404 for anybody else's
    application.
    """
    application = get_object_or_404(written_by(user_of(request)), pk=pk)
    at = clock.now()
    slots = slots_of(application, at=at)
    if request.method != "POST":
        return _page(request, application, DocumentsForm(slots), at=at)
    by = Actor.of(user_of(request))
    form = DocumentsForm(slots, request.POST, request.FILES)
    form.is_valid()
    added = []
    for slot, name, upload in form.sent():
        try:
            added.append(add_document(application, slot, read_upload(upload), by=by, at=at))
        except Refusal as refusal:
            form.add_error(name, str(refusal))
    if added:
        messages.success(request, _kept(added))
    if chosen := request.POST.get("remove"):
        _remove(request, application, chosen, at=at)
    if form.errors:
        return _page(request, application, form, at=at)
    if "next" not in request.POST and "remove" not in request.POST and not added:
        messages.info(request, _("No file was chosen. Choose one at its document, then send it."))
    if "next" in request.POST:
        return redirect(_url_after(application))
    return redirect("applications:documents", pk=application.pk)


def _page(
    request: HttpRequest, application: Application, form: DocumentsForm, *, at: datetime
) -> HttpResponse:
    """Each slot with its documents and its input, as things stand now."""
    filling = Filling(application, at=at)
    section = section_named(application, "documents")
    by = Actor.of(user_of(request))
    context = {
        **form_frame(application, filling, section),
        "form": form,
        "slots": [
            (slot, form[slot.anchor]) for slot in slots_of(application, at=at) if slot.anchor in form.fields
        ],
        "titles_not_held": application.offering.programme.documents.all(),
        "is_draft": application.is_draft,
        "may_add": can_add_document(application, by),
        "largest": LARGEST,
    }
    return render(request, "applications/evidence/documents.html", context)


def _url_after(application: Application) -> str:
    section = section_named(application, "documents")
    after = section_after(application, section) if section is not None and application.is_draft else None
    if after is not None:
        return after.url(application)
    return reverse(
        "applications:review" if application.is_draft else "applications:overview", args=[application.pk]
    )


def _kept(added: list[Document]) -> str:
    if len(added) == 1:
        return _("“%(name)s” is kept.") % {"name": added[0].name}
    return ngettext("%(count)d file is kept.", "%(count)d files are kept.", len(added)) % {
        "count": len(added)
    }


def _remove(request: HttpRequest, application: Application, chosen: str, *, at: datetime) -> None:
    """Remove the document whose button was pressed. One that is gone, by a second click, is gone."""
    try:
        document = application.documents.filter(pk=UUID(chosen)).first()
    except ValueError:
        return
    if document is None:
        return
    try:
        remove_document(document, by=Actor.of(user_of(request)), at=at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("“%(name)s” is removed.") % {"name": document.name})
