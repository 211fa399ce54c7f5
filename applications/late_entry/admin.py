"""Late entry's place in the admin: pages of our own, no stock form that could skip a rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from applications.late_entry import views
from applications.late_entry.models import AccessCode
from applications.late_entry.queries import RIGHT
from programmes.permissions import rights_today


@admin.register(AccessCode)
class AccessCodeAdmin(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            return path(address, self.admin_site.admin_view(view), name=f"applications_{name}")

        return [
            page("", views.late_entry_list, "accesscode_changelist"),
            page("add/", views.access_code_add, "accesscode_add"),
            page("extension/", views.extension_add, "extension_add"),
            page("extension/<int:pk>/revoke/", views.extension_revoke, "extension_revoke"),
            page("<int:pk>/", views.access_code, "accesscode_change"),
            page("<int:pk>/revoke/", views.access_code_revoke, "accesscode_revoke"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return RIGHT in rights_today(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
