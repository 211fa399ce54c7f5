"""Reading proposals of changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from applications.changes.models import ChangeProposal, ProposalStatus
from applications.lifecycle.models import Application
from applications.lifecycle.states import CONCLUDED

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User


def proposals_about(application: Application) -> QuerySet[ChangeProposal]:
    """Everything that was proposed for the case, the latest first."""
    return (
        ChangeProposal.objects.filter(application=application)
        .select_related("proof", "decided_by", "profile")
        .order_by("-proposed_at", "-id")
    )


def proposal_of(user: User, application_pk: UUID, pk: UUID) -> ChangeProposal | None:
    """The applicant's own."""
    return (
        ChangeProposal.objects.filter(application=application_pk, application__applicant__user=user, pk=pk)
        .select_related("application")
        .first()
    )


def open_proposals_of(applications: Iterable[Application]) -> QuerySet[ChangeProposal]:
    """What waits for the office's answer on these cases, the longest first."""
    return (
        ChangeProposal.objects.filter(
            application__in=[case.pk for case in applications], status=ProposalStatus.OPEN
        )
        .select_related("application__applicant")
        .order_by("proposed_at", "id")
    )


def proposals_waiting() -> QuerySet[ChangeProposal]:
    """Everything that waits for an office's answer, the longest first. A case that has ended waits for
    nobody."""
    proposed = ChangeProposal.objects.filter(status=ProposalStatus.OPEN)
    return proposed.exclude(application__state__in=CONCLUDED).order_by("proposed_at", "id")
