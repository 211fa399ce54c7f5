"""The list of cases."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from applications.casework.frame import admin_context
from applications.lifecycle.queries import applications_listed_for
from applications.worklists.filters import Narrowing
from applications.worklists.listing import filters_shown
from applications.worklists.queries import annotate_listing, tallies_of
from programmes.permissions import rights_today

PAGE_SIZE = 50


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """The cases one may open, narrowed and ordered by the address."""
    at = clock.now()
    narrowing = Narrowing.read(request.GET)
    visible = applications_listed_for(user_of(request), on=day_of(at))
    cases = narrowing.apply(
        annotate_listing(visible, user=user_of(request), at=at), at=at, user=user_of(request)
    )
    page = Paginator(cases, PAGE_SIZE).get_page(request.GET.get("page"))
    tallies = tallies_of(page.object_list)
    for case in page.object_list:
        case.tally = tallies.get(case.assessment_id, {})
    return render(
        request,
        "admin/cases/list.html",
        admin_context(
            request,
            _("Applications"),
            page=page,
            narrowing=narrowing,
            filters=filters_shown(narrowing, visible, user=user_of(request), at=at),
            may_find=Right.VERIFY_EVIDENCE in rights_today(request),
            may_assign=Right.ASSIGN_REVIEWS in rights_today(request),
            now=at,
        ),
    )
