"""A reader's score of a case, and a reader who cannot judge it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from admissions_portal.accounts.roles import Right
from applications.casework.frame import act_on_case, case_or_404, case_response
from applications.casework.review_forms import CaseAbstainForm, CaseReviewForm
from applications.reviews.actions import abstain_from_review, give_review
from applications.reviews.queries import rubric_in_use


@require_POST
def case_review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A reader's score."""
    case = case_or_404(request, pk, right=Right.REVIEW)
    form = CaseReviewForm(request.POST, scored=rubric_in_use(case.offering.programme))
    if not form.is_valid():
        return case_response(request, pk, review_form=form)
    return act_on_case(
        request,
        _("Your score is on the file."),
        lambda by, at: give_review(case, **form.said(), by=by, at=at),
        pk=pk,
        beside=True,
        review_form=form,
    )


@require_POST
def case_abstain(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A reader cannot judge the case, and says why."""
    case = case_or_404(request, pk, right=Right.REVIEW)
    form = CaseAbstainForm(request.POST)
    if not form.is_valid():
        return case_response(request, pk, abstain_form=form)
    return act_on_case(
        request,
        _("It is on the file that you cannot judge this case."),
        lambda by, at: abstain_from_review(case, reason=form.cleaned_data["reason"], by=by, at=at),
        pk=pk,
        beside=True,
        abstain_form=form,
    )
