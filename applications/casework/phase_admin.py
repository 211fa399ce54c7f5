"""The phases of review in the admin: pages of our own, no stock form that could skip a rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from admissions_portal.accounts.roles import Right
from applications.casework import assignment_views, phase_views
from applications.reviews.phases import ReviewPhase
from programmes.permissions import rights_today


@admin.register(ReviewPhase)
class ReviewPhaseAdmin(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
            return path(address, self.admin_site.admin_view(view), name=f"applications_reviewphase_{name}")

        return [
            page("", phase_views.phase_list, "changelist"),
            page("add/", phase_views.phase_add, "add"),
            page("list/", assignment_views.reader_list, "reader_list"),
            page("<int:pk>/", phase_views.phase_change, "change"),
            page("<int:pk>/remove/", phase_views.phase_remove, "remove"),
            page("<int:pk>/spread/", assignment_views.phase_spread, "spread"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return Right.ASSIGN_REVIEWS in rights_today(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
