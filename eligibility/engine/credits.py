"""Credits for courses passed before: what both kinds of request share (HKU-AS1 to AS4, UST-29).

A request is asked apart from admission and never affects it (AMB-16). Dates are days of Hong Kong.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from .case import HKT, check_instant
from .documents import DocumentKind
from .facts import OfficerFinding
from .findings import ENGINE_VERSION, WORST_LAST, Finding, Outcome
from .officers import settled
from .records import FactsError
from .requirements import Check, CreditRequirements, Requirements, Rule
from .scales import corresponding_day

TRANSCRIPT = DocumentKind.COURSE_TRANSCRIPT


@dataclass(frozen=True, slots=True)
class Course:
    """One course that credits are asked for.

    credits                  in credits of the programme applied for, as claimed
    passed                   the transcript shows it; None = not said
    completed_on             when the result was officially published (AMB-15); `semester_ended_on` where only
                             the semester is known, `completed_in` ("2021-08") where only the month is
    last_class_on            for AMB-15's alternative
    used_for_qualification   counted towards an award, here or elsewhere (UST-29)
    accepted                 the Faculty Board judged it equivalent (HKU-AS2), the department approved its use
                             (UST-29); None = not decided
    Raises FactsError for a month that is none, and for credits out of bounds.
    """

    name: str
    institution: str = ""
    credits: int | None = None
    passed: bool | None = None
    completed_on: date | None = None
    semester_ended_on: date | None = None
    completed_in: str = ""
    last_class_on: date | None = None
    used_for_qualification: bool | None = None
    accepted: bool | None = None

    def __post_init__(self) -> None:
        if self.completed_in and not re.fullmatch(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])", self.completed_in):
            raise FactsError("$.completed_in", "impossible_date", self.completed_in, "a month as YYYY-MM")
        if self.credits is not None and not 1 <= self.credits <= 300:
            raise FactsError("$.credits", "off_scale", self.credits, "credits from 1 to 300")


@dataclass(frozen=True, slots=True)
class CreditRequest:
    """One person's request for credits.

    received_at       server instant of the written request; None while it is a draft, judged as of asking
    starts_on         first day of the programme, or of the term of re-admission (AMB-14, AMB-17, AMB-27)
    offered_on, registered_on, first_class_on   for the alternatives of AMB-14 and AMB-17
    granted           credits of the same kind that were granted before
    Raises FactsError for an instant without offset and for two results under one code.
    """

    courses: tuple[Course, ...] = ()
    received_at: datetime | None = None
    starts_on: date | None = None
    offered_on: date | None = None
    registered_on: date | None = None
    first_class_on: date | None = None
    granted: int = 0
    officer_findings: tuple[OfficerFinding, ...] = ()

    def __post_init__(self) -> None:
        if self.received_at is not None and self.received_at.tzinfo is None:
            raise FactsError(
                "$.received_at",
                "impossible_instant",
                self.received_at.isoformat(),
                "an instant with its offset",
            )
        if not 0 <= self.granted <= 300:
            raise FactsError("$.granted", "off_scale", self.granted, "credits from 0 to 300")
        codes = [finding.code for finding in self.officer_findings]
        if len(set(codes)) != len(codes):
            raise FactsError("$.officer_findings", "recorded_twice", None, "one result for each code")


@dataclass(frozen=True, slots=True)
class CreditAssessment:
    """What the rules say about one request; courses have a finding each, under the code of their rule.

    outcome      of the request as a whole: what stands in its way, not in that of single courses
    claimed      credits of all courses of the request
    claimable    credits that can be granted at most, if those who decide agree
    choose_from  names of the courses the Faculty Board chooses from where they exceed the limit (AMB-16)
    """

    policy: str
    at: datetime
    outcome: Outcome
    findings: tuple[Finding, ...]
    claimed: int
    claimable: int
    choose_from: tuple[str, ...] = ()
    engine: str = ENGINE_VERSION

    def of(self, code: str) -> tuple[Finding, ...]:
        """The findings of rule `code`, one a course where the rule is about courses."""
        return tuple(finding for finding in self.findings if finding.code == code)


class Asked(NamedTuple):
    """A request before the part of the policy that is about it.

    reference   the day of admission from which the years count back (AMB-14, AMB-27), None = not known yet
    reading     of which that day is a choice
    """

    request: CreditRequest
    requirements: Requirements
    block: CreditRequirements
    at: datetime
    today: date
    reference: date | None
    reading: str

    def opens_on(self) -> date | None:
        """The first day on which a course may have been completed: five years before to the day."""
        if self.reference is None:
            return None
        to_march = self.requirements.reading("AMB-07") == "1_march"
        return corresponding_day(self.reference, -self.block.years, leap_day_to_march=to_march)


def asked(
    request: CreditRequest,
    requirements: Requirements,
    block: CreditRequirements | None,
    *,
    at: datetime,
    reference: date | None,
    reading: str,
) -> Asked:
    """The request as asked at `at`. Raises FactsError where the policy grants no such credits, or `at` has no
    offset."""
    check_instant(at)
    if block is None:
        raise FactsError(
            "$.policy", "unknown_value", requirements.policy, "a policy with rules about credits"
        )
    moment = request.received_at or at
    return Asked(
        request, requirements, block, moment, max(moment, at).astimezone(HKT).date(), reference, reading
    )


def ordered(courses: Iterable[Course]) -> list[Course]:
    """By name, so that the order in which they were typed in plays no part."""
    return sorted(courses, key=lambda course: (course.name, repr(course)))


def completed(course: Course, requirements: Requirements) -> tuple[date, date] | None:
    """First and last day on which the course may have been completed (AMB-15); None where nothing says it."""
    if requirements.reading("AMB-15") == "last_class":
        day = course.last_class_on
    else:
        day = course.completed_on or course.semester_ended_on
    if day is not None:
        return day, day
    if not course.completed_in:
        return None
    first = date.fromisoformat(f"{course.completed_in}-01")
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def course_finding(asked_: Asked, rule: Rule, course: Course) -> Finding:
    """One course: passed, completed within the years, its credits said; then it waits for who decides."""
    opens_on, reference = asked_.opens_on(), asked_.reference
    window = {}
    if opens_on is not None and reference is not None:
        window = {"from": opens_on.isoformat(), "to": reference.isoformat()}

    by_class = asked_.requirements.reading("AMB-15") == "last_class"
    of_days = "AMB-15" if by_class else asked_.reading

    def finds(outcome: Outcome, reason: str, reading: str = of_days) -> Finding:
        return rule.finds(
            outcome,
            reason,
            reading=reading,
            supplied=describe_course(course, asked_.requirements),
            needed={"completed": window, "years": asked_.block.years},
            document=TRANSCRIPT if outcome is Outcome.NEEDS_EVIDENCE else "",
        )

    if course.passed is False:
        return finds(Outcome.NOT_MET, "course_not_passed", "")
    if course.accepted is False:
        return finds(Outcome.NOT_MET, "course_not_accepted", "")
    if course.passed is None:
        return finds(Outcome.NEEDS_EVIDENCE, "course_result_missing", "")
    days = completed(course, asked_.requirements)
    if days is None:
        return finds(Outcome.NEEDS_EVIDENCE, "course_date_missing", "AMB-15")
    first, last = days
    if opens_on is None or reference is None:
        return finds(Outcome.PENDING_OFFICER, "admission_day_not_known")
    if last < opens_on:
        return finds(Outcome.NOT_MET, "course_too_old")
    if first > reference:
        return finds(Outcome.NOT_MET, "course_after_admission")
    if first > asked_.today:
        return finds(Outcome.NEEDS_EVIDENCE, "course_still_to_come")
    if first < opens_on or last > reference:
        return finds(Outcome.NEEDS_EVIDENCE, "course_month_straddles")
    if course.credits is None:
        return finds(Outcome.NEEDS_EVIDENCE, "course_credits_missing", "")
    if course.accepted:
        return finds(Outcome.MET, "course_accepted")
    return finds(Outcome.PENDING_OFFICER, "course_to_be_judged")


def describe_course(course: Course, requirements: Requirements) -> dict[str, Any]:
    """A course as values for a finding, with the day or month that counts; only what was given."""
    first, last = completed(course, requirements) or (None, None)
    values = {
        "course": course.name,
        "institution": course.institution,
        "credits": course.credits,
        "completed_on": first.isoformat()
        if first and first == last
        else course.completed_in
        if first
        else "",
    }
    return {name: value for name, value in values.items() if value}


CourseRule = Callable[[Asked, Rule, Course], Finding]
RequestRule = Callable[[Asked, Rule], Finding]


def decide(
    question: Asked, *, each: Mapping[Check, CourseRule], whole: Mapping[Check, RequestRule]
) -> CreditAssessment:
    """Every finding on a request: rules about its courses give one a course, the others one each."""
    request, block = question.request, question.block
    courses = ordered(request.courses)
    findings: list[Finding] = []
    of_course: list[list[Finding]] = [[] for _ in courses]
    of_request: list[Finding] = []
    for rule in block.rules:
        if rule.check in whole:
            of_request.append(settled(whole[rule.check](question, rule), request.officer_findings))
            findings.append(of_request[-1])
        elif not courses:
            of_request.append(rule.finds(Outcome.NEEDS_EVIDENCE, "no_course", document=TRANSCRIPT))
            findings.append(of_request[-1])
        for course, found in zip(courses, of_course, strict=True):
            if rule.check in each:
                found.append(each[rule.check](question, rule, course))
                findings.append(found[-1])
    counting = [
        course
        for course, found in zip(courses, of_course, strict=True)
        if all(finding.outcome in (Outcome.MET, Outcome.PENDING_OFFICER) for finding in found)
    ]
    refused = any(finding.outcome is Outcome.NOT_MET for finding in of_request)
    credits = sum(course.credits or 0 for course in counting)
    left = credits if block.most_credits is None else max(0, block.most_credits - request.granted)
    return CreditAssessment(
        question.requirements.policy,
        question.at,
        _overall(of_request, of_course),
        tuple(findings),
        claimed=sum(course.credits or 0 for course in courses),
        claimable=0 if refused else min(credits, left),
        choose_from=tuple(course.name for course in counting) if credits > left and not refused else (),
    )


def _overall(of_request: Sequence[Finding], of_course: Sequence[Sequence[Finding]]) -> Outcome:
    """The worst of what concerns the whole request, and the best of its courses: one that fails stops no
    other."""
    outcomes = [finding.outcome for finding in of_request]
    each = [max((f.outcome for f in found), key=WORST_LAST.index) for found in of_course if found]
    if each:
        outcomes.append(min(each, key=WORST_LAST.index))
    return max(outcomes, key=WORST_LAST.index, default=Outcome.NOT_APPLICABLE)
