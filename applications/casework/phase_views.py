"""The office's pages of the phases of review. Mounted inside the admin by `phase_admin.py`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
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
from applications.casework.frame import admin_context
from applications.casework.phase_forms import ReviewPhaseForm
from applications.reviews.assignment_queries import cases_needing_readers, scores_awaited
from applications.reviews.phases import ReviewPhase
from applications.reviews.phases_actions import (
    PhaseTerms,
    change_phase,
    edition_of,
    make_phase,
    remove_phase,
)
from applications.reviews.phases_effects import effects_of
from applications.reviews.phases_queries import phases_editable_by
from programmes.models import Intake, Programme
from programmes.permissions import rights_today
from programmes.queries import programmes_of


@dataclass(frozen=True, slots=True)
class PhaseShown:
    """How a phase stands: the icon's name, the word, scores still awaited, cases that need readers."""

    phase: ReviewPhase
    shape: str
    word: str
    awaited: int
    needing: int


@require_safe
@never_cache
def phase_list(request: HttpRequest) -> HttpResponse:
    """The phases of one's programmes, with what each still waits for."""
    at = asked(request)
    phases = list(phases_editable_by(user_of(request), on=day_of(at)))
    awaited = _counted(scores_awaited(at=at), "application__offering__intake", phases)
    needing = _counted(cases_needing_readers(at=at), "offering__intake", phases)
    shown = [_shown(phase, at, awaited, needing) for phase in phases]
    return page(request, "admin/reviews/phases.html", _("Phases of review"), phases=shown, now=at)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def phase_add(request: HttpRequest) -> HttpResponse:
    """A new phase: typed, looked at with what it does, then saved."""
    at = asked(request)
    sent = request.POST if request.method == "POST" else None
    form = ReviewPhaseForm(sent, programmes=_programmes(request, at))
    if form.is_valid():
        intake = form.intake_chosen()
        if _is_confirmed(request, form.terms(), intake):
            by = Actor.of(user_of(request))
            try:
                phase = make_phase(intake, form.terms(), by=by, at=at)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The phase is set up."))
                return redirect("admin:applications_reviewphase_change", phase.pk)
        return _form_page(request, _("New phase of review"), form, intake=intake, at=at)
    return _form_page(request, _("New phase of review"), form, at=at)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def phase_change(request: HttpRequest, pk: int) -> HttpResponse:
    """A phase as it is set; changed, one reads what the change does before it is saved."""
    at = asked(request)
    phase = phase_or_404(request, pk, at=at)
    sent = request.POST if request.method == "POST" else None
    form = ReviewPhaseForm(sent, phase=phase)
    seen = edition_of(phase) if sent is None else sent.get("seen", "")
    if form.is_valid() and _is_confirmed(request, form.terms(), phase.intake):
        by = Actor.of(user_of(request))
        try:
            change_phase(phase, form.terms(), seen=seen, by=by, at=at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            # what somebody else set stands beside what was typed: from here on this is what was seen
            seen = edition_of(ReviewPhase.objects.filter(pk=pk).first() or phase)
        else:
            messages.success(request, _("The phase is set as you see it."))
            return redirect("admin:applications_reviewphase_change", pk)
    return _form_page(
        request,
        phase.name,
        form,
        intake=phase.intake,
        phase=phase,
        shown=_shown(
            phase,
            at,
            _counted(scores_awaited(at=at), "application__offering__intake", [phase]),
            _counted(cases_needing_readers(at=at), "offering__intake", [phase]),
        ),
        seen=seen,
        at=at,
    )


@require_POST
def phase_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """A phase in which nothing was given is taken away."""
    at = asked(request)
    phase = phase_or_404(request, pk, at=at)
    try:
        remove_phase(phase, by=Actor.of(user_of(request)), at=at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:applications_reviewphase_change", pk)
    messages.success(request, _("The phase is removed."))
    return redirect("admin:applications_reviewphase_changelist")


def asked(request: HttpRequest) -> datetime:
    """The moment of the request. 404 for whoever assigns no readers anywhere."""
    if Right.ASSIGN_REVIEWS not in rights_today(request):
        raise Http404
    return clock.now()


def phase_or_404(request: HttpRequest, pk: int, *, at: datetime) -> ReviewPhase:
    """The phase of a programme for which one assigns readers."""
    return get_object_or_404(phases_editable_by(user_of(request), on=day_of(at)), pk=pk)


def page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    """A page about phases: it stands under them in the admin."""
    return render(request, template, admin_context(request, title, **{"opts": ReviewPhase._meta, **context}))


def _form_page(
    request: HttpRequest,
    title: str,
    form: ReviewPhaseForm,
    *,
    intake: Intake | None = None,
    phase: ReviewPhase | None = None,
    at: datetime,
    **context: Any,
) -> HttpResponse:
    """The form, and once it holds what could be saved, what that does and the button that saves it."""
    effects: list[str] = []
    mark = ""
    if intake is not None and form.is_bound and form.is_valid():
        mark = _mark(form.terms(), intake)
        if phase is None or PhaseTerms.of(phase) != form.terms():
            effects = effects_of(intake, form.terms(), before=phase, at=at)
    return page(
        request,
        "admin/reviews/phase.html",
        title,
        form=form,
        phase=phase,
        intake=intake,
        effects=effects,
        mark=mark,
        now=at,
        **context,
    )


def _mark(terms: PhaseTerms, intake: Intake) -> str:
    """What is saved is what was looked at."""
    return sha256(f"{intake.pk} {terms!r}".encode()).hexdigest()[:16]


def _is_confirmed(request: HttpRequest, terms: PhaseTerms, intake: Intake) -> bool:
    return "save" in request.POST and request.POST.get("mark") == _mark(terms, intake)


def _counted(rows: Any, intake: str, phases: Iterable[ReviewPhase]) -> dict[int, int]:
    found = rows.filter(**{f"{intake}__in": {phase.intake_id for phase in phases}}).order_by()
    return dict(found.values_list(intake).annotate(count=Count("pk")))


def _shown(phase: ReviewPhase, at: datetime, awaited: dict[int, int], needing: dict[int, int]) -> PhaseShown:
    if phase.has_ended(at):
        return PhaseShown(phase, "na", _("Ended"), 0, 0)
    shape, word = ("todo", _("To come")) if phase.is_to_come(at) else ("part", _("Running"))
    return PhaseShown(phase, shape, word, awaited.get(phase.intake_id, 0), needing.get(phase.intake_id, 0))


def _programmes(request: HttpRequest, at: datetime) -> list[Programme]:
    found = programmes_of(user_of(request), Right.ASSIGN_REVIEWS, on=day_of(at))
    return list(found.prefetch_related("intakes"))
