"""A request as people read it: each course with what the rules say and what the Faculty Board decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from applications.applicants.models import PriorCourse
from applications.lifecycle.models import Application
from applications.standing.models import CourseClaim, StandingRequest
from applications.standing.queries import Ledger, finding_on, granted_so_far, judge_courses
from eligibility.engine import Check, CreditAssessment, Finding, Requirements, from_json
from eligibility.queries import RulesInForce, rules_of
from eligibility.wording import Audience, FindingText, explain


@dataclass(frozen=True, slots=True)
class CourseShown:
    """A course, and the rules' finding on it."""

    course: CourseClaim | PriorCourse
    finding: FindingText | None


@dataclass(frozen=True, slots=True)
class RequestShown:
    """A request that was sent: its courses, and what concerns all of them together."""

    request: StandingRequest
    courses: list[CourseShown]
    findings: list[FindingText]


def shown_request(
    request: StandingRequest, *, audience: Audience = Audience.APPLICANT, rules: RulesInForce | None = None
) -> RequestShown:
    """As the rules found when it was received, under the `rules` of that day, asked for where not given."""
    requirements = (rules or rules_of(request.rules)).requirements()
    kept = from_json(CreditAssessment, request.findings)
    return RequestShown(
        request,
        [
            _shown(request.application, course, requirements, at=request.received_at, audience=audience)
            for course in request.courses.all()
        ],
        _of_request(kept.findings, requirements, audience),
    )


def shown_courses(
    application: Application, courses: Iterable[PriorCourse], requirements: Requirements, *, at: datetime
) -> tuple[list[CourseShown], list[FindingText], Ledger]:
    """Courses not asked for yet, what the rules would say of a request for them now, and the credits."""
    courses, granted = list(courses), granted_so_far(application)
    found = judge_courses(application, courses, requirements, granted=granted, at=at)
    block = requirements.advanced_standing
    return (
        [_shown(application, course, requirements, at=at) for course in courses],
        _of_request(found.findings, requirements, Audience.APPLICANT),
        Ledger(block.most_credits if block is not None else None, granted, found.claimed),
    )


def _shown(
    application: Application,
    course: CourseClaim | PriorCourse,
    requirements: Requirements,
    *,
    at: datetime,
    audience: Audience = Audience.APPLICANT,
) -> CourseShown:
    finding = finding_on(application, course, requirements, at=at)
    return CourseShown(course, explain(finding, requirements, audience=audience) if finding else None)


def _of_request(
    findings: Iterable[Finding], requirements: Requirements, audience: Audience
) -> list[FindingText]:
    single = {rule.code for rule in requirements.every_rule if rule.check is Check.COURSE_COUNTS}
    return [
        explain(finding, requirements, audience=audience)
        for finding in findings
        if finding.code not in single
    ]
