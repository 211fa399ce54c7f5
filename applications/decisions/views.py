"""Prepared decisions, released together: the list, the confirmation, what came of it, and the checks each
programme asks for. Mounted in the admin by `admin.py`; one case's decision is on its own pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.decisions.actions import call_off_release, plan_release, set_checks
from applications.decisions.actions.releasing import MOST_AT_ONCE
from applications.decisions.forms import LATER, ProgrammeChecksForm, ReleaseCountForm, ReleaseMomentForm
from applications.decisions.models import (
    ChecksAsked,
    DecisionOutcome,
    ItemStatus,
    PreparedDecision,
    Release,
    ReleaseItem,
)
from applications.decisions.queries import (
    checks_asked_by_each,
    items_visible_to,
    prepared_visible_to,
    published_checks,
    releases_visible_to,
)
from applications.decisions.standing import Standing, standings_of
from applications.lifecycle.queries import chinese_name_beside, full_name_of
from programmes.models import Programme
from programmes.permissions import rights_today
from programmes.queries import programmes_of

RELEASES_SHOWN = 10
PROGRAMMES_SHOWN = 50
# the inputs that say when, carried from the list to the confirmation
_MOMENT = ("moment", "release_on_day", "release_on_month", "release_on_year", "release_time")


@dataclass(frozen=True, slots=True)
class PreparedShown:
    """One prepared decision in a list."""

    standing: Standing
    name: str
    chinese_name: str

    @property
    def prepared(self) -> PreparedDecision:
        return self.standing.prepared

    @property
    def choice(self) -> str:
        """What a ticked box sends: which decision, and as which it was seen."""
        return f"{self.prepared.pk}:{self.prepared.revision}"


@dataclass(frozen=True, slots=True)
class Group:
    """The prepared decisions of one outcome."""

    title: str
    rows: list[PreparedShown]


@require_safe
@never_cache
def prepared_list(request: HttpRequest) -> HttpResponse:
    """What is prepared: ready to be ticked, by outcome, or with what stands in its way."""
    at = _asked(request)
    rows = _shown(list(prepared_visible_to(user_of(request), on=day_of(at))[:MOST_AT_ONCE]), release_at=at)
    return _list(request, rows, ReleaseMomentForm(), at=at)


def _list(
    request: HttpRequest,
    rows: Sequence[PreparedShown],
    form: ReleaseMomentForm,
    *,
    ticked: Sequence[str] | None = None,
    at: datetime,
) -> HttpResponse:
    ready = [row for row in rows if row.standing.is_ready]
    return _page(
        request,
        "admin/decisions/list.html",
        _("Prepared decisions"),
        groups=_grouped(ready),
        ready=len(ready),
        rest=[row for row in rows if not row.standing.is_ready],
        form=form,
        ticked=[row.choice for row in ready] if ticked is None else ticked,
        releases=_releases(request, at)[:RELEASES_SHOWN],
        may_set_checks=Right.EDIT_CATALOGUE in rights_today(request),
        most=MOST_AT_ONCE,
        is_cut=len(rows) == MOST_AT_ONCE,
    )


@require_POST
@never_cache
def release_add(request: HttpRequest) -> HttpResponse:
    """The chosen decisions and the moment, typed out to be confirmed; with the right count, the release."""
    at, by = _asked(request), Actor.of(user_of(request))
    chosen = _chosen(request.POST)
    visible = prepared_visible_to(user_of(request), on=day_of(at))
    moment = ReleaseMomentForm(request.POST)
    if not chosen or not moment.is_valid():
        if not chosen:
            messages.error(request, _("Tick the decisions to release."))
        rows = _shown(list(visible[:MOST_AT_ONCE]), release_at=at)
        return _list(request, rows, moment, ticked=request.POST.getlist("decision"), at=at)
    release_at = moment.release_at(at=at)
    is_confirmed = "count" in request.POST
    form = ReleaseCountForm(request.POST if is_confirmed else None)
    if is_confirmed and form.is_valid():
        try:
            release = plan_release(
                chosen, release_at=release_at, count=form.cleaned_data["count"], by=by, at=at
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is confirmed. This page shows what has gone out; reload it."))
            return redirect("admin:applications_release_change", release.pk)
    rows = _shown(list(visible.filter(pk__in=chosen)), release_at=release_at)
    ready = [row for row in rows if row.standing.is_ready]
    return _page(
        request,
        "admin/decisions/confirm.html",
        _("Confirm the release"),
        groups=_grouped(ready),
        count=len(ready),
        rest=[row for row in rows if not row.standing.is_ready],
        form=form,
        sent=[(name, request.POST[name]) for name in _MOMENT if name in request.POST],
        is_later=moment.cleaned_data["moment"] == LATER,
        release_at=release_at,
        now=at,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a release holds, what went out, what stayed and why; before its moment it can be called off."""
    at = _asked(request)
    row = get_object_or_404(releases_visible_to(user_of(request), on=day_of(at)), pk=pk)
    if request.method == "POST":
        try:
            call_off_release(row, by=Actor.of(user_of(request)), at=at)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The release is called off. The decisions stay prepared."))
        return redirect("admin:applications_release_change", pk)
    items = list(items_visible_to(user_of(request), on=day_of(at)).filter(release=row))
    return _page(
        request,
        "admin/decisions/release.html",
        _("Release of decisions"),
        release=row,
        items=[(item, full_name_of(item.prepared.application)) for item in items],
        tally=_tally(items),
        may_call_off=row.called_off_at is None and at < row.release_at,
        now=at,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def programme_checks(request: HttpRequest) -> HttpResponse:
    """Which checks each programme asks for before a decision is released, and what is published of it."""
    at = clock.now()
    if Right.EDIT_CATALOGUE not in rights_today(request):
        raise PermissionDenied
    programmes = list(programmes_of(user_of(request), Right.EDIT_CATALOGUE, day_of(at)))
    asked = checks_asked_by_each(programmes)
    if request.method == "POST":
        return _set_checks(request, programmes, at)
    page = Paginator(programmes, PROGRAMMES_SHOWN).get_page(request.GET.get("page"))
    rows = [
        (
            programme,
            ChecksAsked(published_checks(programme)),
            ProgrammeChecksForm(initial={"asked": asked[programme.pk]}, auto_id=f"checks-{programme.pk}-%s"),
        )
        for programme in page.object_list
    ]
    return _page(request, "admin/decisions/checks.html", _("Checks before a release"), rows=rows, page=page)


def _set_checks(request: HttpRequest, programmes: Sequence[Programme], at: datetime) -> HttpResponse:
    programme = next((each for each in programmes if str(each.pk) == request.POST.get("programme")), None)
    form = ProgrammeChecksForm(request.POST)
    if programme is None or not form.is_valid():
        messages.error(request, _("Choose one of the answers for one of your programmes."))
    else:
        set_checks(programme, ChecksAsked(form.cleaned_data["asked"]), by=Actor.of(user_of(request)), at=at)
        messages.success(
            request, _("Saved for %(programme)s. It counts from now on.") % {"programme": programme.name}
        )
    return redirect("admin:applications_decisionchecks")


def _asked(request: HttpRequest) -> datetime:
    """The moment of the request. Raises PermissionDenied for whoever decides nowhere."""
    if Right.DECIDE not in rights_today(request):
        raise PermissionDenied
    return clock.now()


def _chosen(sent: QueryDict) -> dict[UUID, int]:
    """The ticked ones with their revision; what cannot be one is left out."""
    found: dict[UUID, int] = {}
    for value in sent.getlist("decision"):
        key, _colon, revision = value.partition(":")
        try:
            found[UUID(key)] = int(revision[:5])
        except ValueError:
            continue
    return found


def _shown(prepared: Sequence[PreparedDecision], *, release_at: datetime) -> list[PreparedShown]:
    standings = standings_of(prepared, release_at=release_at)
    return [
        PreparedShown(
            standings[each.pk], full_name_of(each.application), chinese_name_beside(each.application)
        )
        for each in prepared
    ]


def _grouped(rows: Sequence[PreparedShown]) -> list[Group]:
    titles = {DecisionOutcome.OFFER: _("Offers"), DecisionOutcome.REFUSE: _("Refusals")}
    groups = [
        Group(title, [row for row in rows if row.prepared.outcome == outcome])
        for outcome, title in titles.items()
    ]
    return [group for group in groups if group.rows]


def _releases(request: HttpRequest, at: datetime) -> QuerySet[Release]:
    return releases_visible_to(user_of(request), on=day_of(at))


def _tally(items: Sequence[ReleaseItem]) -> list[tuple[str, int]]:
    """How many of each status there are, in words."""
    return [
        (str(status.label), count)
        for status in ItemStatus
        if (count := sum(item.status == status for item in items))
    ]


def _page(request: HttpRequest, template: str, title: str, **more: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": title, "opts": PreparedDecision._meta, **more}
    return render(request, template, context)
