"""What may be asked for, what was asked for, and what the rules say of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet, Sum

from admissions_portal.clock import day_of
from applications.applicants.models import PriorCourse
from applications.lifecycle.models import Application
from applications.lifecycle.states import CONCLUDED
from applications.standing.models import ClaimStatus, CourseClaim, StandingRequest, StandingStatus
from eligibility.engine import (
    Check,
    Course,
    CreditAssessment,
    CreditRequest,
    Finding,
    Outcome,
    Requirements,
    assess_advanced_standing,
)
from eligibility.models import PolicyVersion
from eligibility.queries import RulesInForce, rules_for_each

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class Ledger:
    """Credits of one application: the most that may be granted (None: no limit), granted, and asked for."""

    most: int | None
    granted: int
    asked: int

    @property
    def left(self) -> int | None:
        """What may still be granted."""
        return None if self.most is None else max(0, self.most - self.granted)


def standing_rules(application: Application, *, at: datetime) -> RulesInForce | None:
    """The rules of the day under which a request is judged; None where the programme grants no advanced
    standing."""
    programme = application.offering.programme
    rules = rules_for_each([programme], day_of(at)).get(programme.pk)
    return rules if rules is not None and rules.requirements().advanced_standing is not None else None


def can_ask(application: Application) -> bool:
    """Whether the case is where a request belongs: received, and not ended without a place."""
    return not application.is_draft and not application.has_ended


def requests_of(application: Application) -> QuerySet[StandingRequest]:
    """The requests of a case with their courses, the first first."""
    return application.standing_requests.prefetch_related("courses").order_by("received_at", "id")


def with_their_rules(
    requests: Iterable[StandingRequest], known: RulesInForce | None = None
) -> list[tuple[StandingRequest, RulesInForce]]:
    """Each request with the rules it was judged under; one question for those that are not `known`."""
    requests = list(requests)
    rules = {known.ids: known} if known is not None else {}
    if wanted := {tuple(each.rules) for each in requests} - rules.keys():
        versions = PolicyVersion.objects.select_related("policy").in_bulk(
            {pk for pks in wanted for pk in pks}
        )
        rules |= {pks: RulesInForce(tuple(versions[pk] for pk in pks)) for pks in wanted}
    return [(each, rules[tuple(each.rules)]) for each in requests]


def own_requests(user: User) -> QuerySet[StandingRequest]:
    """Those of one applicant."""
    return StandingRequest.objects.filter(application__applicant__user=user).order_by("received_at", "id")


def open_request(application: Application) -> StandingRequest | None:
    """The one that waits for the Faculty Board."""
    return application.standing_requests.filter(status=StandingStatus.RECEIVED).first()


def standing_waiting() -> QuerySet[StandingRequest]:
    """Requests of which a course still waits for the Faculty Board's decision to be written down, the longest
    first. A case that has ended waits for nobody."""
    waiting = StandingRequest.objects.filter(status=StandingStatus.RECEIVED)
    return waiting.exclude(application__state__in=CONCLUDED).order_by("received_at", "id")


def courses_to_ask(application: Application) -> QuerySet[PriorCourse]:
    """The applicant's courses that no request of this case has asked for yet."""
    return application.applicant.prior_courses.exclude(claims__request__application=application).order_by(
        "id"
    )


def granted_so_far(application: Application, *, without: CourseClaim | None = None) -> int:
    """Credits granted on this case; `without` is a course that is being decided anew."""
    claims = CourseClaim.objects.filter(request__application=application, status=ClaimStatus.GRANTED)
    if without is not None:
        claims = claims.exclude(pk=without.pk)
    return claims.aggregate(sum=Sum("granted"))["sum"] or 0


def judge_courses(
    application: Application,
    courses: Iterable[PriorCourse | CourseClaim],
    requirements: Requirements,
    *,
    granted: int,
    at: datetime,
    received_at: datetime | None = None,
) -> CreditAssessment:
    """What the rules say of these courses together at `at` (HKU-AS1 to AS4). Grants nothing."""
    request = CreditRequest(
        courses=tuple(map(_course, courses)),
        received_at=received_at,
        starts_on=application.offering.intake.expected_start_on,
        granted=granted,
    )
    return assess_advanced_standing(request, requirements, at=at)


def finding_on(
    application: Application,
    course: PriorCourse | CourseClaim,
    requirements: Requirements,
    *,
    at: datetime,
) -> Finding | None:
    """What the rules say of one course alone (HKU-AS2); None where none of them is about courses."""
    found = judge_courses(application, [course], requirements, granted=0, at=at)
    codes = {rule.code for rule in requirements.every_rule if rule.check is Check.COURSE_COUNTS}
    return next((finding for finding in found.findings if finding.code in codes), None)


def is_too_late(found: CreditAssessment, requirements: Requirements) -> bool:
    """Whether the programme has begun, so that no request is received any more (HKU-AS4, AMB-17)."""
    codes = {rule.code for rule in requirements.every_rule if rule.check is Check.REQUESTED_IN_TIME}
    return any(each.code in codes and each.outcome is Outcome.NOT_MET for each in found.findings)


def _course(row: PriorCourse | CourseClaim) -> Course:
    return Course(
        name=row.title,
        institution=row.institution,
        credits=row.credits,
        passed=row.passed,
        completed_on=row.completed_on,
        used_for_qualification=row.used_for_award,
    )
