"""The applicant's own pages. Somebody else's case or message does not exist here."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.history.queries import events_about
from admissions_portal.outbox.actions import note_read
from applications.applicants.queries import applicant_of
from applications.evidence.queries import slots_of
from applications.home.greeting import greeting
from applications.home.letters import letters_of
from applications.home.next_step import Todo, summary_of, todos_of
from applications.home.queries import cases_of, known_about, messages_about_case, messages_to
from applications.home.timeline import timeline_of
from applications.lifecycle.models import Application
from applications.occasional.queries import requests_of
from applications.standing.queries import can_ask, standing_rules
from applications.submission.queries import submissions_of
from programmes.queries import programmes_saved_by

# More than fit on the page of somebody who looks for what is new; all of them stand on a page of their own.
RECENT = 5


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One application among the person's: its own next step, or in a line why there is none."""

    application: Application
    step: Todo | None
    text: str


@login_required
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The one next step, each application with its own, the rest to do, messages, letters, what was saved."""
    user, at = user_of(request), clock.now()
    cases, occasional = list(cases_of(user)), list(requests_of(user))
    known = known_about(cases, occasional=occasional, at=at)
    todos = todos_of(cases, known, at=at)
    running = [case for case in cases if not case.has_ended]
    main = next((todo.application for todo in todos if todo.application), None)
    main = main or next(iter(running), None) or next(iter(cases), None)
    applicant = applicant_of(user)
    messages = messages_to(user, at=at)
    return render(
        request,
        "applications/home/home.html",
        {
            "greeting": greeting(applicant.greeting_name if applicant else "", at=at),
            "main": main,
            "next": todos[0] if todos else None,
            "todos": todos[1:],
            "running": [_row(case, todos, summary_of(case, known, at=at)) for case in running],
            "ended": [_row(case, [], summary_of(case, known, at=at)) for case in cases if case.has_ended],
            "occasional_requests": occasional,
            "asked_courses": next((each for each in occasional if each.is_waiting), None),
            "messages_to_me": messages[:RECENT],
            "unread": messages.filter(is_new=True).count(),  # type: ignore[misc]  # annotated
            "letters": letters_of(cases, submissions_of(user)),
            "saved_programmes": programmes_saved_by(user, at=at),
            "timeline": timeline_of(main, list(events_about(main)), known.requests.get(main.pk, ()))
            if main
            else [],
            "now": at,
        },
    )


@login_required
@never_cache
@require_safe
def overview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One case: where it stands, what is to do, its documents, letters and messages."""
    user, at = user_of(request), clock.now()
    case = get_object_or_404(cases_of(user), pk=pk)
    known = known_about([case], at=at)
    todos = todos_of([case], known, at=at)
    return render(
        request,
        "applications/home/overview.html",
        {
            "application": case,
            "programme": case.offering.programme,
            "next": todos[0] if todos else None,
            "todos": todos[1:],
            "slots": [
                slot
                for slot in slots_of(case, at=at)
                # what was never sent is nobody's matter once it has ended
                if slot.documents or (slot.is_required and not case.has_ended)
            ],
            "letters": letters_of([case], submissions_of(user).filter(application=case)),
            "messages_about": messages_about_case(user, case, at=at),
            "timeline": timeline_of(case, list(events_about(case)), known.requests.get(case.pk, ())),
            "may_ask_credits": can_ask(case) and standing_rules(case, at=at) is not None,
            "now": at,
        },
    )


@login_required
@never_cache
@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """Every message to this person, the newest first."""
    found = messages_to(user_of(request), at=clock.now())
    page = Paginator(found, 25).get_page(request.GET.get("page"))
    return render(
        request,
        "applications/home/messages.html",
        {
            "page": page,
            "unread": found.filter(is_new=True).count(),  # type: ignore[misc]  # annotated
        },
    )


@login_required
@never_cache
@require_safe
def message(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One message to this person in full, as it was sent; from now on it is read."""
    user, at = user_of(request), clock.now()
    found = get_object_or_404(messages_to(user, at=at).defer(None), pk=pk)
    note_read(found, at=at)
    case = cases_of(user).filter(pk=found.about_id).first() if found.about_kind == "application" else None
    return render(request, "applications/home/message.html", {"message": found, "application": case})


def _row(case: Application, todos: list[Todo], text: str) -> CaseRow:
    return CaseRow(case, next((todo for todo in todos if todo.application is case), None), text)
