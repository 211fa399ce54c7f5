"""The PDF copy of an application: of the draft as it stands, and of what was received, with its receipt."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.papers.downloads import paper_response
from admissions_portal.papers.models import Paper
from admissions_portal.support.actors import Actor
from applications.submission.copies import copy_draft
from applications.submission.queries import draft_copies_of, submission_of, written_by


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draft_copy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where a draft's PDF copy is asked for and picked up: a worker makes it, no page waits for it."""
    application = get_object_or_404(written_by(user_of(request)), pk=pk)
    if not application.is_draft:
        return redirect("applications:receipt", pk=application.pk)
    if request.method == "POST":
        copy_draft(application, by=Actor.of(user_of(request)), at=clock.now())
        return redirect("applications:draft_copy", pk=application.pk)
    return render(
        request,
        "applications/submission/draft_copy.html",
        {
            "application": application,
            "offering": application.offering,
            "programme": application.offering.programme,
            "copy": draft_copies_of(application).defer("pdf", "context").first(),
        },
    )


@login_required
@never_cache
@require_safe
def draft_copy_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The copy itself; 404 until it is made."""
    application = get_object_or_404(written_by(user_of(request)), pk=pk)
    return _pdf(draft_copies_of(application).first())


@login_required
@never_cache
@require_safe
def receipt_pdf(request: HttpRequest, pk: UUID, sequence: int) -> HttpResponse:
    """What was received as the `sequence`th, with its receipt; 404 until it is made."""
    submission = submission_of(pk, user_of(request))
    if submission is None:
        raise Http404
    asked = get_object_or_404(submission.application.submissions, sequence=sequence)
    return _pdf(Paper.objects.filter(pk=asked.paper_id).first())


def _pdf(paper: Paper | None) -> HttpResponse:
    if paper is None:
        raise Http404
    return paper_response(paper)
