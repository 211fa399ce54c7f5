"""From the page that was saved to the next: what the rules said before, so that it can tell what changed."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from applications.lifecycle.models import Application
from applications.submission.effects import found_now
from applications.submission.rules import RulesSoFar, rules_so_far

# Saving one of these may change what the rules say.
TELLING = frozenset({"residence", "choice", "qualifications", "english", "experience"})
# In the session: application, section, and what was found before it was last saved.
FOUND_BEFORE = "found_before"


def remember_found(request: HttpRequest, application: Application, key: str, *, at: datetime) -> None:
    """Keep what the rules say now, before section `key` is saved."""
    if key in TELLING:
        request.session[FOUND_BEFORE] = [str(application.pk), key, found_now(application, at=at)]


def told_after_saving(request: HttpRequest, application: Application, *, at: datetime) -> RulesSoFar | None:
    """What the rules say after the section that the address names as saved, and what that saving changed;
    None where it names none that matters to them."""
    saved = request.GET.get("saved")
    if saved not in TELLING:
        return None
    of, key, found = request.session.get(FOUND_BEFORE) or ("", "", None)
    before = found if (of, key) == (str(application.pk), saved) else None
    return rules_so_far(application, at=at, before=before)
