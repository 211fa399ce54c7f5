"""The applicant's pages of an offer: read it, take the letter, accept or decline."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.papers.downloads import paper_response
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.offers.actions import accept_offer, decline_offer
from applications.offers.forms import OfferDeclineForm
from applications.offers.models import Offer
from applications.offers.queries import offers_to
from applications.offers.terms import shown_terms


def _own_offer(request: HttpRequest, pk: UUID) -> Offer:
    """404 for everybody but the one it was made to."""
    return get_object_or_404(offers_to(user_of(request)), pk=pk)


def _context(offer: Offer, **more: Any) -> dict[str, Any]:
    return {
        "offer": offer,
        "application": offer.case,
        "programme": offer.case.offering.programme,
        "office": offer.case.offering.programme.office,
        "terms": offer.terms,
        "conditions": offer.conditions.all(),
        "now": clock.now(),
        **shown_terms(offer.terms),
        **more,
    }


@login_required
@never_cache
@require_safe
def offer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The offer with its conditions, its letter and what to do about it."""
    return render(request, "applications/offers/offer.html", _context(_own_offer(request, pk)))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offer_accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Says what accepting means, then accepts."""
    made = _own_offer(request, pk)
    if request.method == "POST":
        try:
            accept_offer(made, by=Actor.of(user_of(request)), at=clock.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("You have accepted the offer. We have written to you to confirm it."))
        return redirect("applications:offer", pk=made.pk)
    if not _can_be_answered(made):
        return redirect("applications:offer", pk=made.pk)
    return render(request, "applications/offers/accept.html", _context(made))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offer_decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Says what declining means, takes a reason, then declines."""
    made = _own_offer(request, pk)
    form = OfferDeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decline_offer(
                made, reason=form.cleaned_data["reason"], by=Actor.of(user_of(request)), at=clock.now()
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("You have declined the offer. We have written to you to confirm it."))
        return redirect("applications:offer", pk=made.pk)
    if not _can_be_answered(made):
        return redirect("applications:offer", pk=made.pk)
    return render(request, "applications/offers/decline.html", _context(made, form=form))


@login_required
@never_cache
@require_safe
def offer_letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The letter as it was made, byte for byte; while it is being made, back to the page that says so."""
    made = _own_offer(request, pk)
    if not made.letter.is_rendered:
        return redirect("applications:offer", pk=made.pk)
    return paper_response(made.letter)


def _can_be_answered(offer: Offer) -> bool:
    """A page that offers a button the act would refuse is a promise not kept."""
    return offer.is_open and clock.now() < offer.closed_from
