"""The doors to the person of a case: what status an officer settled, and the whole identity number."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.accounts.roles import Right
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.assessments.actions import settle_status
from applications.casework.forms import CaseStatusForm
from applications.casework.frame import act_on_case, case_context, case_or_404, case_response
from applications.identity.actions import reveal_identity_number
from applications.identity.queries import identity_number_of, same_number_elsewhere
from applications.lifecycle.queries import applications_visible_to


@require_POST
def case_status(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The status in Hong Kong as an officer settled it."""
    case = case_or_404(request, pk, right=Right.VERIFY_EVIDENCE)
    form = CaseStatusForm(request.POST)
    if not form.is_valid():
        return case_response(request, pk, status_form=form)
    return act_on_case(
        request,
        _("The status is settled, the rules have been run again, and the applicant is told."),
        lambda by, at: settle_status(case, **form.cleaned_data, by=by, at=at),
        pk=pk,
        status_form=form,
    )


@require_POST
@never_cache
def case_identity(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The whole number, once: a POST, for the look is written down before the page is drawn."""
    case = case_or_404(request, pk, right=Right.SEE_IDENTITY_NUMBERS)
    at = clock.now()
    try:
        number = reveal_identity_number(case, by=Actor.of(user_of(request)), at=at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:applications_application_change", pk)
    given = identity_number_of(case)
    assert given is not None, "revealed just now"
    # a case of another office of the institution is not for this one to know of
    visible = applications_visible_to(user_of(request), on=clock.day_of(at))
    elsewhere = visible.filter(identity_number__in=same_number_elsewhere(given))
    context = case_context(
        request,
        case,
        _("Identity document"),
        given=given,
        number=number,
        elsewhere=elsewhere,
    )
    return render(request, "admin/cases/identity.html", context)
