"""The office stays shut until whoever works there has a second step (PRODUCT I1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from admissions_portal.accounts.queries import needs_second_step

# What somebody needs to set the step up, to read our notices or to leave.
_OPEN_APPS = {"accounts", "support", "health"}
_OPEN_NAMES = ("account_", "mfa_", "usersessions_", "set_language")


class SecondStepMiddleware:
    """Sends staff without a second step to the page that explains it, whatever they asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.app_name in _OPEN_APPS or (match.url_name or "").startswith(_OPEN_NAMES):
            return None
        if not needs_second_step(request.user):
            return None
        asked = request.get_full_path() if request.method == "GET" else reverse("admin:index")
        return HttpResponseRedirect(f"{reverse('accounts:second_step')}?{urlencode({'next': asked})}")
