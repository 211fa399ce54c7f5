"""What waits for whom, as data: each pile is declared once, and desk, list and filters read it from here.

A new pile is one more `Pile` in PILES. It is counted on the desk, its list is `?pile=<key>`, and that list is
ordered by how long each case has been waiting in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import (
    Count,
    Exists,
    Expression,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
)
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from applications.changes.queries import proposals_waiting
from applications.checklists.queries import sections_to_do
from applications.checklists.sections import title_of
from applications.decisions.models import CheckLevel
from applications.decisions.queries import awaiting_check, ready_to_release, sent_back_or_changed
from applications.duplicates.queries import pairs_to_judge
from applications.evidence.models import Document, DocumentStatus
from applications.evidence.queries import names_to_settle, requests_answered, requests_waiting
from applications.lifecycle.models import Application
from applications.lifecycle.states import UNDER_CONSIDERATION, State
from applications.reviews.assignment_queries import cases_needing_readers, cases_to_score, scores_missing
from applications.reviews.models import Review
from applications.reviews.queries import cases_apart
from applications.standing.queries import standing_waiting
from applications.submission.sections import SECTIONS, Section
from applications.worklists.queries import status_is_to_settle
from eligibility.engine import Verdict
from programmes.queries import programmes_of

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User


class Whom(TextChoices):
    """Who has to do something next; the desk groups its piles so, in this order."""

    OFFICE = "OFFICE", pgettext_lazy("it waits for", "The office")
    READERS = "READERS", pgettext_lazy("it waits for", "Readers")
    SCHOOL = "SCHOOL", pgettext_lazy("it waits for", "The School")
    GRADUATE_SCHOOL = "GRADUATE_SCHOOL", pgettext_lazy("it waits for", "The graduate school")
    APPLICANT = "APPLICANT", pgettext_lazy("it waits for", "Applicants")


class Looking(NamedTuple):
    """When somebody looks, and who: some piles hold what waits for that person alone."""

    at: datetime
    user: User | None = None


class Cases(NamedTuple):
    """A pile by what is true of a case, which waits since the moment in its column `since`."""

    where: Q | Exists
    since: str = "state_since"

    @property
    def waiting_since(self) -> Expression | F:
        return F(self.since)

    def counted(self, cases: QuerySet[Application], **named: Value) -> QuerySet[Any, dict[str, Any]]:
        return cases.filter(self.where).values(**named).annotate(cases=Count("pk"), oldest=Min(self.since))


class Rows(NamedTuple):
    """A pile by rows that lead to a case through `application`: a case is in it while it has such a row, and
    waits since the earliest moment in their column `since`."""

    rows: QuerySet[Any]
    since: str

    @property
    def where(self) -> Exists:
        return Exists(self._here)

    @property
    def waiting_since(self) -> Subquery:
        earliest = self._here.order_by().values("application").annotate(earliest=Min(self.since))
        return Subquery(earliest.values("earliest"))

    def counted(self, cases: QuerySet[Application], **named: Value) -> QuerySet[Any, dict[str, Any]]:
        """From the rows: where they are few, few cases are read."""
        return (
            self.rows.filter(application__in=cases.values("pk"))
            .order_by()
            .values(**named)
            .annotate(cases=Count("application", distinct=True), oldest=Min(self.since))
        )

    @property
    def _here(self) -> QuerySet[Any]:
        return self.rows.filter(application=OuterRef("pk"))


@dataclass(frozen=True, slots=True)
class Pile:
    """`key` is the word of the address (`?pile=…`); `holds` says which cases are in it and since when.

    `right`: the pile holds cases of the programmes for which the person who looks holds it, so that no
    address of a list tells what the case itself would not; None: every case they open.
    """

    key: str
    title: str | Promise
    whom: Whom
    holds: Callable[[Looking], Cases | Rows]
    right: Right | None = None

    def narrow(self, cases: QuerySet[Application], look: Looking) -> QuerySet[Application]:
        """Those of `cases` that are in the pile, each with `waiting_since`."""
        held = self.holds(look)
        return self._theirs(cases, look).filter(held.where).annotate(waiting_since=held.waiting_since)

    def counted(self, cases: QuerySet[Application], look: Looking) -> QuerySet[Any, dict[str, Any]]:
        """One row with its key as `pile`: how many `cases` it holds, and since when the `oldest` waits."""
        return self.holds(look).counted(self._theirs(cases, look).order_by(), pile=Value(self.key))

    def _theirs(self, cases: QuerySet[Application], look: Looking) -> QuerySet[Application]:
        if self.right is None or look.user is None:
            return cases
        theirs = programmes_of(look.user, self.right, on=day_of(look.at)).order_by()
        return cases.filter(offering__intake__programme__in=theirs.values("pk"))


CONSIDERED = Q(state__in=UNDER_CONSIDERATION)

PILES: tuple[Pile, ...] = (
    Pile("new", _("New, not yet in review"), Whom.OFFICE, lambda look: Cases(Q(state=State.SUBMITTED))),
    Pile(
        "documents",
        _("Documents to check"),
        Whom.OFFICE,
        lambda look: Rows(
            Document.objects.filter(
                status=DocumentStatus.RECEIVED, application__state__in=UNDER_CONSIDERATION
            ),
            "uploaded_at",
        ),
    ),
    Pile(
        "answers",
        _("Answers to look at"),
        Whom.OFFICE,
        lambda look: Rows(requests_answered(), "answered_at"),
    ),
    Pile(
        "names",
        _("Names to settle"),
        Whom.OFFICE,
        lambda look: Rows(names_to_settle(), "found_at"),
        # whoever reads blind would learn of the person by it
        Right.VERIFY_EVIDENCE,
    ),
    Pile(
        "status",
        _("Status in Hong Kong to settle"),
        Whom.OFFICE,
        # what is left open keeps the rules from saying that all is met: findings are read of the others alone
        lambda look: Cases(CONSIDERED & ~Q(verdict__in=("", Verdict.ELIGIBLE)) & status_is_to_settle()),
        Right.VERIFY_EVIDENCE,
    ),
    Pile(
        "checklist",
        _("Checklist: something to do"),
        Whom.OFFICE,
        lambda look: Rows(sections_to_do(), "checked_at"),
        Right.VERIFY_EVIDENCE,
    ),
    Pile(
        "changes",
        _("Changes proposed"),
        Whom.OFFICE,
        lambda look: Rows(proposals_waiting(), "proposed_at"),
    ),
    Pile(
        "credits",
        _("Credits to decide"),
        Whom.OFFICE,
        lambda look: Rows(standing_waiting(), "received_at"),
    ),
    Pile(
        "same_person",
        _("Perhaps the same person"),
        Whom.OFFICE,
        lambda look: Rows(pairs_to_judge(look.user, on=day_of(look.at)), "found_at"),
        Right.MERGE_PEOPLE,
    ),
    Pile(
        "withdrawn",
        _("Withdrawn, not yet noted"),
        Whom.OFFICE,
        lambda look: Cases(
            Q(withdrawal__isnull=False, withdrawal__noted_at__isnull=True), "withdrawal__withdrawn_at"
        ),
    ),
    Pile(
        "unscored",
        _("Nobody has scored"),
        Whom.READERS,
        lambda look: Cases(
            CONSIDERED & ~Q(Exists(Review.objects.filter(application=OuterRef("pk")))), "submitted_at"
        ),
    ),
    Pile(
        "to_score",
        _("Waiting for your score"),
        Whom.READERS,
        lambda look: Cases(
            Q(pk__in=cases_to_score(look.user, at=look.at).order_by().values("pk") if look.user else ())
        ),
        Right.REVIEW,
    ),
    Pile(
        "scores",
        _("Reviews missing, late or due soon"),
        Whom.READERS,
        lambda look: Rows(scores_missing(at=look.at), "given_at"),
        Right.ASSIGN_REVIEWS,
    ),
    Pile(
        "disagree",
        _("Readers disagree"),
        Whom.OFFICE,
        lambda look: Cases(CONSIDERED & cases_apart(user=look.user, at=look.at)),
        Right.ASSIGN_REVIEWS,
    ),
    Pile(
        "readers",
        _("Needs readers"),
        Whom.OFFICE,
        lambda look: Cases(
            Q(pk__in=cases_needing_readers(at=look.at, user=look.user).values("pk")), "submitted_at"
        ),
        Right.ASSIGN_REVIEWS,
    ),
    Pile(
        "third",
        _("Scores lie apart, needs one more reader"),
        Whom.OFFICE,
        lambda look: Cases(
            Q(pk__in=cases_needing_readers(at=look.at, user=look.user, third=True).values("pk"))
        ),
        Right.ASSIGN_REVIEWS,
    ),
    Pile(
        "prepared",
        _("Prepared decisions sent back, or to look at again"),
        Whom.OFFICE,
        lambda look: Rows(sent_back_or_changed(), "prepared_at"),
        Right.DECIDE,
    ),
    Pile(
        "release",
        _("Decisions to release"),
        Whom.OFFICE,
        lambda look: Rows(ready_to_release(), "prepared_at"),
        Right.DECIDE,
    ),
    Pile(
        "school",
        _("Decisions to check for the School"),
        Whom.SCHOOL,
        lambda look: Rows(awaiting_check(CheckLevel.SCHOOL, by=look.user), "prepared_at"),
        Right.CHECK_FOR_SCHOOL,
    ),
    Pile(
        "graduate_school",
        _("Decisions to check for the graduate school"),
        Whom.GRADUATE_SCHOOL,
        lambda look: Rows(awaiting_check(CheckLevel.GRADUATE_SCHOOL, by=look.user), "prepared_at"),
        Right.CHECK_FOR_GRADUATE_SCHOOL,
    ),
    Pile(
        "asked",
        _("Asked for, not yet answered"),
        Whom.APPLICANT,
        lambda look: Rows(requests_waiting(at=look.at), "asked_at"),
    ),
    Pile(
        "overdue",
        _("Requests overdue"),
        Whom.APPLICANT,
        lambda look: Rows(requests_waiting(at=look.at, overdue=True), "closed_from"),
    ),
    Pile(
        "amending",
        _("Being changed by the applicant"),
        Whom.APPLICANT,
        lambda look: Rows(
            Application.objects.filter(amends__isnull=False).annotate(application=F("amends")), "started_at"
        ),
    ),
    Pile(
        "offered",
        _("Offers waiting for a reply"),
        Whom.APPLICANT,
        lambda look: Cases(Q(state=State.OFFERED)),
    ),
)


def _of_section(section: Section) -> Pile:
    return Pile(
        f"checklist-{section.key}",
        format_lazy(_("Checklist, something to do: {section}"), section=title_of(section)),
        Whom.OFFICE,
        lambda look: Rows(sections_to_do(section.key), "checked_at"),
        Right.VERIFY_EVIDENCE,
    )


# What of the checklist is to do in one section: chosen beside its pile's list, and no line of the desk.
OF_SECTIONS = tuple(map(_of_section, SECTIONS))
BY_KEY = {pile.key: pile for pile in (*PILES, *OF_SECTIONS)}
