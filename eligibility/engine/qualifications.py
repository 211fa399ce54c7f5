"""Which of several qualifications counts, and whether another would serve better (AMB-31, C16)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from .case import Case
from .degree import award_standing, honours_standing
from .exemption import by_first_language_and_medium, hku_exemption
from .facts import AwardStatus, Degree
from .findings import MET, SEVERITY
from .records import to_json


def choose_qualifications(case: Case) -> None:
    """Set the case's `qualification`, `first_degree` and `better`; its `sitting` must be known.

    HKU: the qualification admission is sought on is the one the applicant names, or the only one, or, where
    none is named, the one that serves best. HKUST: the bachelor's is the one named if it is one, else the
    bachelor's that serves best. The order in which they were typed in plays no part.
    """
    degrees = case.facts.degrees
    if len(degrees) < 2:
        case.qualification = degrees[0] if degrees else None
        case.first_degree = degrees[0] if degrees and degrees[0].is_first_degree else None
        return
    ordered = sorted(degrees, key=_order)
    first = [degree for degree in ordered if degree.is_first_degree]
    named = next((degree for degree in degrees if degree.relied_on), None)
    case.qualification = named or _best(case, ordered)
    if first:
        case.first_degree = named if named is not None and named.is_first_degree else _best(case, first)
    if named is not None:
        rivals = (
            ordered if case.requirements.degree.by_qualification else first if named.is_first_degree else []
        )
        best = _best(case, rivals) if rivals else named
        case.better = best if _cost(case, best) < _cost(case, named) else None


def _best(case: Case, degrees: Sequence[Degree]) -> Degree:
    return min(degrees, key=lambda degree: _cost(case, degree))


def _cost(case: Case, degree: Degree) -> tuple[int, int]:
    """How far a qualification holds the case back: the worst of what is asked of it, then all of it."""
    english = 0
    if case.sitting is None or case.sitting.outcome is not MET:
        by_qualification = case.requirements.degree.by_qualification
        exempt = (
            hku_exemption(case, degree) if by_qualification else by_first_language_and_medium(case, degree)
        )
        english = SEVERITY[exempt.outcome]
    costs = [SEVERITY[award_standing(case, degree).outcome], english]
    if case.requirements.degree.by_qualification:
        costs.append(SEVERITY[honours_standing(case, degree).outcome])
    return max(costs), sum(costs)


def _order(degree: Degree) -> tuple[bool, date, str]:
    """Awarded first, earliest first, then by content: the same whatever order they came in."""
    return degree.status is AwardStatus.EXPECTED, degree.completed_on or date.max, json.dumps(to_json(degree))
