"""The office's pages about questions: read, written, looked at as the applicant sees them, published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Prefetch
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
from admissions_portal.support.forms import PortalForm
from admissions_portal.support.refusals import Refusal
from programmes.models import Programme, QuestionSet, QuestionVersion
from programmes.office_pages import OfficePages
from programmes.queries import programmes_of
from programmes.questions.actions import (
    QuestionsChanged,
    begin_questions,
    discard_questions,
    draft_questions,
    publish_questions,
    save_questions,
)
from programmes.questions.comparing import changes_between, lines_of, untranslated
from programmes.questions.content import QuestionKind, Questions, said
from programmes.questions.fields import field_for
from programmes.questions.forms import DraftForms, QuestionsAboutForm, rearranged
from programmes.questions.queries import programmes_asking_each


@dataclass
class Desk:
    """One request of the office. Sets of programmes whose cases one opens may be read, those of programmes
    one edits may be changed; any other does not exist: 404."""

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
    def edited(self) -> list[Programme]:
        held = programmes_of(user_of(self.request), Right.EDIT_CATALOGUE, self.today)
        return list(held.select_related("institution"))

    @cached_property
    def seen(self) -> set[int]:
        read = programmes_of(user_of(self.request), Right.SEE_CASES, self.today).values_list("pk", flat=True)
        return {*read, *(each.pk for each in self.edited)}

    @cached_property
    def sets(self) -> list[ShownSet]:
        """Those one may read, with all that is shown of them."""
        versions = QuestionVersion.objects.select_related("drafted_by", "published_by")
        rows = list(
            QuestionSet.objects.select_related("institution", "programme").prefetch_related(
                Prefetch("versions", versions)
            )
        )
        asking = programmes_asking_each(rows)
        shown = [ShownSet(row, asking[row.pk], self) for row in rows]
        return [each for each in shown if self.seen & {programme.pk for programme in each.programmes}]

    def set(self, pk: int, *, edit: bool = False) -> ShownSet:
        found = next((each for each in self.sets if each.set.pk == pk), None)
        if found is None or (edit and not found.may_edit):
            raise Http404
        return found

    def page(self, title: str, **more: Any) -> dict[str, Any]:
        return {
            **admin.site.each_context(self.request),
            "title": title,
            "opts": QuestionSet._meta,
            "now": self.at,
            "today": self.today,
            **more,
        }

    def do(self, act: Callable[[], object], *, done: str) -> bool:
        """One call into an action; its refusal or `done` as a message."""
        try:
            act()
        except Refusal as refused:
            messages.error(self.request, str(refused))
            return False
        messages.success(self.request, done)
        return True


class ShownSet:
    """A set as the pages show it."""

    def __init__(self, questions: QuestionSet, programmes: list[Programme], desk: Desk) -> None:
        self.set, self.programmes, self._desk = questions, programmes, desk
        versions = list(questions.versions.all())
        self.draft = next((each for each in versions if each.is_draft), None)
        self.published = [each for each in versions if not each.is_draft]
        due = [each for each in self.published if each.effective_from <= desk.today]
        self.in_force = max(due, key=lambda each: (each.effective_from, each.number or 0), default=None)
        self.upcoming = [each for each in self.published if each.effective_from > desk.today]

    @property
    def title(self) -> str:
        newest = self.in_force or next(iter(self.published), None) or self.draft
        return (said(newest.record().title) if newest else "") or self.set.code

    @property
    def for_whom(self) -> str:
        if self.set.programme is not None:
            return self.set.programme.name
        return _("All research programmes of %(institution)s") % {"institution": self.set.institution.name}

    @property
    def may_edit(self) -> bool:
        held = {each.pk for each in self._desk.edited}
        return bool(self.programmes) and {each.pk for each in self.programmes} <= held

    def before(self, version: QuestionVersion) -> QuestionVersion | None:
        """The version published before it."""
        if version.number is None:
            return next(iter(self.published), None)
        return next((each for each in self.published if (each.number or 0) < (version.number or 0)), None)


@require_safe
def set_list(request: HttpRequest) -> HttpResponse:
    """Who asks what, since when, and what is being written."""
    desk = Desk.of(request)
    context = desk.page(_("Questions of programmes"), sets=desk.sets, may_add=bool(desk.edited))
    return render(request, "admin/questions/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def set_add(request: HttpRequest) -> HttpResponse:
    """Begin the questions of a programme, or of an institution's research programmes."""
    desk = Desk.of(request)
    if not desk.edited:
        raise Http404
    form = QuestionsAboutForm(request.POST if request.method == "POST" else None, programmes=desk.edited)
    if form.is_valid():
        draft = begin_questions(form.chosen(), by=desk.by, at=desk.at)
        return redirect("admin:programmes_questionset_edit", draft.set_id)
    return render(request, "admin/questions/add.html", desk.page(_("Begin a set of questions"), form=form))


@require_safe
def set_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One set: its draft with the next step, what is in force as applicants see it, its versions."""
    desk = Desk.of(request)
    shown = desk.set(pk)
    version = shown.in_force
    context = desk.page(
        shown.title, shown=shown, version=version, preview=version and _preview(version.record())
    )
    return render(request, "admin/questions/set.html", context)


@require_safe
def version_page(request: HttpRequest, pk: int, version_pk: int) -> HttpResponse:
    """A version as applicants see it, and what it changed."""
    desk = Desk.of(request)
    shown = desk.set(pk)
    version = next((each for each in shown.published if each.pk == version_pk), None)
    if version is None:
        raise Http404
    before = shown.before(version)
    context = desk.page(
        _("Version %(number)s") % {"number": version.number},
        shown=shown,
        version=version,
        before=before,
        preview=_preview(version.record()),
        changes=changes_between(before.record() if before else None, version.record()) if before else [],
    )
    return render(request, "admin/questions/version.html", context)


@require_POST
def draft_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """A copy of the version published last, to be changed."""
    desk = Desk.of(request)
    draft_questions(desk.set(pk, edit=True).set, by=desk.by, at=desk.at)
    return redirect("admin:programmes_questionset_edit", pk)


@require_safe
def draft_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft as the applicant will see it, what it changes, and the button that publishes it."""
    desk = Desk.of(request)
    shown = desk.set(pk)
    draft = shown.draft
    if draft is None:
        return redirect("admin:programmes_questionset_change", pk)
    before, content = shown.before(draft), draft.record()
    context = desk.page(
        _("Draft"),
        shown=shown,
        draft=draft,
        before=before,
        preview=_preview(content),
        changes=changes_between(before.record() if before else None, content),
        untranslated=untranslated(content),
    )
    return render(request, "admin/questions/draft.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def draft_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form. Adding, removing and moving questions shows it again unsaved; a save that meets another
    officer's says so, shows what they wrote and keeps what was typed."""
    desk = Desk.of(request)
    shown = desk.set(pk, edit=True)
    draft = shown.draft
    if draft is None:
        if request.method != "POST":
            return redirect("admin:programmes_questionset_change", pk)
        # published or thrown away meanwhile: what was typed goes on in a new draft
        draft = draft_questions(shown.set, by=desk.by, at=desk.at)
        messages.warning(
            request,
            _("The draft you had open was published or discarded. Here is a new one with your entries."),
        )
        return _editor(desk, shown, draft, _forms(draft, request.POST, bound=False))
    if request.method != "POST":
        return _editor(desk, shown, draft, _forms(draft))
    act = request.POST.get("act", "save")
    if act != "save":
        typed = rearranged(request.POST, act)
        editor = _forms(draft, typed, bound=False)
        return _editor(desk, shown, draft, editor, seen=request.POST.get("seen", ""), act=act)
    editor = _forms(draft, request.POST)
    meanwhile: list[Any] = []
    if editor.is_valid():
        given = editor.form.cleaned_data
        written = editor.questions()
        try:
            save_questions(
                draft,
                content=written,
                effective_from=given["effective_from"],
                reason=given["reason"],
                seen=request.POST.get("seen", ""),
                by=desk.by,
                at=desk.at,
            )
        except QuestionsChanged as refused:
            editor.form.add_error(None, str(refused))
            meanwhile = changes_between(written, draft.record())
            return _editor(desk, shown, draft, editor, meanwhile=meanwhile)
        except Refusal as refused:
            editor.form.add_error(None, str(refused))
        else:
            messages.success(request, _("The draft is saved."))
            return redirect("admin:programmes_questionset_draft", pk)
    return _editor(desk, shown, draft, editor, seen=request.POST.get("seen", ""))


@require_POST
def draft_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Published for good."""
    desk = Desk.of(request)
    shown = desk.set(pk, edit=True)
    draft = shown.draft
    if draft is None:
        raise Http404
    seen = request.POST.get("seen", "")
    done = _("The questions are published.")
    if desk.do(lambda: publish_questions(draft, seen=seen, by=desk.by, at=desk.at), done=done):
        return redirect("admin:programmes_questionset_change", pk)
    return redirect("admin:programmes_questionset_draft", pk)


@require_POST
def draft_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Thrown away; what is in force stays."""
    desk = Desk.of(request)
    draft = desk.set(pk, edit=True).draft
    if draft is None:
        raise Http404
    done = _("The draft is discarded. What is in force stays as it is.")
    desk.do(lambda: discard_questions(draft, by=desk.by, at=desk.at), done=done)
    if QuestionSet.objects.filter(pk=pk).exists():
        return redirect("admin:programmes_questionset_change", pk)
    return redirect("admin:programmes_questionset_changelist")


def _forms(draft: QuestionVersion, data: Any = None, *, bound: bool = True) -> DraftForms:
    return DraftForms(
        draft.record(), effective_from=draft.effective_from, reason=draft.reason, data=data, bound=bound
    )


def _editor(
    desk: Desk,
    shown: ShownSet,
    draft: QuestionVersion,
    editor: DraftForms,
    *,
    seen: str = "",
    act: str = "",
    meanwhile: list[Any] | None = None,
) -> HttpResponse:
    kind, _colon, name = act.partition(":")
    moved = editor.rows[-1:] if kind == "add" else [row for row in editor.rows if row.prefix == f"q{name}"]
    for row in moved:  # the page comes back where the person was
        row.fields["label_en"].widget.attrs["autofocus"] = True
    context = desk.page(
        _("Edit the questions"),
        shown=shown,
        draft=draft,
        editor=editor,
        forms=editor.forms,
        # what the draft was when this form was opened; after another's save, what it is now
        seen=seen or draft.edition,
        meanwhile=meanwhile,
    )
    return render(desk.request, "admin/questions/edit.html", context)


def _preview(content: Questions) -> dict[str, Any]:
    """The questions as the applicant sees them: the very fields of the form, not to be written in."""
    form = PortalForm()
    documents, supervisors = [], None
    for question in content.questions:
        if question.is_file:
            documents.append(question)
        elif question.kind is QuestionKind.SUPERVISORS:
            supervisors = question
        else:
            form.fields[question.key] = field_for(question)
    if supervisors:
        form.fields["supervisor-name"] = forms.CharField(label=_("Name"), required=False)
        for option in supervisors.options:
            form.fields["supervisor-box"] = forms.BooleanField(label=said(option.label), required=False)
    for field in form.fields.values():
        field.disabled = True
    return {
        "form": form,
        "content": content,
        "title": said(content.title),
        "intro": said(content.intro),
        "documents": documents,
        "supervisors": supervisors,
        "lines": [(question, lines_of(question)) for question in content.questions],
        "sources": [question for question in content.questions if question.source],
    }


@admin.register(QuestionSet)
class QuestionSetAdmin(OfficePages):
    """Below the set's addresses."""

    seen_with = frozenset({Right.SEE_CASES, Right.EDIT_CATALOGUE})
    added_with = frozenset({Right.EDIT_CATALOGUE})

    def get_urls(self) -> list[URLPattern]:
        return [
            self.page("", set_list, "changelist"),
            self.page("add/", set_add, "add"),
            self.page("<int:pk>/", set_page, "change"),
            self.page("<int:pk>/begin/", draft_begin, "begin"),
            self.page("<int:pk>/draft/", draft_page, "draft"),
            self.page("<int:pk>/edit/", draft_edit, "edit"),
            self.page("<int:pk>/publish/", draft_publish, "publish"),
            self.page("<int:pk>/discard/", draft_discard, "discard"),
            self.page("<int:pk>/versions/<int:version_pk>/", version_page, "version"),
        ]
