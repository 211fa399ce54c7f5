"""What waits for the office, counted: the first thing staff see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from applications.changes.queries import has_open_proposal
from applications.evidence.models import Document, DocumentStatus
from applications.evidence.queries import requests_answered, requests_waiting
from applications.lifecycle.models import Application
from applications.lifecycle.states import UNDER_CONSIDERATION, State
from applications.occasional.models import OccasionalRequest
from applications.occasional.queries import TO_DECIDE
from applications.reviews.models import Review
from applications.standing.queries import has_open_request
from applications.worklists.filters import CONSIDERED, Narrowing
from applications.worklists.queries import status_is_to_settle


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pile: what it waits for, how many, and the list that shows exactly these, by the name of its page."""

    title: str
    count: int
    query: str
    page: str = "admin:applications_application_changelist"


def waiting_piles(visible: QuerySet[Application], *, at: datetime) -> list[Waiting]:
    """New cases, documents to check, answers to look at, requests overdue, a status in Hong Kong to settle,
    nobody has scored, a change proposed, credits to decide, an offer without an answer, withdrawn ones. One
    query."""
    considered = Q(state__in=UNDER_CONSIDERATION)
    unchecked = Exists(Document.objects.filter(application=OuterRef("pk"), status=DocumentStatus.RECEIVED))
    counted = (
        visible.order_by()
        .annotate(
            has_proposal=has_open_proposal(),
            has_credits=has_open_request(),
            is_unchecked=unchecked,
            is_answered=Exists(requests_answered()),
            is_overdue=Exists(requests_waiting(at=at, overdue=True)),
            # findings are read of those alone that still wait
            is_open=Case(When(considered, then=status_is_to_settle()), default=Value(False)),
            is_scored=Exists(Review.objects.filter(application=OuterRef("pk"))),
        )
        .aggregate(
            new=Count("pk", filter=Q(state=State.SUBMITTED)),
            documents=Count("pk", filter=considered & Q(is_unchecked=True)),
            answered=Count("pk", filter=Q(is_answered=True)),
            overdue=Count("pk", filter=Q(is_overdue=True)),
            statuses=Count("pk", filter=considered & Q(is_open=True)),
            unscored=Count("pk", filter=considered & Q(is_scored=False)),
            withdrawn=Count("pk", filter=Q(withdrawal__isnull=False, withdrawal__noted_at__isnull=True)),
            changes=Count("pk", filter=Q(has_proposal=True)),
            credits=Count("pk", filter=Q(has_credits=True)),
            offered=Count("pk", filter=Q(state=State.OFFERED)),
        )
    )
    return [
        Waiting(_("New, not yet in review"), counted["new"], Narrowing(state=State.SUBMITTED).query()),
        Waiting(
            _("Documents to check"),
            counted["documents"],
            Narrowing(state=CONSIDERED, documents="unchecked").query(),
        ),
        Waiting(_("Answers to look at"), counted["answered"], Narrowing(requests="answered").query()),
        Waiting(_("Requests overdue"), counted["overdue"], Narrowing(requests="overdue").query()),
        Waiting(
            _("Status in Hong Kong to settle"),
            counted["statuses"],
            Narrowing(state=CONSIDERED, status="open").query(),
        ),
        Waiting(
            _("Nobody has scored"), counted["unscored"], Narrowing(state=CONSIDERED, scored="no").query()
        ),
        Waiting(_("Changes proposed"), counted["changes"], Narrowing(changes="open").query()),
        Waiting(_("Credits to decide"), counted["credits"], Narrowing(credits="open").query()),
        Waiting(_("Offers waiting for a reply"), counted["offered"], Narrowing(state=State.OFFERED).query()),
        Waiting(_("Withdrawn, not yet noted"), counted["withdrawn"], Narrowing(withdrawn="new").query()),
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
