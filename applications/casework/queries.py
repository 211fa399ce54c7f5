"""Everything the case page needs, in a fixed number of queries."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Prefetch

from applications.assessments.models import OfficerFinding, SettledStatus
from applications.evidence.models import Document, EvidenceRequest
from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_visible_to
from applications.reviews.models import Review

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User


def case_for(user: User, pk: UUID, *, on: date) -> Application | None:
    """The case with all that stands beside it, or None where this member of staff may not open it."""
    return (
        applications_visible_to(user, on=on)
        .select_related(
            "offering__intake__programme__office",
            "offering__intake__programme__school",
            "offer__letter",
            "decision__decided_by",
            "withdrawal__noted_by",
            "identity_number",
        )
        .defer("offer__letter__pdf", "offer__letter__context")
        .prefetch_related(
            Prefetch(
                "documents",
                Document.objects.select_related(
                    "checked_by", "original_sighted_by", "sent_by_issuer_by"
                ).order_by("uploaded_at", "id"),
            ),
            Prefetch("reviews", Review.objects.select_related("reviewer").order_by("reviewed_at", "id")),
            Prefetch(
                "evidence_requests",
                EvidenceRequest.objects.select_related("asked_by", "closed_by")
                .prefetch_related("documents")
                .order_by("due_on", "asked_at", "id"),
            ),
            "supervisors",
            "answers",
            "offer__conditions",
            Prefetch("settled_statuses", SettledStatus.objects.select_related("settled_by")),
            Prefetch("officer_findings", OfficerFinding.objects.select_related("found_by", "withdrawn_by")),
        )
        .filter(pk=pk)
        .first()
    )
