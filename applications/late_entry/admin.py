"""Late entry's place in the admin: pages of our own, no stock form that could skip a rule."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern

from applications.late_entry import views
from applications.late_entry.models import AccessCode
from applications.late_entry.queries import RIGHT
from programmes.office_pages import OfficePages


@admin.register(AccessCode)
class AccessCodeAdmin(OfficePages):
    seen_with = added_with = frozenset({RIGHT})

    def get_urls(self) -> list[URLPattern]:
        return [
            self.page("", views.late_entry_list, "changelist"),
            self.page("add/", views.access_code_add, "add"),
            self.page("extension/", views.extension_add, "add", of="extension"),
            self.page("extension/<int:pk>/revoke/", views.extension_revoke, "revoke", of="extension"),
            self.page("<int:pk>/", views.access_code, "change"),
            self.page("<int:pk>/revoke/", views.access_code_revoke, "revoke"),
        ]
