"""The public page of requirements: what each programme asks, and where that is written."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from admissions_portal import clock
from eligibility.queries import versions_in_force
from eligibility.wording import NO_GUARANTEE, explain_requirements
from programmes.models import Institution


@require_safe
def requirements_page(request: HttpRequest) -> HttpResponse:
    """Every policy in force today, rule by rule, with the clause. No account, nothing stored."""
    names = {institution.code: str(institution) for institution in Institution.objects.all()}
    policies = [
        {
            "title": gettext(version.policy.title),
            "institution": names.get(version.policy.institution_code, version.policy.institution_code),
            "number": version.number,
            "effective_from": version.effective_from,
            "rules": explain_requirements(version.requirements()),
        }
        for version in versions_in_force(clock.day_of(clock.now()))
    ]
    return render(
        request, "eligibility/requirements.html", {"policies": policies, "no_guarantee": NO_GUARANTEE}
    )
