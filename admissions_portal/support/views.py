"""Error pages, notices and the reader's theme."""

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from admissions_portal.support.context_processors import THEMES, theme_of

YEAR = 365 * 24 * 60 * 60


def _error_page(request: HttpRequest, page: str, status: int, **context: object) -> HttpResponse:
    """An error page in full, or, where even that needs a database that does not answer, the bare one."""
    try:
        return render(request, f"errors/{page}.html", context, status=status)
    except DatabaseError:
        return _bare_page(request, status)


def _bare_page(request: HttpRequest, status: int) -> HttpResponse:
    """Needs no database, no session and no context processor."""
    return HttpResponse(
        render_to_string("errors/500.html", {"theme": theme_of(request), "status": status}), status=status
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error_page(request, "400", 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403. A reason given to PermissionDenied is shown; it must be a sentence for the reader."""
    return _error_page(request, "403", 403, reason=str(exception or ""))


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error_page(request, "404", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _bare_page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's seal does not fit: signed in or out meanwhile, no cookies, or a page left open for days."""
    return _error_page(request, "csrf", 403, has_cookie=settings.CSRF_COOKIE_NAME in request.COOKIES)


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    secure = request.is_secure()
    return (
        target if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=secure) else "/"
    )


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponseRedirect:
    """Keep light, dark or the device's own in a cookie for a year, and go back."""
    response = HttpResponseRedirect(_safe_next(request))  # a path, never the name of a page
    theme = request.POST.get("theme", "auto")
    if theme in THEMES:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie("theme", theme, max_age=YEAR, samesite="Lax", secure=secure, httponly=True)
    return response


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "support/privacy.html")


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "support/accessibility.html")


@require_GET
def contact(request: HttpRequest) -> HttpResponse:
    return render(request, "support/contact.html")


@require_GET
@cache_control(max_age=24 * 60 * 60, public=True)
def robots(request: HttpRequest) -> HttpResponse:
    """The catalogue may be found. A person's pages need no line: without a sign-in they answer nobody."""
    parts = ("account", "applications/start", "office", "health", "mailbox")
    lines = ["User-agent: *", *(f"Disallow: /{part}/" for part in parts)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_GET
@cache_control(max_age=24 * 60 * 60, public=True)
def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """For those who ask without reading the page."""
    return HttpResponseRedirect(static("images/favicon.svg"))
