"""Reading offers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from admissions_portal.papers.models import Paper
from applications.lifecycle.queries import RELATED
from applications.offers.models import Offer, OfferStatus

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User
    from applications.lifecycle.models import Application


def offers_to(user: User) -> QuerySet[Offer]:
    """The offers made to this applicant, the newest first, without the letters' bytes."""
    return (
        Offer.objects.filter(case__applicant__user=user)
        .select_related("letter", *(f"case__{name}" for name in RELATED))
        .defer("letter__pdf", "letter__context")
        .order_by("-made_at", "id")
    )


def offer_of(application: Application) -> Offer | None:
    """The offer that stands on this case, in whatever state it is, or None."""
    return Offer.objects.filter(application=application).first()


def letters_of_offers(application: Application) -> QuerySet[Paper]:
    """Every letter of every offer ever made on this case, those replaced or void as well."""
    offers = [str(pk) for pk in Offer.objects.filter(case=application).values_list("pk", flat=True)]
    return Paper.objects.filter(kind="offer", about_kind="offer", about_id__in=offers)


def offers_past_reply(at: datetime) -> QuerySet[Offer]:
    """Open offers whose last minute has ended, the longest ago first."""
    return Offer.objects.filter(status=OfferStatus.OPEN, closed_from__lte=at).order_by("closed_from", "id")
