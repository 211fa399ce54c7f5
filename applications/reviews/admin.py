"""The office's pages about rubrics: what readers of a programme score, written, looked at, used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.reviews.models import Rubric
from applications.reviews.queries import USUAL_AGREEMENT
from applications.reviews.rubric import SINGLE_SCORE, Categories, Category
from applications.reviews.rubric_actions import (
    RubricChanged,
    discard_rubric,
    draft_rubric,
    save_rubric,
    use_rubric,
)
from applications.reviews.rubric_forms import RubricForms
from programmes.models import Programme
from programmes.office_pages import OfficePages
from programmes.queries import programmes_of
from programmes.questions.forms import rearranged


@dataclass
class Desk:
    """One request of the office. Rubrics of programmes whose cases one opens may be read, those of programmes
    for which one assigns readers changed; any other does not exist: 404."""

    request: HttpRequest
    at: datetime

    @classmethod
    def of(cls, request: HttpRequest) -> Desk:
        return cls(request, clock.now())

    @property
    def by(self) -> Actor:
        return Actor.of(user_of(self.request))

    @property
    def today(self) -> date:
        """The day in Hong Kong."""
        return day_of(self.at)

    @cached_property
    def edited(self) -> set[int]:
        held = programmes_of(user_of(self.request), Right.ASSIGN_REVIEWS, self.today)
        return set(held.values_list("pk", flat=True))

    @cached_property
    def scored(self) -> list[ProgrammeScored]:
        """The programmes one may read, with every version of their rubrics."""
        programmes = list(programmes_of(user_of(self.request), Right.SEE_CASES, self.today))
        rubrics = Rubric.objects.filter(programme__in=programmes).select_related("drafted_by", "used_by")
        versions: dict[int, list[Rubric]] = {}
        for rubric in rubrics.order_by("-number"):
            versions.setdefault(rubric.programme_id, []).append(rubric)
        return [
            ProgrammeScored(each, versions.get(each.pk, []), each.pk in self.edited) for each in programmes
        ]

    def programme(self, pk: int, *, edit: bool = False) -> ProgrammeScored:
        found = next((each for each in self.scored if each.programme.pk == pk), None)
        if found is None or (edit and not found.may_edit):
            raise Http404
        return found

    def page(self, title: str, **more: Any) -> dict[str, Any]:
        own = {"title": title, "opts": Rubric._meta, "now": self.at}
        return {**admin.site.each_context(self.request), **own, **more}

    def do(self, act: Callable[[], object], *, done: str) -> bool:
        """One call into an action; its refusal or `done` as a message."""
        try:
            act()
        except Refusal as refused:
            messages.error(self.request, str(refused))
            return False
        messages.success(self.request, done)
        return True


@dataclass(frozen=True)
class ProgrammeScored:
    """How the cases of one programme are scored: in use, earlier, being written."""

    programme: Programme
    versions: list[Rubric]
    may_edit: bool

    @property
    def draft(self) -> Rubric | None:
        return next((each for each in self.versions if each.is_draft), None)

    @property
    def used(self) -> list[Rubric]:
        """The latest first: that one is in use."""
        return [each for each in self.versions if not each.is_draft]

    @property
    def in_use(self) -> Rubric | None:
        return next(iter(self.used), None)

    @property
    def shown(self) -> RubricShown:
        return rubric_shown(self.in_use)


@dataclass(frozen=True)
class RubricShown:
    """A rubric in the words of the page; without a row it is the single score."""

    categories: Categories
    agreement: Any
    is_blind: bool

    @property
    def rows(self) -> list[tuple[Category, Any, list[tuple[Any, str]]]]:
        """Each category with its share of the total in per cent, and its points in words, the best first."""
        return [
            (each, self.categories.share(each), [(n, each.said_of(n)) for n in each.scale if n in each.words])
            for each in self.categories
        ]


def rubric_shown(rubric: Rubric | None) -> RubricShown:
    if rubric is None:
        return RubricShown(SINGLE_SCORE, USUAL_AGREEMENT, is_blind=False)
    return RubricShown(rubric.record(), rubric.agreement, rubric.is_blind)


@require_safe
def rubric_list(request: HttpRequest) -> HttpResponse:
    """How each programme's cases are scored."""
    desk = Desk.of(request)
    return render(request, "admin/rubrics/list.html", desk.page(_("Rubrics"), scored=desk.scored))


@require_safe
def rubric_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What is scored now, what is being written, and the earlier versions."""
    desk = Desk.of(request)
    scored = desk.programme(pk)
    context = desk.page(scored.programme.name, scored=scored, rubric=scored.shown)
    return render(request, "admin/rubrics/rubric.html", context)


@require_safe
def version_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A version that was used: scores given by it are read by it."""
    desk = Desk.of(request)
    scored = desk.programme(pk)
    version = next((each for each in scored.used if each.number == number), None)
    if version is None:
        raise Http404
    title = _("Version %(number)s") % {"number": version.number}
    context = desk.page(title, scored=scored, version=version, rubric=rubric_shown(version))
    return render(request, "admin/rubrics/version.html", context)


@require_POST
def draft_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """A copy of what is used now, to be changed."""
    desk = Desk.of(request)
    draft_rubric(desk.programme(pk, edit=True).programme, by=desk.by, at=desk.at)
    return redirect("admin:applications_rubric_edit", pk)


@require_safe
def draft_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft with its weights and scales beside what is used now, and the button that uses it."""
    desk = Desk.of(request)
    scored = desk.programme(pk)
    if scored.draft is None:
        return redirect("admin:applications_rubric_change", pk)
    context = desk.page(_("Draft"), scored=scored, draft=scored.draft, rubric=rubric_shown(scored.draft))
    return render(request, "admin/rubrics/draft.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def draft_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form. Adding, removing and moving categories shows it again unsaved; a save that meets another
    officer's says so, shows what they wrote and keeps what was typed."""
    desk = Desk.of(request)
    scored = desk.programme(pk, edit=True)
    draft = scored.draft
    if draft is None:
        if request.method != "POST":
            return redirect("admin:applications_rubric_change", pk)
        # used or thrown away meanwhile: what was typed goes on in a new draft
        draft = draft_rubric(scored.programme, by=desk.by, at=desk.at)
        messages.warning(
            request,
            _("The draft you had open was used or discarded. Here is a new one with your entries."),
        )
        return _editor(desk, scored, draft, RubricForms(draft, request.POST, bound=False))
    if request.method != "POST":
        return _editor(desk, scored, draft, RubricForms(draft))
    seen, act = request.POST.get("seen", ""), request.POST.get("act", "save")
    if act != "save":
        editor = RubricForms(draft, rearranged(request.POST, act), bound=False)
        return _editor(desk, scored, draft, editor, seen=seen, act=act)
    editor = RubricForms(draft, request.POST)
    if not editor.is_valid():
        return _editor(desk, scored, draft, editor, seen=seen)
    given = editor.form.cleaned_data
    try:
        save_rubric(
            draft,
            categories=editor.categories(),
            agreement=given["agreement"],
            is_blind=given["is_blind"],
            reason=given["reason"],
            seen=seen,
            by=desk.by,
            at=desk.at,
        )
    except RubricChanged as refused:
        editor.form.add_error(None, str(refused))
        return _editor(desk, scored, draft, editor, meanwhile=rubric_shown(draft))
    except Refusal as refused:
        editor.form.add_error(None, str(refused))
        return _editor(desk, scored, draft, editor, seen=seen)
    messages.success(request, _("The draft is saved."))
    return redirect("admin:applications_rubric_draft", pk)


@require_POST
def draft_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Used from now on."""
    desk = Desk.of(request)
    draft = desk.programme(pk, edit=True).draft
    if draft is None:
        raise Http404
    seen = request.POST.get("seen", "")
    done = _("Cases are scored by this rubric from now on.")
    if desk.do(lambda: use_rubric(draft, seen=seen, by=desk.by, at=desk.at), done=done):
        return redirect("admin:applications_rubric_change", pk)
    return redirect("admin:applications_rubric_draft", pk)


@require_POST
def draft_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Thrown away; what is used stays."""
    desk = Desk.of(request)
    draft = desk.programme(pk, edit=True).draft
    if draft is None:
        raise Http404
    done = _("The draft is discarded. What is used stays as it is.")
    desk.do(lambda: discard_rubric(draft, by=desk.by, at=desk.at), done=done)
    return redirect("admin:applications_rubric_change", pk)


def _editor(
    desk: Desk,
    scored: ProgrammeScored,
    draft: Rubric,
    editor: RubricForms,
    *,
    seen: str = "",
    act: str = "",
    meanwhile: RubricShown | None = None,
) -> HttpResponse:
    kind, _colon, name = act.partition(":")
    moved = editor.rows[-1:] if kind == "add" else [row for row in editor.rows if row.prefix == f"q{name}"]
    for row in moved:  # the page comes back where the person was
        row.fields["label_en"].widget.attrs["autofocus"] = True
    context = desk.page(
        _("Edit the rubric"),
        scored=scored,
        draft=draft,
        editor=editor,
        forms=editor.forms,
        # what the draft was when this form was opened; after another's save, what it is now
        seen=seen or draft.edition,
        rubric=meanwhile,
    )
    return render(desk.request, "admin/rubrics/edit.html", context)


@admin.register(Rubric)
class RubricAdmin(OfficePages):
    """Below a programme's address. Whoever opens cases sees them: readers should know by what they score."""

    def get_urls(self) -> list[URLPattern]:
        return [
            self.page("", rubric_list, "changelist"),
            self.page("<int:pk>/", rubric_page, "change"),
            self.page("<int:pk>/begin/", draft_begin, "begin"),
            self.page("<int:pk>/draft/", draft_page, "draft"),
            self.page("<int:pk>/edit/", draft_edit, "edit"),
            self.page("<int:pk>/use/", draft_use, "use"),
            self.page("<int:pk>/discard/", draft_discard, "discard"),
            self.page("<int:pk>/versions/<int:number>/", version_page, "version"),
        ]
