"""The pages of an occasional student: what it is, the short form, a look before sending, where it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_sendfile import sendfile

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from admissions_portal.support.templatetags.portal import hktime
from applications.applicants.actions import open_profile
from applications.evidence.files import read_upload
from applications.evidence.models import FileKind
from applications.evidence.views import PDF_POLICY, PICTURE_POLICY
from applications.occasional.actions import (
    RequestIncomplete,
    RequestTerms,
    add_file,
    problems_of,
    remove_file,
    save_request,
    send_request,
    start_request,
    withdraw_request,
)
from applications.occasional.forms import OccasionalPersonForm, OccasionalWhyForm, courses_formset
from applications.occasional.models import OccasionalRequest
from applications.occasional.queries import (
    file_visible_to,
    open_request_of,
    person_of,
    programmes_with_route,
    requests_of,
    what_is_said,
)
from applications.occasional.typed import forget_typed, is_over, keep_typed, page_opened, typed_text


@require_safe
def about(request: HttpRequest, slug: str) -> HttpResponse:
    """What an occasional student is, what is not published about it, and how to ask. Open to everybody."""
    programme = get_object_or_404(programmes_with_route(), slug=slug)
    begun = open_request_of(user_of(request), programme) if request.user.is_authenticated else None
    return render(
        request,
        "applications/occasional/about.html",
        {
            "programme": programme,
            "statements": what_is_said(programme),
            "begun": begun,
            "now": clock.now(),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Begins the draft, or opens the request that is there. Come to by a sign-in, it leads to the page."""
    programme = get_object_or_404(programmes_with_route(), slug=slug)
    if request.method != "POST":
        return redirect("applications:occasional_about", slug)
    user = user_of(request)
    made = start_request(open_profile(user), programme, by=Actor.of(user), at=clock.now())
    return redirect("applications:occasional_form" if made.is_draft else "applications:occasional", made.pk)


@login_required
@never_cache
@require_safe
def overview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where the request stands, what was asked, and the office's answer."""
    mine = get_object_or_404(requests_of(user_of(request)), pk=pk)
    return render(
        request,
        "applications/occasional/request.html",
        {**_shown(mine), "now": clock.now()},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The short form. What is right is kept at each pressing of a button; what is not is shown as typed.

    Sent when the session has ended, its text waits in the browser's new session for the sign-in; what was
    typed and not saved stands in the form again until it is saved or left.
    """
    if not request.user.is_authenticated:
        return _to_sign_in(request, pk)
    mine = get_object_or_404(requests_of(user_of(request)), pk=pk)
    if not mine.is_draft:
        return redirect("applications:occasional", pk)
    if request.method != "POST":
        typed = typed_text(request.session, mine)
        return _form(request, mine) if typed is None else _form_over(request, mine, typed)
    if "as_saved" in request.POST:
        forget_typed(request.session)
        return redirect("applications:occasional_form", pk)
    at, by = clock.now(), Actor.of(user_of(request))
    person = OccasionalPersonForm(request.POST, instance=mine.applicant)
    why = OccasionalWhyForm(request.POST, request.FILES, instance=mine)
    courses = courses_formset(mine, request.POST)
    # each is asked, so that all problems show at once
    if all([person.is_valid(), why.is_valid(), courses.is_valid()]):
        terms = RequestTerms(person.cleaned_data, courses.terms(), why.cleaned_data["why"])
        try:
            save_request(mine, terms, by=by, at=at)
        except Refusal as refusal:  # sent in another tab meanwhile
            messages.error(request, str(refusal))
            return redirect("applications:occasional", pk)
        forget_typed(request.session)
    else:
        keep_typed(request.session, pk, request.POST)
    _add_files(request, mine, why, at=at)
    if remove := request.POST.get("remove"):
        _remove_file(request, mine, remove, at=at)
    if person.errors or why.errors or courses.total_error_count():
        return _form(request, mine, person=person, why=why, courses=courses)
    if "check" in request.POST:
        return redirect("applications:occasional_send", pk)
    messages.success(request, _("Saved. Only you see it until you send it."))
    return redirect("applications:occasional_form", pk)


@never_cache
@require_POST
def typed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keeps what is typed while it is typed, judged by nobody.

    Answers JSON as a section's does: `said`, the sentence to show, and `seconds`, how long the session lasts;
    401 once it has ended, the text being kept all the same.
    """
    if not request.user.is_authenticated:
        keep_typed(request.session, pk, request.POST, always=True)
        return JsonResponse({"said": _("You have been signed out. What you typed is kept.")}, status=401)
    mine = get_object_or_404(requests_of(user_of(request)), pk=pk)
    if not mine.is_draft or not is_over(request.POST.get("opened", ""), mine):
        said = _(
            "This draft was saved or sent in another tab. Press “Save” to keep what stands here instead."
        )
        return JsonResponse({"said": said}, status=409)
    if not keep_typed(request.session, pk, request.POST):
        return JsonResponse({"said": _("This text is too long to be kept while you type.")}, status=409)
    said = _("Kept at %(time)s. “Save” puts it into your draft.") % {"time": hktime(clock.now())}
    return JsonResponse({"said": said, "seconds": request.session.get_expiry_age()})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything as it will be sent, and the button; sent before, it leads to where the request stands."""
    mine = get_object_or_404(requests_of(user_of(request)), pk=pk)
    if not mine.is_draft:
        return redirect("applications:occasional", pk)
    problems = problems_of(mine)
    if request.method == "POST":
        try:
            send_request(mine, by=Actor.of(user_of(request)), at=clock.now())
        except RequestIncomplete as refusal:
            problems = refusal.problems
        else:
            return redirect("applications:occasional", pk)
    return render(
        request,
        "applications/occasional/send.html",
        {**_shown(mine), "problems": problems, "is_refused": request.method == "POST"},
    )


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes the request back; a draft is deleted."""
    mine = get_object_or_404(requests_of(user_of(request)), pk=pk)
    try:
        withdraw_request(mine, by=Actor.of(user_of(request)), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("applications:occasional", pk)
    if mine.is_draft:
        messages.success(request, _("The draft of your request is deleted."))
        return redirect("applications:home")
    messages.success(request, _("Your request is withdrawn. You may begin another one."))
    return redirect("applications:occasional", pk)


@login_required
@require_safe
# nothing stays behind on a shared computer
@cache_control(private=True, no_store=True)
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A file of a request, to its sender and to staff who may open the request; else it does not exist."""
    found = file_visible_to(user_of(request), pk, on=clock.day_of(clock.now()))
    if found is None:
        raise Http404
    response = sendfile(
        request, found.file.path, attachment_filename=found.download_name, mimetype=found.kind
    )
    response["Content-Security-Policy"] = PDF_POLICY if found.kind == FileKind.PDF else PICTURE_POLICY
    return response


def _to_sign_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """To the sign-in; what was typed is kept sealed in the session, which the sign-in carries along."""
    if request.POST and keep_typed(request.session, pk, request.POST, always=True):
        kept = _("You were signed out. What you typed is kept: sign in, and you find it in the form.")
        messages.info(request, kept)
        if request.FILES:
            messages.info(request, _("Files were not kept: choose them again."))
    return redirect_to_login(request.path)


def _form_over(request: HttpRequest, mine: OccasionalRequest, typed: QueryDict) -> HttpResponse:
    return _form(
        request,
        mine,
        person=OccasionalPersonForm(typed, instance=mine.applicant),
        why=OccasionalWhyForm(typed, instance=mine),
        courses=courses_formset(mine, typed),
        is_unsaved=True,
    )


def _shown(mine: OccasionalRequest) -> dict[str, Any]:
    return {
        "request_shown": mine,
        "programme": mine.programme,
        "courses": list(mine.courses.all()),
        "files": list(mine.files.all()),
        "person": person_of(mine),
    }


def _form(
    request: HttpRequest,
    mine: OccasionalRequest,
    *,
    person: OccasionalPersonForm | None = None,
    why: OccasionalWhyForm | None = None,
    courses: Any = None,
    is_unsaved: bool = False,
) -> HttpResponse:
    """The form; `is_unsaved` where it shows what waited, not what is kept."""
    mine = requests_of(user_of(request)).get(pk=mine.pk)  # as it is kept, whatever the forms made of it
    return render(
        request,
        "applications/occasional/form.html",
        {
            **_shown(mine),
            "person_form": person or OccasionalPersonForm(instance=mine.applicant),
            "why_form": why or OccasionalWhyForm(instance=mine),
            "courses_form": courses if courses is not None else courses_formset(mine),
            "opened": page_opened(mine),
            "is_unsaved": is_unsaved,
        },
    )


def _add_files(
    request: HttpRequest, mine: OccasionalRequest, why: OccasionalWhyForm, *, at: datetime
) -> None:
    """Keep every file that can be kept and say so; a refusal stands at the input."""
    for upload in why.cleaned_data.get("attached", ()):
        try:
            kept = add_file(mine, read_upload(upload), by=Actor.of(user_of(request)), at=at)
        except Refusal as refusal:
            why.add_error("attached", str(refusal))
        else:
            messages.success(request, _("“%(name)s” is kept.") % {"name": kept.name})


def _remove_file(request: HttpRequest, mine: OccasionalRequest, chosen: str, *, at: datetime) -> None:
    """Remove the file whose button was pressed. One that is gone, by a second click, is gone."""
    try:
        remove_file(mine, UUID(chosen), by=Actor.of(user_of(request)), at=at)
    except ValueError:
        return
    except Refusal as refusal:
        messages.error(request, str(refusal))
