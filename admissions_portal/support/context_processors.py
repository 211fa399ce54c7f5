"""What every page knows: the time, the reader's language and theme, and where in the portal it stands."""

from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from admissions_portal import clock

THEMES: Final = ("auto", "light", "dark")
# The value of the `lang` attribute: the script and, for Traditional, the place whose characters are meant.
HTML_LANGUAGES: Final = {"en": "en", "zh-hant": "zh-Hant-HK", "zh-hans": "zh-Hans"}
LANGUAGES: Final = (("en", "EN", "English"), ("zh-hant", "繁", "繁體中文"), ("zh-hans", "简", "简体中文"))


def theme_of(request: HttpRequest) -> str:
    """The reader's choice from the cookie: `light`, `dark`, or `auto` for the system's."""
    chosen = request.COOKIES.get("theme", "auto")
    return chosen if chosen in THEMES else "auto"


def portal(request: HttpRequest) -> dict[str, Any]:
    """The context of base.html. `now` is read (one query) when a template first asks for it, then kept."""
    now: Callable[[], datetime] = cache(clock.now)
    language = get_language() or "en"
    return {
        "is_demo": settings.IS_DEMO,
        # Django masks it anew for each of the four or five forms of a page, twice
        "csrf_token": SimpleLazyObject(partial(get_token, request)),
        "now": now,
        "theme": theme_of(request),
        # one address for search engines, whatever host or search the page was asked with
        "canonical": settings.PORTAL_ORIGIN + request.path,
        "html_lang": HTML_LANGUAGES.get(language, language),
        "languages": [
            {
                "code": code,
                "short": short,
                "name": name,
                "html": HTML_LANGUAGES[code],
                "is_current": code == language,
            }
            for code, short, name in LANGUAGES
        ],
        # The page may say otherwise with {% block nav %}; the address is right nearly always.
        "nav_current": _nav_current(request.path),
    }


# First part of an address → the entry of the navigation it belongs to.
NAV_PLACES: Final = {
    "": "programmes",
    "programmes": "programmes",
    "compare": "programmes",
    "saved": "programmes",
    "eligibility": "eligibility",
    "my": "applications",
    "applications": "applications",
    "offers": "applications",
    "documents": "applications",
    "receipts": "applications",
    "account": "account",
}


def _nav_current(path: str) -> str:
    return NAV_PLACES.get(path.split("/")[1], "")
