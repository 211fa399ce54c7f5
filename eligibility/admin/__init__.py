"""The office's pages about rules, mounted in the admin: policies, their drafts, the acceptance register.

No stock form of the admin, which could skip a rule. Who may open what is asked by each page (`desk.py`).
"""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern

from eligibility.admin import drafts, policies, register
from eligibility.models import AcceptedAward, Policy, PolicyVersion
from programmes.office_pages import OfficePages


@admin.register(Policy)
class PolicyAdmin(OfficePages):
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
class PolicyVersionAdmin(OfficePages):
    def get_urls(self) -> list[URLPattern]:
        return [
            self.page("<int:pk>/", policies.version_page, "change"),
            self.page("<int:pk>/export.<str:file_format>", policies.version_export, "export"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False  # reached through its policy


@admin.register(AcceptedAward)
class AcceptedAwardAdmin(OfficePages):
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
