"""The office's pages about rules, mounted in the admin: policies, their drafts, the acceptance register.

No stock form of the admin, which could skip a rule. Who may open what is asked by each page (`desk.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path

from admissions_portal.accounts.roles import Right
from eligibility.admin import drafts, policies, register
from eligibility.models import AcceptedAward, Policy, PolicyVersion
from programmes.permissions import rights_today

View = Callable[..., HttpResponseBase]


class _OwnPages(admin.ModelAdmin[Any]):
    """A model of which the admin shows our pages and none of its own."""

    def page(self, address: str, view: View, name: str) -> URLPattern:
        return path(
            address,
            self.admin_site.admin_view(view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_{name}",
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever opens cases may read the rules that judge them; each page asks again."""
        return Right.SEE_CASES in rights_today(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Policy)
class PolicyAdmin(_OwnPages):
    def get_urls(self) -> list[URLPattern]:
        return [
            self.page("", policies.policy_list, "changelist"),
            self.page("add/", policies.layer_add, "add"),
            self.page("<int:pk>/", policies.policy_page, "change"),
            self.page("<int:pk>/compare/", policies.policy_compare, "compare"),
            self.page("<int:pk>/begin/", drafts.draft_begin, "begin"),
            self.page("<int:pk>/draft/", drafts.draft_page, "draft"),
            self.page("<int:pk>/draft/edit/", drafts.draft_edit, "edit"),
            self.page("<int:pk>/draft/approve/", drafts.draft_approve, "approve"),
            self.page("<int:pk>/draft/publish/", drafts.draft_publish, "publish"),
            self.page("<int:pk>/draft/discard/", drafts.draft_discard, "discard"),
        ]


@admin.register(PolicyVersion)
class PolicyVersionAdmin(_OwnPages):
    def get_urls(self) -> list[URLPattern]:
        return [
            self.page("<int:pk>/", policies.version_page, "change"),
            self.page("<int:pk>/export.<str:file_format>", policies.version_export, "export"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False  # reached through its policy


@admin.register(AcceptedAward)
class AcceptedAwardAdmin(_OwnPages):
    def get_urls(self) -> list[URLPattern]:
        return [
            self.page("", register.register_list, "changelist"),
            self.page("add/", register.entry_add, "add"),
            self.page("<int:pk>/", register.entry_page, "change"),
            self.page("<int:pk>/edit/", register.entry_edit, "edit"),
            self.page("<int:pk>/force/", register.entry_force, "force"),
            self.page("<int:pk>/withdraw/", register.entry_withdraw, "withdraw"),
            self.page("<int:pk>/discard/", register.entry_discard, "discard"),
        ]
