"""Prepared decisions in the admin: pages of our own, no stock form that could skip a rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from admissions_portal.accounts.roles import Right
from applications.decisions import views
from applications.decisions.models import PreparedDecision
from programmes.permissions import rights_today


@admin.register(PreparedDecision)
class PreparedDecisionAdmin(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            return path(address, self.admin_site.admin_view(view), name=f"applications_{name}")

        return [
            page("", views.prepared_list, "prepareddecision_changelist"),
            page("release/", views.release_add, "release_add"),
            page("release/<uuid:pk>/", views.release, "release_change"),
            page("checks/", views.programme_checks, "decisionchecks"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever decides somewhere today; each decision is asked again by its case."""
        return Right.DECIDE in rights_today(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
