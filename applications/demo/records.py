"""What else the fictional people have done: a test booked, an earlier study here, courses to be credited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from admissions_portal.support.actors import Actor
from applications.applicants.models import Applicant, EarlierStudy, EnglishTest, PriorCourse
from applications.demo.playing import Act
from applications.lifecycle.models import Application
from applications.standing.actions import decide_course, request_standing


def describe_record(profile: Applicant, person: Mapping[str, Any]) -> None:
    """The rows of `people.yaml` under `booked`, `earlier` and `courses`."""
    if booked := person.get("booked"):
        EnglishTest.objects.create(applicant=profile, booked=True, **booked)
    if earlier := person.get("earlier"):
        EarlierStudy.objects.create(applicant=profile, **earlier)
    PriorCourse.objects.bulk_create(
        PriorCourse(
            applicant=profile,
            institution="Harbour Institute of Technology (fictional)",
            level="TAUGHT_POSTGRADUATE",
            passed=True,
            used_for_award=False,
            **course,
        )
        for course in person.get("courses", ())
    )


def credits_acts(
    person: Mapping[str, Any], case: dict[str, Application], office: Actor, me: Actor, since: datetime
) -> Iterator[Act]:
    """Who lists courses asks for credits, and the Faculty Board decides on the first of them."""
    if not person.get("courses"):
        return
    yield (
        since,
        lambda at: request_standing(
            case["own"],
            statement="Both courses cover what the core courses of this programme cover (example).",
            by=me,
            at=at,
        ),
    )
    yield (
        since + timedelta(days=2),
        lambda at: decide_course(
            case["own"].standing_requests.get().courses.earliest("position"),
            granted=6,
            decided_on=_day(since),
            by=office,
            at=at,
        ),
    )


def _day(moment: datetime) -> date:
    return moment.date() + timedelta(days=1)
