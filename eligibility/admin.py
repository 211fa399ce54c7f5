"""Policies in the office's pages: to be read. A published version is never edited, by anybody."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from eligibility.models import PolicyVersion


@admin.register(PolicyVersion)
class PolicyVersionAdmin(admin.ModelAdmin[PolicyVersion]):
    list_display = ["policy", "number", "effective_from", "published_at", "is_shipped"]
    list_filter = ["policy", "is_shipped"]
    list_select_related = ["policy"]
    fields = ("policy", "number", "effective_from", "published_at", "is_shipped", "sha256", "content_shown")
    readonly_fields = fields

    @admin.display(description=_("content"))
    def content_shown(self, version: PolicyVersion) -> SafeString:
        """The content as indented JSON."""
        return format_html(
            '<pre class="pg-note">{}</pre>', json.dumps(version.content, indent=2, ensure_ascii=False)
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The installation's administrator; rights never come from Django's own permissions."""
        return bool(request.user.is_active and request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
