"""Occasional students in the admin: a scoped list and a page of our own."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern

from applications.occasional import office_views
from applications.occasional.models import OccasionalRequest
from programmes.office_pages import OfficePages


@admin.register(OccasionalRequest)
class OccasionalRequestAdmin(OfficePages):
    def get_urls(self) -> list[URLPattern]:
        return [
            self.page("", office_views.request_list, "changelist"),
            self.page("<uuid:pk>/", office_views.request_page, "change"),
        ]
