"""The pages of the sections: drawn, saved, kept while somebody types, and compared where two texts met.

Nothing typed is lost: neither by another tab or device, nor by a session that has ended, nor by a connection.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from admissions_portal.support.templatetags.portal import hktime
from applications.lifecycle.models import Application
from applications.submission.actions import save_section
from applications.submission.frame import form_frame
from applications.submission.models import UnsavedText
from applications.submission.opened import (
    OpenedPage,
    form_section,
    number_in,
    open_page,
    read_seal,
    typed_in,
)
from applications.submission.reading import written_in_full
from applications.submission.sections import (
    SAVED,
    TYPED,
    Filled,
    Filling,
    FormSection,
    Typed,
    section_after,
)
from applications.submission.telling import remember_found, told_after_saving
from applications.submission.unsaved import TextNotKept, forget_typed, keep_typed


@csrf_exempt  # asked in `_without_leave`, so that a refused request gives back what was typed
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    """One section of the form.

    Saving keeps everything typed; with nothing to put right it leads to the next. Where another page saved
    first, both texts are shown and the person chooses.
    """
    if request.method == "POST" and (answer := _without_leave(request, pk, key)):
        return answer
    return _section(request, pk, key)


@login_required
def _section(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    application = written_in_full(user_of(request), pk)
    if application is None:
        raise Http404
    at = clock.now()
    page = form_section(application, key, at=at)
    if page is None:
        raise Http404
    if not application.is_draft:
        return redirect("applications:receipt", pk=application.pk)
    if request.method != "POST":
        return _show(request, application, page, at=at)
    if "leave_out" in request.POST:
        text, _colon, number = request.POST["leave_out"].partition(":")
        if _is_uuid(text) and number.isdecimal():
            forget_typed(application, text, int(number[:9]))
        return redirect(page.url(application))
    if "choose" in request.POST:
        return _choose(request, application, page, at=at)
    return _save(request, application, page, typed_in(request.POST), at=at)


@csrf_exempt  # the page’s seal proves where it comes from, and outlives the session
@never_cache
@require_POST
def autosave(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    """Keeps what is typed while it is typed, judged by nobody, and keeps the person signed in.

    Answers JSON: `said`, the sentence to show, and `seconds`, how long the session lasts; 401 once it has
    ended, the text being kept all the same.
    """
    opened = read_seal(request.POST.get("opened", ""), recent=True)
    if opened is None or not opened.is_of(pk, key):
        return JsonResponse({"said": _("This page is too old to be kept while you type.")}, status=409)
    is_own = opened.user == request.user.pk
    at = clock.now()
    try:
        keep_typed(opened, typed_in(request.POST), at=at, number=number_in(request.POST), left=not is_own)
    except TextNotKept as refusal:
        return JsonResponse({"said": str(refusal)}, status=409)
    if not is_own:
        return JsonResponse({"said": _("You have been signed out. What you typed is kept.")}, status=401)
    seconds = request.session.renew(always="stay" in request.POST)  # type: ignore[attr-defined]
    return JsonResponse({"said": _("Saved at %(time)s.") % {"time": hktime(at)}, "seconds": seconds})


def _without_leave(request: HttpRequest, pk: UUID, key: str) -> HttpResponse | None:
    """The answer to somebody who is signed out or somebody else, and to a form that is none of ours.

    The page's seal says whose text it is: there it waits, and nobody else sees it. The seal of one's own page
    also stands for Django's, which another sign-in in another tab has made worthless. None if all is well.
    """
    opened = read_seal(request.POST.get("opened", ""), recent=True)
    if opened is not None and not opened.is_of(pk, key):
        opened = None
    if not request.user.is_authenticated:
        if opened is not None and _leave(request, opened):
            messages.info(request, _signed_out(request))
        return redirect_to_login(reverse("applications:section", args=[pk, key]))
    if opened is None:
        check = CsrfViewMiddleware(lambda _request: HttpResponse())
        check.process_request(request)
        # the view is only asked for a mark that says no
        return check.process_view(request, _section, (), {})
    if opened.user == request.user.pk:
        return None
    if _leave(request, opened):
        messages.warning(
            request,
            _(
                "This page was opened with another account. What was typed in it waits there: sign in with "
                "that account to go on."
            ),
        )
    return redirect("applications:home")


def _leave(request: HttpRequest, opened: OpenedPage) -> bool:
    """Keep the text for the account that opened the page; a choice between two texts is none."""
    if "choose" in request.POST:
        return True
    try:
        keep_typed(opened, typed_in(request.POST), at=clock.now(), number=number_in(request.POST), left=True)
    except TextNotKept:
        return False
    return True


def _signed_out(request: HttpRequest) -> str:
    kept = _("You were signed out. What you typed is kept: sign in, and you find it in the form.")
    if request.FILES:
        return f"{kept} {_('Files were not kept: choose them again.')}"
    return kept


def _show(
    request: HttpRequest,
    application: Application,
    page: FormSection,
    *,
    at: datetime,
    typed: Typed | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """The form as it stands, or over an unsaved text; or, where the section was saved since, both texts."""
    filling = Filling(application, at=at)
    frame = form_frame(application, filling, page)
    waiting = page.unsaved(filling)
    visit = filling.visits.get(page.key)
    version = visit.version if visit is not None else 0
    asked = next((text for text in waiting if str(text.page) == request.GET.get("text")), None)
    if asked is not None and page.compared(filling, asked).differences:
        return _compare(request, page, filling, asked, frame=frame)
    resumed = asked or next((text for text in waiting if text.version == version), None)
    if typed is None and resumed is not None:
        typed = page.compared(filling, resumed).composed({}) if resumed.version != version else resumed.typed
    add, kind = _row_to_add(page, filling, request.GET)
    begun = page.key in filling.visits or page.has_begun(filling)
    # a row that asks anew is drawn like a new one: with its questions, without a word about them
    anew = request.GET.get("anew", "") if begun and typed is None and not add else ""
    if typed is not None or anew:
        filled = page.fill(filling, typed, add=add, kind=kind, judged=False)
    elif begun and not add:
        filled = page.current(filling)
    else:
        filled = page.fill(filling, add=add, kind=kind, bound=begun)
    after = section_after(application, page, at=at)
    return render(
        request,
        "applications/submission/section.html",
        {
            **frame,
            "section": page,
            "filled": filled,
            "news": page.news(filling),
            "forms": filled.forms if begun and typed is None and not anew else [],
            "mistakes": begun and typed is None and not anew and filled.problems,
            "visit": visit,
            "begun": begun,
            "opened": open_page(page, filling, resumes=resumed).seal(),
            "resumed": resumed,
            "waiting": [text for text in waiting if text is not resumed],
            "refusal": refusal,
            "next_url": after.url(application)
            if after
            else reverse("applications:review", args=[application.pk]),
            "added": add,
            "anew": anew,
            "hint": told_after_saving(request, application, at=at),
            "seconds_left": request.session.seconds_left,  # type: ignore[attr-defined]
        },
        status=409 if refusal else 200,
    )


def _compare(
    request: HttpRequest,
    page: FormSection,
    filling: Filling,
    text: UnsavedText,
    *,
    frame: dict[str, Any],
    chosen: Any = None,
) -> HttpResponse:
    """Both texts side by side, a choice for each answer that differs."""
    both = page.compared(filling, text)
    return render(
        request,
        "applications/submission/section_compare.html",
        {
            **frame,
            "section": page,
            "text": text,
            "visit": filling.visits.get(page.key),
            "opened": open_page(page, filling, resumes=text).seal(),
            "differences": [
                (each, chosen.get(each.name) if chosen is not None else None) for each in both.differences
            ],
            "missing": [each for each in both.differences if chosen is not None and each.name not in chosen],
            "seconds_left": request.session.seconds_left,  # type: ignore[attr-defined]
        },
    )


def _choose(
    request: HttpRequest, application: Application, page: FormSection, *, at: datetime
) -> HttpResponse:
    """Saves what was chosen of two texts; asks again where a choice is missing or the texts have moved on."""
    filling = Filling(application, at=at)
    opened = read_seal(request.POST.get("opened", ""))
    text = next((each for each in page.unsaved(filling) if opened and each.page == opened.resumes), None)
    if opened is None or text is None:
        return redirect(page.url(application))
    both = page.compared(filling, text)
    chosen = {
        each.name: request.POST[each.name]
        for each in both.differences
        if request.POST.get(each.name) in (SAVED, TYPED)
    }
    now = open_page(page, filling, resumes=text)
    moved = (opened.version, opened.resumes_number) != (now.version, now.resumes_number)
    if moved or len(chosen) < len(both.differences):
        frame = form_frame(application, filling, page)
        return _compare(request, page, filling, text, frame=frame, chosen=chosen)
    return _save(request, application, page, both.composed(chosen), at=at)


def _save(
    request: HttpRequest, application: Application, page: FormSection, typed: Typed, *, at: datetime
) -> HttpResponse:
    group, _colon, number = request.POST.get("remove", "").partition(":")
    opened = read_seal(request.POST.get("opened", ""))
    remember_found(request, application, page.key, at=at)
    try:
        filled = save_section(
            application,
            page,
            typed,
            by=Actor.of(user_of(request)),
            at=at,
            remove=(group, int(number)) if number.isdecimal() and len(number) < 4 else None,
            opened=opened if opened and opened.is_of(application.pk, page.key) else None,
            number=number_in(request.POST),
        )
    except TextNotKept as refusal:
        return _show(request, application, page, at=at, typed=typed, refusal=refusal)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("applications:receipt", pk=application.pk)
    return redirect(_after_saving(request, application, page, filled, opened))


def _after_saving(
    request: HttpRequest,
    application: Application,
    page: FormSection,
    filled: Filled,
    opened: OpenedPage | None,
) -> str:
    here = page.url(application)
    if filled.is_held and opened is not None:
        return f"{here}?{urlencode({'text': opened.page})}"
    if add := request.POST.get("add", ""):
        query = {"add": add, "kind": request.POST.get(f"{add}-new-kind", "")}
        return f"{here}?{urlencode({k: v for k, v in query.items() if v})}#added"
    if "remove" in request.POST:
        return here
    rows = (row for group in filled.groups for row in group.forms)
    if anew := next((row.prefix for row in rows if row.asks_anew), None):
        return f"{here}?{urlencode({'saved': page.key, 'anew': anew})}#added"
    if filled.problems:
        return f"{here}?{urlencode({'saved': page.key})}"
    after = section_after(application, page, at=filled.filling.at)
    url = after.url(application) if after else reverse("applications:review", args=[application.pk])
    return f"{url}?{urlencode({'saved': page.key})}"


def _row_to_add(page: FormSection, filling: Filling, query: Any) -> tuple[str, str]:
    """The group that gets an empty row, and the kind of it; nothing where the address makes no sense."""
    for group in page.groups_for(filling):
        if group.key == query.get("add"):
            kinds = [value for value, _label in group.kind_choices]
            if not kinds:
                return group.key, ""
            if query.get("kind") in kinds:
                return group.key, query["kind"]
    return "", ""


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
