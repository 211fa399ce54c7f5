"""The applicant's pages for ending an application. Somebody else's does not exist here."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_of
from applications.withdrawals.actions import discard_draft, withdraw_application
from applications.withdrawals.forms import WithdrawForm
from applications.withdrawals.models import WithdrawalReason


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Says what withdrawing means, takes a reason, then withdraws."""
    application = get_object_or_404(_own(request), pk=pk)
    if request.method != "POST" and not application.can_be_withdrawn:
        return redirect("applications:overview", pk=pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_application(
                application,
                reason=WithdrawalReason(form.cleaned_data["reason"]),
                words=form.cleaned_data["words"],
                by=Actor.of(user_of(request)),
                at=clock.now(),
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, _("You have withdrawn the application. We have written to you to confirm it.")
            )
        return redirect("applications:overview", pk=pk)
    return render(
        request,
        "applications/withdrawals/withdraw.html",
        {
            "application": application,
            "programme": application.offering.programme,
            "office": application.offering.programme.office,
            "offer": getattr(application, "offer", None),
            "form": form,
            "now": clock.now(),
        },
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Says what deleting a draft means, then deletes it."""
    application = get_object_or_404(_own(request), pk=pk)
    if request.method == "POST":
        try:
            discard_draft(application, by=Actor.of(user_of(request)), at=clock.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("applications:overview", pk=pk)
        messages.success(request, _("The draft has been deleted. Your profile is kept."))
        return redirect("applications:home")
    if not application.is_draft:
        return redirect("applications:overview", pk=pk)
    return render(
        request,
        "applications/withdrawals/discard.html",
        {
            "application": application,
            "programme": application.offering.programme,
            "documents": application.documents.count(),
        },
    )


def _own(request: HttpRequest) -> QuerySet[Application]:
    return applications_of(user_of(request)).select_related("offer", "offering__intake__programme__office")
