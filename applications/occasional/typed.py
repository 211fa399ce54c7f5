"""What is typed into the short form and not saved yet: sealed in the session of the browser it was typed in.

There it outlives a closed tab, a lost connection and the end of the sign-in, and nobody else sees it. What a
half-typed name says goes into nobody's profile: only the button saves.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict

from admissions_portal.support.sealing import seal, unseal
from applications.occasional.models import OccasionalRequest

KEPT = "occasional_typed"
# Characters as posted; nobody types more into so short a form.
MOST = 50_000
_OURS = ("csrfmiddlewaretoken", "number", "opened", "stay", "attached", "check", "remove", "as_saved")


def page_opened(request: OccasionalRequest) -> str:
    """A mark of the page that is drawn now: which saving it shows, and which page it is."""
    return f"{_version(request)}/{secrets.token_hex(4)}"


def is_over(opened: str, request: OccasionalRequest) -> bool:
    """Whether a page with this mark shows the draft as it is still kept."""
    return opened.partition("/")[0] == _version(request)


def keep_typed(session: SessionBase, pk: Any, posted: QueryDict, *, always: bool = False) -> bool:
    """Keep the text of a page; a late request with an older text changes nothing.

    `always` shows it even when the draft was saved elsewhere meanwhile: its writer was signed out and could
    not be told. False for what is too long to be kept, which then stays as it was.
    """
    typed = posted.copy()
    for name in _OURS:
        typed.pop(name, None)
    if len(text := typed.urlencode()) > MOST:
        return False
    opened, number = posted.get("opened", ""), posted.get("number", "")
    count = int(number[:9]) if number.isdecimal() else 0
    kept = session.get(KEPT)
    if kept and kept["opened"] == opened and kept["number"] > count:
        return True
    session[KEPT] = {
        "request": str(pk),
        "opened": opened,
        "number": count,
        "always": always,
        "text": seal(text),
    }
    return True


def typed_text(session: SessionBase, request: OccasionalRequest) -> QueryDict | None:
    """What was typed over this draft as it is kept; None where nothing waits."""
    kept = session.get(KEPT)
    if not kept or kept["request"] != str(request.pk):
        return None
    if not kept["always"] and not is_over(kept["opened"], request):
        return None
    return QueryDict(unseal(kept["text"]))


def forget_typed(session: SessionBase) -> None:
    """It is saved, or not wanted any more."""
    session.pop(KEPT, None)


def _version(request: OccasionalRequest) -> str:
    return request.updated_at.isoformat()
