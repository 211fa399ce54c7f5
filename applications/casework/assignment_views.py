"""Giving cases to readers: a selection by hand, a phase evenly, a list of lines; taking one back."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from admissions_portal.accounts.models import User
from admissions_portal.accounts.requests import user_of
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from admissions_portal.support.sheets import Row, csv_lines
from applications.casework.frame import act_on_case, case_or_404
from applications.casework.phase_forms import ReaderListForm, ReadersForm
from applications.casework.phase_views import asked, page, phase_or_404
from applications.casework.selection import MOST_AT_ONCE, chosen_cases
from applications.reviews.assignment import ReviewAssignment
from applications.reviews.assignment_actions import give_cases, spread_cases, take_back_case
from applications.reviews.assignment_plans import Pair, Plan, plan_spread
from applications.reviews.assignment_queries import loads_in, readers_of
from applications.reviews.assignment_sheet import LineShown, lines_shown, read_lines, text_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def cases_readers(request: HttpRequest) -> HttpResponse:
    """The chosen cases and the readers of their programmes; sent, each case is with each reader chosen."""
    at, by = asked(request), Actor.of(user_of(request))
    sent = request.POST if request.method == "POST" else None
    cases = chosen_cases(
        user_of(request), request.GET if sent is None else sent, right=Right.ASSIGN_REVIEWS, at=at
    )
    programmes = {case.offering.programme for case in cases}
    readers = {reader for programme in programmes for reader in readers_of(programme, on=day_of(at))}
    form = ReadersForm(sent, readers=sorted(readers, key=lambda reader: (str(reader), reader.pk)))
    refused: list[tuple[object, User | None, str]] = []
    if cases and form.is_valid():
        pairs = [Pair(case.pk, reader.pk) for case in cases for reader in form.chosen()]
        done = give_cases(pairs, by=by, at=at)
        _tell(request, len(done.given))
        by_pk, people = {case.pk: case for case in cases}, {reader.pk: reader for reader in readers}
        refused = [(by_pk[pair.case], people.get(pair.reader), why) for pair, why in done.refused]
        if not refused:
            if len(cases) == 1:
                return redirect("admin:applications_application_change", cases[0].pk)
            return redirect("admin:applications_application_changelist")
    return page(
        request,
        "admin/reviews/readers.html",
        _("Give applications to readers"),
        form=form,
        cases=cases,
        refused=refused,
        most=MOST_AT_ONCE,
    )


@require_POST
def case_reader_back(request: HttpRequest, pk: UUID, assignment_pk: int) -> HttpResponse:
    """The reader no longer has the case."""
    case = case_or_404(request, pk, right=Right.ASSIGN_REVIEWS)
    assignment = get_object_or_404(ReviewAssignment, pk=assignment_pk, application=case)
    done = _("The reader no longer has this case.")
    return act_on_case(request, done, lambda by, at: take_back_case(assignment, by=by, at=at), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def phase_spread(request: HttpRequest, pk: int) -> HttpResponse:
    """A phase's cases spread over readers: chosen, looked at, confirmed."""
    at, by = asked(request), Actor.of(user_of(request))
    phase = phase_or_404(request, pk, at=at)
    readers = list(readers_of(phase.programme, on=day_of(at)))
    loads = loads_in(phase, [reader.pk for reader in readers], at=at)
    sent = request.POST if request.method == "POST" else None
    every = [str(reader.pk) for reader in readers]
    form = ReadersForm(sent, readers=readers, loads=loads, initial={"readers": every})
    plan: Plan | None = None
    if form.is_valid():
        if "save" in request.POST:
            try:
                done = spread_cases(phase, form.chosen(), seen=request.POST.get("mark", ""), by=by, at=at)
            except Refusal as refusal:
                messages.error(request, str(refusal))
            else:
                _tell(request, len(done.pairs))
                return redirect("admin:applications_reviewphase_change", pk)
        plan = plan_spread(phase, form.chosen(), by=by, at=at)
    return page(
        request,
        "admin/reviews/spread.html",
        _("Give cases to readers evenly"),
        form=form,
        phase=phase,
        plan=plan,
        now=at,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def reader_list(request: HttpRequest) -> HttpResponseBase:
    """A list of cases and readers: sent, looked at line by line, confirmed. Nothing is given before that."""
    at, by = asked(request), Actor.of(user_of(request))
    sent = request.POST if request.method == "POST" else None
    form = ReaderListForm(sent, request.FILES if sent is not None else None)
    lines: list[LineShown] = []
    mark = ""
    if form.is_valid():
        text = form.cleaned_data["lines"]
        try:
            if file := form.cleaned_data["file"]:
                text = text_of(file.read())
            lines = lines_shown(read_lines(text), by=by, at=at)
        except Refusal as refusal:
            form.add_error("file" if form.cleaned_data["file"] else "lines", str(refusal))
        else:
            mark = sha256("\n".join(f"{each.pair} {each.problem}" for each in lines).encode()).hexdigest()
            if "problems" in request.POST:
                return _problems_file(lines)
            if "save" in request.POST and request.POST.get("mark") == mark:
                done = give_cases([each.pair for each in lines if each.pair], by=by, at=at)
                _tell(request, len(done.given))
                wrong = [each for each in lines if each.problem]
                if not wrong and not done.refused:
                    return redirect("admin:applications_reviewphase_changelist")
                # what was given now reads as given: the page shows how each line stands
                lines = lines_shown(read_lines(text), by=by, at=at)
                mark = ""
            elif "save" in request.POST:
                messages.error(
                    request,
                    _("What the list would give has changed since you looked. Look again, then confirm."),
                )
            # what a file said stands in the box, to be put right and sent again
            form = ReaderListForm({"lines": text})
    wrong = [each for each in lines if each.problem]
    return page(
        request,
        "admin/reviews/reader_list.html",
        _("Give cases to readers from a list"),
        form=form,
        lines=lines,
        good=len(lines) - len(wrong),
        wrong=wrong,
        mark=mark,
        now=at,
    )


def _problems_file(lines: list[LineShown]) -> StreamingHttpResponse:
    """The lines that cannot be done, each with why, as a file that a spreadsheet opens."""
    headings = [_("Number"), _("E-mail address"), _("Line"), _("Why it was not given")]
    rows: Iterable[Row] = (
        [each.line.number, each.line.email, each.line.place, each.problem] for each in lines if each.problem
    )
    answer = StreamingHttpResponse(csv_lines(headings, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="not-given.csv"'
    return answer


def _tell(request: HttpRequest, given: int) -> None:
    if given:
        said = ngettext(
            "%(count)s case is given. Readers are told by mail within a quarter of an hour of the last.",
            "%(count)s cases are given. Readers are told by mail within a quarter of an hour of the last.",
            given,
        )
        messages.success(request, said % {"count": given})
