"""Reading drafts and receipts. A draft exists for its applicant alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from admissions_portal.papers.models import Paper
from applications.lifecycle.models import Application
from applications.lifecycle.queries import RELATED
from applications.submission.models import ClosedRoundNotice, ClosedRoundOutcome, Submission, UnsavedText
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
    """The applicant's own applications, amendments among them, with all their sections read, in a fixed
    number of queries."""
    unsaved = UnsavedText.objects.filter(applicant=OuterRef("applicant")).filter(
        Q(application=OuterRef("pk")) | Q(application=None)
    )
    return (
        Application.objects.filter(applicant__user=user)
        .select_related(*RELATED, "amends__round")
        .order_by("-started_at", "id")
        .annotate(has_unsaved_text=Exists(unsaved))
        .prefetch_related(
            "applicant__qualifications",
            "applicant__english_tests",
            "applicant__experiences",
            "applicant__postgraduate_studies",
            "applicant__earlier_studies",
            "applicant__prior_courses",
            "offering__rounds",
        )
    )


def submissions_of(user: User) -> QuerySet[Submission]:
    """The receipts of one applicant, the latest first."""
    return (
        Submission.objects.filter(application__applicant__user=user)
        .select_related(
            "round",
            "paper",
            "application__applicant__user",
            "application__profile",
            "application__round",
            "application__specialisation",
            "application__offering__intake__programme__institution",
            "application__offering__intake__programme__school",
            "application__offering__intake__programme__office",
        )
        .defer("paper__pdf", "paper__context")
        .order_by("-submitted_at", "-sequence")
    )


def submission_of(application_id: UUID, user: User) -> Submission | None:
    """The submission in force of the case, or the one that the draft of this id became."""
    own = Q(application_id=application_id) | Q(written_as=application_id)
    return submissions_of(user).filter(own).first()


def submissions_about(application: Application) -> QuerySet[Submission]:
    """Everything that was sent for the case, the latest first."""
    return (
        application.submissions.select_related("round", "paper")
        .defer("paper__pdf", "paper__context")
        .order_by("-sequence")
    )


def draft_copies_of(application: Application) -> QuerySet[Paper]:
    """The PDF copies of a draft; they prove nothing and go when it is submitted."""
    return Paper.objects.filter(
        kind="draft_copy", about_kind=application._meta.model_name, about_id=str(application.pk)
    ).order_by("-requested_at")


def told_of(drafts: Sequence[UUID]) -> dict[UUID, ClosedRoundNotice]:
    """What each draft was last told about a round that closed on it."""
    notices: dict[UUID, ClosedRoundNotice] = {}
    rows = ClosedRoundNotice.objects.filter(application__in=drafts).exclude(
        outcome=ClosedRoundOutcome.SKIPPED
    )
    for notice in rows.select_related("round", "next_round").order_by("closed_from", "pk"):
        notices[notice.application_id] = notice
    return notices
