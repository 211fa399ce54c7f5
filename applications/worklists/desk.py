"""What waits, counted: the first thing staff see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from applications.lifecycle.models import Application
from applications.occasional.models import OccasionalRequest
from applications.occasional.queries import TO_DECIDE
from applications.worklists.filters import Narrowing
from applications.worklists.piles import PILES, Looking, Whom

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pile as it is now: what it waits for and whom, how many, since when the oldest, and the list that
    shows exactly these, by the name of its page."""

    title: str
    count: int
    query: str
    page: str = "admin:applications_application_changelist"
    whom: Whom = Whom.OFFICE
    oldest: datetime | None = None


def waiting_piles(
    visible: QuerySet[Application],
    *,
    at: datetime,
    user: User | None = None,
    rights: Collection[Right] | None = None,
) -> list[Waiting]:
    """Every pile, empty ones too, in the order they are declared; those alone that `rights` give a part in,
    where they are named. One query."""
    look = Looking(at, user)
    piles = [pile for pile in PILES if rights is None or pile.right is None or pile.right in rights]
    first, *others = [pile.counted(visible, look) for pile in piles]
    counted = {row["pile"]: row for row in first.union(*others, all=True)}
    return [
        Waiting(
            str(pile.title),
            counted[pile.key]["cases"] if pile.key in counted else 0,
            Narrowing(pile=pile.key).query(),
            whom=pile.whom,
            oldest=counted[pile.key]["oldest"] if pile.key in counted else None,
        )
        for pile in piles
    ]


def courses_pile(waiting: QuerySet[OccasionalRequest]) -> Waiting:
    """What occasional students ask for, of those whom one answers. They are no cases, so they have their own
    list (HKU-15). One query."""
    return Waiting(
        _("Single courses to decide"),
        waiting.order_by().count(),
        urlencode({"status": TO_DECIDE}),
        "admin:applications_occasionalrequest_changelist",
    )
