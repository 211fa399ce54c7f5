"""Looking at one answer when its field is left: the sentence that saving would show, and nothing kept."""

from __future__ import annotations

from uuid import UUID

from django.core.cache import cache
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from applications.submission.opened import form_section, typed_in
from applications.submission.queries import written_by
from applications.submission.sections import Filling
from applications.submission.sections.typed import names_of

# Nobody leaves two fields a second for a minute.
MOST_A_MINUTE = 120


@never_cache
@require_POST
def check(request: HttpRequest, pk: UUID, key: str) -> JsonResponse:
    """What is wrong with the answer under the name `field`, judged beside all that was typed on the page.

    Answers JSON: `errors`, the sentences, none where it can be right. 401 without a session, 409 for a case
    that is no draft any more, 429 for whoever asks too often: the page then waits for saving.
    """
    if not request.user.is_authenticated:
        return JsonResponse({}, status=401)
    if _asks_too_often(user_of(request).pk):
        return JsonResponse({}, status=429)
    application = get_object_or_404(written_by(user_of(request)), pk=pk)
    at = clock.now()
    page = form_section(application, key, at=at)
    if page is None:
        raise Http404
    if not application.is_draft:
        return JsonResponse({}, status=409)
    name, typed = request.POST.get("field", ""), typed_in(request.POST)
    filled = page.fill(Filling(application, at=at), typed)
    errors = [
        str(error)
        for form in filled.forms
        for bound in form
        if name in names_of(bound)
        for error in bound.errors
    ]
    return JsonResponse({"errors": errors})


def _asks_too_often(user: int) -> bool:
    key = f"checking/{user}"
    if cache.add(key, 1, timeout=60):
        return False
    try:
        return cache.incr(key) > MOST_A_MINUTE
    except ValueError:  # the minute ended between the two
        return False
