"""The cases in the admin: scoped lists and pages of our own, no stock form that could skip a rule."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin
from django.http import HttpResponse
from django.urls import URLPattern, path

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
from programmes.office_pages import OfficePages

# the office's first page opens with what waits
admin.site.index_template = "admin/cases/index.html"


@admin.register(Application)
class ApplicationAdmin(OfficePages):
    def get_urls(self) -> list[URLPattern]:
        def rules_page(address: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            return path(address, self.admin_site.admin_view(view), name=f"eligibility_{name}")

        return [
            self.page("", list_views.case_list, "changelist"),
            self.page("search/", list_views.case_search, "search"),
            self.page("lists/", saved_list_views.case_lists, "lists"),
            self.page("lists/<int:list_pk>/", saved_list_views.case_saved_list, "saved_list"),
            rules_page("impact/<str:kind>/<int:pk>/", assessments.impact, "impact"),
            rules_page("reassess/", assessments.reassess, "reassess"),
            rules_page("reassess/<int:pk>/", assessments.reassessment, "reassessment"),
            self.page("<uuid:pk>/", views.case_page, "change"),
            self.page("<uuid:pk>/review/", review_views.case_review, "review"),
            self.page("<uuid:pk>/abstain/", review_views.case_abstain, "abstain"),
            self.page("<uuid:pk>/finding/", rule_views.case_finding, "finding"),
            self.page("<uuid:pk>/status/", person_views.case_status, "status"),
            self.page("<uuid:pk>/identity/", person_views.case_identity, "identity"),
            self.page("<uuid:pk>/override/", rule_views.case_override, "override"),
            self.page("<uuid:pk>/override/<int:finding_pk>/", rule_views.case_withdrawal, "withdrawal"),
            self.page("<uuid:pk>/rules/", rule_views.case_runs, "runs"),
            self.page("conflicts/", conflict_views.conflict_list, "conflicts"),
            self.page("<uuid:pk>/conflict/", conflict_views.case_conflict, "conflict"),
            self.page(
                "<uuid:pk>/conflicts/",
                conflict_views.case_conflict_of_colleague,
                "conflict_of_colleague",
            ),
            self.page(
                "<uuid:pk>/conflicts/<int:recusal_pk>/",
                conflict_views.case_conflict_lifted,
                "conflict_lifted",
            ),
            self.page("same-person/", duplicate_views.same_people, "same_people"),
            self.page("<uuid:pk>/same-person/<uuid:other_pk>/", duplicate_views.same_person, "same_person"),
            self.page("findings/", selection_views.cases_finding, "findings"),
            self.page("readers/", assignment_views.cases_readers, "readers"),
            self.page("my-reviews/", reader_views.my_reviews, "my_reviews"),
            self.page("next-review/", reader_views.next_review, "next_review"),
            self.page("<uuid:pk>/later/", reader_views.case_later, "later"),
            self.page(
                "<uuid:pk>/readers/<int:assignment_pk>/", assignment_views.case_reader_back, "reader_back"
            ),
            self.page("<uuid:pk>/documents/<uuid:document_pk>/", evidence_views.case_document, "document"),
            self.page(
                "<uuid:pk>/documents/<uuid:document_pk>/slot/",
                evidence_views.case_document_slot,
                "document_slot",
            ),
            self.page(
                "<uuid:pk>/differences/<int:difference_pk>/", evidence_views.case_difference, "difference"
            ),
            self.page("<uuid:pk>/file/", evidence_views.case_file, "file"),
            self.page(
                "<uuid:pk>/documents/<uuid:document_pk>/again/",
                evidence_views.case_document_again,
                "document_again",
            ),
            self.page(
                "<uuid:pk>/documents/<uuid:document_pk>/known/", evidence_views.case_provenance, "provenance"
            ),
            self.page("<uuid:pk>/checklist/<slug:section>/", checklist_views.case_check, "check"),
            self.page("<uuid:pk>/ask/", request_views.case_ask, "ask"),
            self.page("<uuid:pk>/requests/<uuid:request_pk>/", request_views.case_request, "request"),
            self.page("<uuid:pk>/conditions/<int:condition_pk>/", views.case_condition, "condition"),
            self.page("<uuid:pk>/offer/", decision_views.case_offer, "offer"),
            self.page("<uuid:pk>/prepared/", decision_views.case_prepared, "prepared"),
            self.page("<uuid:pk>/prepared/letter.pdf", decision_views.case_preview, "preview"),
            self.page("<uuid:pk>/undo/", decision_views.case_undo, "undo"),
            self.page("<uuid:pk>/letter.pdf", views.case_letter, "letter"),
            self.page("<uuid:pk>/credits/<int:course_pk>/", standing_views.case_course, "course"),
            self.page("<uuid:pk>/refuse/", decision_views.case_refuse, "refuse"),
            self.page("<uuid:pk>/changes/<uuid:proposal_pk>/", change_views.case_change, "change_proposal"),
            self.page("<uuid:pk>/sent/<int:sequence>.pdf", change_views.case_sent, "sent"),
            self.page(
                "<uuid:pk>/messages/<uuid:message_pk>/again/",
                message_views.case_message_again,
                "message_again",
            ),
            self.page(
                "<uuid:pk>/letters/<uuid:paper_pk>/again/", message_views.case_letter_again, "letter_again"
            ),
            self.page("<uuid:pk>/whole/", whole_case_views.case_whole, "whole"),
            self.page("<uuid:pk>/whole/<uuid:copy_pk>.pdf", whole_case_views.case_whole_file, "whole_file"),
            self.page("<uuid:pk>/withdrawn/", views.case_withdrawn, "withdrawn"),
        ]
