"""The coordinator's page: narrow, rank, export. Mounted inside the admin by `admin.py`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from admissions_portal import clock
from admissions_portal.accounts.models import User
from admissions_portal.accounts.requests import user_of
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from applications.exports.actions import export_cases
from applications.exports.answers import questions_of
from applications.exports.models import ExportFormat
from applications.exports.queries import exportable_cases
from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_visible_to
from applications.reviews.queries import category_means
from applications.shortlists.ranking import rank_cases
from applications.worklists.filters import Narrowing
from applications.worklists.listing import Counts, filters_of
from applications.worklists.queries import annotate_listing
from programmes.permissions import rights_today

CONTENT_TYPES = {
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.CSV: "text/csv; charset=utf-8",
}
# What the page draws; an export holds every row.
ROWS_SHOWN = 200


@require_safe
@never_cache
def shortlist(request: HttpRequest) -> HttpResponse:
    """Cases by mean score, ties shown, from the highest; narrowed and ordered by the address."""
    if Right.SHORTLIST not in rights_today(request):
        raise PermissionDenied
    at = clock.now()
    narrowing = Narrowing.read(request.GET)
    visible = applications_visible_to(user_of(request), on=day_of(at), right=Right.SHORTLIST)
    cases = _ranked(visible, narrowing, user=user_of(request), at=at)
    means = category_means(cases, user=user_of(request), at=at)
    for case in cases[:ROWS_SHOWN]:
        of_case = means.means.get(case.pk, {}) if means else {}
        case.category_means = (
            [(each.title, of_case.get(each.key)) for each in means.categories] if means else []
        )
    return render(
        request,
        "admin/cases/shortlist.html",
        {
            **admin.site.each_context(request),
            "title": _("Shortlist"),
            "cases": cases[:ROWS_SHOWN],
            "count": len(cases),
            "categories": means.categories if means else (),
            "ties": sorted({case.rank for case in cases if case.is_tied}),
            "narrowing": narrowing,
            # what is ranked is never read blind
            "filters": filters_of(narrowing, Counts.of(visible), in_full=request.GET.get("more", "")),
            "may_export": Right.EXPORT in rights_today(request),
            "may_export_numbers": {Right.EXPORT, Right.SEE_IDENTITY_NUMBERS} <= set(rights_today(request)),
            "formats": ExportFormat.choices,
            "questions": questions_of(cases),
            "has_example_dates": any(case.round.is_example for case in cases),
            "now": at,
        },
    )


@require_POST
def shortlist_export(request: HttpRequest, file_format: str) -> HttpResponse:
    """The same list as a file; a POST, because it writes the log of exports."""
    if file_format not in ExportFormat.values:
        raise Http404
    at, by = clock.now(), Actor.of(user_of(request))
    narrowing = Narrowing.read(request.GET)
    chosen = ExportFormat(file_format)
    log, content = export_cases(
        "shortlist",
        _ranked(exportable_cases(by.user, at=at), narrowing, user=by.user, at=at),
        narrowing=narrowing,
        file_format=chosen,
        identity_numbers="identity_numbers" in request.POST,
        answers=request.POST.getlist("answer"),
        by=by,
        at=at,
    )
    name = f"shortlist-{at:%Y-%m-%d}-{log.pk}.{file_format.lower()}"
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES[chosen],
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _ranked(cases: QuerySet[Application], narrowing: Narrowing, *, user: User, at: datetime) -> list[Any]:
    return rank_cases(
        narrowing.apply(
            annotate_listing(cases, user=user, at=at, blind=()),
            at=at,
            user=user,
            blind=(),
            default_order="-score",
        )
    )
