"""The office's desk: the list of cases, the case on one page, and the doors to the acts on it.

Each is mounted inside the admin by `admin.py`. A case outside one's appointments does not exist here: 404.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.papers.downloads import paper_response
from admissions_portal.papers.preflight import PaperRefused
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.assessments.actions import override_finding, record_finding, withdraw_override
from applications.assessments.models import Assessment, OfficerFinding
from applications.assessments.queries import (
    clauses_for_officers,
    clauses_to_override,
    findings_of,
    latest_assessment,
    left_to_officers,
    open_to_override,
    rules_of_each,
    rules_under,
    titled,
)
from applications.casework.forms import (
    CaseConditionFormSet,
    CaseDocumentForm,
    CaseFindingForm,
    CaseOfferForm,
    CaseOverrideForm,
    CaseProvenanceForm,
    CaseRefusalForm,
    CaseReviewForm,
    CaseWithdrawalForm,
)
from applications.casework.page import claims_of, findings_shown, next_act, told_events
from applications.casework.queries import case_for
from applications.decisions.actions import offer_place, refuse_place
from applications.evidence.actions import (
    record_provenance,
    reject_document,
    release_document,
    verify_document,
)
from applications.evidence.files import read_bytes
from applications.evidence.models import Document
from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_visible_to, chinese_name_beside, full_name_of
from applications.offers.actions import meet_condition
from applications.offers.letter import left_out_of_letter
from applications.offers.models import Condition, Offer
from applications.offers.terms import catalogue_terms, shown_terms
from applications.reviews.actions import give_review
from applications.worklists.filters import Narrowing
from applications.worklists.listing import filters_shown
from applications.worklists.queries import annotate_listing, tallies_of
from eligibility.engine import Finding, Verdict
from eligibility.labels import VERDICTS
from eligibility.queries import RulesInForce
from eligibility.wording import Audience, explain_verdict
from programmes.permissions import rights_today
from programmes.queries import rights_over

PAGE_SIZE = 50
RUNS_PAGE_SIZE = 10


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """The cases one may open, narrowed and ordered by the address."""
    at = clock.now()
    narrowing = Narrowing.read(request.GET)
    visible = applications_visible_to(user_of(request), on=day_of(at))
    cases = narrowing.apply(annotate_listing(visible))
    page = Paginator(cases, PAGE_SIZE).get_page(request.GET.get("page"))
    tallies = tallies_of(page.object_list)
    for case in page.object_list:
        case.tally = tallies.get(case.assessment_id, {})
    return render(
        request,
        "admin/cases/list.html",
        _admin_context(
            request,
            _("Applications"),
            page=page,
            narrowing=narrowing,
            filters=filters_shown(narrowing, visible),
            may_find=Right.VERIFY_EVIDENCE in rights_today(request),
            now=at,
        ),
    )


@require_safe
def case_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who, what is claimed, what is proved, what the rules say, what others said, and what to do next."""
    return _case_response(request, pk)


@require_POST
def case_review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A reader's score."""
    case = _case_or_404(request, pk, right=Right.REVIEW)
    form = CaseReviewForm(request.POST)
    if not form.is_valid():
        return _case_response(request, pk, review_form=form)
    return _act(
        request,
        _("Your score is on the file."),
        lambda by, at: give_review(case, **form.cleaned_data, by=by, at=at),
        pk=pk,
        review_form=form,
    )


@require_POST
def case_finding(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An officer's finding on a clause."""
    case = _case_or_404(request, pk, right=Right.VERIFY_EVIDENCE)
    form = CaseFindingForm(request.POST, codes=_named(clauses_for_officers(case)))
    if not form.is_valid():
        return _case_response(request, pk, finding_form=form)
    code, outcome, reason = (form.cleaned_data[name] for name in ("code", "outcome", "reason"))
    return _act(
        request,
        _("Your finding is on the file, and the rules have been run again."),
        lambda by, at: record_finding(case, code, outcome, reason=reason, by=by, at=at),
        pk=pk,
        finding_form=form,
    )


@require_POST
def case_override(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A result in the place of what a rule found, on a written authority."""
    case = _case_or_404(request, pk, right=Right.OVERRIDE_FINDING)
    form = CaseOverrideForm(request.POST, codes=_named(clauses_to_override(case)))
    if not form.is_valid():
        return _case_response(request, pk, override_form=form)
    given = dict(form.cleaned_data)
    code, outcome = given.pop("code"), given.pop("outcome")
    return _act(
        request,
        _("The rule is overridden, and the rules have been run again."),
        lambda by, at: override_finding(case, code, outcome, **given, by=by, at=at),
        pk=pk,
        override_form=form,
    )


@require_POST
def case_withdrawal(request: HttpRequest, pk: UUID, finding_pk: int) -> HttpResponse:
    """An override taken back, and why."""
    case = _case_or_404(request, pk, right=Right.OVERRIDE_FINDING)
    override = get_object_or_404(OfficerFinding, pk=finding_pk, application=case, overrides=True)
    form = CaseWithdrawalForm(request.POST, override=override)
    if not form.is_valid():
        return _case_response(request, pk, withdrawal_form=form)
    return _act(
        request,
        _("The override is withdrawn, and the rules have been run again."),
        lambda by, at: withdraw_override(override, **form.cleaned_data, by=by, at=at),
        pk=pk,
        withdrawal_form=form,
    )


@require_safe
def case_runs(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every run of the rules over the case, each explained under the very rules it was made by."""
    case = _case_or_404(request, pk)
    page = Paginator(case.assessments.defer("facts"), RUNS_PAGE_SIZE).get_page(request.GET.get("page"))
    runs = list(page.object_list)
    rules = rules_of_each(runs)
    recorded = list(case.officer_findings.all())
    shown = [
        {
            "run": run,
            "before": VERDICTS.get(run.changed_from, ""),
            **_told_rules(run, findings_of(run), rules[run.versions], recorded),
        }
        for run in runs
    ]
    title = _("Every run of the rules")
    return render(
        request, "admin/cases/runs.html", _case_context(request, case, title, page=page, runs=shown)
    )


@require_POST
def case_document(request: HttpRequest, pk: UUID, document_pk: UUID) -> HttpResponse:
    """A document checked: verified, or not accepted and why."""
    document = _document_or_404(_case_or_404(request, pk, right=Right.VERIFY_EVIDENCE), document_pk)
    form = CaseDocumentForm(request.POST, document=document)
    if not form.is_valid():
        return _case_response(request, pk, document_form=form)
    if form.cleaned_data["verdict"] == "verify":
        done = _("The document is verified.")
        return _act(request, done, lambda by, at: verify_document(document, by=by, at=at), pk=pk)
    reason = form.cleaned_data["reason"]
    return _act(
        request,
        _("The document is marked as not accepted."),
        lambda by, at: reject_document(document, reason=reason, by=by, at=at),
        pk=pk,
    )


@require_POST
def case_document_again(request: HttpRequest, pk: UUID, document_pk: UUID) -> HttpResponse:
    """A held file looked at once more: it may have been held because the machine was busy."""
    document = _document_or_404(_case_or_404(request, pk, right=Right.VERIFY_EVIDENCE), document_pk)
    with document.file.open() as kept:
        content = kept.read()

    def look_again(by: Actor, at: datetime) -> Document:
        return release_document(document, read_bytes(content, name=document.name), by=by, at=at)

    return _act(request, _("The file could be read and is shown like any other."), look_again, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def case_provenance(request: HttpRequest, pk: UUID, document_pk: UUID) -> HttpResponse:
    """Whether the original was sighted, and whether the issuing body has sent it."""
    case = _case_or_404(request, pk, right=Right.VERIFY_EVIDENCE)
    document = _document_or_404(case, document_pk)
    form = CaseProvenanceForm(request.POST if request.method == "POST" else None, document=document)
    if form.is_valid():
        days = form.cleaned_data
        refusals = _try(request, lambda by, at: record_provenance(document, **days, by=by, at=at))
        if not refusals:
            messages.success(request, _("What is known of “%(name)s” is recorded.") % {"name": document.name})
            return redirect("admin:applications_application_change", pk)
        for refusal in refusals:
            form.add_error(None, refusal)
    return render(
        request,
        "admin/cases/provenance.html",
        _case_context(request, case, _("Original and issuing body"), form=form, document=document),
    )


@require_POST
def case_condition(request: HttpRequest, pk: UUID, condition_pk: int) -> HttpResponse:
    """A condition of the offer that has been met."""
    case = _case_or_404(request, pk, right=Right.VERIFY_EVIDENCE)
    condition = get_object_or_404(Condition, pk=condition_pk, offer__application=case)
    done = _("The condition is marked as met.")
    return _act(request, done, lambda by, at: meet_condition(condition, by=by, at=at), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def case_offer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The terms of an offer; sending them makes it."""
    case = _case_or_404(request, pk, right=Right.DECIDE)
    sent = request.POST if request.method == "POST" else None
    form = CaseOfferForm(sent)
    conditions = CaseConditionFormSet(sent, prefix="conditions")
    if all([form.is_valid(), conditions.is_valid()]):
        terms, note = form.terms(conditions), form.cleaned_data["note"]
        refusals = _try(request, lambda by, at: offer_place(case, terms=terms, note=note, by=by, at=at))
        if not refusals:
            messages.success(
                request, _("The offer is made. The letter follows and is sent to the applicant by message.")
            )
            return redirect("admin:applications_application_change", pk)
        for refusal in refusals:
            form.add_error(None, refusal)
    frozen = catalogue_terms(case)
    shown = {"form": form, "conditions": conditions, "terms": frozen, **shown_terms(frozen)}
    shown["left_out"] = left_out_of_letter(case)
    return render(
        request,
        "admin/cases/offer.html",
        _case_context(request, case, _("Make an offer"), **shown),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def case_refuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The reason for a refusal; sending it refuses."""
    case = _case_or_404(request, pk, right=Right.DECIDE)
    sent = request.POST if request.method == "POST" else None
    form = CaseRefusalForm(sent, is_research=case.offering.programme.is_research)
    if form.is_valid():
        refusals = _try(request, lambda by, at: refuse_place(case, **form.cleaned_data, by=by, at=at))
        if not refusals:
            messages.success(request, _("The decision is made, and the applicant is told."))
            return redirect("admin:applications_application_change", pk)
        for refusal in refusals:
            form.add_error(None, refusal)
    return render(
        request,
        "admin/cases/refuse.html",
        _case_context(request, case, _("Do not offer a place"), form=form),
    )


@require_safe
def case_letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The offer's letter as the applicant has it."""
    case = _case_or_404(request, pk)
    offer = Offer.objects.filter(application=case).select_related("letter").first()
    if offer is None or not offer.letter.is_rendered:
        raise Http404
    return paper_response(offer.letter)


def _case_response(request: HttpRequest, pk: UUID, **forms: Any) -> HttpResponse:
    """The case page; a form that did not pass comes back as it was typed, with 200 as everywhere: a browser
    reports any other answer as an error of the page."""
    at = clock.now()
    case = case_for(user_of(request), pk, on=day_of(at))
    if case is None:
        raise Http404
    rights = rights_over(user_of(request), case.offering.programme, on=day_of(at))
    may_verify = Right.VERIFY_EVIDENCE in rights and not case.has_ended
    documents, reviews = list(case.documents.all()), list(case.reviews.all())
    assessment = latest_assessment(case)
    findings = findings_of(assessment) if assessment else ()
    rules = rules_under(assessment) if assessment else None
    recorded = list(case.officer_findings.all())
    may_override = Right.OVERRIDE_FINDING in rights and not case.has_ended
    own = next((review for review in reviews if review.reviewer_id == user_of(request).pk), None)
    context: dict[str, Any] = {
        "claims": claims_of(case, documents),
        "next_act": next_act(case, findings, documents, len(reviews), rights),
        "assessment": assessment,
        **(_told_rules(assessment, findings, rules, recorded) if assessment and rules else {}),
        "reviews": reviews,
        "events": told_events(case),
        "may_review": Right.REVIEW in rights and case.is_considered,
        "may_verify": may_verify,
        "may_decide": Right.DECIDE in rights and case.is_considered,
        "review_form": CaseReviewForm(initial=_own_score(own)),
        "may_override": may_override,
        "finding_form": None,
        "override_form": None,
        "now": at,
    }
    if rules and may_verify:
        left = titled(rules.requirements(), left_to_officers(findings, recorded))
        context["finding_form"] = CaseFindingForm(codes=_named(left))
    if rules and may_override:
        every = titled(rules.requirements(), open_to_override(findings))
        context["override_form"] = CaseOverrideForm(codes=_named(every))
    context |= forms
    return render(request, "admin/cases/case.html", _case_context(request, case, **context))


def _told_rules(
    assessment: Assessment,
    findings: Sequence[Finding],
    rules: RulesInForce,
    recorded: Sequence[OfficerFinding],
) -> dict[str, Any]:
    """Verdict and findings as an officer reads them, and the versions they were found under."""
    return {
        "versions": rules.versions,
        "verdict": explain_verdict(Verdict(assessment.verdict), findings, audience=Audience.STAFF),
        "findings": findings_shown(findings, rules.requirements(), recorded),
    }


def _act(
    request: HttpRequest, done: str, act: Callable[[Actor, datetime], object], *, pk: UUID, **forms: Any
) -> HttpResponse:
    """One call into an action, then back to the case; refused, it says why and what was typed stays."""
    refusals = _try(request, act)
    for refusal in refusals:
        messages.error(request, refusal)
    if refusals and forms:
        return _case_response(request, pk, **forms)
    if not refusals:
        messages.success(request, done)
    return redirect("admin:applications_application_change", pk)


def _try(request: HttpRequest, act: Callable[[Actor, datetime], object]) -> list[str]:
    """The sentences with which the act was refused; none when it was done."""
    try:
        act(Actor.of(user_of(request)), clock.now())
    except PaperRefused as refused:
        return [
            problem.text.replace(problem.field, _part_of_letter(problem.field))
            for problem in refused.problems
        ]
    except Refusal as refused:
        return [str(refused)]
    return []


def _part_of_letter(field: str) -> str:
    """What the office calls a field of the letter."""
    group, _dot, rest = field.partition(".")
    number, _dot, part = rest.partition(".")
    if group == "conditions" and part in ("text", "evidence"):
        name = _("Condition") if part == "text" else _("What we need")
        return _("Condition %(number)s, %(part)s") % {"number": number, "part": name}
    return _("The applicant’s name") if group == "addressee" else field


def _case_or_404(request: HttpRequest, pk: UUID, *, right: Right = Right.SEE_CASES) -> Application:
    at = clock.now()
    case = case_for(user_of(request), pk, on=day_of(at))
    if case is None or right not in rights_over(user_of(request), case.offering.programme, on=day_of(at)):
        raise Http404
    return case


def _document_or_404(case: Application, pk: UUID) -> Document:
    """One of the case's own documents."""
    document = next((row for row in case.documents.all() if row.pk == pk), None)
    if document is None:
        raise Http404
    return document


def _named(clauses: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(code, _("%(code)s: %(title)s") % {"code": code, "title": title}) for code, title in clauses]


def _own_score(review: Any) -> Mapping[str, Any]:
    if review is None:
        return {}
    return {"score": str(review.score), "recommendation": review.recommendation, "comment": review.comment}


def _case_context(request: HttpRequest, case: Application, title: str = "", **more: Any) -> dict[str, Any]:
    return _admin_context(
        request,
        title or full_name_of(case),
        case=case,
        name=full_name_of(case),
        chinese_name=chinese_name_beside(case),
        programme=case.offering.programme,
        **more,
    )


def _admin_context(request: HttpRequest, title: str, **more: Any) -> dict[str, Any]:
    return {**admin.site.each_context(request), "title": title, "opts": Application._meta, **more}
