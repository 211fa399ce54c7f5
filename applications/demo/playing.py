"""One fictional person's part in the demonstration: who plays it, before which office."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from admissions_portal.accounts.models import User
from admissions_portal.support.actors import Actor
from applications.decisions.models import PreparedDecision
from applications.lifecycle.models import Application

# An act of the script: when, and what happens then.
Act = tuple[datetime, Callable[[datetime], object]]


@dataclass(frozen=True, slots=True)
class Part:
    """`person` is a row of `people.yaml` or of the crowd; `case["own"]` is there once they have begun, and
    `made["prepared"]` once the office has prepared a decision."""

    person: Mapping[str, Any]
    user: User
    staff: Mapping[str, User]
    case: dict[str, Application] = field(default_factory=dict)
    made: dict[str, PreparedDecision] = field(default_factory=dict)

    @property
    def me(self) -> Actor:
        return Actor.of(self.user)

    @property
    def house(self) -> str:
        return "hku" if self.person["apply"].startswith("hku-") else "ust"

    @property
    def office(self) -> Actor:
        return self.actor("office")

    def actor(self, role: str) -> Actor:
        """Who holds this role in the house the person applies to."""
        return Actor.of(self.staff[f"{self.house}-{role}"])
