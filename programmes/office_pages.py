"""A place in the admin for pages of our own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from admissions_portal.accounts.roles import Right
from programmes.permissions import rights_today

View = Callable[..., HttpResponseBase]


class OfficePages(admin.ModelAdmin[Any]):
    """A model of which the admin shows our pages and none of its own: no stock form could skip a rule.

    Whoever holds one of `seen_with` somewhere today finds it in the menu, and with one of `added_with` a
    button to add; each page asks again, about the thing itself.
    """

    seen_with: ClassVar[frozenset[Right]] = frozenset({Right.SEE_CASES})
    added_with: ClassVar[frozenset[Right]] = frozenset()

    def page(self, address: str, view: View, name: str, *, of: str = "") -> URLPattern:
        """An address of the model, or of another (`of`) that has no place of its own."""
        return path(
            address,
            self.admin_site.admin_view(view),
            name=f"{self.opts.app_label}_{of or self.opts.model_name}_{name}",
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.seen_with & rights_today(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(self.added_with & rights_today(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
