"""The decision, the offer and its conditions, and a withdrawal, on the case page."""

from __future__ import annotations

from typing import Any

from admissions_portal.accounts.roles import Right
from applications.casework.reading import CaseReading


def decision_on(reading: CaseReading) -> dict[str, Any]:
    return {
        "may_decide": reading.may(Right.DECIDE) and reading.case.is_considered,
        "may_note": reading.may(Right.VERIFY_EVIDENCE),
    }
