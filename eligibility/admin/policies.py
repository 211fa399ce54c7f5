"""Policies to be read: the list, one policy with its history, one version as the regulation it is, and what
changed between two."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from eligibility.actions import draft_policy_layer
from eligibility.admin.desk import Desk
from eligibility.admin.shown import PolicyShown, address_of, changes_between, show_policies, show_policy
from eligibility.forms.layers import LayerForm
from eligibility.models import PolicyVersion
from eligibility.queries import rules_below
from eligibility.regulation import sections_of
from eligibility.writing_yaml import policy_file_of

_TYPES = {"json": "application/json", "yaml": "application/yaml; charset=utf-8"}


@require_safe
def policy_list(request: HttpRequest) -> HttpResponse:
    """What is in force, what comes and what is being written, by institution."""
    desk = Desk.of(request)
    shown = show_policies(desk, desk.policies)
    for each in shown:
        step = each.step(desk.user)
        each.waits_for = step.title if step else ""
    return render(
        request,
        "admin/eligibility/policies.html",
        desk.page(
            _("Admission rules"),
            houses=_by_house(shown),
            may_add=bool(desk.edited),
        ),
    )


@require_safe
def policy_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One policy: in force, to come, its draft with the next step, its history."""
    desk = Desk.of(request)
    shown = show_policy(desk, desk.policy(pk))
    return render(
        request,
        "admin/eligibility/policy.html",
        desk.page(
            shown.policy.title,
            shown=shown,
            step=shown.step(desk.user),
            house=_house(shown),
            history=[(version, *shown.state_of(version)) for version in shown.published],
        ),
    )


@require_safe
def policy_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed between any two versions, the draft among them."""
    desk = Desk.of(request)
    shown = show_policy(desk, desk.policy(pk))
    versions = {str(version.pk): version for version in (shown.draft, *shown.published) if version}
    after = versions.get(request.GET.get("to", "")) or next(iter(versions.values()), None)
    before = versions.get(request.GET.get("from", "")) or (shown.before(after) if after else None)
    changes = changes_between(before, after)
    return render(
        request,
        "admin/eligibility/compare.html",
        desk.page(
            _("What changed"),
            shown=shown,
            house=_house(shown),
            versions=list(versions.values()),
            before=before,
            after=after,
            changes=changes,
        ),
    )


@require_safe
def version_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A published version, rule by rule; a draft has its own page."""
    desk = Desk.of(request)
    version, shown = version_and_policy(desk, pk)
    if version.is_draft:
        return redirect("admin:eligibility_policy_draft", shown.policy.pk)
    return render(
        request,
        "admin/eligibility/version.html",
        desk.page(
            _("%(title)s, version %(number)s") % {"title": version.record().title, "number": version.number},
            shown=shown,
            house=_house(shown),
            version=version,
            state=shown.state_of(version)[0],
            shape=shown.state_of(version)[1],
            before=shown.before(version),
            reassess_url=address_of("admin:eligibility_reassess")
            if shown.may_edit and "published" in request.GET
            else "",
            sections=sections_of(version.record()),
            below=[rules.versions for rules in rules_below(shown.policy, version.effective_from)]
            if shown.policy.is_overlay
            else [],
        ),
    )


@require_safe
def version_export(request: HttpRequest, pk: int, file_format: str) -> HttpResponse:
    """The version as a file: YAML as `manage.py load_policies` reads it, JSON as the engine does."""
    if file_format not in _TYPES:
        raise Http404
    version, shown = version_and_policy(Desk.of(request), pk)
    if file_format == "json":
        text = json.dumps(version.content, indent=2, ensure_ascii=False) + "\n"
    else:
        text = policy_file_of(version)
    name = f"{shown.policy.code.lower()}-{version.number or 'draft'}.{file_format}"
    return HttpResponse(
        text,
        content_type=_TYPES[file_format],
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def layer_add(request: HttpRequest) -> HttpResponse:
    """Begin what a School or a programme asks beyond its university."""
    desk = Desk.of(request)
    if not desk.edited:
        raise Http404
    form = LayerForm(request.POST if request.method == "POST" else None, programmes=desk.edited)
    if form.is_valid():
        refused = desk.do(lambda: _begin_layer(desk, form))
        if not refused:
            return redirect("admin:eligibility_policy_edit", form.policy_pk)
        form.add_error(None, refused)
    return render(
        request,
        "admin/eligibility/layer.html",
        desk.page(_("Rules of a School or programme"), form=form),
    )


def _begin_layer(desk: Desk, form: LayerForm) -> None:
    draft = draft_policy_layer(form.about_chosen(), **form.terms(), by=desk.by, at=desk.at)
    form.policy_pk = draft.policy_id


def version_and_policy(desk: Desk, pk: int) -> tuple[PolicyVersion, PolicyShown]:
    """A version within reach, with its policy; 404 otherwise."""
    version = PolicyVersion.objects.select_related("policy", "published_by").filter(pk=pk).first()
    if version is None:
        raise Http404
    return version, show_policy(desk, desk.policy(version.policy_id))


def _house(shown: PolicyShown) -> str:
    return shown.programmes[0].institution.name


def _by_house(shown: Iterable[PolicyShown]) -> dict[str, list[PolicyShown]]:
    houses: dict[str, list[PolicyShown]] = {}
    for each in shown:
        houses.setdefault(_house(each), []).append(each)
    # the university's own rules first, then the layers on them
    order = ["UNIVERSITY", "SCHOOL", "PROGRAMME"]
    return {
        house: sorted(rows, key=lambda row: (order.index(row.policy.layer), row.policy.code))
        for house, rows in houses.items()
    }
