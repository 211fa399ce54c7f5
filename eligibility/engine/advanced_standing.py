"""Advanced standing: credits for equivalent courses passed elsewhere (HKU-AS1 to HKU-AS4, AMB-14 to AMB-17).

"May be granted": nothing here grants anything. The rules say what the Faculty Board may decide about, and a
request never affects admission.
"""

from __future__ import annotations

from datetime import datetime, time

from .case import HKT
from .credits import Asked, CreditAssessment, CreditRequest, asked, course_finding, decide
from .findings import Finding, Outcome
from .requirements import Check, Requirements, Rule


def assess_advanced_standing(
    request: CreditRequest, requirements: Requirements, *, at: datetime
) -> CreditAssessment:
    """Every finding on a request for advanced standing at the instant `at` (with offset), in credits.

    A request that was received is judged as of `request.received_at`. Raises FactsError only: an `at` without
    offset, or a policy that grants none.
    """
    reference = {
        "programme_start": request.starts_on,
        "offer_date": request.offered_on,
        "registration_date": request.registered_on,
    }[requirements.reading("AMB-14")]
    question = asked(
        request, requirements, requirements.advanced_standing, at=at, reference=reference, reading="AMB-14"
    )
    return decide(
        question,
        each={Check.COURSE_COUNTS: course_finding},
        whole={
            Check.CREDITS_WITHIN_CAP: credits_within_cap,
            Check.BOARD_DECIDES: board_decides,
            Check.REQUESTED_IN_TIME: requested_in_time,
        },
    )


def credits_within_cap(question: Asked, rule: Rule) -> Finding:
    """HKU-AS1: more than the limit may be asked for, and the limit is what can be granted (AMB-16)."""
    request, most = question.request, question.block.most_credits
    claimed = sum(course.credits or 0 for course in request.courses)
    supplied = {"credits": claimed, **({"granted": request.granted} if request.granted else {})}
    if most is None:
        return rule.finds(Outcome.NOT_APPLICABLE, "no_limit_of_credits", supplied=supplied)
    if claimed + request.granted <= most:
        return rule.finds(Outcome.MET, "credits_within_limit", supplied=supplied, needed={"credits": most})
    rejected = question.requirements.reading("AMB-16") == "reject_the_request"
    return rule.finds(
        Outcome.NOT_MET if rejected else Outcome.MET,
        "credits_over_limit" if rejected else "credits_capped",
        reading="AMB-16",
        supplied=supplied,
        needed={"credits": most},
    )


def board_decides(question: Asked, rule: Rule) -> Finding:
    """HKU-AS3: nothing is granted without the Faculty Board."""
    return rule.finds(Outcome.PENDING_OFFICER, "board_decides")


def requested_in_time(question: Asked, rule: Rule) -> Finding:
    """HKU-AS4: received before the first day of the programme began in Hong Kong (AMB-17)."""
    by_class = question.requirements.reading("AMB-17") == "first_class"
    day = question.request.first_class_on if by_class else question.request.starts_on
    supplied = {
        "at": question.at.astimezone(HKT).isoformat(),
        "received": question.request.received_at is not None,
    }
    if day is None:
        return rule.finds(
            Outcome.PENDING_OFFICER, "commencement_not_known", reading="AMB-17", supplied=supplied
        )
    in_time = question.at < datetime.combine(day, time(), HKT)
    return rule.finds(
        Outcome.MET if in_time else Outcome.NOT_MET,
        "requested_in_time" if in_time else "requested_too_late",
        reading="AMB-17",
        supplied=supplied,
        needed={"before": day.isoformat()},
    )
