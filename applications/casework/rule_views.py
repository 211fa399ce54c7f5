"""The doors to what officers say about the rules on a case, and every run of the rules over it."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from admissions_portal.accounts.roles import Right
from applications.assessments.actions import override_finding, record_finding, withdraw_override
from applications.assessments.models import OfficerFinding
from applications.assessments.queries import (
    clauses_for_officers,
    clauses_to_override,
    findings_of,
    rules_of_each,
)
from applications.casework.forms import (
    CaseFindingForm,
    CaseOverrideForm,
    CaseWithdrawalForm,
)
from applications.casework.frame import (
    act_on_case,
    case_context,
    case_or_404,
    case_response,
)
from applications.casework.rules import named, told_rules
from eligibility.labels import VERDICTS

RUNS_PAGE_SIZE = 10


@require_POST
def case_finding(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An officer's finding on a clause."""
    case = case_or_404(request, pk, right=Right.VERIFY_EVIDENCE)
    form = CaseFindingForm(request.POST, codes=named(clauses_for_officers(case)))
    if not form.is_valid():
        return case_response(request, pk, finding_form=form)
    given = form.cleaned_data
    return act_on_case(
        request,
        _("Your finding is on the file, and the rules have been run again."),
        lambda by, at: record_finding(case, **given, by=by, at=at),
        pk=pk,
        finding_form=form,
    )


@require_POST
def case_override(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A result in the place of what a rule found, on a written authority."""
    case = case_or_404(request, pk, right=Right.OVERRIDE_FINDING)
    form = CaseOverrideForm(request.POST, codes=named(clauses_to_override(case)))
    if not form.is_valid():
        return case_response(request, pk, override_form=form)
    given = dict(form.cleaned_data)
    code, outcome = given.pop("code"), given.pop("outcome")
    return act_on_case(
        request,
        _("The rule is overridden, and the rules have been run again."),
        lambda by, at: override_finding(case, code, outcome, **given, by=by, at=at),
        pk=pk,
        override_form=form,
    )


@require_POST
def case_withdrawal(request: HttpRequest, pk: UUID, finding_pk: int) -> HttpResponse:
    """An override taken back, and why."""
    case = case_or_404(request, pk, right=Right.OVERRIDE_FINDING)
    override = get_object_or_404(OfficerFinding, pk=finding_pk, application=case, overrides=True)
    form = CaseWithdrawalForm(request.POST, override=override)
    if not form.is_valid():
        return case_response(request, pk, withdrawal_form=form)
    return act_on_case(
        request,
        _("The override is withdrawn, and the rules have been run again."),
        lambda by, at: withdraw_override(override, **form.cleaned_data, by=by, at=at),
        pk=pk,
        withdrawal_form=form,
    )


@require_safe
def case_runs(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every run of the rules over the case, each explained under the very rules it was made by."""
    case = case_or_404(request, pk)
    page = Paginator(case.assessments.defer("facts"), RUNS_PAGE_SIZE).get_page(request.GET.get("page"))
    runs = list(page.object_list)
    rules = rules_of_each(runs)
    recorded = list(case.officer_findings.all())
    shown = [
        {
            "run": run,
            "before": VERDICTS.get(run.changed_from, ""),
            **told_rules(run, findings_of(run), rules[run.versions], recorded),
        }
        for run in runs
    ]
    title = _("Every run of the rules")
    return render(request, "admin/cases/runs.html", case_context(request, case, title, page=page, runs=shown))
