"""Everything the applicant's pages show, in a number of queries that does not grow with what there is."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from admissions_portal.clock import day_of
from admissions_portal.outbox.kinds import ACCOUNT
from admissions_portal.outbox.models import Message
from applications.changes.queries import open_proposals_of
from applications.evidence.queries import requests_awaiting
from applications.home.next_step import Known
from applications.late_entry.queries import late_entries_of_each
from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_of
from applications.lifecycle.states import State
from applications.occasional.models import OccasionalRequest
from applications.submission.queries import told_of
from applications.submission.rounds import status_under
from eligibility.engine import LocalStatus
from eligibility.queries import rules_for_each

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User

# a message kept back or replaced by a later one was never meant to be read
UNREAD_BY_ANYBODY = (Message.Status.HELD, Message.Status.SKIPPED)


def cases_of(user: User) -> QuerySet[Application]:
    """The applicant's own cases with all that their pages show, the most recently begun first."""
    return (
        applications_of(user)
        .select_related(
            "offer__letter",
            "withdrawal",
            "identity_number",
            "amendment",
            "offering__intake__programme__office__institution",
        )
        .defer("offer__letter__pdf", "offer__letter__context")
        .prefetch_related(
            "offering__rounds", "documents", "offer__conditions", "settled_statuses", "corrections"
        )
    )


def known_about(
    cases: Iterable[Application], *, occasional: Sequence[OccasionalRequest] = (), at: datetime
) -> Known:
    """What the other subjects know about these cases, in one round of questions for all of them."""
    cases = list(cases)
    drafts = [case for case in cases if case.is_draft]
    return Known(
        statuses=local_statuses(drafts, at=at),
        requests=requests_awaiting(cases),
        told=told_of([draft.pk for draft in drafts]) if drafts else {},
        late=late_entries_of_each(drafts, at=at),
        proposed={
            proposal.application_id: proposal.proposed_at
            for proposal in open_proposals_of(cases).reverse()  # the first of a case stays
        },
        occasional=occasional,
    )


def messages_to(user: User, *, at: datetime) -> QuerySet[Message]:
    """The letters and notices written to this person, the newest first; sign-in mails are not among them.

    `is_new` says which still ask to be read: a reminder to submit does not, once it was submitted.
    """
    sent = Application.objects.filter(applicant__user=user.pk).exclude(state=State.DRAFT)
    ids = sent.order_by().values_list(Cast("pk", CharField()))
    return (
        Message.objects.filter(to_user=user.pk, is_sign_in=False, due_at__lte=at)
        .exclude(kind=ACCOUNT.name)
        .exclude(status__in=UNREAD_BY_ANYBODY)
        .annotate(is_new=Q(read_at=None) & ~Q(kind="draft_reminder", about_id__in=ids))
        .defer("body")
        .order_by("-queued_at", "-id")
    )


def messages_about_case(user: User, application: Application, *, at: datetime) -> QuerySet[Message]:
    """Those of them that are about one case."""
    return messages_to(user, at=at).filter(about_kind="application", about_id=str(application.pk))


def local_statuses(drafts: Iterable[Application], *, at: datetime) -> dict[uuid.UUID, LocalStatus]:
    """For each draft whether the applicant is local there: each institution defines it itself (AMB-04)."""
    drafts = list(drafts)
    if not drafts:
        return {}
    rules = rules_for_each((draft.offering.programme for draft in drafts), day_of(at))
    statuses = {}
    for draft in drafts:
        own = rules.get(draft.offering.programme.pk)
        statuses[draft.pk] = (
            status_under(draft.applicant.residence_status, draft.offering, own.requirements())
            if own is not None
            else LocalStatus.UNCLEAR
        )
    return statuses
