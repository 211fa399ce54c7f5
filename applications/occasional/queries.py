"""Reading requests. A draft exists for its applicant alone; staff see those of their programmes."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from admissions_portal.accounts.roles import Right
from applications.applicants.models import Applicant
from applications.applicants.names import full_name
from applications.evidence.models import FileKind
from applications.lifecycle.recusals import has_conflict_with
from applications.occasional.models import OPEN, OccasionalFile, OccasionalRequest, OccasionalStatus
from programmes.models import Programme, Statement
from programmes.queries import programmes_of

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User

# in an address: what waits for the reader's own decision
TO_DECIDE = "DECIDE"
# What a request keeps of the person; degrees, scores and residence are no matter of it.
PERSON = ("family_name", "given_names", "chinese_name", "preferred_name")


def programmes_with_route() -> QuerySet[Programme]:
    """Published programmes of which a source says that occasional students may take courses (HKU-15)."""
    said = Statement.objects.filter(programme=OuterRef("pk"), topic=Statement.Topic.OCCASIONAL)
    return (
        Programme.objects.filter(Exists(said), is_published=True)
        .select_related("institution", "school", "office")
        .order_by("institution__short_name", "name")
    )


def what_is_said(programme: Programme) -> QuerySet[Statement]:
    """The source's words on occasional students of the programme."""
    return Statement.objects.filter(programme=programme, topic=Statement.Topic.OCCASIONAL).order_by(
        "position", "id"
    )


def requests_of(user: User) -> QuerySet[OccasionalRequest]:
    """One's own requests with what their pages show, the most recently begun first."""
    return (
        OccasionalRequest.objects.filter(applicant__user=user)
        .select_related("applicant__user", "programme__institution", "programme__school", "programme__office")
        .prefetch_related("courses", "files")
        .order_by("-started_at", "id")
    )


def open_request_of(user: User, programme: Programme) -> OccasionalRequest | None:
    """The one that is being written or waits for the office, if there is one."""
    return requests_of(user).filter(programme=programme, status__in=OPEN).first()


def requests_visible_to(
    user: User, *, on: date, right: Right = Right.SEE_CASES
) -> QuerySet[OccasionalRequest]:
    """Sent requests of programmes whose appointment gives `right` on that day, those that wait first.

    Drafts are the applicant's alone, nobody handles a request of their own, and none of somebody with whose
    case they have a conflict of interest.
    """
    return (
        OccasionalRequest.objects.filter(programme__in=programmes_of(user, right, on))
        .exclude(status=OccasionalStatus.DRAFT)
        .exclude(applicant__user=user.pk)
        .exclude(has_conflict_with(user, institution="programme__institution", pk="applicant"))
        .select_related("applicant__user", "programme__institution", "programme__office", "decided_by")
        .order_by("-sent_at", "id")
    )


def waiting_requests(user: User, *, on: date) -> QuerySet[OccasionalRequest]:
    """What waits for this member of staff to decide, the longest waiting first."""
    return (
        requests_visible_to(user, on=on, right=Right.DECIDE)
        .filter(status=OccasionalStatus.RECEIVED)
        .order_by("sent_at", "id")
    )


def file_visible_to(user: User, pk: uuid.UUID, *, on: date) -> OccasionalFile | None:
    """One file, to its sender and to staff who may open the request; a held one is shown to nobody."""
    seen = requests_visible_to(user, on=on).order_by().values("pk")
    return (
        OccasionalFile.objects.filter(Q(request__applicant__user=user) | Q(request__in=seen), pk=pk)
        .exclude(kind=FileKind.UNKNOWN)
        .first()
    )


def person_kept(applicant: Applicant) -> dict[str, Any]:
    """What a request keeps of the person: names, e-mail, telephone."""
    return {
        **{name: getattr(applicant, name) for name in PERSON},
        "phone": str(applicant.phone),
        "email": applicant.user.email,
    }


def person_of(request: OccasionalRequest) -> dict[str, Any]:
    """The person as kept when the request was sent, or as the profile says now."""
    person: dict[str, Any] = request.person or person_kept(request.applicant)
    return {
        **person,
        "full_name": full_name(person["family_name"], person["given_names"], person["chinese_name"]),
    }
