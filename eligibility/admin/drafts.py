"""The draft of a policy: written in its form, looked at on its page, approved, published or thrown away."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.forms.boundfield import BoundField
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from eligibility.actions import (
    DraftChanged,
    OutOfOrder,
    PolicyRefused,
    approve_draft,
    discard_draft,
    draft_version,
    publish_version,
    save_draft,
)
from eligibility.admin.desk import Desk
from eligibility.admin.shown import PolicyShown, changes_between, counted, impact_address, show_policy
from eligibility.forms.drafts import Merged, as_one, merge, read_was, suffixes_of
from eligibility.forms.english import new_key
from eligibility.forms.overlays import OverlayDraftForm
from eligibility.forms.policies import PolicyDraftForm
from eligibility.models import Policy, PolicyVersion
from eligibility.queries import rules_below
from eligibility.regulation import sections_of
from eligibility.values import listed

Form = PolicyDraftForm | OverlayDraftForm


@require_POST
def draft_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """A copy of what takes force last, to be changed."""
    desk = Desk.of(request)
    policy = desk.policy(pk, edit=True)
    if refused := desk.do(lambda: draft_version(policy, by=desk.by, at=desk.at)):
        messages.error(request, refused)
        return redirect("admin:eligibility_policy_change", pk)
    return redirect("admin:eligibility_policy_edit", pk)


@require_safe
def draft_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What the draft changes, who wrote it and why, and the one next step."""
    desk = Desk.of(request)
    shown = show_policy(desk, desk.policy(pk))
    draft = shown.draft
    if draft is None:
        return redirect("admin:eligibility_policy_change", pk)
    before = shown.before(draft)
    return render(
        request,
        "admin/eligibility/draft.html",
        desk.page(
            _("%(title)s, draft") % {"title": draft.record().title},
            shown=shown,
            draft=draft,
            before=before,
            changes=changes_between(before, draft),
            sections=[] if before else sections_of(draft.record()),
            step=shown.step(desk.user),
            impact_url=impact_address("version", draft.pk),
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def draft_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form. Adding and removing rows shows it again unsaved; a save that meets another's shows both."""
    desk = Desk.of(request)
    policy = desk.policy(pk, edit=True)
    draft = policy.versions.filter(published_at__isnull=True).select_related("drafted_by").first()
    if request.method != "POST":
        return (
            _form_page(desk, policy, draft, _form(draft))
            if draft
            else redirect("admin:eligibility_policy_change", pk)
        )
    sent, told = request.POST, ""
    if draft is None:
        # published or thrown away meanwhile: what was typed goes on in a new draft
        told = _("The draft you had open was published or discarded. Here is a new one with your entries.")
        if refused := desk.do(lambda: draft_version(policy, by=desk.by, at=desk.at)):
            messages.error(request, refused)
            return redirect("admin:eligibility_policy_change", pk)
        draft = policy.versions.select_related("drafted_by").get(published_at__isnull=True)
    act = sent.get("act", "save")
    if act != "save":
        return _form_page(desk, policy, draft, _form(draft, typed=_grown(sent, act)), was=sent.get("was", ""))
    merged = _merged(draft, sent)
    if told or merged is not None:
        data = merged.data if merged else sent
        return _form_page(desk, policy, draft, _form(draft, data=data), meanwhile=merged, told=told)
    form = _form(draft, data=sent)
    if form.is_valid() and (answer := _saved(desk, draft, form)) is not None:
        return answer
    if form.is_valid():  # somebody saved between our look and the lock: the next look shows both
        return draft_edit(request, pk)
    return _form_page(desk, policy, draft, form, was=sent.get("was", ""))


def _saved(desk: Desk, draft: PolicyVersion, form: Form) -> HttpResponse | None:
    """Save what is typed. None: another edition is there now. A refusal becomes the form's own error."""
    try:
        save_draft(
            draft,
            content=form.content(),
            effective_from=form.cleaned_data["effective_from"],
            reason=form.cleaned_data["reason"],
            seen=draft.edition,
            by=desk.by,
            at=desk.at,
        )
    except DraftChanged:
        return None
    except PolicyRefused as refused:
        form.add_error(None, str(refused))
        return _form_page(desk, draft.policy, draft, form)
    messages.success(desk.request, _("The draft is saved."))
    return redirect("admin:eligibility_policy_draft", draft.policy_id)


@require_POST
def draft_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person's yes."""
    desk, draft = _draft(request, pk)
    seen = request.POST.get("seen", "")
    refused = desk.do(
        lambda: approve_draft(draft, seen=seen, by=desk.by, at=desk.at), done=_("The draft is approved.")
    )
    if refused:
        messages.error(request, refused)
    return redirect("admin:eligibility_policy_draft", pk)


@require_POST
def draft_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Thrown away; what is in force stays."""
    desk, draft = _draft(request, pk)
    done = _("The draft is discarded. What is in force stays as it is.")
    if refused := desk.do(lambda: discard_draft(draft, by=desk.by, at=desk.at), done=done):
        messages.error(request, refused)
    if Policy.objects.filter(pk=pk).exists():
        return redirect("admin:eligibility_policy_change", pk)
    return redirect("admin:eligibility_policy_changelist")


@require_http_methods(["GET", "HEAD", "POST"])
def draft_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What publishing will do, with the counts of the preview; then it is done, for good."""
    desk = Desk.of(request)
    shown = show_policy(desk, desk.policy(pk, edit=True))
    draft = shown.draft
    if draft is None:
        return redirect("admin:eligibility_policy_change", pk)
    step = shown.step(desk.user)
    refused, is_out_of_order = "", False
    if request.method == "POST":
        try:
            published = publish_version(
                draft,
                seen=request.POST.get("seen", ""),
                out_of_order=bool(request.POST.get("out_of_order")),
                by=desk.by,
                at=desk.at,
            )
        except OutOfOrder as order:
            refused, is_out_of_order = str(order), True
        except PolicyRefused as no:
            refused = str(no)
        else:
            done = _("Version %(number)s is published.") % {"number": published.number}
            messages.success(request, done)
            page = reverse("admin:eligibility_policyversion_change", args=[published.pk])
            return redirect(f"{page}?published")
    before = shown.before(draft)
    return render(
        request,
        "admin/eligibility/publish.html",
        desk.page(
            _("Publish the draft"),
            shown=shown,
            draft=draft,
            before=before,
            changes=changes_between(before, draft),
            step=step,
            preview=shown.preview,
            count_lines=counted(shown.preview) if shown.preview else [],
            refused=refused,
            is_out_of_order=is_out_of_order,
            impact_url=impact_address("version", draft.pk),
        ),
    )


def _draft(request: HttpRequest, pk: int) -> tuple[Desk, PolicyVersion]:
    desk = Desk.of(request)
    policy = desk.policy(pk, edit=True)
    draft = policy.versions.filter(published_at__isnull=True).first()
    if draft is None:
        raise Http404
    draft.policy = policy
    return desk, draft


def _form(draft: PolicyVersion, **typing: Any) -> Form:
    when_and_why: dict[str, Any] = {"effective_from": draft.effective_from, "reason": draft.reason}
    if not draft.policy.is_overlay:
        return PolicyDraftForm(draft.requirements(), **when_and_why, **typing)
    below = [rules.requirements() for rules in rules_below(draft.policy, draft.effective_from)]
    return OverlayDraftForm(draft.policy, draft.overlay(), below, **when_and_why, **typing)


def _merged(draft: PolicyVersion, sent: QueryDict) -> Merged | None:
    """Both officers' work, where the draft is not the one this form was opened on."""
    theirs = _form(draft).as_typed()
    was = read_was(sent.get("was"))
    if was is None or as_one(was) == as_one(theirs):
        return None
    return merge(was, theirs, sent)


def _grown(sent: QueryDict, act: str) -> QueryDict:
    """What was typed with one row more or less: `add-test`, `add-clause:2`, `remove-test:DUOLINGO`."""
    typed = sent.copy()
    kind, _colon, key = act.partition(":")
    name = "own_clause" if kind.endswith("clause") else "test"
    keys = typed.getlist(name)
    if kind.startswith("remove-"):
        typed.setlist(name, [each for each in keys if each != key])
    elif kind == "add-clause":
        typed.setlist(name, [*keys, key])
    elif kind == "add-test" and (added := str(typed.get("add_test", ""))):
        typed.setlist(name, [*keys, new_key(added, keys)])
        typed["add_test"] = ""
    return typed


@dataclass
class Meanwhile:
    """What another officer saved while this one was writing."""

    who: str
    when: Any
    clashes: list[tuple[BoundField, str]] = field(default_factory=list)


def _form_page(
    desk: Desk,
    policy: Policy,
    draft: PolicyVersion,
    form: Form,
    *,
    was: str = "",
    meanwhile: Merged | None = None,
    told: str = "",
) -> HttpResponse:
    theirs = None
    if meanwhile is not None:
        theirs = Meanwhile(str(draft.drafted_by or _("Somebody")), draft.drafted_at)
        by_input = {name: bound for bound in form for name in _inputs(bound)}
        theirs.clashes = [
            (by_input[name], _in_words(by_input[name], text))
            for name, text in meanwhile.clashes.items()
            if name in by_input
        ]
    return render(
        desk.request,
        "admin/eligibility/edit_layer.html" if policy.is_overlay else "admin/eligibility/edit.html",
        desk.page(
            _("Edit the draft"),
            shown=PolicyShown(policy, desk.programmes_of(policy), True, desk.today),
            draft=draft,
            form=form,
            # what the draft was when this form was opened; after a merge, what it is now
            was=was or _form(draft).was,
            meanwhile=theirs,
            told=told,
        ),
    )


def _in_words(bound: BoundField, text: str) -> str:
    """What the other one answered, by the words of the choice where it is one."""
    choices = dict(getattr(bound.field, "choices", ()))
    return listed(str(choices.get(code, code)) for code in text.split(", ")) or _("nothing")


def _inputs(bound: BoundField) -> list[str]:
    return [bound.html_name + suffix for suffix in suffixes_of(bound.field.widget)]
