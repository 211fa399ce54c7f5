"""Conflicts of interest: the doors to declare, record and lift one, and the list of all that stand."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from applications.casework.conflict_forms import CaseConflictForm, ColleagueConflictForm, LiftedConflictForm
from applications.casework.frame import act_on_case, admin_context, case_or_404, case_response, try_act
from applications.lifecycle.conflicts import declare_conflict, lift_conflict, record_conflict
from applications.lifecycle.models import Recusal
from applications.lifecycle.queries import applications_listed_for, applications_visible_to, full_name_of
from applications.lifecycle.recusals import standing_recusals
from programmes.permissions import rights_today
from programmes.queries import appointments_on, people_with

PAGE_SIZE = 50


@require_safe
def conflict_list(request: HttpRequest) -> HttpResponse:
    """Every conflict of interest that stands in one’s programmes, those found by the portal first. Of a case
    with which one has a conflict oneself there is no row either."""
    if Right.DECLARE_CONFLICTS not in rights_today(request):
        raise Http404
    on = day_of(clock.now())
    cases = applications_visible_to(user_of(request), on=on, right=Right.DECLARE_CONFLICTS)
    # whoever is appointed no longer opens no case, conflict or not
    appointed = appointments_on(on).filter(
        user=OuterRef("person"), programme=OuterRef("application__offering__intake__programme")
    )
    standing = standing_recusals(cases).filter(Exists(appointed))
    page = Paginator(standing, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "admin/cases/conflicts.html",
        admin_context(
            request,
            _("Conflicts of interest"),
            page=page,
            rows=[(each, full_name_of(each.application)) for each in page.object_list],
        ),
    )


@require_POST
def case_conflict(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One’s own conflict of interest; from here on the case is not there any more."""
    case = get_object_or_404(applications_listed_for(user_of(request), on=day_of(clock.now())), pk=pk)
    form = CaseConflictForm(request.POST)
    if not form.is_valid():
        return case_response(request, pk, conflict_form=form)
    # nobody is asked whether others acted meanwhile: it takes nothing from anybody
    try_act(request, lambda by, at: declare_conflict(case, **form.cleaned_data, by=by, at=at))
    messages.success(
        request,
        _(
            "Your conflict of interest with %(number)s is on record, and the application is closed to you: "
            "you will not meet it in lists, files or exports. Was it a mistake? Whoever keeps the record of "
            "conflicts in your programme can lift it."
        )
        % {"number": case.number},
    )
    return redirect("admin:applications_application_changelist")


@require_POST
def case_conflict_of_colleague(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A colleague’s conflict of interest."""
    case = case_or_404(request, pk, right=Right.DECLARE_CONFLICTS)
    colleagues = people_with(Right.SEE_CASES, case.offering.programme, day_of(clock.now()))
    form = ColleagueConflictForm(request.POST, colleagues=colleagues.exclude(pk=user_of(request).pk))
    if not form.is_valid():
        return case_response(request, pk, colleague_form=form)
    return act_on_case(
        request,
        _("The conflict of interest is on record. For %(person)s the application does not exist any more.")
        % {"person": form.cleaned_data["person"]},
        lambda by, at: record_conflict(case, **form.cleaned_data, by=by, at=at),
        pk=pk,
        colleague_form=form,
    )


@require_POST
def case_conflict_lifted(request: HttpRequest, pk: UUID, recusal_pk: int) -> HttpResponse:
    """A conflict of interest that no longer stands, or never did."""
    case = case_or_404(request, pk, right=Right.DECLARE_CONFLICTS)
    recusal = get_object_or_404(Recusal.objects.select_related("person"), pk=recusal_pk, application=case)
    form = LiftedConflictForm(request.POST, recusal=recusal)
    if not form.is_valid():
        return case_response(request, pk, lift_form=form)
    return act_on_case(
        request,
        _(
            "The conflict of interest is lifted. %(person)s may open the application again, unless another "
            "one stands."
        )
        % {"person": recusal.person},
        lambda by, at: lift_conflict(recusal, **form.cleaned_data, by=by, at=at),
        pk=pk,
        lift_form=form,
    )
