"""The doors to what the office asks of an applicant: asked, settled, withdrawn."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from admissions_portal import clock
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from applications.assessments.corrections import person_now
from applications.assessments.queries import findings_of, latest_assessment, rules_under
from applications.casework.frame import act_on_case, case_context, case_or_404, case_response, try_act
from applications.casework.request_forms import USUAL, CaseRequestEndForm, CaseRequestForm, suggested
from applications.evidence.actions import ask_for_evidence, settle_request, withdraw_request
from applications.evidence.models import RequestKind, RequestWants
from applications.evidence.queries import slots_of
from applications.lifecycle.models import Application
from eligibility.wording import Audience, FindingText, explain


@require_http_methods(["GET", "HEAD", "POST"])
def case_ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A document or an answer asked for. `?clause=` begins it from a finding."""
    case = case_or_404(request, pk, right=Right.VERIFY_EVIDENCE)
    at = clock.now()
    slots = slots_of(case, at=at)
    if request.method == "POST":
        form = CaseRequestForm(request.POST, slots=slots)
        if form.is_valid():
            terms = form.terms()
            answer = try_act(request, lambda by, at: ask_for_evidence(case, terms=terms, by=by, at=at))
            if answer.is_done:
                done = _("It is asked. The applicant is told by message and on their page.")
                messages.success(request, done)
                return redirect("admin:applications_application_change", pk)
            for refusal in answer.refusals:
                form.add_error(None, refusal)
    else:
        begun = {
            "wants": RequestWants.DOCUMENT,
            "kind": RequestKind.NOW,
            "due_on": day_of(at) + USUAL,
            "slot": slots[-1].anchor,
        }
        # the applicant reads it, so it is begun in their language
        with override(case.applicant.user.language or settings.LANGUAGE_CODE):
            if finding := _finding(case, request.GET.get("clause", "")):
                begun |= suggested(finding, slots_of(case, at=at), person_now(case), on=day_of(at))
        form = CaseRequestForm(initial=begun, slots=slots)
    context = case_context(request, case, _("Ask the applicant"), form=form)
    return render(request, "admin/cases/ask.html", context)


@require_POST
def case_request(request: HttpRequest, pk: UUID, request_pk: UUID) -> HttpResponse:
    """A request settled, or withdrawn."""
    case = case_or_404(request, pk, right=Right.VERIFY_EVIDENCE)
    asked = next((row for row in case.evidence_requests.all() if row.pk == request_pk), None)
    if asked is None:
        raise Http404
    form = CaseRequestEndForm(request.POST, asked=asked)
    if not form.is_valid():
        return case_response(request, pk, request_form=form)
    if form.cleaned_data["verdict"] == "settle":
        done = _("The request is settled.")
        return act_on_case(request, done, lambda by, at: settle_request(asked, by=by, at=at), pk=pk)
    reason = form.cleaned_data["reason"]
    return act_on_case(
        request,
        _("The request is withdrawn, and the applicant is told."),
        lambda by, at: withdraw_request(asked, reason=reason, by=by, at=at),
        pk=pk,
        request_form=form,
    )


def _finding(case: Application, code: str) -> FindingText | None:
    """The finding of the last run with that code, as the applicant would read it."""
    assessment = latest_assessment(case)
    if assessment is None or not code:
        return None
    requirements = rules_under(assessment).requirements()
    found = next((each for each in findings_of(assessment) if each.code == code), None)
    return explain(found, requirements, audience=Audience.APPLICANT) if found else None
