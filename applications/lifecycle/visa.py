"""Does this applicant need a student visa or entry permit, and by when must what be done?

Apart from being local or not: a dependant may be non-local and need none (DOMAIN C2).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from applications.applicants.choices import Origin, ResidenceStatus
from applications.lifecycle.models import Application
from applications.lifecycle.queries import person_of
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
    """By the status in Hong Kong as declared (DOMAIN C3). An employment visa allows part-time study only."""
    if not status or status in UNTOLD:
        return VisaNeed.UNKNOWN
    if status in NEEDED:
        return VisaNeed.YES
    if status == ResidenceStatus.EMPLOYMENT_VISA and mode != Mode.PART_TIME:
        return VisaNeed.UNKNOWN
    return VisaNeed.NO


def visa_need_of(application: Application) -> VisaNeed:
    """By the profile as frozen at submission, or as it stands now."""
    return visa_need(person_of(application)["residence_status"], application.offering.mode)


def visa_dates_of(application: Application) -> list[VisaDates]:
    """The applicant's own dates; both kinds where the permanent home is not said; none without a start."""
    intake, origin = application.offering.intake, person_of(application)["origin"]
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
