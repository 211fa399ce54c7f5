"""Occasional students in the admin: a scoped list and a page of our own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path

from admissions_portal.accounts.roles import Right
from applications.occasional import office_views
from applications.occasional.models import OccasionalRequest
from programmes.permissions import rights_today


@admin.register(OccasionalRequest)
class OccasionalRequestAdmin(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "applications_occasionalrequest"
        return [
            path("", view(office_views.request_list), name=f"{name}_changelist"),
            path("<uuid:pk>/", view(office_views.request_page), name=f"{name}_change"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever opens cases somewhere today; each request is asked again by its page."""
        return Right.SEE_CASES in rights_today(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
