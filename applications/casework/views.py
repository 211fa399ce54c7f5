"""The case on one page, its scores, its offer and its refusal.

Each is mounted in the admin by `admin.py`. The list is in `list_views.py`, findings are in `rule_views.py`,
papers in `evidence_views.py`.
"""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.accounts.roles import Right
from admissions_portal.papers.downloads import paper_response
from applications.casework.frame import (
    act_on_case,
    case_or_404,
    case_response,
)
from applications.lifecycle.models import Opened
from applications.lifecycle.openings import note_opening
from applications.offers.actions import meet_condition
from applications.offers.models import Condition
from applications.offers.queries import letters_of_offers
from applications.withdrawals.actions import note_withdrawal
from applications.withdrawals.models import Withdrawal


@require_safe
def case_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who, what is claimed, what is proved, what the rules say, what others said, and what to do next."""
    return case_response(request, pk)


@require_POST
def case_condition(request: HttpRequest, pk: UUID, condition_pk: int) -> HttpResponse:
    """A condition of the offer that has been met."""
    case = case_or_404(request, pk, right=Right.VERIFY_EVIDENCE)
    condition = get_object_or_404(Condition, pk=condition_pk, offer__application=case)
    done = _("The condition is marked as met.")
    return act_on_case(request, done, lambda by, at: meet_condition(condition, by=by, at=at), pk=pk)


@require_POST
def case_withdrawn(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An officer has seen that the applicant withdrew."""
    case = case_or_404(request, pk, right=Right.VERIFY_EVIDENCE)
    withdrawal = get_object_or_404(Withdrawal, application=case)
    done = _("It is noted that the office has seen the withdrawal.")
    return act_on_case(request, done, lambda by, at: note_withdrawal(withdrawal, by=by, at=at), pk=pk)


@require_safe
def case_letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The offer's letter as the applicant has it; `?paper=` is one that a later replaced or that is void."""
    case = case_or_404(request, pk)
    letters = letters_of_offers(case).order_by("-requested_at", "-version")
    asked = request.GET.get("paper")
    letter = next((each for each in letters if asked in (None, str(each.pk))), None)
    if letter is None or not letter.is_rendered:
        raise Http404
    note_opening(pk, Opened.LETTER, by=user_of(request), at=clock.now())
    return paper_response(letter)
