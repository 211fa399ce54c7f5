"""Requests for credits on the case page: each course with what the rules find and a form beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from admissions_portal.accounts.roles import Right
from applications.casework.reading import CaseReading
from applications.lifecycle.models import Application
from applications.standing.forms import CourseDecisionForm
from applications.standing.models import StandingRequest
from applications.standing.queries import with_their_rules
from applications.standing.telling import CourseShown, shown_request
from eligibility.queries import RulesInForce
from eligibility.wording import Audience, FindingText


@dataclass(frozen=True, slots=True)
class CourseOnCase:
    """A course, and the form for the Board's decision where the reader may write it down."""

    shown: CourseShown
    form: CourseDecisionForm | None


@dataclass(frozen=True, slots=True)
class RequestOnCase:
    request: StandingRequest
    courses: list[CourseOnCase]
    findings: list[FindingText]
    granted: int


def standing_on(reading: CaseReading) -> dict[str, Any]:
    return {
        "standing": requests_for_credits(
            reading.case,
            may_decide=reading.may_still(Right.DECIDE),
            known=reading.rules,
            bound=reading.bound.get("course_form"),
        )
    }


def requests_for_credits(
    case: Application,
    *,
    may_decide: bool,
    known: RulesInForce | None = None,
    bound: CourseDecisionForm | None = None,
) -> list[RequestOnCase]:
    """Every request of the case, judged under rules that may be `known` already; `bound` is a form that did
    not pass, in the place of its own."""

    def form_for(course: CourseShown) -> CourseDecisionForm | None:
        if not may_decide:
            return None
        if bound is not None and bound.claim.pk == course.course.pk:
            return bound
        return CourseDecisionForm(claim=course.course)  # type: ignore[arg-type]  # a request holds claims

    return [
        RequestOnCase(
            told.request,
            [CourseOnCase(course, form_for(course)) for course in told.courses],
            told.findings,
            sum(course.granted or 0 for course in told.request.courses.all()),
        )
        for told in (
            shown_request(each, audience=Audience.STAFF, rules=rules)
            for each, rules in with_their_rules(case.standing_requests.all(), known)
        )
    ]
