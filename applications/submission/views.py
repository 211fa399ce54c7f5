"""The applicant's form, page by page, its review, the submission and the receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.lifecycle.limits import why_one_too_many
from applications.lifecycle.models import Application
from applications.lifecycle.queries import chinese_name_beside, full_name_of
from applications.submission.actions import ApplicationIncomplete, submit_application
from applications.submission.amendments import amendment_of, why_not_amendable
from applications.submission.copies import differences_from
from applications.submission.declarations import DECLARATIONS, PRIVACY_NOTICES, Text, text_in_force
from applications.submission.forms import DeclarationForm
from applications.submission.frame import form_frame
from applications.submission.late_rounds import late_entry
from applications.submission.queries import (
    submission_of,
    submissions_about,
    submissions_of,
    written_by,
)
from applications.submission.rounds import round_receiving, status_of, why_none_receives
from applications.submission.rules import rules_so_far
from applications.submission.sections import (
    AnswerBlock,
    Filling,
    Problem,
    Section,
    SectionState,
    sections_of,
)


@login_required
@never_cache
@require_safe
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything on one page: each answer with its way back, what the rules say, declarations, the button."""
    application = written_by(user_of(request)).filter(pk=pk).first()
    if application is None:
        return redirect(get_object_or_404(submissions_of(user_of(request)), written_as=pk))
    if not application.is_draft:
        return redirect("applications:receipt", pk=application.pk)
    return _review(request, application, at=clock.now())


@login_required
@never_cache
@require_POST
def submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Submits, and leads to the receipt, as often as it is pressed.

    A refusal shows the review with the reason.
    """
    application = written_by(user_of(request)).filter(pk=pk).first()
    if application is None:  # changes that another tab has submitted: their receipt is there
        return redirect(get_object_or_404(submissions_of(user_of(request)), written_as=pk))
    posted = (
        request.POST
    )  # the whole request is read before the clock is: this is the moment that counts (AMB-03)
    at = clock.now()
    if not application.is_draft:
        return redirect("applications:receipt", pk=application.pk)
    case_pk = application.amends_id or application.pk
    form = DeclarationForm(posted, texts=_texts(at))
    if not form.is_valid():
        return _review(request, application, at=at, form=form)
    try:
        submit_application(application, declaration=form.declaration(), by=Actor.of(user_of(request)), at=at)
    except ApplicationIncomplete as refusal:
        return _review(request, application, at=at, form=form, refusal=refusal)
    except Refusal as refusal:
        return _review(request, application, at=at, form=form, refusal=refusal, status=409)
    return redirect("applications:receipt", pk=case_pk)


@login_required
@never_cache
@require_safe
def receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Number, server time, round and fingerprint; a draft has none, so it leads to the review."""
    submission = submission_of(pk, user_of(request))
    if submission is None:
        get_object_or_404(written_by(user_of(request)), pk=pk)
        return redirect("applications:review", pk=pk)
    if submission.application_id != pk:
        return redirect(submission)
    application = submission.application
    at = clock.now()
    return render(
        request,
        "applications/submission/receipt.html",
        {
            "submission": submission,
            "application": application,
            "offering": application.offering,
            "programme": application.offering.programme,
            "name": f"{full_name_of(application)} {chinese_name_beside(application)}".strip(),
            "earlier": [each for each in submissions_about(application) if each.pk != submission.pk],
            "amendment": amendment_of(application),
            "may_amend": not why_not_amendable(application, at=at),
            "now": at,
        },
    )


@login_required
@never_cache
@require_safe
def findings(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every finding of the rules on what is written now, each with its clause."""
    application = get_object_or_404(written_by(user_of(request)), pk=pk)
    at = clock.now()
    return render(
        request,
        "applications/submission/findings.html",
        {
            "application": application,
            "offering": application.offering,
            "programme": application.offering.programme,
            "rules": rules_so_far(application, at=at),
            "has_example_dates": any(each.is_example for each in application.offering.rounds.all()),
            "now": at,
        },
    )


@require_safe
def verify_receipt(request: HttpRequest) -> HttpResponse:
    """Where receipts were checked before they were papers like letters: one page answers for both."""
    return redirect(f"{reverse('papers:verify')}?{request.GET.urlencode()}".rstrip("?"), permanent=True)


@dataclass(frozen=True, slots=True)
class ReviewedSection:
    """A section on the review page."""

    key: str
    title: str
    url: str
    state: SectionState
    blocks: list[AnswerBlock]


def _review(
    request: HttpRequest,
    application: Application,
    *,
    at: datetime,
    form: DeclarationForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    filling = Filling(application, at=at)
    sections = sections_of(application, at=at)
    problems = [problem for each in sections for problem in each.problems(filling)]
    case = application.amends
    rounds = [case.round] if case and case.round else list(application.offering.rounds.all())
    local = status_of(application, at=at)
    taking = round_receiving(rounds, local, at=at)
    late = late_entry(application, rounds, local, at=at) if taking is None and case is None else None
    no_round = "" if taking or late else why_none_receives(rounds, local, at=at)
    if case is None:
        no_round = no_round or why_one_too_many(application.applicant, application.offering)
    texts = _texts(at)
    return render(
        request,
        "applications/submission/review.html",
        {
            **form_frame(application, filling, None),
            "sections": [_reviewed(each, filling) for each in sections],
            "problems": _located(problems, application, sections),
            "round": taking,
            "late": late,
            "can_enter_code": no_round and case is None,
            "no_round": (why_not_amendable(case, at=at) if case else "") or no_round,
            "case": case,
            "differences": differences_from(case, application, at=at) if case else None,
            "rules": rules_so_far(application, at=at),
            "form": form or DeclarationForm(texts=texts),
            "privacy": texts[1],
            "refusal": refusal,
            "done_count": sum(each.state(filling).is_done for each in sections),
        },
        status=status,
    )


def _reviewed(each: Section, filling: Filling) -> ReviewedSection:
    url, state = each.url(filling.application), each.state(filling)
    return ReviewedSection(each.key, str(each.title), url, state, each.answers(filling))


def _located(
    problems: list[Problem], application: Application, sections: list[Section]
) -> list[dict[str, str]]:
    """The problems as links to the page and the field where each is put right."""
    pages = {each.key: each for each in sections}
    return [
        {
            "url": f"{pages[problem.section].url(application)}#{problem.field_id}",
            "section": str(pages[problem.section].title),
            "sentence": problem.sentence,
        }
        for problem in problems
    ]


def _texts(at: datetime) -> tuple[Text, Text]:
    """Declaration and privacy notice in force."""
    on = day_of(at)
    return text_in_force(DECLARATIONS, on=on), text_in_force(PRIVACY_NOTICES, on=on)
