"""The workers' door: the crowd comes while the portal runs, some people at a time."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from admissions_portal import clock
from admissions_portal.jobs.runners import Progress, Runner
from admissions_portal.support.actors import Actor
from applications.demo.actions import CROWD, SOME, fill_crowd, finish_crowd, request_crowd
from applications.demo.crowd import crowd


def run_crowd(params: dict[str, Any], progress: Progress) -> None:
    """Bring those from `start` on and ask for the next, so that no job is long and others have their turn. A
    worker that dies is followed by one that skips whoever is there."""
    people, start = crowd(), params["start"]
    fill_crowd(people[start : start + SOME], progress=progress)
    if start + SOME < len(people):
        request_crowd(start=start + SOME, by=Actor.system(), at=clock.now())
    else:
        finish_crowd(people)


RUNNERS = (Runner(CROWD, gettext_lazy("More people for the demonstration"), run_crowd),)
