"""Conflicts of interest on the case page: one’s own to declare, and the record for whoever keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from admissions_portal.accounts.roles import Right
from applications.casework.conflict_forms import CaseConflictForm, ColleagueConflictForm, LiftedConflictForm
from applications.casework.reading import CaseReading
from applications.lifecycle.models import Recusal
from programmes.queries import people_with

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from admissions_portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class ConflictOnCase:
    """A conflict on the file, and the form to lift it while it stands."""

    recusal: Recusal
    form: LiftedConflictForm | None


def conflicts_on(reading: CaseReading) -> dict[str, Any]:
    bound = reading.bound
    shown = {"conflict_form": bound.get("conflict_form") or CaseConflictForm(), "conflicts": None}
    if not reading.may(Right.DECLARE_CONFLICTS):
        return shown
    refused = bound.get("lift_form")
    recusals: list[Recusal] = list(reading.case.recusals.all())
    return {
        **shown,
        "conflicts": [
            ConflictOnCase(each, _lifting(each, refused) if each.stands else None) for each in recusals
        ],
        "colleague_form": bound.get("colleague_form")
        or ColleagueConflictForm(colleagues=colleagues_on(reading, recusals)),
    }


def colleagues_on(reading: CaseReading, recusals: list[Recusal]) -> list[User]:
    """Who else may open the case now."""
    closed_to = {each.person_id for each in recusals if each.stands}
    people: QuerySet[User] = people_with(Right.SEE_CASES, reading.case.offering.programme, reading.on)
    return [each for each in people if each.pk not in closed_to and each.pk != reading.user.pk]


def _lifting(recusal: Recusal, refused: LiftedConflictForm | None) -> LiftedConflictForm:
    if refused is not None and refused.recusal.pk == recusal.pk:
        return refused
    return LiftedConflictForm(recusal=recusal)
