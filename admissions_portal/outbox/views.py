"""The demo's mailbox: what would have been sent, for everybody who tries the portal."""

import uuid

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from admissions_portal.outbox.queries import newest_messages

PER_PAGE = 20


def _only_in_the_demo() -> None:
    # the addresses are not even registered elsewhere; this is the second lock
    if not settings.IS_DEMO:
        raise Http404


@require_safe
@never_cache
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest messages, searched by address or subject."""
    _only_in_the_demo()
    search = request.GET.get("q", "").replace("\x00", "").strip()[:254]
    page = Paginator(newest_messages(search), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "outbox/mailbox.html", {"page": page, "search": search})


@require_safe
@never_cache
def message(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One message as its reader sees it."""
    _only_in_the_demo()
    return render(request, "outbox/message.html", {"message": get_object_or_404(newest_messages(), pk=pk)})
