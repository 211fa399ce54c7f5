"""The applicant's page for the whole number. Somebody else's case does not exist here."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.identity.actions import give_identity_number
from applications.identity.forms import IdentityNumberForm
from applications.identity.queries import identity_number_of
from applications.lifecycle.queries import applications_of
from applications.lifecycle.states import PLACE_TAKEN


@sensitive_post_parameters("number")
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def identity_number(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks for the number once a place is accepted; afterwards says, masked, which one the office holds."""
    case = get_object_or_404(applications_of(user_of(request)).select_related("identity_number"), pk=pk)
    if case.state not in PLACE_TAKEN:
        raise Http404
    given = identity_number_of(case)
    kind = given.kind if given else case.applicant.identity_kind
    form = IdentityNumberForm(request.POST if request.method == "POST" else None, initial={"kind": kind})
    if form.is_valid():
        try:
            give_identity_number(case, **form.cleaned_data, by=Actor.of(user_of(request)), at=clock.now())
        except Refusal as refusal:
            form.add_error("number", str(refusal))
        else:
            messages.success(request, _("The office has the number now. It is kept encrypted."))
            return redirect("applications:overview", case.pk)
    programme = case.offering.programme
    return render(
        request,
        "applications/identity/identity_number.html",
        {"form": form, "application": case, "programme": programme, "given": given},
    )
