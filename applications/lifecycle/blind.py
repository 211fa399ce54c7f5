"""Blind reading: who may work on a case and yet not see whose it is.

A programme may say (`BlindReading`, set with its rubric) that those who only read its cases see no person.
`applications_visible_to` leaves such cases out for them under every right but `Right.REVIEW`, so that a door
which knows nothing of blind reading does not open; the pages that do, ask here.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from admissions_portal.accounts.roles import RIGHTS_OF, Right, Role
from applications.lifecycle.models import Application, BlindReading
from programmes.models import Programme
from programmes.queries import appointments_on, programmes_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from admissions_portal.accounts.models import User

# Whoever holds another role as well checks documents, writes to applicants or ranks them by name: hiding the
# person from them on one page would be a show.
READING_ONLY = frozenset(role for role in Role if RIGHTS_OF[role] == {Right.SEE_CASES, Right.REVIEW})


def programmes_read_blind(user: User, *, on: date) -> QuerySet[Programme]:
    """The programmes whose cases this person reads without seeing whose they are, on that day (HKT)."""
    otherwise = appointments_on(on).filter(user=user.pk).exclude(role__in=READING_ONLY)
    return (
        programmes_of(user, Right.REVIEW, on)
        .filter(pk__in=BlindReading.objects.values("programme"))
        .exclude(pk__in=otherwise.order_by().values("programme"))
    )


def may_see_person(user: User, application: Application, *, on: date) -> bool:
    """Whether whoever may open the case may see whose it is: name, address, proofs, their own words."""
    programme = application.offering.intake.programme_id
    return not programmes_read_blind(user, on=on).filter(pk=programme).exists()
