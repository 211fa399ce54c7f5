"""What the applicant sent, each time, and what they ask to change since, on the case page."""

from __future__ import annotations

from typing import Any

from applications.casework.reading import CaseReading
from applications.changes.shown import proposals_shown
from applications.submission.amendments import amendment_of, why_not_amendable
from applications.submission.queries import submissions_about


def sent_on(reading: CaseReading) -> dict[str, Any]:
    case, at = reading.case, reading.at
    return {
        "submissions": list(submissions_about(case)),
        "amendment_open": amendment_of(case) is not None and not why_not_amendable(case, at=at),
        "proposals": proposals_shown(case, case.proposals.all(), at=at),
    }
