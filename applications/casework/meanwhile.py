"""Two officers on one case: what others did since a page was drawn, and the act that waits for a second look.

Every form that decides on something carries the version of the case its page was drawn from: the number of
the last event in its history. Whoever acts on an older one is shown what happened since and asked again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest

from admissions_portal.history.models import Event
from admissions_portal.history.queries import events_about
from admissions_portal.support.actors import Actor
from applications.lifecycle.actions import lock_application
from applications.lifecycle.models import Application

SEEN = "seen"
# somebody looked: nothing on the file is another for it
LOOKS = frozenset({"identity.seen", "identity.exported", "case.exported"})


class ChangedMeanwhile(Exception):
    """Somebody else acted on the case after the page was drawn: the act is not carried out."""


def history_of(pk: UUID) -> list[Event]:
    """Every event about the case. Read it before anything else of a page, so that a page never carries a
    version younger than what it shows."""
    return list(events_about(Application(pk=pk)))


def version_of(events: Iterable[Event]) -> int:
    """The version of a case with this history; 0 where nothing has happened."""
    return max((event.pk for event in events), default=0)


def version_seen(request: HttpRequest) -> int | None:
    """The version that the sender of a form, or whoever followed a link, had seen; None for a page opened
    afresh. A form that does not say it has seen nothing: better asked once too often."""
    sent = read_version((request.POST if request.method == "POST" else request.GET).get(SEEN, ""))
    return 0 if sent is None and request.method == "POST" else sent


def read_version(sent: str) -> int | None:
    """A version as a form or an address carries it; None where it is none."""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 19 else None


def done_by_others(events: Iterable[Event], *, since: int, by: Actor) -> list[Event]:
    """What others than `by` did to the case after the version `since`: officers, the applicant, the rules."""
    return [
        event
        for event in events
        if event.pk > since
        and event.kind not in LOOKS
        and (event.actor_kind, event.actor_id) != (by.kind, by.id)
    ]


def check_nothing_changed(pk: UUID, *, since: int, by: Actor) -> None:
    """Lock the case and compare: from here to the end of the transaction nobody else can act on it.

    Raises ChangedMeanwhile where others have acted since.
    """
    lock_application(Application(pk=pk))
    if done_by_others(events_about(Application(pk=pk)).filter(pk__gt=since), since=since, by=by):
        raise ChangedMeanwhile


def posted(request: HttpRequest) -> list[tuple[str, str]]:
    """Every value of a form as it was sent, to be sent once more."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in (SEEN, "csrfmiddlewaretoken")
        for value in values
    ]


def typed_in(bound: Iterable[Any]) -> list[tuple[str, str]]:
    """What was typed into these forms in words, by label: the form itself may no longer be on the page."""
    return [
        (str(field.label), str(field.value()))
        for form in bound
        if isinstance(form, forms.BaseForm) and form.is_bound
        for field in form
        if isinstance(field.field.widget, forms.TextInput | forms.Textarea) and field.value()
    ]
