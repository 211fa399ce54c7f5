"""The cases in the admin: scoped lists and pages of our own, no stock form that could skip a rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from admissions_portal.accounts.roles import Right
from applications.assessments import views as assessments
from applications.casework import (
    assignment_views,
    change_views,
    checklist_views,
    conflict_views,
    decision_views,
    duplicate_views,
    evidence_views,
    list_views,
    message_views,
    person_views,
    reader_views,
    request_views,
    review_views,
    rule_views,
    saved_list_views,
    selection_views,
    standing_views,
    views,
    whole_case_views,
)
from applications.lifecycle.models import Application
from programmes.permissions import rights_today

# the office's first page opens with what waits
admin.site.index_template = "admin/cases/index.html"


@admin.register(Application)
class ApplicationAdmin(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
            return path(address, self.admin_site.admin_view(view), name=f"applications_application_{name}")

        def rules_page(address: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            return path(address, self.admin_site.admin_view(view), name=f"eligibility_{name}")

        return [
            page("", list_views.case_list, "changelist"),
            page("search/", list_views.case_search, "search"),
            page("lists/", saved_list_views.case_lists, "lists"),
            page("lists/<int:list_pk>/", saved_list_views.case_saved_list, "saved_list"),
            rules_page("impact/<str:kind>/<int:pk>/", assessments.impact, "impact"),
            rules_page("reassess/", assessments.reassess, "reassess"),
            rules_page("reassess/<int:pk>/", assessments.reassessment, "reassessment"),
            page("<uuid:pk>/", views.case_page, "change"),
            page("<uuid:pk>/review/", review_views.case_review, "review"),
            page("<uuid:pk>/abstain/", review_views.case_abstain, "abstain"),
            page("<uuid:pk>/finding/", rule_views.case_finding, "finding"),
            page("<uuid:pk>/status/", person_views.case_status, "status"),
            page("<uuid:pk>/identity/", person_views.case_identity, "identity"),
            page("<uuid:pk>/override/", rule_views.case_override, "override"),
            page("<uuid:pk>/override/<int:finding_pk>/", rule_views.case_withdrawal, "withdrawal"),
            page("<uuid:pk>/rules/", rule_views.case_runs, "runs"),
            page("conflicts/", conflict_views.conflict_list, "conflicts"),
            page("<uuid:pk>/conflict/", conflict_views.case_conflict, "conflict"),
            page(
                "<uuid:pk>/conflicts/",
                conflict_views.case_conflict_of_colleague,
                "conflict_of_colleague",
            ),
            page(
                "<uuid:pk>/conflicts/<int:recusal_pk>/",
                conflict_views.case_conflict_lifted,
                "conflict_lifted",
            ),
            page("same-person/", duplicate_views.same_people, "same_people"),
            page("<uuid:pk>/same-person/<uuid:other_pk>/", duplicate_views.same_person, "same_person"),
            page("findings/", selection_views.cases_finding, "findings"),
            page("readers/", assignment_views.cases_readers, "readers"),
            page("my-reviews/", reader_views.my_reviews, "my_reviews"),
            page("next-review/", reader_views.next_review, "next_review"),
            page("<uuid:pk>/later/", reader_views.case_later, "later"),
            page("<uuid:pk>/readers/<int:assignment_pk>/", assignment_views.case_reader_back, "reader_back"),
            page("<uuid:pk>/documents/<uuid:document_pk>/", evidence_views.case_document, "document"),
            page(
                "<uuid:pk>/documents/<uuid:document_pk>/slot/",
                evidence_views.case_document_slot,
                "document_slot",
            ),
            page("<uuid:pk>/differences/<int:difference_pk>/", evidence_views.case_difference, "difference"),
            page("<uuid:pk>/file/", evidence_views.case_file, "file"),
            page(
                "<uuid:pk>/documents/<uuid:document_pk>/again/",
                evidence_views.case_document_again,
                "document_again",
            ),
            page(
                "<uuid:pk>/documents/<uuid:document_pk>/known/", evidence_views.case_provenance, "provenance"
            ),
            page("<uuid:pk>/checklist/<slug:section>/", checklist_views.case_check, "check"),
            page("<uuid:pk>/ask/", request_views.case_ask, "ask"),
            page("<uuid:pk>/requests/<uuid:request_pk>/", request_views.case_request, "request"),
            page("<uuid:pk>/conditions/<int:condition_pk>/", views.case_condition, "condition"),
            page("<uuid:pk>/offer/", decision_views.case_offer, "offer"),
            page("<uuid:pk>/prepared/", decision_views.case_prepared, "prepared"),
            page("<uuid:pk>/prepared/letter.pdf", decision_views.case_preview, "preview"),
            page("<uuid:pk>/undo/", decision_views.case_undo, "undo"),
            page("<uuid:pk>/letter.pdf", views.case_letter, "letter"),
            page("<uuid:pk>/credits/<int:course_pk>/", standing_views.case_course, "course"),
            page("<uuid:pk>/refuse/", decision_views.case_refuse, "refuse"),
            page("<uuid:pk>/changes/<uuid:proposal_pk>/", change_views.case_change, "change_proposal"),
            page("<uuid:pk>/sent/<int:sequence>.pdf", change_views.case_sent, "sent"),
            page(
                "<uuid:pk>/messages/<uuid:message_pk>/again/",
                message_views.case_message_again,
                "message_again",
            ),
            page("<uuid:pk>/letters/<uuid:paper_pk>/again/", message_views.case_letter_again, "letter_again"),
            page("<uuid:pk>/whole/", whole_case_views.case_whole, "whole"),
            page("<uuid:pk>/whole/<uuid:copy_pk>.pdf", whole_case_views.case_whole_file, "whole_file"),
            page("<uuid:pk>/withdrawn/", views.case_withdrawn, "withdrawn"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever holds an appointment of today that opens cases; each case is asked again by its page."""
        return Right.SEE_CASES in rights_today(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
