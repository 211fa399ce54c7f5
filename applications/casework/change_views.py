"""The doors to what an applicant sent and to what they ask to change since."""

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
from applications.casework.frame import act_on_case, case_or_404, case_response
from applications.changes.actions import accept_proposal, refuse_proposal
from applications.changes.forms import RefusalOfChangeForm
from applications.changes.models import ChangeProposal
from applications.lifecycle.models import Opened
from applications.lifecycle.openings import note_opening


@require_POST
def case_change(request: HttpRequest, pk: UUID, proposal_pk: UUID) -> HttpResponse:
    """A proposed change, accepted or refused with the reason."""
    case = case_or_404(request, pk, right=Right.VERIFY_EVIDENCE)
    proposal = get_object_or_404(ChangeProposal, pk=proposal_pk, application=case)
    if request.POST.get("verdict") == "accept":
        done = _("The change is accepted and stands beside the original; the rules have run with it.")
        return act_on_case(request, done, lambda by, at: accept_proposal(proposal, by=by, at=at), pk=pk)
    form = RefusalOfChangeForm(request.POST, prefix=str(proposal.pk))
    if not form.is_valid():
        return case_response(request, pk, change_form=form, changing=proposal.pk)
    reason = form.cleaned_data["reason"]
    return act_on_case(
        request,
        _("The change is not accepted, and the applicant is told why."),
        lambda by, at: refuse_proposal(proposal, reason=reason, by=by, at=at),
        pk=pk,
        change_form=form,
        changing=proposal.pk,
    )


@require_safe
def case_sent(request: HttpRequest, pk: UUID, sequence: int) -> HttpResponse:
    """What was received as the `sequence`th, as the applicant has it."""
    case = case_or_404(request, pk)
    paper = get_object_or_404(case.submissions.select_related("paper"), sequence=sequence).paper
    if not paper.is_rendered:
        raise Http404
    note_opening(pk, Opened.SUBMISSION, thing=str(sequence), by=user_of(request), at=clock.now())
    return paper_response(paper)
