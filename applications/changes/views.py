"""The applicant's pages of changes after the round: what can change, one proposal, what became of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.changes.actions import ProposedChange, propose_change, withdraw_proposal
from applications.changes.forms import ReasonForm
from applications.changes.places import Frozen, Place, answers_in, places_of
from applications.changes.queries import proposal_of, proposals_about
from applications.changes.shown import proposals_shown
from applications.evidence.files import read_upload
from applications.lifecycle.models import Application
from applications.submission.amendments import why_not_amendable
from applications.submission.queries import written_by
from applications.submission.sections import Filling


@login_required
@never_cache
@require_safe
def changes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was proposed and what became of it; below, everything a change can be proposed to."""
    application, at = _case(request, pk), clock.now()
    proposals = proposals_shown(application, proposals_about(application), at=at)
    may_amend = not why_not_amendable(application, at=at)
    places = []
    if not may_amend and not application.has_ended:
        places = places_of(Frozen(application, Filling(application, at=at)))
    return render(
        request,
        "applications/changes/changes.html",
        {**_frame(application), "proposals": proposals, "places": places, "may_amend": may_amend},
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One change: the form's own inputs over the answers as they count, why, and a proof."""
    application, at = _case(request, pk), clock.now()
    frozen = Frozen(application, Filling(application, at=at))
    place = _place(request, frozen)
    group = frozen.group(place) if place.group else None
    kinds = group.kind_choices if group is not None and place.is_added else ()
    frozen.kind = request.GET.get("kind", "") if kinds else ""
    if kinds and frozen.kind not in _values(kinds):
        return render(
            request, "applications/changes/kind.html", {**_frame(application), "place": place, "kinds": kinds}
        )
    takes_out = "take_out" in request.POST and place.row is not None
    posted = request.POST if request.method == "POST" and not takes_out else None
    form = frozen.form(place, posted) if place.has_inputs else None
    reason = ReasonForm(request.POST or None, request.FILES or None, in_words=form is None)
    problem = ""
    if request.method == "POST" and all([reason.is_valid(), takes_out or form is None or form.is_valid()]):
        try:
            _send(
                application, _proposed(frozen, place, form, reason, takes_out=takes_out), reason, request, at
            )
        except Refusal as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("Your proposal is with the office. Its answer comes as a message."))
            return redirect("applications:changes", pk=application.pk)
    context = {**_frame(application), "place": place, "form": form, "reason": reason, "problem": problem}
    return render(request, "applications/changes/propose.html", context)


@login_required
@never_cache
@require_POST
def withdraw(request: HttpRequest, pk: UUID, proposal_pk: UUID) -> HttpResponse:
    """Takes a proposal back that waits."""
    proposal = proposal_of(user_of(request), pk, proposal_pk)
    if proposal is None:
        raise Http404
    try:
        withdraw_proposal(proposal, by=Actor.of(user_of(request)), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your proposal is taken back."))
    return redirect("applications:changes", pk=pk)


def _case(request: HttpRequest, pk: UUID) -> Application:
    """The applicant's own submitted application; a draft has no changes, it is changed itself."""
    application: Application = get_object_or_404(written_by(user_of(request)), pk=pk)
    if application.is_draft:
        raise Http404
    return application


def _place(request: HttpRequest, frozen: Frozen) -> Place:
    """What the address asks for. 404 for what the application does not have."""
    asked = (request.GET.get("section", ""), request.GET.get("group", ""), request.GET.get("row", ""))
    for _title, places in places_of(frozen):
        for place in places:
            if asked == (place.section, place.group, "" if place.row is None else str(place.row)):
                return place
    raise Http404


def _proposed(
    frozen: Frozen, place: Place, form: Any, reason: ReasonForm, *, takes_out: bool
) -> ProposedChange:
    why, old = reason.cleaned_data["why"], frozen.old(place)
    if form is None and not takes_out:
        return ProposedChange(place, None, None, why, reason.cleaned_data["words"])
    if takes_out:
        return ProposedChange(place, old, None, why)
    new = answers_in(form)
    if old is None:
        return ProposedChange(place, None, new, why)
    changed = [name for name, value in new.items() if old.get(name) != value]
    return ProposedChange(
        place, {name: old.get(name) for name in changed}, {name: new[name] for name in changed}, why
    )


def _send(
    application: Application, change: ProposedChange, reason: ReasonForm, request: HttpRequest, at: datetime
) -> None:
    upload = reason.cleaned_data.get("proof")
    proof = read_upload(upload) if upload else None
    propose_change(application, change, proof=proof, by=Actor.of(user_of(request)), at=at)


def _values(kinds: Any) -> set[str]:
    """The kinds of a list that may be grouped."""
    found: set[str] = set()
    for value, label in kinds:
        found |= {str(inner) for inner, _label in label} if isinstance(label, list | tuple) else {str(value)}
    return found


def _frame(application: Application) -> dict[str, Any]:
    return {
        "application": application,
        "offering": application.offering,
        "programme": application.offering.programme,
    }
