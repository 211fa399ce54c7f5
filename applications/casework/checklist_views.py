"""A section of the case is looked at."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from admissions_portal.accounts.roles import Right
from applications.casework.checklist import CaseCheckForm
from applications.casework.frame import act_on_case, case_or_404, case_response
from applications.checklists.actions import check_section


@require_POST
def case_check(request: HttpRequest, pk: UUID, section: str) -> HttpResponse:
    """What an officer makes of one section."""
    case = case_or_404(request, pk, right=Right.VERIFY_EVIDENCE)
    form = CaseCheckForm(request.POST, section=section)
    if not form.is_valid():
        return case_response(request, pk, check_form=form)
    return act_on_case(
        request,
        _("The checklist says so now."),
        lambda by, at: check_section(case, section, **form.cleaned_data, by=by, at=at),
        pk=pk,
        check_form=form,
    )
