"""The list of cases, and the way from case to case along it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from applications.casework.beside import case_address
from applications.casework.frame import admin_context
from applications.lifecycle.queries import applications_listed_for
from applications.worklists.filters import Narrowing
from applications.worklists.listing import Counts, filters_of
from applications.worklists.pages import page_of
from applications.worklists.queries import read_blind_by
from applications.worklists.saved import beginning_of
from applications.worklists.searching import cases_of_number, is_like_a_number, searched
from programmes.permissions import rights_today

LIST = "admin:applications_application_changelist"


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """The cases one may open, narrowed and ordered by the address; without any, one's own first list."""
    at, user = clock.now(), user_of(request)
    rights = rights_today(request, day_of(at))
    if request.GET:
        # whoever scores nothing reads nothing blind
        blind = read_blind_by(user, at=at) if Right.REVIEW in rights else frozenset()
    else:
        first, blind = beginning_of(user, at=at)
        if first:
            return redirect(f"{reverse(LIST)}?{first}")
    narrowing = Narrowing.read(request.GET)
    visible = applications_listed_for(user, on=day_of(at))
    counts = Counts.of(visible, blind=blind)
    listed = page_of(
        visible, narrowing, request.GET.get("page", "1"), counts=counts, blind=blind, user=user, at=at
    )
    for place, case in enumerate(listed.cases, start=listed.page.start_index()):
        case.address = case_address(case.pk, place, narrowing.query())
    return render(
        request,
        "admin/cases/list.html",
        admin_context(
            request,
            _("Applications"),
            page=listed.page,
            cases=listed.cases,
            narrowing=narrowing,
            filters=filters_of(narrowing, counts, in_full=request.GET.get("more", "")),
            may_find=Right.VERIFY_EVIDENCE in rights,
            may_assign=Right.ASSIGN_REVIEWS in rights,
            may_see_numbers=Right.SEE_IDENTITY_NUMBERS in rights,
            now=at,
        ),
    )


@require_POST
def case_search(request: HttpRequest) -> HttpResponse:
    """What somebody typed who may see whole identity numbers: sent, so that no address ever holds one.

    A whole number leads to its case; anything else to the list that is searched for it, but for what could be
    somebody's number and finds nothing.
    """
    at, typed, user = clock.now(), request.POST.get("q", ""), user_of(request)
    found = cases_of_number(typed, user=user, on=day_of(at))
    if found:
        if len(found) > 1:  # the page of the case names the others where the number is shown
            messages.info(request, _("Several applications hold this number. This is the first of them."))
        return redirect("admin:applications_application_change", found[0])
    narrowing = {name: str(value) for name, value in request.POST.items()} | {"q": typed}
    visible = applications_listed_for(user, on=day_of(at))
    if is_like_a_number(typed) and not searched(visible, typed, blind=read_blind_by(user, at=at)).exists():
        messages.warning(request, _("None of your applications holds the number that you typed."))
        narrowing["q"] = ""
    return redirect(f"{reverse(LIST)}?{Narrowing.read(narrowing).query() or 'order=waiting'}")
