"""The office's pages of what a change of rules does to open cases. Mounted inside the admin by casework."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Count, F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from admissions_portal import clock
from admissions_portal.accounts.models import User
from admissions_portal.accounts.requests import user_of
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.assessments.flips import Flip, FlipText, flips_between, tell_flip
from applications.assessments.impact import Trial, request_impact
from applications.assessments.models import Assessment, Reassessment
from applications.assessments.queries import cases_considered, findings_of, runs_before
from applications.assessments.reassessing import request_reassessment
from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_visible_to, full_name_of
from applications.lifecycle.recusals import is_recused, recused_cases
from eligibility.labels import VERDICTS
from eligibility.models import PolicyPreview
from eligibility.permissions import can_edit_rules_of
from programmes.models import Programme
from programmes.queries import programmes_of

PAGE_SIZE = 50
RUNS_SHOWN = 10


@dataclass(frozen=True)
class ChangedCase:
    """A case the reader may open, its verdict before and after, and why."""

    case: Application
    name: str
    before: str
    after: str
    flips: list[FlipText]


@dataclass(frozen=True)
class Move:
    """How many cases of a programme go from one verdict to another."""

    programme: str
    before: str
    after: str
    cases: int


@require_http_methods(["GET", "HEAD", "POST"])
def impact(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """What a draft would change among open cases; POST asks a worker to find out (C12)."""
    at, by = clock.now(), Actor.of(user_of(request))
    trial = Trial.find(kind, pk)
    programmes = trial.programmes() if trial else []
    if trial is None or not can_edit_rules_of(by, programmes, at):
        raise Http404
    if request.method == "POST":
        try:
            job = request_impact(trial, by=by, at=at)
        except Refusal as refused:
            messages.error(request, str(refused))
            return redirect("admin:eligibility_impact", kind, pk)
        return redirect("jobs:progress", job.pk)
    preview = trial.preview()
    shown = _without(preview, recused_cases(user_of(request)), programmes)
    rows = shown.rows if shown else []
    visible = _visible(user_of(request), (row["application"] for row in rows), on=day_of(at))
    listed = [row for row in rows if row["application"] in visible]
    page = Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page"))
    names = {programme.slug: programme.name for programme in programmes}
    return _page(
        request,
        "admin/assessments/impact.html",
        _("What this would change"),
        trial=trial,
        preview=shown,
        is_stale=preview is not None and preview.fingerprint != trial.thing.fingerprint,
        moves=[_move(names.get(row["programme"], row["programme"]), row) for row in _counted(shown)],
        page=page,
        changed=[_changed(visible[row["application"]], row) for row in page.object_list],
        hidden=len(rows) - len(listed),
        unlisted=shown.counts["changed"] - len(rows) if shown else 0,
        programmes=programmes,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reassess(request: HttpRequest) -> HttpResponse:
    """Run the rules again on every open case; POST asks a worker to."""
    at, user = clock.now(), user_of(request)
    programmes = programmes_of(user, Right.EDIT_POLICY, on=day_of(at))
    held = [programme.pk for programme in programmes]
    if not held:
        raise Http404
    if request.method == "POST":
        return redirect("jobs:progress", request_reassessment(by=Actor.of(user), at=at).pk)
    closed = recused_cases(user)
    runs = Reassessment.objects.filter(programmes__overlap=held).select_related("requested_by")
    return _page(
        request,
        "admin/assessments/reassess.html",
        _("Run the rules again"),
        programmes=programmes,
        cases=cases_considered(held).exclude(is_recused(user.pk)).count(),
        runs=[_run_without(run, closed) for run in runs[:RUNS_SHOWN]],
    )


@require_safe
def reassessment(request: HttpRequest, pk: int) -> HttpResponse:
    """What running the rules again changed, for whoever may edit them."""
    at, user = clock.now(), user_of(request)
    held = programmes_of(user, Right.EDIT_POLICY, on=day_of(at)).values_list("pk", flat=True)
    run = (
        Reassessment.objects.filter(pk=pk, programmes__overlap=list(held))
        .select_related("requested_by")
        .first()
    )
    if run is None:
        raise Http404
    run = _run_without(run, recused_cases(user))
    visible = applications_visible_to(user, on=day_of(at))
    changed = (
        Assessment.objects.filter(reassessment=run, application__in=visible.order_by().values("pk"))
        .exclude(changed_from="")
        .defer("facts")
        .order_by("application__offering__intake__programme__name", "application__number")
    )
    page = Paginator(changed, PAGE_SIZE).get_page(request.GET.get("page"))
    runs = list(page.object_list)
    cases, earlier = (
        _visible(user, (str(row.application_id) for row in runs), on=day_of(at)),
        runs_before(runs),
    )
    moves = (
        changed.order_by()
        .values("changed_from", "verdict", slug=F("application__offering__intake__programme__slug"))
        .annotate(cases=Count("pk"))
        .order_by("slug", "changed_from", "verdict")
    )
    listed = [{**row, "before": row["changed_from"], "after": row["verdict"]} for row in moves]
    names = dict(Programme.objects.filter(pk__in=run.programmes).values_list("slug", "name"))
    return _page(
        request,
        "admin/assessments/reassessment.html",
        _("What running the rules again changed"),
        run=run,
        moves=[_move(names[row["slug"]], row) for row in listed],
        page=page,
        changed=[_changed_by(row, earlier.get(row.pk), cases[str(row.application_id)]) for row in runs],
        hidden=run.changed - sum(row["cases"] for row in listed),
    )


def _visible(user: User, cases: Iterable[str], *, on: date) -> dict[str, Application]:
    """Those of the cases that the reader may open, by primary key as text. One question."""
    found = applications_visible_to(user, on=on).filter(pk__in=set(cases))
    return {str(case.pk): case for case in found}


def _without(
    preview: PolicyPreview | None, closed: set[str], programmes: Iterable[Programme]
) -> PolicyPreview | None:
    """The preview, to be shown and not saved, without the cases that do not exist for the reader: in neither
    list nor figures."""
    if preview is None or not closed:
        return preview
    gone = [row for row in preview.rows if row["application"] in closed]
    moved = Counter((row["programme"], row["before"], row["after"]) for row in gone)
    judged = cases_considered(programme.pk for programme in programmes).filter(pk__in=closed)
    counted = [
        {**row, "cases": row["cases"] - moved[row["programme"], row["before"], row["after"]]}
        for row in _counted(preview)
    ]
    preview.rows = [row for row in preview.rows if row["application"] not in closed]
    preview.counts = {
        **preview.counts,
        "cases": preview.counts["cases"] - judged.filter(submitted_at__lte=preview.at).count(),
        "changed": preview.counts["changed"] - len(gone),
        "programmes": [row for row in counted if row["cases"]],
    }
    return preview


def _run_without(run: Reassessment, closed: set[str]) -> Reassessment:
    """The run, to be shown and not saved, without the cases that do not exist for the reader."""
    if closed:
        made = Assessment.objects.filter(reassessment=run, application__in=closed)
        judged = cases_considered(run.programmes).filter(pk__in=closed, submitted_at__lte=run.requested_at)
        run.seen -= judged.count()
        run.assessed -= made.count()
        run.changed -= made.exclude(changed_from="").count()
    return run


def _counted(preview: PolicyPreview | None) -> list[Mapping[str, Any]]:
    return preview.counts["programmes"] if preview else []


def _move(programme: str, row: Mapping[str, Any]) -> Move:
    return Move(programme, _verdict(row["before"]), _verdict(row["after"]), row["cases"])


def _verdict(code: str) -> str:
    return str(VERDICTS[code]) if code else _("no rules")


def _changed(case: Application, row: Mapping[str, Any]) -> ChangedCase:
    flips = [tell_flip(Flip.read(flip)) for flip in row["flips"]]
    return ChangedCase(case, full_name_of(case), _verdict(row["before"]), _verdict(row["after"]), flips)


def _changed_by(run: Assessment, earlier: Assessment | None, case: Application) -> ChangedCase:
    flips = flips_between(findings_of(earlier) if earlier else (), findings_of(run))
    verdicts = _verdict(run.changed_from), _verdict(run.verdict)
    return ChangedCase(case, full_name_of(case), *verdicts, [tell_flip(flip) for flip in flips])


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), "title": title, **context})
