"""What every page of the form shows around its own part: the case, its deadline, how far each section is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.lifecycle.models import Application
from applications.submission.sections import Filling, Section, sections_of


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the list of sections beside the form."""

    title: str
    url: str
    status: str
    word: str
    is_current: bool


def form_frame(application: Application, filling: Filling, current: Section | None) -> dict[str, Any]:
    """What every page of the form knows: the case, its deadline, and the sections with their states."""
    steps, open_count = [], 0
    for each in sections_of(application, at=filling.at):
        state = each.state(filling)
        open_count += not state.is_done
        steps.append(Step(str(each.title), each.url(application), state.status, state.word, each is current))
    steps.append(
        Step(
            _("Review and submit"),
            reverse("applications:review", args=[application.pk]),
            "todo" if open_count else "met",
            ngettext("%(count)d section open", "%(count)d sections open", open_count) % {"count": open_count}
            if open_count
            else _("Ready"),
            current is None,
        )
    )
    offering = application.offering
    return {
        "application": application,
        "offering": offering,
        "programme": offering.programme,
        "steps": steps,
        "next_round": offering.next_round(filling.at, local=None),
        "now": filling.at,
    }
