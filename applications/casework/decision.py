"""The decision, prepared or made, the offer and its conditions, and a withdrawal, on the case page."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from admissions_portal.accounts.roles import Right
from applications.casework.reading import CaseReading
from applications.decisions.models import OPEN_PREPARED
from applications.decisions.permissions import SEE_PREPARED
from applications.lifecycle.states import State

# What of a case in each state may be undone, in the words of the button that leads there.
UNDO_TITLES: dict[str, Promise] = {
    State.REFUSED: gettext_lazy("Undo the refusal"),
    State.OFFERED: gettext_lazy("Take back the offer"),
    State.DECLINED: gettext_lazy("Open the declined offer again"),
    State.LAPSED: gettext_lazy("Open the lapsed offer again"),
}


def decision_on(reading: CaseReading) -> dict[str, Any]:
    """What was decided, what is prepared, for whoever may see that, and what may be undone."""
    case = reading.case
    prepared = next((each for each in case.prepared_decisions.all() if each.status in OPEN_PREPARED), None)
    return {
        "decisions_made": list(case.decisions.all()),
        "prepared_decision": prepared if any(map(reading.may, SEE_PREPARED)) else None,
        "undo_title": UNDO_TITLES.get(case.state) if reading.may(Right.UNDO_DECISIONS) else None,
        "may_decide": reading.may(Right.DECIDE) and case.is_considered,
        "may_note": reading.may(Right.VERIFY_EVIDENCE),
    }
