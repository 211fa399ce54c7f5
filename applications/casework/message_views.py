"""A mail or a letter that failed is tried once more."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from admissions_portal.accounts.roles import Right
from admissions_portal.papers.models import Paper
from applications.casework.frame import act_on_case, case_or_404
from applications.casework.messages import messages_to_applicant
from applications.lifecycle.resending import remake_letter, resend_message


@require_POST
def case_message_again(request: HttpRequest, pk: UUID, message_pk: UUID) -> HttpResponse:
    """A message that could not be sent."""
    case = case_or_404(request, pk, right=Right.VERIFY_EVIDENCE)
    message = get_object_or_404(messages_to_applicant(case), pk=message_pk)
    done = _("The message is sent again.")
    return act_on_case(request, done, lambda by, at: resend_message(case, message, by=by, at=at), pk=pk)


@require_POST
def case_letter_again(request: HttpRequest, pk: UUID, paper_pk: UUID) -> HttpResponse:
    """A letter that could not be made: the offer's, or one that a message waits for."""
    case = case_or_404(request, pk, right=Right.VERIFY_EVIDENCE)
    offer = getattr(case, "offer", None)
    is_own = offer is not None and offer.letter_id == paper_pk
    if not is_own and not messages_to_applicant(case).filter(paper=paper_pk).exists():
        raise Http404
    paper = get_object_or_404(Paper.objects.defer("pdf", "context"), pk=paper_pk)
    done = _("The letter is made again.")
    return act_on_case(request, done, lambda by, at: remake_letter(case, paper, by=by, at=at), pk=pk)
