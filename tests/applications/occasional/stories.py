"""A request of an occasional student, brought to where a test wants it."""

from __future__ import annotations

from typing import Any

from admissions_portal.support.actors import Actor
from applications.applicants.models import Applicant
from applications.occasional.actions import (
    CourseTerms,
    RequestTerms,
    save_request,
    send_request,
    start_request,
)
from applications.occasional.models import OccasionalRequest
from programmes.models import Programme
from tests.factories.programmes import hkt

# long after every round of the degree has closed: none applies
AT = hkt(2026, 7, 6, 10, 0)
COURSES = (CourseTerms("Statistics for biologists", "CORE"), CourseTerms("MMED 7002"))


def own(person: Applicant) -> Actor:
    return Actor.of(person.user)


def terms(who: Applicant, /, **changed: Any) -> RequestTerms:
    names = ("family_name", "given_names", "chinese_name", "preferred_name", "phone")
    given: dict[str, Any] = {
        "person": {name: getattr(who, name) for name in names},
        "courses": COURSES,
        "why": "For my work.",
    }
    return RequestTerms(**{**given, **changed})


def begun(person: Applicant, programme: Programme) -> OccasionalRequest:
    return start_request(person, programme, by=own(person), at=AT)


def written(who: Applicant, programme: Programme, /, **changed: Any) -> OccasionalRequest:
    return save_request(begun(who, programme), terms(who, **changed), by=own(who), at=AT)


def sent(person: Applicant, programme: Programme) -> OccasionalRequest:
    return send_request(written(person, programme), by=own(person), at=AT)
