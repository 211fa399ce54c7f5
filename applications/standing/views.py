"""The applicant's page of advanced standing: list courses, see what the rules say, send the request."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_of
from applications.standing.actions import request_standing, save_courses
from applications.standing.courses import SECTION
from applications.standing.forms import StandingRequestForm
from applications.standing.queries import can_ask, courses_to_ask, requests_of, standing_rules
from applications.standing.telling import shown_courses, shown_request
from applications.submission.opened import typed_in
from applications.submission.sections import Filled, Filling


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def standing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One application's requests for credits, and the courses not asked for yet.

    404 for anybody else's application, for a draft, and where the programme grants no advanced standing.
    """
    application = get_object_or_404(
        applications_of(user_of(request)).select_related("offering__intake__programme__office"), pk=pk
    )
    at = clock.now()
    if application.is_draft or standing_rules(application, at=at) is None:
        raise Http404
    if request.method != "POST":
        return _page(request, application, at=at)
    if not can_ask(application) or any(asked.is_open for asked in requests_of(application)):
        return redirect("applications:standing", pk=pk)
    by = Actor.of(user_of(request))
    posted = request.POST.get("remove", "").partition(":")[2]
    remove = int(posted) if posted.isdecimal() and len(posted) < 4 else None
    typed = {name: values for name, values in typed_in(request.POST).items() if name.startswith("course-")}
    filled = save_courses(application, typed, by=by, at=at, remove=remove)
    form = StandingRequestForm(request.POST)
    if "add" in request.POST:
        return redirect(f"{reverse('applications:standing', args=[pk])}?add=course#added")
    if "send" not in request.POST:
        if filled.problems:
            return _page(request, application, at=at, filled=filled, form=_as_typed(request))
        if all(each.is_blank for group in filled.groups for each in group.forms):
            messages.warning(request, _("No course is written yet. Fill in the first one, then save it."))
            return redirect(f"{reverse('applications:standing', args=[pk])}?add=course#added")
        return redirect(f"{reverse('applications:standing', args=[pk])}#rules")
    if filled.problems or not form.is_valid():
        return _page(request, application, at=at, filled=filled, form=form)
    try:
        request_standing(application, **form.cleaned_data, by=by, at=at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, application, at=at, filled=filled, form=form)
    messages.success(request, _("Your request has been received. We have written to you to confirm it."))
    return redirect("applications:standing", pk=pk)


def _page(
    request: HttpRequest,
    application: Application,
    *,
    at: datetime,
    filled: Filled | None = None,
    form: StandingRequestForm | None = None,
) -> HttpResponse:
    rules = standing_rules(application, at=at)
    assert rules is not None  # asked by the caller
    requirements = rules.requirements()
    asked = [shown_request(each) for each in requests_of(application)]
    may_ask = can_ask(application) and not any(each.request.is_open for each in asked)
    problems = [*filled.forms] if filled is not None else []
    listed = list(courses_to_ask(application))
    courses, findings, ledger = shown_courses(application, listed, requirements, at=at)
    if filled is None and may_ask:
        # nobody is shown an empty course unasked but who has none at all
        add = "course" if request.GET.get("add") == "course" or not (listed or asked) else ""
        filled = SECTION.fill(Filling(application, at=at), add=add, bound=False)
    programme = application.offering.programme
    context: dict[str, Any] = {
        "application": application,
        "offering": application.offering,
        "programme": programme,
        "office": programme.office,
        "asked": asked,
        "may_ask": may_ask,
        "group": filled.groups[0] if filled is not None else None,
        "added": request.GET.get("add", ""),
        "form": form or StandingRequestForm(),
        "mistaken": [*problems, form] if form is not None and form.is_bound else problems,
        "courses": courses,
        "findings": findings,
        "ledger": ledger,
        "starts_on": application.offering.intake.expected_start_on,
        "now": at,
    }
    return render(request, "applications/standing/standing.html", context)


def _as_typed(request: HttpRequest) -> StandingRequestForm:
    """What was written so far, with nothing said about it."""
    return StandingRequestForm(initial={"statement": request.POST.get("statement", "")})
