"""The office's pages of late entry: codes, their uses, extensions. Mounted inside the admin by `admin.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from admissions_portal.support.sealing import seal, unseal
from applications.late_entry.actions import (
    extend_deadline,
    make_access_code,
    revoke_access_code,
    revoke_extension,
)
from applications.late_entry.forms import AccessCodeForm, ExtensionForm
from applications.late_entry.models import AccessCode, Extension
from applications.late_entry.queries import RIGHT, access_codes_of, extensions_of, uses_of
from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_visible_to, full_name_of
from applications.lifecycle.recusals import recused_cases
from programmes.models import Programme
from programmes.permissions import rights_today
from programmes.queries import programmes_of

PAGE_SIZE = 50
EXTENSIONS_SHOWN = 50
# in the session, sealed, from the making of a code until it has been shown once
_TO_SHOW = "access_code_to_show"


@dataclass(frozen=True)
class Shown:
    """How a code or an extension stands: the icon's name, the word, and how many uses are left."""

    thing: Any
    shape: str
    word: str
    uses_left: int | None = None


@require_safe
@never_cache
def late_entry_list(request: HttpRequest) -> HttpResponse:
    """Codes and extensions of one's programmes, the newest first."""
    at = _asked(request)
    codes = access_codes_of(user_of(request), on=day_of(at))
    page = Paginator(codes, PAGE_SIZE).get_page(request.GET.get("page"))
    extensions = extensions_of(user_of(request), on=day_of(at))
    return _page(
        request,
        "admin/late_entry/list.html",
        _("Late entry"),
        page=page,
        codes=[_code_shown(code, at) for code in page.object_list],
        extensions=[_shown(each, at) for each in extensions[:EXTENSIONS_SHOWN]],
        now=at,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def access_code_add(request: HttpRequest) -> HttpResponse:
    """A new code; its text is shown once, on the page that follows."""
    at, by = _asked(request), Actor.of(user_of(request))
    form = AccessCodeForm(
        request.POST if request.method == "POST" else None, programmes=_programmes(request, at)
    )
    if form.is_valid():
        try:
            code, text = make_access_code(form.scope_chosen(), form.terms(), by=by, at=at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            request.session[_TO_SHOW] = [code.pk, seal(text)]
            return redirect("admin:applications_accesscode_change", code.pk)
    return _page(request, "admin/late_entry/add.html", _("New access code"), form=form, is_code=True)


@require_safe
@never_cache
def access_code(request: HttpRequest, pk: int) -> HttpResponse:
    """One code: what it opens, who has used it, and, once, its text.

    Drafts are counted and never named: a draft exists for its applicant alone. A case with which one has a
    conflict of interest is not even counted.
    """
    at = _asked(request)
    code = get_object_or_404(access_codes_of(user_of(request), on=day_of(at)), pk=pk)
    closed = recused_cases(user_of(request))
    uses = [use for use in uses_of(code) if str(use.application_id) not in closed]
    seen = applications_visible_to(user_of(request), on=day_of(at)).filter(
        pk__in=[use.application_id for use in uses]
    )
    cases: dict[Any, Application] = {case.pk: case for case in seen}
    return _page(
        request,
        "admin/late_entry/code.html",
        str(code),
        code=code,
        shown=_code_shown(code, at),
        text=_text_to_show(request, code),
        uses=[
            (use, cases[use.application_id], full_name_of(cases[use.application_id]))
            for use in uses
            if use.application_id in cases
        ],
        drafts=sum(use.application_id is not None and use.application_id not in cases for use in uses),
        deleted=sum(use.application_id is None for use in uses),
        may_revoke=code.holds(at),
        now=at,
    )


@require_POST
def access_code_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """The code opens nothing any more."""
    at = _asked(request)
    code = get_object_or_404(access_codes_of(user_of(request), on=day_of(at)), pk=pk)
    revoke_access_code(code, by=Actor.of(user_of(request)), at=at)
    messages.success(request, _("The code is revoked. What was submitted with it stays."))
    return redirect("admin:applications_accesscode_change", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def extension_add(request: HttpRequest) -> HttpResponse:
    """More time for one person."""
    at, by = _asked(request), Actor.of(user_of(request))
    form = ExtensionForm(
        request.POST if request.method == "POST" else None, programmes=_programmes(request, at)
    )
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("email", "reason")}
        try:
            extend_deadline(form.offering_chosen(), valid_until=form.until(), by=by, at=at, **given)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("Kept. An application of this person, begun or to be begun, may be submitted until then."),
            )
            return redirect("admin:applications_accesscode_changelist")
    return _page(
        request, "admin/late_entry/add.html", _("More time for one person"), form=form, is_code=False
    )


@require_POST
def extension_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """The extension allows nothing any more."""
    at = _asked(request)
    extension = get_object_or_404(extensions_of(user_of(request), on=day_of(at)), pk=pk)
    revoke_extension(extension, by=Actor.of(user_of(request)), at=at)
    messages.success(request, _("The extension is revoked. What was submitted under it stays."))
    return redirect("admin:applications_accesscode_changelist")


def _asked(request: HttpRequest) -> datetime:
    """The moment of the request. 404 for whoever may let nobody in late."""
    if RIGHT not in rights_today(request):
        raise Http404
    return clock.now()


def _programmes(request: HttpRequest, at: datetime) -> list[Programme]:
    found = programmes_of(user_of(request), RIGHT, on=day_of(at))
    return list(found.prefetch_related("intakes__offerings__rounds"))


def _shown(thing: AccessCode | Extension, at: datetime, uses_left: int | None = None) -> Shown:
    if thing.is_revoked:
        return Shown(thing, "na", _("Revoked"), uses_left)
    if thing.is_over(at):
        return Shown(thing, "na", _("Ended"), uses_left)
    if uses_left == 0:
        return Shown(thing, "met", _("Used up"), uses_left)
    return Shown(thing, "pending", _("Open"), uses_left)


def _code_shown(code: Any, at: datetime) -> Shown:
    return _shown(code, at, code.most_uses - code.used)


def _text_to_show(request: HttpRequest, code: AccessCode) -> str:
    """The code's text, the one time it is asked for after the code was made."""
    pk, sealed = request.session.get(_TO_SHOW, (None, ""))
    if pk != code.pk:
        return ""
    del request.session[_TO_SHOW]
    return unseal(sealed)


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), "title": title, **context})
