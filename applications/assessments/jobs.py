"""The workers' door: what a preview or a re-assessment of every open case is run by."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal import clock
from admissions_portal.accounts.models import User
from admissions_portal.jobs.runners import Progress, Runner
from admissions_portal.support.actors import Actor
from applications.assessments import impact, reassessing
from applications.assessments.impact import ImpactRefused, Trial, preview_impact
from applications.assessments.models import Reassessment
from applications.assessments.queries import cases_left
from applications.assessments.reassessing import reassess_next


def run_impact(params: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Reads only until it keeps the preview, so a worker that dies is followed by one that begins anew."""
    trial = Trial.find(params["kind"], params["pk"])
    if trial is None:
        raise ImpactRefused(_("The draft has been discarded since."))
    by = Actor.of(User.objects.get(pk=params["by"]))
    preview_impact(trial, fingerprint=params["fingerprint"], by=by, at=clock.now(), progress=progress)
    return {"url": reverse("admin:eligibility_impact", args=[params["kind"], params["pk"]])}


def run_reassessment(params: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Goes on where the last worker left off."""
    run = Reassessment.objects.get(pk=params["run"])
    progress(run.seen, run.seen + cases_left(run).count())
    while not run.finished:
        # each chunk is an act of its own, at its own moment
        run = reassess_next(run, at=clock.now())
        progress(run.seen)
    return {"url": reverse("admin:eligibility_reassessment", args=[run.pk])}


RUNNERS = (
    Runner(impact.KIND, gettext_lazy("What these rules would change"), run_impact),
    Runner(reassessing.KIND, gettext_lazy("Running the rules on every open application"), run_reassessment),
)
