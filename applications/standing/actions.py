"""Listing courses, asking for credits, and recording what the Faculty Board decided."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from admissions_portal.clock import day_of
from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.dates import hong_kong_day
from admissions_portal.support.refusals import Refusal
from applications.applicants.models import Applicant
from applications.lifecycle.actions import lock_application
from applications.lifecycle.messages import write_to_applicant
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_is_own
from applications.standing.courses import SECTION
from applications.standing.models import ClaimStatus, CourseClaim, StandingRequest, StandingStatus
from applications.standing.permissions import check_can_record_decision
from applications.standing.queries import (
    can_ask,
    courses_to_ask,
    finding_on,
    granted_so_far,
    is_too_late,
    judge_courses,
    open_request,
    standing_rules,
)
from applications.submission.sections import Filled, Filling, Typed
from eligibility.engine import Outcome, to_json
from eligibility.queries import rules_of

LONGEST_STATEMENT = 4000


class StandingRefused(Refusal):
    """No request can be made now, or the decision cannot be what was written."""


@transaction.atomic
def save_courses(
    application: Application, typed: Typed, *, by: Actor, at: datetime, remove: int | None = None
) -> Filled:
    """Keep the courses as typed, what cannot be right left empty; `remove` takes out the one at that place.

    Returns them with their problems. Courses of a request that was sent stay as they were sent. Raises
    PermissionDenied for another's application.
    """
    check_is_own(application, by)
    application.applicant = Applicant.objects.select_for_update().get(pk=application.applicant_id)
    filling = Filling(application, at=at)
    if remove is not None:
        row = typed.get(f"course-{remove}-row", [""])[0]
        if row.isdecimal():
            courses_to_ask(application).filter(pk=int(row[:18])).delete()
        own = re.compile(rf"course-{remove}-\w+")
        typed = {name: values for name, values in typed.items() if not own.fullmatch(name)}
    filled = SECTION.fill(filling, typed)
    filled.keep()
    return filled


@transaction.atomic
def request_standing(application: Application, *, statement: str, by: Actor, at: datetime) -> StandingRequest:
    """Receive the written request for credits for every course listed and not asked for before (HKU-AS4).

    The courses, and what the rules say of them, are kept as they stand. Admission is not touched (AMB-16).
    Sent twice it is one: while a request waits, that one is returned. Raises PermissionDenied for another's
    application, StandingRefused where the programme grants none, the case is not open to it, the programme
    has begun, nothing is listed, or nothing is written.
    """
    check_is_own(application, by)
    application = lock_application(application)
    if (waiting := open_request(application)) is not None:
        return waiting
    if not can_ask(application):
        raise StandingRefused(
            _("Credits are asked for once the application is submitted, and while it has not ended.")
        )
    rules = standing_rules(application, at=at)
    if rules is None:
        raise StandingRefused(_("The rules of this programme grant no advanced standing."))
    courses = list(courses_to_ask(application))
    if not courses:
        raise StandingRefused(_("List at least one course; then send the request."))
    if any(course.credits is None for course in courses):
        raise StandingRefused(_("Say of each course how many credits you ask for."))
    statement = statement.strip()
    if not statement:
        raise StandingRefused(_("Write what makes the courses equivalent: the Faculty Board decides on it."))
    found = judge_courses(
        application,
        courses,
        rules.requirements(),
        granted=granted_so_far(application),
        at=at,
        received_at=at,
    )
    starts_on = application.offering.intake.expected_start_on
    if starts_on is not None and is_too_late(found, rules.requirements()):
        raise StandingRefused(
            _(
                "The programme began on %(day)s, and a request must be received before that. If you sent one "
                "earlier in writing, tell the office."
            )
            % {"day": hong_kong_day(starts_on)}
        )
    made = StandingRequest.objects.create(
        application=application,
        statement=statement[:LONGEST_STATEMENT],
        received_at=at,
        rules=list(rules.ids),
        findings=to_json(found),
    )
    CourseClaim.objects.bulk_create(
        CourseClaim(
            request=made,
            position=position,
            course=course,
            title=course.title,
            institution=course.institution,
            level=course.level,
            credits=course.credits or 0,  # said of each, as asked above
            passed=course.passed,
            grade=course.grade,
            completed_on=course.completed_on,
            used_for_award=course.used_for_award,
        )
        for position, course in enumerate(courses, start=1)
    )
    record_event(
        "standing.requested", about=application, by=by, at=at, request=str(made.pk), courses=len(courses)
    )
    write_to_applicant(
        application,
        "standing_requested",
        at=at,
        key=f"standing_requested/{made.pk}",
        asked=made,
        courses=list(made.courses.all()),
        credits=found.claimed,
    )
    return made


@transaction.atomic
def decide_course(
    claim: CourseClaim,
    *,
    granted: int | None,
    decided_on: date,
    reason: str = "",
    by: Actor,
    at: datetime,
) -> CourseClaim:
    """Write down the Faculty Board's decision on one course: `granted` credits, or None for none (HKU-AS3).

    The very same again is once; another one takes its place and stays in history. With the last course the
    applicant is told, and told anew where one is changed. Raises PermissionDenied without the right to decide
    on the case, StandingRefused for more credits than asked for or than the rules allow in all (HKU-AS1), a
    day that cannot be, a missing reason, or once the case has ended.
    """
    application = claim.request.application
    check_can_record_decision(application, by=by, at=at)
    application = lock_application(application)
    if application.has_ended:
        raise StandingRefused(_("This application has ended, and its requests with it."))
    claim = CourseClaim.objects.select_for_update(of=("self",)).select_related("request").get(pk=claim.pk)
    request, reason = claim.request, reason.strip()
    status = ClaimStatus.GRANTED if granted else ClaimStatus.REFUSED
    if (claim.status, claim.granted, claim.decided_on, claim.reason) == (
        status,
        granted or None,
        decided_on,
        reason,
    ):
        return claim
    if not day_of(request.received_at) <= decided_on <= day_of(at):
        raise StandingRefused(
            _("The Board decided between %(first)s, when the request came, and today. Check the day.")
            % {"first": hong_kong_day(day_of(request.received_at))}
        )
    if granted:
        _check_grant(claim, application, granted, reason)
    elif not reason:
        raise StandingRefused(_("Write why the course is not granted: the applicant reads it."))
    claim.status, claim.granted, claim.reason = status, granted or None, reason
    claim.decided_on, claim.recorded_by, claim.recorded_at = decided_on, by.user, at
    claim.save()
    record_event(
        "standing.course_decided",
        about=application,
        by=by,
        at=at,
        request=str(request.pk),
        course=claim.position,
        outcome=str(status),
        credits=granted or 0,
    )
    courses = list(request.courses.all())
    if not any(course.is_open for course in courses):
        request.status, request.decided_at = StandingStatus.DECIDED, at
        request.save(update_fields=["status", "decided_at", "updated_at"])
        write_to_applicant(
            application,
            "standing_decided",
            at=at,
            key=f"standing_decided/{request.pk}/{at.isoformat()}",
            asked=request,
            courses=courses,
            credits=sum(course.granted or 0 for course in courses),
        )
    return claim


def _check_grant(claim: CourseClaim, application: Application, granted: int, reason: str) -> None:
    """Within what was asked for and what the rules leave; against a rule only with a reason on the file."""
    if not 1 <= granted <= claim.credits:
        raise StandingRefused(
            _("%(asked)s credits were asked for. Grant from 1 to %(asked)s, or refuse the course.")
            % {"asked": claim.credits}
        )
    requirements = rules_of(claim.request.rules).requirements()
    block = requirements.advanced_standing
    most = block.most_credits if block is not None else None
    before = granted_so_far(application, without=claim)
    if most is not None and before + granted > most:
        raise StandingRefused(
            ngettext(
                "At most %(most)s credit may be granted in all, and %(before)s already are.",
                "At most %(most)s credits may be granted in all, and %(before)s already are.",
                most,
            )
            % {"most": most, "before": before}
        )
    found = finding_on(application, claim, requirements, at=claim.request.received_at)
    if found is not None and found.outcome is Outcome.NOT_MET and not reason:
        raise StandingRefused(
            _("The rules find that this course does not count. Write why it is granted all the same.")
        )
