"""Deciding on one case: an offer or a refusal prepared, what it would cause, its checks, and its undoing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.accounts.roles import Right
from admissions_portal.papers.downloads import paper_response
from admissions_portal.support.actors import Actor
from applications.casework.decision import UNDO_TITLES
from applications.casework.decision_forms import (
    CaseConditionFormSet,
    CaseGiveUpForm,
    CaseOfferForm,
    CaseRefusalForm,
    CaseSendBackForm,
    CaseUndoForm,
    offer_begun,
    refusal_begun,
)
from applications.casework.frame import Answer, act_context, case_or_404, try_act
from applications.casework.told import told_events
from applications.decisions.actions import (
    change_prepared,
    give_check,
    look_again,
    offer_place,
    prepare_decision,
    refuse_place,
    release_prepared,
    send_back,
    undo_decline,
    undo_lapse,
    undo_offer,
    undo_refusal,
    withdraw_prepared,
)
from applications.decisions.models import CheckLevel, ChecksAsked, PreparedDecision
from applications.decisions.permissions import SEE_PREPARED, is_another
from applications.decisions.queries import changes_since, checks_asked_by, prepared_of
from applications.decisions.standing import standing_of
from applications.decisions.terms import DecisionTerms, clauses_not_met, drafted_mail, reasons_said
from applications.lifecycle.models import Application, Opened
from applications.lifecycle.openings import note_opening
from applications.lifecycle.states import State
from applications.offers.letter import left_out_of_letter
from applications.offers.terms import catalogue_terms, shown_terms
from programmes.queries import rights_over


@require_http_methods(["GET", "HEAD", "POST"])
def case_offer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The terms of an offer: prepared to be looked at, or, where no check is asked for, made at once."""
    case = case_or_404(request, pk, right=Right.DECIDE)
    sent = request.POST if request.method == "POST" else None
    prepared = prepared_of(case)
    begun, rows = offer_begun(prepared) if prepared and prepared.is_offer else ({}, [])
    form = CaseOfferForm(sent, initial=begun)
    conditions = CaseConditionFormSet(sent, prefix="conditions", initial=rows)
    answer = Answer()
    if all([form.is_valid(), conditions.is_valid()]):
        terms = form.terms(conditions)
        assert terms.offer is not None
        offer = terms.offer
        answer, done = _decided(
            request,
            case,
            prepared,
            terms,
            lambda by, at: offer_place(case, terms=offer, note=terms.note, by=by, at=at),
            _("The offer is made. The letter follows and is sent to the applicant by message."),
        )
        if done:
            return done
        for refusal in answer.refusals:
            form.add_error(None, refusal)
    frozen = catalogue_terms(case)
    shown = {"form": form, "conditions": conditions, "terms": frozen, **shown_terms(frozen)}
    shown["left_out"] = left_out_of_letter(case)
    return _page(request, case, "admin/cases/offer.html", _("Make an offer"), prepared, answer, shown)


@require_http_methods(["GET", "HEAD", "POST"])
def case_refuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The reasons for a refusal: prepared to be looked at, or, where no check is asked for, decided at
    once."""
    case = case_or_404(request, pk, right=Right.DECIDE)
    sent = request.POST if request.method == "POST" else None
    prepared = prepared_of(case)
    begun = refusal_begun(prepared) if prepared and not prepared.is_offer else {}
    form = CaseRefusalForm(
        sent,
        initial=begun,
        clauses=clauses_not_met(case),
        is_research=case.offering.programme.is_research,
    )
    answer = Answer()
    if form.is_valid():
        terms = form.terms()
        answer, done = _decided(
            request,
            case,
            prepared,
            terms,
            lambda by, at: refuse_place(
                case, reasons=terms.reasons, words=terms.words, note=terms.note, by=by, at=at
            ),
            _("The decision is made, and the applicant is told."),
        )
        if done:
            return done
        for refusal in answer.refusals:
            form.add_error(None, refusal)
    shown = {"form": form}
    return _page(request, case, "admin/cases/refuse.html", _("Do not offer a place"), prepared, answer, shown)


def _decided(
    request: HttpRequest,
    case: Application,
    prepared: PreparedDecision | None,
    terms: DecisionTerms,
    at_once: Callable[[Actor, datetime], object],
    said: str,
) -> tuple[Answer, HttpResponse | None]:
    """Prepared, changed, or decided at once, as the button pressed says."""
    if prepared is not None:
        answer = try_act(
            request, lambda by, at: change_prepared(prepared, terms=terms, by=by, at=at), on=case.pk
        )
        said, page = _("It is changed. Look at what it would cause now."), "prepared"
    elif "prepare" in request.POST:
        answer = try_act(
            request, lambda by, at: prepare_decision(case, terms=terms, by=by, at=at), on=case.pk
        )
        said, page = _("It is prepared. The applicant is told nothing before it is released."), "prepared"
    else:
        answer, page = try_act(request, at_once, on=case.pk), "change"
    if not answer.is_done:
        return answer, None
    messages.success(request, said)
    return answer, redirect(f"admin:applications_application_{page}", case.pk)


def _page(
    request: HttpRequest,
    case: Application,
    template: str,
    title: str,
    prepared: PreparedDecision | None,
    answer: Answer,
    shown: Mapping[str, Any],
) -> HttpResponse:
    asks = checks_asked_by(case.offering.programme) is not ChecksAsked.NONE
    context = {**shown, "prepared": prepared, "may_at_once": prepared is None and not asks}
    return render(request, template, act_context(request, case, title, held=answer.held, **context))


@require_http_methods(["GET", "HEAD", "POST"])
def case_prepared(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is prepared, the letter and the mail it would cause, its checks, and what stands in its way."""
    case = case_or_404(request, pk)
    rights = rights_over(user_of(request), case.offering.programme, on=clock.day_of(clock.now()))
    prepared = prepared_of(case)
    if not rights & frozenset(SEE_PREPARED):
        raise Http404
    if prepared is None:
        messages.info(request, _("No decision is prepared on this case now."))
        return redirect("admin:applications_application_change", pk)
    prepared.application = case
    at = clock.now()
    forms: dict[str, Any] = {"back_form": CaseSendBackForm(), "give_up_form": CaseGiveUpForm()}
    answer = Answer()
    if request.method == "POST":
        act = _act_on(request, prepared, rights, forms, at)
        if act is not None:
            answer = try_act(request, act.run, on=pk)
            if answer.is_done:
                messages.success(request, act.said)
                stays = act.name in ("again", "check")
                return redirect(f"admin:applications_application_{'prepared' if stays else 'change'}", pk)
            for refusal in answer.refusals:
                messages.error(request, refusal)
    standing = standing_of(prepared, release_at=at)
    level = standing.next_check
    by = Actor.of(user_of(request))
    may_check = (
        level is not None and level.right in rights and is_another(prepared, by) and not prepared.sent_back
    )
    return render(
        request,
        "admin/cases/prepared.html",
        act_context(
            request,
            case,
            _("Prepared decision"),
            held=answer.held,
            prepared=prepared,
            standing=standing,
            changes=told_events(case, changes_since(prepared)) if standing.has_changed else [],
            reasons=reasons_said(case, prepared.reasons),
            mail=drafted_mail(prepared, at=at),
            levels=_levels(prepared, standing.asked),
            may_decide=Right.DECIDE in rights,
            check_level=level if may_check else None,
            **forms,
        ),
    )


class _Act(NamedTuple):
    name: str
    run: Callable[[Actor, datetime], object]
    said: str


def _act_on(
    request: HttpRequest,
    prepared: PreparedDecision,
    rights: frozenset[Right],
    forms: dict[str, Any],
    at: datetime,
) -> _Act | None:
    """What the button pressed asks for; None where its form did not pass. 404 without the right for it."""
    name = request.POST.get("act", "")
    level = standing_of(prepared, release_at=at).next_check
    if name in ("check", "back"):
        if level is None or level.right not in rights:
            raise Http404
        if name == "check":
            done = _("Your check is on the file.")
            return _Act(name, lambda by, at: give_check(prepared, level, by=by, at=at), done)
        forms["back_form"] = form = CaseSendBackForm(request.POST)
        if not form.is_valid():
            return None
        reason = form.cleaned_data["reason"]
        done = _("It is sent back. The programme office finds it on its desk.")
        return _Act(name, lambda by, at: send_back(prepared, level, reason=reason, by=by, at=at), done)
    if Right.DECIDE not in rights:
        raise Http404
    if name == "again":
        done = _("It is on the file that you looked again, and the decision stands.")
        return _Act(name, lambda by, at: look_again(prepared, by=by, at=at), done)
    if name == "release":
        done = _("The decision is released, and the applicant is told.")
        return _Act(name, lambda by, at: release_prepared(prepared, by=by, at=at), done)
    if name != "withdraw":
        raise Http404
    forms["give_up_form"] = give_up = CaseGiveUpForm(request.POST)
    if not give_up.is_valid():
        return None
    reason = give_up.cleaned_data["reason"]
    done = _("What was prepared is withdrawn. It stays on the file.")
    return _Act(name, lambda by, at: withdraw_prepared(prepared, reason=reason, by=by, at=at), done)


def _levels(prepared: PreparedDecision, asked: tuple[CheckLevel, ...]) -> list[tuple[str, Any]]:
    """Each check that is asked for, with the one that was given, if any."""
    given = {check.level: check for check in prepared.checks_given}
    return [(str(level.label), given.get(level.value)) for level in asked]


@require_safe
def case_preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The very letter the prepared offer would send, marked as a preview."""
    case = case_or_404(request, pk)
    rights = rights_over(user_of(request), case.offering.programme, on=clock.day_of(clock.now()))
    prepared = prepared_of(case)
    if prepared is None or prepared.preview is None or not rights & frozenset(SEE_PREPARED):
        raise Http404
    note_opening(pk, Opened.LETTER, by=user_of(request), at=clock.now())
    return paper_response(prepared.preview)


class _Undo(NamedTuple):
    """What can be undone of a case in one state: the page's words, and whether an offer opens again."""

    title: Promise
    means: Promise
    button: Promise
    said: Promise
    act: Callable[..., object]
    opens_again: bool = False


UNDOS: Mapping[State, _Undo] = {
    State.REFUSED: _Undo(
        UNDO_TITLES[State.REFUSED],
        gettext_lazy("The application is in review again, and the applicant is told so by message."),
        gettext_lazy("Undo the refusal"),
        gettext_lazy("The refusal is undone, and the applicant is told."),
        undo_refusal,
    ),
    State.OFFERED: _Undo(
        UNDO_TITLES[State.OFFERED],
        gettext_lazy(
            "Nobody has answered it yet. Its letter is void from now on, and whoever checks it is told so. "
            "The application is in review again, and the applicant is told by message."
        ),
        gettext_lazy("Take back the offer"),
        gettext_lazy("The offer is taken back, and the applicant is told."),
        undo_offer,
    ),
    State.DECLINED: _Undo(
        UNDO_TITLES[State.DECLINED],
        gettext_lazy(
            "The applicant may answer it anew until the day below. A new letter replaces the first, and the "
            "applicant is told by message."
        ),
        gettext_lazy("Open the offer again"),
        gettext_lazy("The offer is open again, and the applicant is told once its letter is made."),
        undo_decline,
        opens_again=True,
    ),
    State.LAPSED: _Undo(
        UNDO_TITLES[State.LAPSED],
        gettext_lazy(
            "The applicant may answer it until the day below. A new letter replaces the first, and the "
            "applicant is told by message."
        ),
        gettext_lazy("Open the offer again"),
        gettext_lazy("The offer is open again, and the applicant is told once its letter is made."),
        undo_lapse,
        opens_again=True,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def case_undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Undo what stands: a refusal, an open offer, an offer declined or lapsed, and nothing else."""
    case = case_or_404(request, pk, right=Right.UNDO_DECISIONS)
    undo = UNDOS.get(State(case.state))
    if undo is None:
        messages.info(request, _("Nothing here can be undone as the case stands."))
        return redirect("admin:applications_application_change", pk)
    sent = request.POST if request.method == "POST" else None
    form = CaseUndoForm(sent, opens_again=undo.opens_again)
    answer = Answer()
    if form.is_valid():
        terms = form.terms()
        answer = try_act(request, lambda by, at: undo.act(case, **terms, by=by, at=at), on=pk)
        if answer.is_done:
            messages.success(request, str(undo.said))
            return redirect("admin:applications_application_change", pk)
        for refusal in answer.refusals:
            form.add_error(None, refusal)
    context = act_context(request, case, str(undo.title), held=answer.held, form=form, undo=undo)
    return render(request, "admin/cases/undo.html", context)
