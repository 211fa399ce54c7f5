"""A reader's own work: what waits for their score, the next case, and “later”."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from applications.casework.frame import admin_context
from applications.lifecycle.blind import programmes_read_blind
from applications.lifecycle.queries import applications_visible_to, full_name_of
from applications.reviews.assignment_actions import put_off_case
from applications.reviews.assignment_queries import (
    cases_awaited_outside,
    cases_scored_by,
    cases_to_score,
    progress_of,
)
from programmes.permissions import rights_today

PAGE_SIZE = 50


@require_safe
@never_cache
def my_reviews(request: HttpRequest) -> HttpResponse:
    """What waits for this reader's score, in its order; what cannot be scored now; what they have scored."""
    _check_reads(request)
    at, user = clock.now(), user_of(request)
    page = Paginator(cases_to_score(user, at=at), PAGE_SIZE).get_page(request.GET.get("page"))
    scored = cases_scored_by(user, at=at)
    done, shown = scored.order_by().count(), list(scored[:PAGE_SIZE])
    blind = set(programmes_read_blind(user, on=day_of(at)).values_list("pk", flat=True))
    for case in [*page.object_list, *shown]:
        is_blind = case.offering.intake.programme_id in blind
        case.shown_name = _("Application") if is_blind else full_name_of(case)
    return render(
        request,
        "admin/reviews/mine.html",
        admin_context(
            request,
            _("My reviews"),
            page=page,
            outside=cases_awaited_outside(user, at=at),
            scored=shown,
            done=done,
            total=done + page.paginator.count,
            now=at,
        ),
    )


@require_safe
@never_cache
def next_review(request: HttpRequest) -> HttpResponse:
    """Leads to the case that needs this reader most; at the end to the list of their reviews."""
    _check_reads(request)
    case = cases_to_score(user_of(request), at=clock.now()).first()
    if case is None:
        messages.success(request, _("No case waits for your score now."))
        return redirect("admin:applications_application_my_reviews")
    return redirect("admin:applications_application_change", case.pk)


@require_POST
def case_later(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The reader puts the case off and goes on to the next one."""
    at = clock.now()
    own = applications_visible_to(user_of(request), on=day_of(at), right=Right.REVIEW)
    case = get_object_or_404(own, pk=pk)
    put_off_case(case, by=Actor.of(user_of(request)), at=at)
    following = progress_of(user_of(request), at=at, after=pk).next_case
    if following is None:
        messages.success(request, _("This is the only case that waits for your score."))
        return redirect("admin:applications_application_my_reviews")
    return redirect("admin:applications_application_change", following.pk)


def _check_reads(request: HttpRequest) -> None:
    """404 for whoever scores nothing anywhere."""
    if Right.REVIEW not in rights_today(request):
        raise Http404
