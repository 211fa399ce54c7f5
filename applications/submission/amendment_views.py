"""Changing a submitted application until its round closes."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.submission.amendments import begin_amendment, leave_out_amendment
from applications.submission.queries import written_by


@login_required
@never_cache
@require_POST
def amend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begins to change a submitted application, or goes on with it; leads to the review of what there is."""
    case = get_object_or_404(written_by(user_of(request)), pk=pk)
    try:
        draft = begin_amendment(case, by=Actor.of(user_of(request)), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("applications:receipt", pk=case.pk)
    return redirect("applications:review", pk=draft.pk)


@login_required
@never_cache
@require_POST
def leave_out(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes the changes back; pressed again after they are gone, it leads to the receipt."""
    draft = written_by(user_of(request)).filter(pk=pk).first()
    if draft is None or draft.amends_id is None:
        return redirect("applications:receipt", pk=pk)  # which exists where another tab has submitted them
    leave_out_amendment(draft, by=Actor.of(user_of(request)), at=clock.now())
    messages.success(request, _("Your changes are left out. The application stands as it was received."))
    return redirect("applications:receipt", pk=draft.amends_id)
