"""The workers' door: a case is made into one PDF."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal import clock
from admissions_portal.accounts.models import User
from admissions_portal.clock import day_of
from admissions_portal.jobs.runners import Progress, Runner
from applications.casework.meanwhile import history_of
from applications.casework.queries import case_for
from applications.casework.reading import CaseReading
from applications.casework.whole_case import front_of
from applications.exports.whole_case import KIND, WholeCaseRefused, make_whole_case
from programmes.queries import rights_over


def run_whole_case(params: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """A worker that dies is followed by one that begins anew; who lost the right meanwhile gets nothing."""
    at, user, pk = clock.now(), User.objects.get(pk=params["user"]), UUID(params["case"])
    history = history_of(pk)
    case = case_for(user, pk, on=day_of(at), history=history)
    if case is None:
        raise WholeCaseRefused(_("The case is no longer open to you."))
    rights = rights_over(user, case.offering.programme, on=day_of(at))
    reading = CaseReading(case, user, rights, at, history)
    with translation.override(user.language):
        copy = make_whole_case(
            case,
            made_for=user,
            front=lambda put: front_of(reading, put),
            language=user.language,
            at=at,
            progress=progress,
        )
        text = _("The case %(number)s is ready: %(pages)s pages. It is kept for you for 24 hours.") % {
            "number": case.number,
            "pages": copy.pages,
        }
        if copy.left_out:
            text += " " + _("Not in it: %(count)s; the file says why.") % {"count": len(copy.left_out)}
        return {"url": reverse("admin:applications_application_whole_file", args=[pk, copy.pk]), "text": text}


RUNNERS = (Runner(KIND, gettext_lazy("The whole case as one PDF"), run_whole_case),)
