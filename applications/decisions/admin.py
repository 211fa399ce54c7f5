"""Prepared decisions in the admin: pages of our own, no stock form that could skip a rule."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, path

from admissions_portal.accounts.roles import Right
from applications.decisions import views
from applications.decisions.models import PreparedDecision
from programmes.office_pages import OfficePages


@admin.register(PreparedDecision)
class PreparedDecisionAdmin(OfficePages):
    seen_with = frozenset({Right.DECIDE})

    def get_urls(self) -> list[URLPattern]:
        return [
            self.page("", views.prepared_list, "changelist"),
            self.page("release/", views.release_add, "add", of="release"),
            self.page("release/<uuid:pk>/", views.release, "change", of="release"),
            path(
                "checks/",
                self.admin_site.admin_view(views.programme_checks),
                name="applications_decisionchecks",
            ),
        ]
