"""What the Faculty Board decided on a request for credits, written down on the case (HKU-AS3)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from admissions_portal.accounts.roles import Right
from applications.casework.frame import act_on_case, case_or_404, case_response
from applications.standing.actions import decide_course
from applications.standing.forms import CourseDecisionForm
from applications.standing.models import CourseClaim


@require_POST
def case_course(request: HttpRequest, pk: UUID, course_pk: int) -> HttpResponse:
    """The decision on one course."""
    case = case_or_404(request, pk, right=Right.DECIDE)
    claim = get_object_or_404(
        CourseClaim.objects.select_related("request__application"), pk=course_pk, request__application=case
    )
    form = CourseDecisionForm(request.POST, claim=claim)
    if not form.is_valid():
        return case_response(request, pk, course_form=form)
    return act_on_case(
        request,
        _("The Board’s decision on “%(course)s” is on the file.") % {"course": claim.title},
        lambda by, at: decide_course(claim, **form.decision(), by=by, at=at),
        pk=pk,
        course_form=form,
    )
