"""One finding for several cases at once: chosen in the list, looked at here, recorded case by case.

`record_finding` is the act, as for a single case: each case asks for the right on it, has its own history and
its own run of the rules, and one that refuses holds up none of the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.accounts.roles import Right
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.assessments.actions import record_finding
from applications.assessments.queries import (
    findings_of,
    latest_assessments,
    left_to_officers,
    officer_findings_of,
    rules_of_each,
    titled,
)
from applications.casework.forms import CaseFindingForm
from applications.casework.frame import admin_context
from applications.casework.selection import MOST_AT_ONCE, chosen_cases
from applications.lifecycle.models import Application
from programmes.permissions import rights_today


@require_http_methods(["GET", "HEAD", "POST"])
def cases_finding(request: HttpRequest) -> HttpResponse:
    """The chosen cases, the clause, the finding and the reason; sent, it is recorded on each."""
    if Right.VERIFY_EVIDENCE not in rights_today(request):
        raise PermissionDenied
    at, by = clock.now(), Actor.of(user_of(request))
    sent = request.POST if request.method == "POST" else None
    cases = chosen_cases(
        user_of(request), request.GET if sent is None else sent, right=Right.VERIFY_EVIDENCE, at=at
    )
    form = CaseFindingForm(sent, codes=_clauses(cases))
    refused: list[tuple[Application, str]] = []
    if cases and form.is_valid():
        given = form.cleaned_data
        for case in cases:
            try:
                record_finding(case, **given, by=by, at=at)
            except Refusal as refusal:
                refused.append((case, str(refusal)))
            except PermissionDenied:
                refused.append((case, _("You are not appointed to record findings on it.")))
        _tell(request, len(cases) - len(refused))
        if not refused:
            return redirect("admin:applications_application_changelist")
    context = admin_context(
        request,
        _("Record a finding on several applications"),
        form=form,
        cases=refused or [(case, "") for case in cases],
        chosen=len(cases),
        refused=len(refused),
        most=MOST_AT_ONCE,
    )
    return render(request, "admin/cases/findings.html", context)


def _clauses(cases: Sequence[Application]) -> list[tuple[str, str]]:
    """Every clause left to an officer on some of the cases, with on how many. Three questions."""
    runs = latest_assessments(case.pk for case in cases)
    rules = rules_of_each(list(runs.values()))
    recorded = officer_findings_of(runs)
    count: Counter[str] = Counter()
    titles: dict[str, str] = {}
    for case_pk, run in runs.items():
        codes = left_to_officers(findings_of(run), recorded.get(case_pk, ()))
        titles.update(titled(rules[run.versions].requirements(), codes))
        count.update(codes)
    return [
        (
            code,
            ngettext(
                "%(code)s: %(title)s (%(count)s application)",
                "%(code)s: %(title)s (%(count)s applications)",
                count[code],
            )
            % {"code": code, "title": titles[code], "count": count[code]},
        )
        for code in sorted(count)
    ]


def _tell(request: HttpRequest, recorded: int) -> None:
    if recorded:
        messages.success(
            request,
            ngettext(
                "Your finding is on the file of %(count)s application, and the rules have been run again.",
                "Your finding is on the files of %(count)s applications, and the rules have been run again.",
                recorded,
            )
            % {"count": recorded},
        )
