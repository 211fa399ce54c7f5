"""The phases of review in the admin: pages of our own, no stock form that could skip a rule."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern

from admissions_portal.accounts.roles import Right
from applications.casework import assignment_views, phase_views
from applications.reviews.phases import ReviewPhase
from programmes.office_pages import OfficePages


@admin.register(ReviewPhase)
class ReviewPhaseAdmin(OfficePages):
    seen_with = added_with = frozenset({Right.ASSIGN_REVIEWS})

    def get_urls(self) -> list[URLPattern]:
        return [
            self.page("", phase_views.phase_list, "changelist"),
            self.page("add/", phase_views.phase_add, "add"),
            self.page("list/", assignment_views.reader_list, "reader_list"),
            self.page("<int:pk>/", phase_views.phase_change, "change"),
            self.page("<int:pk>/remove/", phase_views.phase_remove, "remove"),
            self.page("<int:pk>/spread/", assignment_views.phase_spread, "spread"),
        ]
