"""What the office must say to decide, and the letter or mail that comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext as _

from applications.assessments.queries import findings_of, latest_assessment, requirements_of, titled
from applications.decisions.models import DecisionOutcome, PreparedDecision, RefusalReason
from applications.lifecycle.messages import Drafted, drafted_to_applicant
from applications.lifecycle.models import Application
from applications.offers.actions import drafted_offer
from applications.offers.messages import said_of
from applications.offers.terms import OfferTerms
from eligibility.engine import Outcome


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason for a refusal; `clause` is the code of the finding that is not met, where it is one."""

    reason: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class DecisionTerms:
    """An offer with its terms, or a refusal with its reasons. `words` are the office's own to the applicant
    and stand in a refusal's mail; `note` stays in the office."""

    offer: OfferTerms | None = None
    reasons: tuple[Ground, ...] = ()
    words: str = ""
    note: str = ""

    @property
    def outcome(self) -> DecisionOutcome:
        return DecisionOutcome.OFFER if self.offer else DecisionOutcome.REFUSE

    def as_fields(self) -> dict[str, Any]:
        """As a prepared decision keeps them."""
        conditions = self.offer.conditions if self.offer else ()
        return {
            "outcome": self.outcome,
            "reply_by": self.offer.reply_by if self.offer else None,
            "conditions": [
                {"text": row.text, "evidence": row.evidence, "due_on": row.due_on.isoformat()}
                for row in conditions
            ],
            "reasons": [{"reason": str(row.reason), "clause": row.clause} for row in self.reasons],
            "words": self.words.strip(),
            "note": self.note.strip(),
        }


def clauses_not_met(application: Application) -> list[tuple[str, str]]:
    """Code and title of each clause the last run found not met: what a refusal may name."""
    assessment = latest_assessment(application)
    if assessment is None:
        return []
    codes = [finding.code for finding in findings_of(assessment) if finding.outcome == Outcome.NOT_MET]
    return titled(requirements_of(assessment), codes)


def reasons_said(application: Application, reasons: Iterable[Mapping[str, str]]) -> list[str]:
    """Each reason as the applicant reads it, with the title of its clause; in the language in which it is
    drawn."""
    rows = list(reasons)
    assessment = latest_assessment(application) if any(row["clause"] for row in rows) else None
    rules = requirements_of(assessment) if assessment else None

    def said(reason: str, clause: str) -> str:
        text = str(RefusalReason(reason).label)
        if rules is None or not clause:
            return text
        [(code, title)] = titled(rules, [clause])
        return _("%(reason)s: %(title)s (%(code)s)") % {"reason": text, "title": title, "code": code}

    drawn = lazy(said, str)
    return [drawn(row["reason"], row["clause"]) for row in rows]


def refusal_says(
    application: Application, reasons: Iterable[Mapping[str, str]], words: str
) -> dict[str, Any]:
    """What the mail of a refusal knows beside the case."""
    return {"reasons": reasons_said(application, reasons), "words": words}


def drafted_mail(prepared: PreparedDecision, *, at: datetime) -> Drafted:
    """The mail that a release at `at` would send, word for word, with the case as it stands."""
    application = prepared.application
    if not prepared.is_offer:
        return drafted_to_applicant(
            application,
            "application_refused",
            at=at,
            **refusal_says(application, prepared.reasons, prepared.words),
        )
    offer = drafted_offer(application, terms=prepared.offer_terms, frozen=prepared.terms, at=at)
    conditions = len(prepared.conditions)
    return drafted_to_applicant(application, "offer_made", at=at, **said_of(offer, conditions=conditions))
