"""The office's list of occasional students and one request with its decision. Mounted by `admin.py`."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from admissions_portal import clock
from admissions_portal.accounts.models import User
from admissions_portal.accounts.requests import user_of
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.history.models import Event
from admissions_portal.history.queries import events_about
from admissions_portal.history.wording import actor_label, sentence_of
from admissions_portal.support.actors import Actor, ActorKind
from admissions_portal.support.refusals import Refusal
from applications.occasional.actions import decide_request
from applications.occasional.forms import OccasionalDecisionForm
from applications.occasional.models import OccasionalRequest, OccasionalStatus
from applications.occasional.permissions import can_decide_request
from applications.occasional.queries import TO_DECIDE, person_of, requests_visible_to, waiting_requests
from programmes.permissions import rights_today

PAGE_SIZE = 50
# what a status looks like, by the icon's name
SHAPES = {
    OccasionalStatus.RECEIVED: "pending",
    OccasionalStatus.APPROVED: "met",
    OccasionalStatus.DECLINED: "notmet",
    OccasionalStatus.WITHDRAWN: "na",
}


@require_safe
@never_cache
def request_list(request: HttpRequest) -> HttpResponse:
    """Requests of one's programmes; by default those that wait, the longest waiting first."""
    at = _asked(request)
    user = user_of(request)
    choices = [*((str(status), status.label) for status in SHAPES), ("ALL", _("All of them"))]
    if Right.DECIDE in rights_today(request):
        choices.insert(0, (TO_DECIDE, _("For you to decide")))
    chosen = request.GET.get("status", OccasionalStatus.RECEIVED)
    if chosen not in dict(choices):
        chosen = "ALL"
    if chosen == TO_DECIDE:
        found = waiting_requests(user, on=day_of(at))
    else:
        found = requests_visible_to(user, on=day_of(at))
    if chosen in SHAPES:
        found = found.filter(status=chosen)
    if chosen == OccasionalStatus.RECEIVED:
        found = found.order_by("sent_at", "id")
    page = Paginator(found.prefetch_related("courses"), PAGE_SIZE).get_page(request.GET.get("page"))
    return _page(
        request,
        "admin/occasional/list.html",
        _("Occasional students"),
        page=page,
        rows=[
            {"request": row, "person": person_of(row), "shape": SHAPES[OccasionalStatus(row.status)]}
            for row in page.object_list
        ],
        chosen=chosen,
        choices=choices,
        now=at,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def request_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One request; whoever decides on the programme decides here, course by course, once."""
    at, by = _asked(request), Actor.of(user_of(request))
    found = get_object_or_404(requests_visible_to(user_of(request), on=day_of(at)), pk=pk)
    may_decide = found.is_waiting and can_decide_request(found, by=by, at=at)
    courses = list(found.courses.all())
    form = OccasionalDecisionForm(request.POST if request.method == "POST" else None, courses=courses)
    if request.method == "POST":
        if not can_decide_request(found, by=by, at=at):
            raise Http404
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            try:
                decide_request(found, approved=form.chosen, reason=reason, by=by, at=at)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Decided. The person is told by message."))
                return redirect("admin:applications_occasionalrequest_change", pk)
    person = person_of(found)
    return _page(
        request,
        "admin/occasional/request.html",
        person["full_name"],
        found=found,
        person=person,
        courses=courses,
        files=list(found.files.all()),
        events=_told(found),
        form=form,
        may_decide=may_decide,
        shape=SHAPES[OccasionalStatus(found.status)],
        now=at,
    )


def _told(found: OccasionalRequest) -> list[dict[str, Any]]:
    """Its history in words, the newest first, with who did it: the person, or somebody of the office."""
    events = list(events_about(found))[::-1]
    staff = User.objects.in_bulk(
        {int(event.actor_id) for event in events if event.actor_kind == ActorKind.USER}
    )
    staff.pop(found.applicant.user_id, None)
    person = person_of(found)["full_name"]

    def who(event: Event) -> str:
        if event.actor_kind != ActorKind.USER:
            return actor_label(event)
        return str(staff.get(int(event.actor_id), person))

    return [{"sentence": sentence_of(each), "at": each.at, "who": who(each)} for each in events]


def _asked(request: HttpRequest) -> datetime:
    """The moment of the request. 404 for whoever opens no cases."""
    if Right.SEE_CASES not in rights_today(request):
        raise Http404
    return clock.now()


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), "title": title, **context})
