"""The crowd of the demonstration: people of every state, made in the background, safe to kill."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest

from admissions_portal.accounts.models import User
from admissions_portal.history.models import Event
from admissions_portal.jobs.actions import run_due_job
from admissions_portal.jobs.models import Job
from admissions_portal.outbox.models import Message
from applications.decisions.models import ReleaseItem
from applications.demo import jobs
from applications.demo.actions import CROWD, fill_crowd
from applications.demo.cast import OPENING, cast
from applications.demo.crowd import crowd
from applications.demo.desks import RELEASE_OF_CROWD
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.reviews.assignment import ReviewAssignment
from applications.ticks import run_ticks
from tests.applications.demo.test_demo import STATES, numbers_follow_receipt

FULL = bool(os.environ.get("PORTAL_TEST_FULL"))
# somebody of each state, and what is done for many at once
FEW = (
    "ready",
    "submitted",
    "checked",
    "planned",
    "offered",
    "accepted",
    "declined",
    "lapsed",
    "refused",
    "withdrawn",
)


class Killed(Exception):
    pass


def some_people() -> tuple[dict[str, Any], ...]:
    if FULL:
        return crowd()
    found = {each["acts"]: each for each in reversed(crowd()) if each["apply"] == "hku-mmedsc"}
    found["withdrawn"] = next(each for each in crowd() if each["acts"] == "withdrawn")
    return tuple(
        each for each in crowd() if found.get(each["acts"]) == each and each["acts"] in (*FEW, "withdrawn")
    )


def test_the_crowd_is_of_different_people_received_after_the_cast() -> None:
    people = crowd()
    assert len(people) == 165
    assert {STATES[each["acts"]] for each in people} == set(State)
    everybody = [*cast().applicants, *people]
    for what in ("email", "phone"):
        counted = Counter(each[what] for each in everybody if not each.get("same_as"))
        assert counted.most_common(1)[0][1] == 1, what
    for what in (("family", "given"), ("document", "number")):
        counted = Counter(tuple(each[name] for name in what) for each in people)
        assert counted.most_common(1)[0][1] == 1, what
    assert [each["began"] for each in people] == sorted(each["began"] for each in people)
    assert max(each["began"] for each in cast().applicants if each["acts"] != "begun") < people[0]["began"]
    crowd.cache_clear()
    assert crowd() == people


@pytest.mark.usefixtures("demo")
def test_a_crowd_that_is_killed_and_run_again_comes_once_and_acts_before_the_opening(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = some_people()
    before = set(Application.objects.values_list("pk", flat=True))

    def dies(done: int, total: int | None = None) -> None:
        if done == 4:
            raise Killed

    with pytest.raises(Killed):
        fill_crowd(people, progress=dies)
    assert set(crowd_there(people)) == {each["email"] for each in people[:3]}

    # the job that was asked for with the cast goes on, some at a time
    monkeypatch.setattr(jobs, "crowd", lambda: people)
    monkeypatch.setattr(jobs, "SOME", len(people) - 3)
    done = run_all_jobs()
    assert [(job.kind, job.status) for job in done] == [(CROWD, Job.Status.DONE)] * 2
    assert crowd_there(people) == {each["email"]: STATES[each["acts"]] for each in people}
    assert len(set(Application.objects.values_list("pk", flat=True)) - before) == len(people)
    numbers_follow_receipt()

    acted = Event.objects.exclude(kind="policy.published")
    assert not acted.filter(at__gt=OPENING).exists()
    planned = {each["email"] for each in people if each["acts"] == "planned"}
    items = ReleaseItem.objects.filter(release__release_at=RELEASE_OF_CROWD)
    assert {item.prepared.application.applicant.user.email for item in items} == planned
    given = ReviewAssignment.objects.exclude(application__in=before)
    assert given.exists()

    # a second time, and the clock's own look, change nothing and write to nobody
    counts = rows_there()
    for start in (0, len(people) - 3):
        jobs.run_crowd({"start": start}, lambda done, total=None: None)
    run_all_jobs()
    run_ticks(at=OPENING)
    assert rows_there() == counts


def crowd_there(people: tuple[dict[str, Any], ...]) -> dict[str, str]:
    emails = [each["email"] for each in people]
    cases = Application.objects.filter(applicant__user__email__in=emails)
    return dict(cases.values_list("applicant__user__email", "state"))


def run_all_jobs() -> list[Job]:
    done = []
    while job := run_due_job():
        done.append(job)
    return done


def rows_there() -> list[int]:
    return [
        model.objects.count() for model in (User, Application, Event, Message, ReleaseItem, ReviewAssignment)
    ]
