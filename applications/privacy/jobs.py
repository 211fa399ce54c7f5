"""The workers' door: making somebody's copy."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal import clock
from admissions_portal.accounts.models import User
from admissions_portal.jobs.runners import Progress, Runner
from applications.privacy.actions import KIND, make_copy


def run_copy(params: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """A worker that dies is followed by one that begins anew."""
    user = User.objects.get(pk=params["user"])
    make_copy(user, at=clock.now(), progress=progress)
    with translation.override(user.language):
        return {"url": reverse("applications:record"), "text": _("Your copy is ready.")}


RUNNERS = (Runner(KIND, gettext_lazy("A copy of your record"), run_copy),)
