"""Does this applicant need a student visa or entry permit, and by when must what be done?

Apart from being local or not: a dependant may be non-local and need none (DOMAIN C2).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from applications.applicants.choices import Origin, ResidenceStatus
from applications.assessments.corrections import person_now
from applications.lifecycle.models import Application
from programmes.models import Mode
from programmes.visa import VisaDates, visa_dates


class VisaNeed(StrEnum):
    YES = "YES"
    # the answer does not tell, or another institution's rule would be needed to tell
    UNKNOWN = "UNKNOWN"
    NO = "NO"


NEEDED = frozenset({ResidenceStatus.STUDENT_VISA, ResidenceStatus.VISITOR})
UNTOLD = frozenset({ResidenceStatus.OTHER, ResidenceStatus.NOT_SURE})


def visa_need(status: str, mode: str) -> VisaNeed:
    """By a status in Hong Kong (DOMAIN C3). An employment visa allows part-time study only."""
    if not status or status in UNTOLD:
        return VisaNeed.UNKNOWN
    if status in NEEDED:
        return VisaNeed.YES
    if status == ResidenceStatus.EMPLOYMENT_VISA and mode != Mode.PART_TIME:
        return VisaNeed.UNKNOWN
    return VisaNeed.NO


def residence_of(application: Application) -> tuple[str, str]:
    """Status in Hong Kong and permanent home as they count now: as an officer settled or corrected them, else
    as frozen at submission; a draft's as the profile says (C2, AMB-04b).

    No question where `settled_statuses` and `corrections` were read with the case.
    """
    person = person_now(application)
    settled = [] if application.is_draft else [row.status for row in application.settled_statuses.all()]
    return (settled or [person["residence_status"]])[-1], person["origin"]


def visa_need_of(application: Application) -> VisaNeed:
    """By the status as it counts now."""
    return visa_need(residence_of(application)[0], application.offering.mode)


def visa_dates_of(application: Application) -> list[VisaDates]:
    """The applicant's own dates; both kinds where the permanent home is not said; none without a start."""
    intake, origin = application.offering.intake, residence_of(application)[1]
    homes = [origin == Origin.MAINLAND] if origin else [False, True]
    return [
        dates
        for from_mainland in homes
        if (
            dates := visa_dates(
                intake.expected_start_on,
                is_confirmed=intake.is_start_confirmed,
                from_mainland=from_mainland,
            )
        )
    ]


def safe_reply_day(application: Application) -> date | None:
    """The last day on which accepting leaves the longest normal time for the visa; None where none is needed,
    or no start is published."""
    if visa_need_of(application) is not VisaNeed.YES:
        return None
    return min((each.safe_on for each in visa_dates_of(application)), default=None)
