"""Narrowing, searching and ordering a list of cases, from what stands in an address. What is not understood
is left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import F, QuerySet

from applications.applicants.choices import Origin
from applications.lifecycle.models import Application
from applications.lifecycle.states import KNOWN_TO_OFFICE, UNDER_CONSIDERATION, State
from applications.worklists.piles import BY_KEY, Looking
from applications.worklists.queries import annotate_order, home_seen, read_blind_by
from applications.worklists.searching import searched
from eligibility.engine import Verdict
from programmes.models import Mode

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User

# A word of the address → the column that orders the list; ties always fall to the earlier submission.
ORDERS = {
    "waiting": "waiting_since",
    "received": "submitted_at",
    "name": "name_order",
    "number": "number",
    "score": "mean_score",
}
# "Under consideration" gathers two states; the rest are states by their own name.
CONSIDERED = "CONSIDERED"


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a list was narrowed to; every field is "" when it was not. `order` is a key of ORDERS, "-" in
    front reverses."""

    q: str = ""
    programme: str = ""
    state: str = ""
    mode: str = ""
    round: str = ""
    specialisation: str = ""
    verdict: str = ""
    origin: str = ""
    pile: str = ""
    order: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Narrowing:
        """From a query string. A value that cannot be a filter's is dropped, so no address is an error."""
        allowed = {
            "state": {CONSIDERED, *map(str, KNOWN_TO_OFFICE)},
            "mode": set(Mode.values),
            "verdict": {verdict.value for verdict in Verdict},
            "origin": set(Origin.values),
            "pile": set(BY_KEY),
            "order": {*ORDERS, *(f"-{key}" for key in ORDERS)},
        }
        values = {}
        for field in fields(cls):
            value = asked.get(field.name, "").replace("\0", "").strip()[:100]
            if field.name in ("round", "specialisation", "programme") and not value.isdecimal():
                value = ""
            if field.name in allowed and value not in allowed[field.name]:
                value = ""
            values[field.name] = value
        return cls(**values)

    def given(self) -> dict[str, str]:
        """Only what narrows or orders: for addresses, for the log of exports and for the legend sheet."""
        return {name: value for name, value in asdict(self).items() if value}

    def query(self, **changes: str) -> str:
        """The same list with changes, as a query string."""
        return urlencode({name: value for name, value in {**self.given(), **changes}.items() if value})

    def apply(
        self,
        cases: QuerySet[Application],
        *,
        at: datetime,
        user: User | None = None,
        blind: Collection[int] | None = None,
        default_order: str = "waiting",
    ) -> QuerySet[Application]:
        """Narrow and order cases; those that carry none of `annotate_listing`'s columns get the one that the
        order needs. Otherwise as `narrow`."""
        order = self.order or default_order
        column = ORDERS[order.removeprefix("-")]
        narrowed = annotate_order(
            self.narrow(cases, at=at, user=user, blind=blind), column, user=user, at=at, blind=blind
        )
        first = F(column).desc(nulls_last=True) if order.startswith("-") else F(column).asc(nulls_last=True)
        return narrowed.order_by(first, "submitted_at", "id")

    def narrow(
        self,
        cases: QuerySet[Application],
        *,
        at: datetime,
        user: User | None = None,
        blind: Collection[int] | None = None,
    ) -> QuerySet[Application]:
        """Those of `cases` that the list holds, with `waiting_since`: in the pile, or in their state. `at`
        tells what is overdue; `user` whose piles they are, and whom they may know (`blind`: see
        `read_blind_by`)."""
        if blind is None:
            blind = read_blind_by(user, at=at) if self.q or self.origin else ()
        cases = searched(cases, self.q, blind=blind)
        if self.programme:
            cases = cases.filter(offering__intake__programme=int(self.programme))
        if self.state == CONSIDERED:
            cases = cases.filter(state__in=UNDER_CONSIDERATION)
        elif self.state:
            cases = cases.filter(state=State(self.state))
        if self.mode:
            cases = cases.filter(offering__mode=self.mode)
        if self.round:
            cases = cases.filter(round__number=int(self.round))
        if self.specialisation:
            cases = cases.filter(specialisation=int(self.specialisation))
        if self.verdict:
            cases = cases.filter(verdict=self.verdict)
        if self.origin:
            cases = cases.alias(home=home_seen(blind)).filter(home=self.origin)
        if self.pile:
            return BY_KEY[self.pile].narrow(cases, Looking(at, user))
        return cases.annotate(waiting_since=F("state_since"))

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out; an order does not."""
        return bool(set(self.given()) - {"order"})

    @property
    def is_searching(self) -> bool:
        """Whether it asks for more than the filters beside a list count."""
        return bool(self.q or self.pile)
