"""How far is it? For the person who asked, and nobody else."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from admissions_portal.jobs.queries import jobs_of
from admissions_portal.jobs.runners import runner_of


@require_safe
@never_cache
@login_required
def progress(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The whole page, or, asked by htmx, the part that changes."""
    assert request.user.pk is not None
    job = get_object_or_404(jobs_of(request.user.pk), pk=pk)
    template = "jobs/_progress.html" if request.headers.get("HX-Request") else "jobs/progress.html"
    return render(request, template, {"job": job, "title": runner_of(job.kind).title})
