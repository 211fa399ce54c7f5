"""What was asked of the applicant, on the case page."""

from __future__ import annotations

from typing import Any

from applications.casework.reading import CaseReading


def asked_on(reading: CaseReading) -> dict[str, Any]:
    return {"asked": list(reading.case.evidence_requests.all())}
