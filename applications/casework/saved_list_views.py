"""One's own lists: the page where they are named, ordered and deleted, and where a new one is saved."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from applications.casework.frame import admin_context
from applications.lifecycle.queries import applications_listed_for
from applications.worklists.actions import (
    LONGEST_NAME,
    Direction,
    ListRefused,
    delete_list,
    move_list,
    open_first,
    rename_list,
    save_list,
)
from applications.worklists.filters import Narrowing
from applications.worklists.listing import narrowing_in_words
from applications.worklists.models import SavedList
from applications.worklists.saved import kept_lists, lists_of

PAGE = "admin:applications_application_lists"
# what one may do to a list of one's own: the button's value → the act
ACTS: dict[str, Callable[[SavedList, Actor, str], object]] = {
    "rename": lambda saved, by, name: rename_list(saved, name=name, by=by),
    "up": lambda saved, by, name: move_list(saved, Direction.UP, by=by),
    "down": lambda saved, by, name: move_list(saved, Direction.DOWN, by=by),
    "first": lambda saved, by, name: open_first(saved, by=by),
    "not_first": lambda saved, by, name: open_first(None, by=by),
    "delete": lambda saved, by, name: delete_list(saved, by=by),
}


@require_http_methods(["GET", "HEAD", "POST"])
def case_lists(request: HttpRequest) -> HttpResponse:
    """One's own lists; sent, the list that is named in the form is saved under its name."""
    at, user = clock.now(), user_of(request)
    narrowing = Narrowing.read(request.POST if request.method == "POST" else request.GET)
    typed, refused = request.POST.get("name", ""), ""
    if request.method == "POST":
        try:
            saved = save_list(narrowing, name=typed, by=Actor.of(user))
        except ListRefused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("The list is saved. It stands on your desk with what it holds."))
            return redirect(f"{reverse('admin:applications_application_changelist')}?{saved.query}")
    return render(
        request,
        "admin/cases/lists.html",
        admin_context(
            request,
            _("Your lists"),
            lists=kept_lists(applications_listed_for(user, on=day_of(at)), user=user, at=at),
            narrowing=narrowing,
            asked=narrowing_in_words(narrowing),
            typed=typed,
            refused=refused,
            longest=LONGEST_NAME,
        ),
    )


@require_POST
def case_saved_list(request: HttpRequest, list_pk: int) -> HttpResponse:
    """One act on one of one's own lists."""
    saved = get_object_or_404(lists_of(user_of(request)), pk=list_pk)
    act = ACTS.get(request.POST.get("do", ""))
    if act is not None:
        try:
            act(saved, Actor.of(user_of(request)), request.POST.get("name", ""))
        except ListRefused as refusal:
            messages.error(request, str(refusal))
    return redirect(PAGE)
