"""The applicant's own pages. Somebody else's case or message does not exist here."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.history.queries import events_about
from applications.applicants.queries import applicant_of
from applications.evidence.queries import slots_of
from applications.home.greeting import greeting
from applications.home.next_step import summary_of, todos_of
from applications.home.queries import cases_of, local_statuses, messages_about_case, messages_to
from applications.home.timeline import timeline_of

# More than fit on the page of somebody who looks for what is new; all of them stand on their case's page.
RECENT = 5


@login_required
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The one next step, the rest to do, messages, and where the case of the next step stands."""
    at = clock.now()
    cases = list(cases_of(user_of(request)))
    statuses = local_statuses((case for case in cases if case.is_draft), at=at)
    todos = todos_of(cases, statuses, at=at)
    main = todos[0].application if todos else next((case for case in cases if not case.has_ended), None)
    main = main or (cases[0] if cases else None)
    applicant = applicant_of(user_of(request))
    return render(
        request,
        "applications/home/home.html",
        {
            "greeting": greeting(applicant.greeting_name if applicant else "", at=at),
            "main": main,
            "next": todos[0] if todos else None,
            "todos": todos[1:],
            "messages_to_me": messages_to(user_of(request), at=at)[:RECENT],
            "timeline": timeline_of(main, list(events_about(main))) if main else [],
            "others": [(case, summary_of(case, statuses, at=at)) for case in cases if case is not main],
            "now": at,
        },
    )


@login_required
@never_cache
@require_safe
def overview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One case: where it stands, what is to do, its documents, letters and messages."""
    at = clock.now()
    case = get_object_or_404(cases_of(user_of(request)), pk=pk)
    todos = todos_of([case], local_statuses([case] if case.is_draft else [], at=at), at=at)
    return render(
        request,
        "applications/home/overview.html",
        {
            "application": case,
            "programme": case.offering.programme,
            "next": todos[0] if todos else None,
            "todos": todos[1:],
            "slots": [slot for slot in slots_of(case, at=at) if slot.documents or slot.is_required],
            "messages_about": messages_about_case(user_of(request), case, at=at),
            "timeline": timeline_of(case, list(events_about(case))),
            "now": at,
        },
    )


@login_required
@never_cache
@require_safe
def message(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One message to this person in full, as it was sent."""
    found = get_object_or_404(messages_to(user_of(request), at=clock.now()).defer(None), pk=pk)
    case = (
        cases_of(user_of(request)).filter(pk=found.about_id).first()
        if found.about_kind == "application"
        else None
    )
    return render(request, "applications/home/message.html", {"message": found, "application": case})
