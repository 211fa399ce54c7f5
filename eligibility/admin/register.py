"""The acceptance register: the list, an entry and its form, put in force after a look at its effects,
withdrawn with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_countries import countries

from eligibility.actions import (
    DraftChanged,
    RegisterRefused,
    discard_acceptance,
    draft_acceptance,
    put_acceptance_in_force,
    save_acceptance,
    withdraw_acceptance,
)
from eligibility.admin.desk import Desk
from eligibility.admin.shown import counted, impact_address
from eligibility.forms.acceptances import KINDS, AcceptanceForm, WithdrawalForm
from eligibility.models import AcceptedAward
from eligibility.queries import latest_preview, spelling
from programmes.models import Programme

PAGE_SIZE = 50


@require_safe
def register_list(request: HttpRequest) -> HttpResponse:
    """Every entry one may see, those in force first; searched by any spelling."""
    desk = Desk.of(request)
    entries = list(_entries(desk))
    wanted = spelling(request.GET.get("q", ""))
    if wanted:
        entries = [
            entry
            for entry in entries
            if any(wanted in spelling(name) for name in (*entry.names, *entry.titles))
        ]
    entries.sort(key=lambda entry: (_rank(entry, desk), spelling(entry.names[0])))
    page = Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page"))
    names = _programme_names(desk)
    for entry in page.object_list:
        _tell(entry, desk, names)
    return render(
        request,
        "admin/eligibility/register.html",
        desk.page(_("Acceptance register"), page=page, q=request.GET.get("q", ""), may_add=bool(desk.edited)),
    )


@require_safe
def entry_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: what it says, and what can be done with it."""
    desk = Desk.of(request)
    return _entry_page(desk, _entry(desk, pk), WithdrawalForm())


@require_http_methods(["GET", "HEAD", "POST"])
def entry_add(request: HttpRequest) -> HttpResponse:
    """A new entry; it judges nothing until it is put in force."""
    desk = Desk.of(request)
    if not desk.edited:
        raise Http404
    form = _form(desk, request)
    if form.is_valid():
        try:
            entry = draft_acceptance(form.terms(), by=desk.by, at=desk.at)
        except RegisterRefused as refused:
            _refuse(form, refused)
        else:
            messages.success(request, _("The entry is saved. It judges nothing until it is put in force."))
            return redirect("admin:eligibility_acceptedaward_change", entry.pk)
    title = _("New entry")
    return render(request, "admin/eligibility/entry_edit.html", desk.page(title, form=form, entry=None))


@require_http_methods(["GET", "HEAD", "POST"])
def entry_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft entry changed; another officer's save meanwhile is shown beside what was typed."""
    desk = Desk.of(request)
    entry = _entry(desk, pk, edit=True)
    if not entry.is_draft:
        return redirect("admin:eligibility_acceptedaward_change", pk)
    form = _form(desk, request, initial=AcceptanceForm.initial_of(entry))
    theirs: list[tuple[Any, str]] = []
    if form.is_valid():
        try:
            save_acceptance(entry, form.terms(), seen=form.cleaned_data["seen"], by=desk.by, at=desk.at)
        except DraftChanged as changed:
            messages.warning(request, str(changed))
            theirs = _differences(form, entry)
            form.data = {**form.data.dict(), "seen": entry.edition}  # type: ignore[attr-defined]
        except RegisterRefused as refused:
            _refuse(form, refused)
        else:
            messages.success(request, _("The entry is saved."))
            return redirect("admin:eligibility_acceptedaward_change", pk)
    context = desk.page(_("Edit the entry"), form=form, entry=entry, theirs=theirs)
    return render(request, "admin/eligibility/entry_edit.html", context)


@require_POST
def entry_force(request: HttpRequest, pk: int) -> HttpResponse:
    """From now on the entry judges cases."""
    desk = Desk.of(request)
    entry = _entry(desk, pk, edit=True)
    seen = request.POST.get("seen", "")
    refused = desk.do(
        lambda: put_acceptance_in_force(entry, seen=seen, by=desk.by, at=desk.at),
        done=_("The entry is in force."),
    )
    if refused:
        messages.error(request, refused)
    return redirect("admin:eligibility_acceptedaward_change", pk)


@require_POST
def entry_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdrawn with a reason; no past assessment changes."""
    desk = Desk.of(request)
    entry = _entry(desk, pk, edit=True)
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        return _entry_page(desk, entry, form)
    reason = form.cleaned_data["reason"]
    refused = desk.do(
        lambda: withdraw_acceptance(entry, reason=reason, by=desk.by, at=desk.at),
        done=_("The entry is withdrawn. Assessments made under it stay as they are."),
    )
    if refused:
        form.add_error(None, refused)
        return _entry_page(desk, entry, form)
    return redirect("admin:eligibility_acceptedaward_change", pk)


@require_POST
def entry_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft thrown away."""
    desk = Desk.of(request)
    entry = _entry(desk, pk, edit=True)
    refused = desk.do(
        lambda: discard_acceptance(entry, by=desk.by, at=desk.at), done=_("The entry is discarded.")
    )
    if refused:
        messages.error(request, refused)
        return redirect("admin:eligibility_acceptedaward_change", pk)
    return redirect("admin:eligibility_acceptedaward_changelist")


def _entry_page(desk: Desk, entry: AcceptedAward, form: WithdrawalForm) -> HttpResponse:
    _tell(entry, desk, _programme_names(desk))
    preview = latest_preview(entry) if entry.is_draft else None
    context = desk.page(
        str(entry),
        entry=entry,
        form=form,
        preview=preview,
        count_lines=counted(preview) if preview else [],
        country=countries.name(entry.country) if entry.country else _("Anywhere"),
        may_edit=_may_edit(desk, entry),
        kind=KINDS[entry.kind],
        impact_url=impact_address("acceptance", entry.pk),
        reference=entry.reference,
    )
    return render(desk.request, "admin/eligibility/entry.html", context)


def _entries(desk: Desk) -> QuerySet[AcceptedAward]:
    """Entries that speak of a programme whose cases one may open."""
    codes = {programme.institution.code for programme in desk.seen}
    slugs = {programme.slug for programme in desk.seen}
    people = ("drafted_by", "put_in_force_by", "withdrawn_by")
    return AcceptedAward.objects.filter(
        institution_code__in=codes, programme_slug__in=["", *slugs]
    ).select_related(*people)


def _entry(desk: Desk, pk: int, *, edit: bool = False) -> AcceptedAward:
    entry = _entries(desk).filter(pk=pk).first()
    if entry is None or (edit and not _may_edit(desk, entry)):
        raise Http404
    return entry


def _may_edit(desk: Desk, entry: AcceptedAward) -> bool:
    if entry.programme_slug:
        return entry.programme_slug in {programme.slug for programme in desk.edited}
    return entry.institution_code in _whole(desk)


def _whole(desk: Desk) -> set[str]:
    """Institutions of which one may edit the rules of every programme."""
    edited = {programme.pk for programme in desk.edited}
    codes = {programme.institution.code for programme in desk.edited}
    rows = Programme.objects.filter(institution__code__in=codes).values_list("institution__code", "pk")
    return codes - {code for code, pk in rows if pk not in edited}


def _form(desk: Desk, request: HttpRequest, **more: Any) -> AcceptanceForm:
    data = request.POST if request.method == "POST" else None
    return AcceptanceForm(data, programmes=desk.edited, whole=_whole(desk), **more)


def _refuse(form: AcceptanceForm, refused: RegisterRefused) -> None:
    for problem in refused.problems:
        form.add_error(None, problem)


def _differences(form: AcceptanceForm, entry: AcceptedAward) -> list[tuple[Any, str]]:
    """Each field in which the saved entry differs from what is typed, with what the other one wrote."""
    entry.refresh_from_db()
    theirs = AcceptanceForm.initial_of(entry)
    told = []
    for name, value in form.cleaned_data.items():
        if name != "seen" and value != theirs[name] and (value or theirs[name]):
            choices = dict(getattr(form.fields[name], "choices", ()))
            saved = theirs[name]
            text = ", ".join(saved) if isinstance(saved, list) else str(choices.get(saved, saved or ""))
            told.append((form[name], text or _("nothing")))
    return told


def _programme_names(desk: Desk) -> dict[str, str]:
    return {programme.slug: programme.name for programme in desk.seen}


def _rank(entry: AcceptedAward, desk: Desk) -> int:
    """Drafts first, for they wait; then what judges, what has ended, what was withdrawn."""
    if entry.is_draft:
        return 0
    if entry.is_withdrawn:
        return 3
    return 1 if entry.until is None or entry.until >= desk.today else 2


def _tell(entry: Any, desk: Desk, programmes: dict[str, str]) -> None:
    """What the pages say of an entry beside its own fields."""
    if entry.is_draft:
        entry.state, entry.shape = _("Draft"), "todo"
    elif entry.is_withdrawn:
        entry.state, entry.shape = _("Withdrawn"), "na"
    elif entry.until and entry.until < desk.today:
        entry.state, entry.shape = _("Ended"), "na"
    elif entry.in_force_from > desk.today:
        entry.state, entry.shape = _("To come"), "pending"
    else:
        entry.state, entry.shape = _("In force"), "met"
    houses = {programme.institution.code: programme.institution.name for programme in desk.seen}
    house = houses[entry.institution_code]
    entry.accepted_by = programmes.get(entry.programme_slug) or _("%(institution)s, every programme") % {
        "institution": house
    }
