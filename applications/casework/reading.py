"""A case as one person reads it at one moment: what every part of its page is made from, read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.history.models import Event
from applications.assessments.models import Assessment, OfficerFinding
from applications.assessments.queries import findings_of, latest_assessment, rules_under
from applications.evidence.models import Document
from applications.lifecycle.models import Application
from applications.reviews.models import Review
from applications.reviews.queries import ScoresSeen, scores_seen
from eligibility.engine import Finding
from eligibility.queries import RulesInForce


@dataclass(frozen=True)
class CaseReading:
    """`bound` are the forms that did not pass, by their name in the page; a part shows them in the place of
    its own. What costs a query is asked at most once, and only if a part wants it."""

    case: Application
    user: User
    rights: frozenset[Right]
    at: datetime
    history: Sequence[Event] = ()
    bound: Mapping[str, Any] = field(default_factory=dict)

    @property
    def on(self) -> date:
        """The day of reading (HKT)."""
        return day_of(self.at)

    def may(self, right: Right) -> bool:
        return right in self.rights

    def may_still(self, right: Right) -> bool:
        """The right, and a case that has not ended: nothing is asked or checked on one that has."""
        return right in self.rights and not self.case.has_ended

    @cached_property
    def documents(self) -> list[Document]:
        return list(self.case.documents.all())

    @cached_property
    def said(self) -> list[Review]:
        """Every review of the case, to know who has given one. What it says is read from `reviews` alone."""
        return list(self.case.reviews.all())

    @cached_property
    def scores(self) -> ScoresSeen:
        """What this person may know of the scores as a whole."""
        return scores_seen(self.user, self.case, at=self.at)

    @cached_property
    def reviews(self) -> list[Review]:
        """Those this person may see: their own, and unless they are held back everybody's."""
        if self.scores.is_held_back:
            return [review for review in self.said if review.reviewer_id == self.user.pk]
        return self.said

    @cached_property
    def officer_findings(self) -> list[OfficerFinding]:
        return list(self.case.officer_findings.all())

    @cached_property
    def assessment(self) -> Assessment | None:
        """The last run of the rules."""
        return latest_assessment(self.case)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(findings_of(self.assessment)) if self.assessment else ()

    @cached_property
    def rules(self) -> RulesInForce | None:
        """The rules of the last run."""
        return rules_under(self.assessment) if self.assessment else None
