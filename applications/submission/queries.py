"""Reading drafts and receipts. A draft exists for its applicant alone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_of
from applications.submission.models import Submission, UnsavedText
from programmes.models import Offering

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User


def published_offerings() -> QuerySet[Offering]:
    """What somebody may begin to apply for, whether or not a round is open."""
    return (
        Offering.objects.filter(intake__programme__is_published=True)
        .select_related("intake__programme__institution", "intake__programme__school")
        .prefetch_related("rounds")
        .order_by("pk")
    )


def written_by(user: User) -> QuerySet[Application]:
    """The applicant's own applications with all their sections read, in a fixed number of queries."""
    unsaved = UnsavedText.objects.filter(applicant=OuterRef("applicant")).filter(
        Q(application=OuterRef("pk")) | Q(application=None)
    )
    return (
        applications_of(user)
        .annotate(has_unsaved_text=Exists(unsaved))
        .prefetch_related(
            "applicant__qualifications",
            "applicant__english_tests",
            "applicant__experiences",
            "applicant__postgraduate_studies",
            "offering__rounds",
        )
    )


def submissions_of(user: User) -> QuerySet[Submission]:
    """The receipts of one applicant."""
    return Submission.objects.filter(application__applicant__user=user).select_related(
        "round",
        "application__applicant__user",
        "application__profile",
        "application__specialisation",
        "application__offering__intake__programme__institution",
        "application__offering__intake__programme__school",
        "application__offering__intake__programme__office",
    )


def submission_with_code(code: str) -> Submission | None:
    """The receipt that carries the code, however it was typed: case, spaces and hyphens do not matter."""
    typed = "".join(code.split()).replace("-", "").upper()
    return (
        Submission.objects.filter(receipt_code=typed)
        .select_related("round", "application__offering__intake__programme__institution")
        .first()
    )


def submission_of(application_id: UUID, user: User) -> Submission | None:
    return submissions_of(user).filter(application_id=application_id).first()
