"""What every page and act of a case shares: who may open it, its page with forms, an act and its refusal.

A case outside one's appointments does not exist here: 404.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import admin, messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.history.models import Event
from admissions_portal.papers.preflight import PaperRefused
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.assessments.corrections import names_now
from applications.casework.beside import beside_on, came_from, remember_list
from applications.casework.blind import blind_parts_of
from applications.casework.meanwhile import (
    ChangedMeanwhile,
    check_nothing_changed,
    done_by_others,
    history_of,
    posted,
    typed_in,
    version_of,
    version_seen,
)
from applications.casework.parts import parts_of
from applications.casework.queries import case_for
from applications.casework.reading import CaseReading
from applications.casework.told import told_events
from applications.lifecycle.models import Application, Opened
from applications.lifecycle.openings import note_opening
from programmes.permissions import rights_on_page
from programmes.queries import rights_over


def case_response(request: HttpRequest, pk: UUID, **forms: Any) -> HttpResponse:
    """The case page; a form that did not pass comes back as it was typed, with 200 as everywhere: a browser
    reports any other answer as an error of the page."""
    at, history = clock.now(), history_of(pk)
    case = case_for(user_of(request), pk, on=day_of(at), history=history)
    is_blind = case is None
    if case is None:  # perhaps one that this reader scores without seeing whose it is
        case = case_for(user_of(request), pk, on=day_of(at), history=history, right=Right.REVIEW)
    if case is None:
        raise Http404
    note_opening(pk, Opened.CASE, by=user_of(request), at=at)
    rights = rights_on_page(request, case.offering.programme, day_of(at))
    reading = CaseReading(case, user_of(request), rights, at, history, forms)
    beside = beside_on(reading, came_from(request, pk))
    if is_blind:
        shown = blind_context(request, reading, **forms)
        return remember_list(render(request, "admin/cases/blind.html", shown | beside), request, pk)
    shown = {**parts_of(reading), **meanwhile_on(request, case, history, bound=forms.values()), "now": at}
    page = render(request, "admin/cases/case.html", case_context(request, case, **shown | beside | forms))
    return remember_list(page, request, pk)


def meanwhile_on(
    request: HttpRequest,
    case: Application,
    history: Sequence[Event],
    *,
    bound: Iterable[Any] = (),
    held: bool = False,
) -> dict[str, Any]:
    """The version of the case that the forms of a page carry; what others did since the version that was
    sent, and, where an act was `held` back for it, all that was posted."""
    since = version_seen(request)
    changed = [] if since is None else done_by_others(history, since=since, by=Actor.of(user_of(request)))
    return {
        "seen": str(version_of(history)),
        "meanwhile": told_events(case, changed) if changed else [],
        "held": held,
        "posted": posted(request),
        "typed": typed_in(bound),
    }


def act_on_case(
    request: HttpRequest,
    done: str,
    act: Callable[[Actor, datetime], object],
    *,
    pk: UUID,
    beside: bool = False,
    **forms: Any,
) -> HttpResponse:
    """One call into an action, then back to the case; refused, it says why and what was typed stays.

    An act that stands `beside` whatever others do is not held back when the case has changed.
    """
    answer = try_act(request, act, on=None if beside else pk)
    for refusal in answer.refusals:
        messages.error(request, refusal)
    if answer.held or (answer.refusals and forms):
        return case_response(request, pk, **forms, held=answer.held)
    if answer.is_done:
        messages.success(request, done)
    return redirect(_part_acted_in(request, pk))


# Where on the page each act is done: after it one goes on there, not at the top.
_PARTS_OF_ACTS = {
    "review": "reviews",
    "abstain": "reviews",
    "finding": "rules",
    "status": "rules",
    "override": "rules",
    "withdrawal": "rules",
    "document": "claims",
    "document_again": "claims",
    "provenance": "claims",
    "request": "asked",
    "change_proposal": "sent",
    "course": "credits",
    "check": "checklist",
    "message_again": "messages",
    "letter_again": "messages",
    "condition": "decide",
    "withdrawn": "decide",
}


def _part_acted_in(request: HttpRequest, pk: UUID) -> str:
    """The address of the case at the part whose form was sent."""
    match = request.resolver_match
    name = (match.url_name or "").removeprefix("applications_application_") if match else ""
    part = _PARTS_OF_ACTS.get(name, "")
    address = reverse("admin:applications_application_change", args=[pk])
    return f"{address}#{part}" if part else address


class Answer(NamedTuple):
    """What came of an act: the sentences with which it was refused, or that it was held back because others
    acted on the case after the sender's page was drawn."""

    refusals: list[str] = []
    held: bool = False

    @property
    def is_done(self) -> bool:
        return not self.refusals and not self.held


def try_act(
    request: HttpRequest, act: Callable[[Actor, datetime], object], *, on: UUID | None = None
) -> Answer:
    """One call into an action; on the case `on`, only where nobody else acted since the sender looked."""
    by = Actor.of(user_of(request))
    try:
        with transaction.atomic():
            if on is not None:
                check_nothing_changed(on, since=version_seen(request) or 0, by=by)
            act(by, clock.now())
    except ChangedMeanwhile:
        return Answer(held=True)
    except PaperRefused as refused:
        return Answer(
            [
                problem.text.replace(problem.field, _part_of_letter(problem.field))
                for problem in refused.problems
            ]
        )
    except Refusal as refused:
        return Answer([str(refused)])
    return Answer()


def _part_of_letter(field: str) -> str:
    """What the office calls a field of the letter."""
    group, _dot, rest = field.partition(".")
    number, _dot, part = rest.partition(".")
    if group == "conditions" and part in ("text", "evidence"):
        name = _("Condition") if part == "text" else _("What we need")
        return _("Condition %(number)s, %(part)s") % {"number": number, "part": name}
    return _("The applicant’s name") if group == "addressee" else field


def case_or_404(request: HttpRequest, pk: UUID, *, right: Right = Right.SEE_CASES) -> Application:
    """The case, open to this person under this right; one read blind is open to be scored alone."""
    at = clock.now()
    asked = right if right == Right.REVIEW else Right.SEE_CASES
    case = case_for(user_of(request), pk, on=day_of(at), right=asked)
    if case is None or right not in rights_over(user_of(request), case.offering.programme, on=day_of(at)):
        raise Http404
    return case


def case_context(request: HttpRequest, case: Application, title: str = "", **more: Any) -> dict[str, Any]:
    name, chinese_name = names_now(case)
    return admin_context(
        request,
        title or name,
        case=case,
        name=name,
        chinese_name=chinese_name,
        programme=case.offering.programme,
        **more,
    )


def blind_context(request: HttpRequest, reading: CaseReading, **forms: Any) -> dict[str, Any]:
    """What a reader sees who may not see whose case it is; `blind.py` says which parts, and no other."""
    title = _("Application %(number)s") % {"number": reading.case.number}
    own = {"case": reading.case, "programme": reading.case.offering.programme, "now": reading.at}
    return admin_context(request, title, **own, **blind_parts_of(reading) | forms)


def act_context(
    request: HttpRequest,
    case: Application,
    title: str,
    *,
    held: bool = False,
    bound: Iterable[Any] = (),
    **more: Any,
) -> dict[str, Any]:
    """A page of the case with forms that decide on something; `bound` are those that came back."""
    changed = meanwhile_on(request, case, history_of(case.pk), held=held, bound=bound)
    return case_context(request, case, title, **changed, **more)


def admin_context(request: HttpRequest, title: str, **more: Any) -> dict[str, Any]:
    return {**admin.site.each_context(request), "title": title, "opts": Application._meta, **more}
