"""Beginning an application, entering a code for late entry, and carrying answers over to another one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.core.ratelimit import consume
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.dates import hong_kong_time
from admissions_portal.support.refusals import Refusal
from applications.applicants.actions import open_profile
from applications.late_entry.actions import CodeRefused, start_with_code, use_access_code
from applications.late_entry.queries import extension_of
from applications.lifecycle.actions import start_application
from applications.lifecycle.mode import change_mode
from applications.lifecycle.models import Application
from applications.lifecycle.states import RUNNING
from applications.submission.carrying import can_be_carried, plan_of_carrying
from applications.submission.carrying import carry_over as carry
from applications.submission.forms import AccessCodeEntryForm
from applications.submission.late_rounds import late_entry
from applications.submission.queries import published_offerings, written_by
from applications.submission.rounds import has_rules, round_receiving, status_of, why_none_receives
from applications.submission.sections import sections_of
from programmes.models import Offering, Round

# Wrong codes in an hour, by `ACCOUNT_RATE_LIMITS`: enough for slips of the pen, hopeless for guessing.
LIMIT = "access_code"


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Says what is applied for, then begins the draft, or opens the one that is there.

    Where every round has closed, a code or more time given to this person begins it all the same.
    """
    offering: Offering = get_object_or_404(published_offerings(), pk=pk)
    at, by = clock.now(), Actor.of(user_of(request))
    begun = written_by(user_of(request)).filter(offering=offering, state__in=RUNNING, amends=None).first()
    if request.method == "POST" and begun is not None:  # pressed twice, or once more later
        first = sections_of(begun, at=at)[0]
        return redirect(first.url(begun) if begun.is_draft else "applications:home")
    rules = has_rules(offering, at=at)
    # nobody has said yet who they are: any round that is open or to come will do
    extension = extension_of(user_of(request), offering, at=at)
    can_begin = rules and (offering.next_round(at, local=None) is not None or extension is not None)
    can_enter_code = rules and not can_begin and offering.is_announced
    form = AccessCodeEntryForm(request.POST if "code" in request.POST else None)
    refusal = ""
    if request.method == "POST" and (can_begin or can_enter_code):
        application = None
        try:
            if can_begin:
                application = start_application(open_profile(by.user), offering, by=by, at=at)
            elif form.is_valid() and _may_try(request, form):
                code = form.cleaned_data["code"]
                application = start_with_code(open_profile(by.user), offering, code, by=by, at=at)
        except CodeRefused as refused:
            _refuse_code(request, form, refused)
        except Refusal as refused:
            refusal = str(refused)
        if application is not None:
            return redirect(sections_of(application, at=at)[0].url(application))
    return render(
        request,
        "applications/submission/start.html",
        {
            "offering": offering,
            "programme": offering.programme,
            "begun": begun,
            "rounds": [_round_row(each, at) for each in offering.rounds.all() if each.is_announced],
            "can_begin": can_begin,
            "can_enter_code": can_enter_code,
            "extension": extension,
            "has_rules": rules,
            "is_announced": offering.is_announced,
            "form": form,
            "refusal": refusal,
            "now": at,
        },
        status=200 if request.method != "POST" else 409,
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def access_code(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A code for a draft whose round has closed; the draft may then be submitted until the code ends."""
    application = get_object_or_404(written_by(user_of(request)), pk=pk)
    if not application.is_draft:
        return redirect("applications:receipt", pk=pk)
    at = clock.now()
    if application.amends_id or (open_now := _open_round(application, at)):
        if not application.amends_id and open_now is not None:
            messages.info(
                request,
                _("%(round)s is open for you: you need no code. Keep it in case you are late.")
                % {"round": open_now.title},
            )
        return redirect("applications:review", pk=pk)
    form = AccessCodeEntryForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _may_try(request, form):
        by = Actor.of(user_of(request))
        try:
            use = use_access_code(application, form.cleaned_data["code"], by=by, at=at)
        except CodeRefused as refused:
            _refuse_code(request, form, refused)
        else:
            return _after_code(request, application, use.code.valid_until, at)
    rounds = list(application.offering.rounds.all())
    status = status_of(application, at=at)
    return render(
        request,
        "applications/submission/access_code.html",
        {
            "application": application,
            "offering": application.offering,
            "programme": application.offering.programme,
            "form": form,
            "late": late_entry(application, rounds, status, at=at),
            "why": why_none_receives(rounds, status, at=at),
            "now": at,
        },
        status=409 if form.errors else 200,
    )


@login_required
@require_POST
def mode(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Changes a draft to another study mode of its intake; all that is written stays."""
    application = get_object_or_404(written_by(user_of(request)), pk=pk)
    chosen = request.POST.get("offering", "")
    offering = published_offerings().filter(pk=int(chosen) if chosen.isdecimal() else 0).first()
    if offering is None:
        raise Http404
    try:
        change_mode(application, offering, by=Actor.of(user_of(request)), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("The application is for %(mode)s study now. Everything you have written is kept.")
        messages.success(request, said % {"mode": offering.get_mode_display().lower()})
    return redirect("applications:section", pk, "choice")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def carry_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An earlier application's answers carried into a new one: where to, what fits, then the new draft."""
    source = get_object_or_404(written_by(user_of(request)), pk=pk)
    at, by = clock.now(), Actor.of(user_of(request))
    targets = _targets(source, at) if can_be_carried(source) else []
    asked = (request.POST if request.method == "POST" else request.GET).get("to", "")
    offering = next((each for each in targets if str(each.pk) == asked), None)
    refusal = ""
    if request.method == "POST" and offering is not None:
        try:
            made, carrying = carry(source, offering, by=by, at=at)
        except Refusal as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("Carried over: %(what)s") % {"what": " ".join(carrying.carried)})
            if carrying.left:
                messages.info(request, _("Not carried over: %(what)s") % {"what": " ".join(carrying.left)})
            return redirect(sections_of(made, at=at)[0].url(made))
    return render(
        request,
        "applications/submission/carry_over.html",
        {
            "application": source,
            "offering": source.offering,
            "programme": source.offering.programme,
            "can_be_carried": can_be_carried(source),
            "targets": targets,
            "target": offering,
            "carrying": plan_of_carrying(source, offering, at=at) if offering else None,
            "refusal": refusal,
            "now": at,
        },
        status=409 if refusal else 200,
    )


def _targets(source: Application, at: datetime) -> list[Offering]:
    """What may be begun at `at` and has no running application of this person, by programme."""
    running = written_by(source.applicant.user).filter(state__in=RUNNING, amends=None)
    taken = set(running.values_list("offering", flat=True))
    found = published_offerings().exclude(pk__in=taken).order_by("intake__programme__name", "intake", "mode")
    return [each for each in found if each.next_round(at, local=None) is not None and has_rules(each, at=at)]


def _open_round(application: Application, at: datetime) -> Round | None:
    rounds, status = application.offering.rounds.all(), status_of(application, at=at)
    return round_receiving(rounds, status, at=at)


def _after_code(
    request: HttpRequest, application: Application, until: datetime, at: datetime
) -> HttpResponse:
    """On to the review; where the code's round is for other people, it says so at once."""
    rounds, status = list(application.offering.rounds.all()), status_of(application, at=at)
    if late_entry(application, rounds, status, at=at):
        messages.success(
            request,
            _("The code is entered. Submit the application by %(when)s.") % {"when": hong_kong_time(until)},
        )
    else:
        messages.warning(
            request,
            _(
                "The code is entered, and the round it opens is not for you as your status in Hong Kong is "
                "declared now. Look at “Local or non-local”, or ask the office."
            ),
        )
    return redirect("applications:review", pk=application.pk)


def _may_try(request: HttpRequest, form: forms.Form) -> bool:
    """Whether this person may try a code now; too many wrong ones wait for an hour."""
    if consume(request, action=LIMIT, dry_run=True):
        return True
    form.add_error(
        "code",
        _("Too many codes that do not exist were tried. Wait an hour, or ask the office to read it to you."),
    )
    return False


def _refuse_code(request: HttpRequest, form: forms.Form, refused: CodeRefused) -> None:
    if refused.is_unknown:
        consume(request, action=LIMIT)
    form.add_error("code", str(refused))


def _round_row(round_: Round, at: datetime) -> dict[str, Any]:
    """A round as `_components/rounds.html` shows it."""
    if round_.is_open(at):
        title = _("%(round)s is open") % {"round": round_.title}
    elif round_.is_closed(at):
        title = _("%(round)s has closed") % {"round": round_.title}
    else:
        title = _("%(round)s is to come") % {"round": round_.title}
    text = _("Local applicants only.") if round_.is_local_only else _("Everyone may apply.")
    if round_.is_example:
        text = f"{text} {_('This date is an example.')}"
    return {
        "title": title,
        "is_open": round_.is_open(at),
        "closes_at": round_.closes_at,
        "prefix": _("closed") if round_.is_closed(at) else _("closes"),
        "text": text,
    }
