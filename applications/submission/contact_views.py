"""Telephone number and address, changed at once for every running application."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.support.actors import Actor
from applications.applicants.models import Applicant
from applications.lifecycle.contacts import take_over_contact
from applications.submission.queries import written_by
from applications.submission.sections import Filling
from applications.submission.sections.person import ContactForm


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact_details(request: HttpRequest) -> HttpResponse:
    """Where the applicant is reached; who has begun no application has nothing to change yet."""
    application = written_by(user_of(request)).filter(amends=None).first()
    if application is None:
        return redirect("applications:home")
    at = clock.now()
    with transaction.atomic():
        if request.method == "POST":
            application.applicant = Applicant.objects.select_for_update().get(pk=application.applicant_id)
        filling = Filling(application, at=at)
        form = ContactForm(request.POST or None, instance=application.applicant, filling=filling)
        if form.is_bound and form.is_valid():
            form.keep()
            take_over_contact(application.applicant, by=Actor.of(user_of(request)), at=at)
            messages.success(request, _("Your contact details are changed, for every application of yours."))
            return redirect("applications:contact_details")
    return render(request, "applications/submission/contact_details.html", {"form": form})
