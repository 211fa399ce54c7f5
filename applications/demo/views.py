"""The button that moves the demonstration's clock. Its addresses exist in the demonstration alone."""

from __future__ import annotations

from datetime import datetime

from django.contrib import admin, messages
from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.support.dates import hong_kong_time
from admissions_portal.support.refusals import Refusal
from applications.demo.actions import advance_clock
from applications.demo.forms import ClockForm
from applications.demo.moments import moments_ahead
from applications.demo.others import code_to_try


@staff_member_required(login_url="account_login")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def clock_page(request: HttpRequest) -> HttpResponse:
    """What lies ahead, each with a button, and any other moment by date and time."""
    now = clock.now()
    form = ClockForm(None, initial={"day": now.date(), "time": now.time()})
    if request.method == "POST":
        moment = _moment_asked(request)
        if moment is None:
            form = ClockForm(request.POST)
            moment = form.cleaned_data.get("moment") if form.is_valid() else None
        if moment is not None:
            try:
                arrived = advance_clock(moment)
            except Refusal as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("It is now %(moment)s.") % {"moment": hong_kong_time(arrived)})
            return redirect("demo:clock")
    context = {**admin.site.each_context(request), "title": _("The clock of the demonstration")}
    return render(
        request,
        "demo/clock.html",
        {
            **context,
            "form": form,
            "moments": moments_ahead(now, user_of(request)),
            "code": code_to_try(),
            "now": now,
        },
    )


def _moment_asked(request: HttpRequest) -> datetime | None:
    """The moment of a button; None when the date and time were typed."""
    try:
        moment = parse_datetime(request.POST.get("moment", ""))
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
