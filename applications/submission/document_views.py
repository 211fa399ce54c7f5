"""The form's page of documents: its steps are submission's, its files are evidence's."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.evidence.actions import add_document, describe_document, remove_document
from applications.evidence.files import LARGEST, read_upload
from applications.evidence.forms import ACCEPT, DescribeForm, DocumentsForm
from applications.evidence.models import Document
from applications.evidence.parts import PARTS_OF, advice_on_parts
from applications.evidence.permissions import can_add_document
from applications.evidence.queries import documents_of, requested_slots, slots_of
from applications.evidence.slots import DocumentSlot
from applications.lifecycle.models import Application
from applications.submission.frame import form_frame
from applications.submission.queries import written_by
from applications.submission.sections import Filling, section_after, section_named
from applications.submission.telling import told_after_saving

# what a page with file inputs says of them
UPLOADS = {"accept": ACCEPT, "largest": LARGEST, "largest_megabytes": LARGEST // (1024 * 1024)}
_HELD = gettext_lazy(
    "“%(name)s” is held: it could not be read safely, so it is kept and shown to nobody, and the office sees "
    "that it is held. Print it to a new PDF, and send that as well."
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What this application must show and what is there; takes any number of files at once and removes one.

    Whatever can be kept is kept, even when another file beside it is refused. 404 for anybody else's
    application. Whoever was signed out while choosing files is told, before signing in, that they were not
    kept.
    """
    if request.method == "POST" and not request.user.is_authenticated:
        if request.FILES:
            messages.warning(request, signed_out_with_files())
        return redirect_to_login(request.path)
    return _documents(request, pk)


@login_required
def _documents(request: HttpRequest, pk: UUID) -> HttpResponse:
    application = get_object_or_404(written_by(user_of(request)), pk=pk)
    at = clock.now()
    slots = _slots(application, at=at)
    if request.method != "POST":
        form = DocumentsForm(slots, initial={"upload_key": uuid4()})
        return _page(request, application, form, slots, at=at)
    form = DocumentsForm(slots, request.POST, request.FILES)
    form.is_valid()
    there = add_files(request, application, form, at=at)
    if chosen := request.POST.get("remove"):
        _remove(request, application, chosen, at=at)
    if form.errors:
        return _page(request, application, form, _slots(application, at=at), at=at)
    if "next" not in request.POST and "remove" not in request.POST and not there:
        messages.info(request, _("No file was chosen. Choose one at its document, then send it."))
    if "next" in request.POST:
        return redirect(_url_after(application, at=at))
    return redirect("applications:documents", pk=application.pk)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest, pk: UUID, document_pk: UUID) -> HttpResponse:
    """What one file is: its part, its language, its translator. 404 for anybody else's application."""
    application = get_object_or_404(written_by(user_of(request)), pk=pk)
    document = get_object_or_404(documents_of(application), pk=document_pk)
    form = DescribeForm(request.POST if request.method == "POST" else None, document=document)
    if form.is_valid():
        try:
            describe_document(document, **form.cleaned_data, by=Actor.of(user_of(request)), at=clock.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("“%(name)s” is described.") % {"name": document.name})
            return redirect("applications:documents", pk=application.pk)
    context = {
        "application": application,
        "programme": application.offering.programme,
        "document": document,
        "form": form,
    }
    return render(request, "applications/evidence/describe.html", context)


def _page(
    request: HttpRequest,
    application: Application,
    form: DocumentsForm,
    slots: list[DocumentSlot],
    *,
    at: datetime,
) -> HttpResponse:
    """Each slot with its documents and its inputs, as things stand now."""
    filling = Filling(application, at=at)
    filling.once("slots", lambda: [slot for slot in slots if slot.request is None])
    section = section_named(application, "documents", at=at)
    by = Actor.of(user_of(request))
    context = {
        **form_frame(application, filling, section),
        "form": form,
        "slots": [shown_slot(slot, form) for slot in slots if slot.anchor in form.fields],
        "titles_not_held": application.offering.programme.documents.all(),
        "is_draft": application.is_draft,
        "hint": told_after_saving(request, application, at=at) if application.is_draft else None,
        "may_add": can_add_document(application, by),
        **UPLOADS,
    }
    return render(request, "applications/evidence/documents.html", context)


def _slots(application: Application, *, at: datetime) -> list[DocumentSlot]:
    """What the office has asked for, then what follows from the case."""
    return [*requested_slots(application), *slots_of(application, at=at)]


def signed_out_with_files() -> str:
    return _("You were signed out. Files were not kept: sign in, then choose them again.")


def shown_slot(slot: DocumentSlot, form: DocumentsForm) -> dict[str, Any]:
    """A slot with its inputs, as `_slot.html` draws it."""
    part = f"{slot.anchor}-part"
    return {
        "slot": slot,
        "field": form[slot.anchor],
        "part": form[part] if part in form.fields else None,
        "parts": PARTS_OF[slot.code] if len(PARTS_OF[slot.code]) > 1 else (),
        "advice": advice_on_parts(slot.documents),
    }


def add_files(
    request: HttpRequest, application: Application, form: DocumentsForm, *, at: datetime
) -> list[Document]:
    """Keep every file that can be kept and say so; a refusal stands at its input. Returns what is there."""
    by, key = Actor.of(user_of(request)), form.cleaned_data.get("upload_key")
    there = []
    for sent in form.sent():
        try:
            file = read_upload(sent.upload)
            document = add_document(
                application,
                sent.slot.code,
                file,
                part=sent.part,
                question=sent.slot.question,
                request=sent.slot.request,
                upload_key=key,
                by=by,
                at=at,
            )
        except Refusal as refusal:
            form.add_error(sent.name, str(refusal))
            continue
        there.append(document)
        if document.is_held:
            messages.warning(request, _HELD % {"name": document.name})
        elif document.uploaded_at != at and (key is None or document.upload_key != key):
            messages.info(
                request, _("“%(name)s” was here already and is kept once.") % {"name": document.name}
            )
    kept = [each for each in there if not each.is_held and (each.uploaded_at == at or each.upload_key == key)]
    if kept:
        messages.success(request, _kept(kept))
    return there


def _url_after(application: Application, *, at: datetime) -> str:
    section = section_named(application, "documents", at=at)
    if section is not None and application.is_draft:
        after = section_after(application, section, at=at)
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
        document = documents_of(application).filter(pk=UUID(chosen)).first()
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
