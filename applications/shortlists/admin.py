"""The shortlist's place in the admin: its own pages below `shortlist/`, beside the log of exports."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import URLPattern, path

from admissions_portal.accounts.roles import Right
from applications.exports.models import ExportLog
from applications.lifecycle.models import Application
from applications.lifecycle.recusals import is_recused
from applications.shortlists import views
from programmes.permissions import rights_today


@admin.register(ExportLog)
class ExportLogAdmin(admin.ModelAdmin):
    """Who took which list out, each person their own; to be read only."""

    list_display = ("exported_at", "exported_by", "kind", "format", "rows")
    list_select_related = ("exported_by",)
    ordering = ("-exported_at", "-id")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("shortlist/", view(views.shortlist), name="shortlist"),
            path("shortlist/<str:file_format>/", view(views.shortlist_export), name="shortlist_export"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> Any:
        """One's own exports, but for those of one case, by its number, that is closed to oneself since."""
        closed = Application.objects.filter(is_recused(request.user.pk)).order_by().values("number")
        own = super().get_queryset(request).filter(exported_by=request.user.pk)
        return own.alias(
            looked_for=Coalesce(KeyTextTransform("q", "filters"), Value(""), output_field=TextField())
        ).exclude(looked_for__in=closed)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return Right.EXPORT in rights_today(request) and (
            obj is None or obj.exported_by_id == request.user.pk
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
