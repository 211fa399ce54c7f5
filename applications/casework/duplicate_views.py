"""Two records that are perhaps one person's: all of them listed, and the page that decides on two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from admissions_portal import clock
from admissions_portal.accounts.requests import user_of
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from applications.casework.duplicate_forms import PairForm
from applications.casework.frame import act_context, admin_context, case_or_404, try_act
from applications.casework.meanwhile import (
    check_nothing_changed,
    done_by_others,
    history_of,
    read_version,
    version_of,
    version_seen,
)
from applications.casework.same_person import side_by_side, what_joining_means, words_of
from applications.casework.told import told_events
from applications.duplicates.actions import join_records, tell_apart, undo_judgement
from applications.duplicates.models import LikelyPair
from applications.duplicates.permissions import can_judge_pair
from applications.duplicates.queries import judgement_on, pairs_listed
from applications.lifecycle.models import Application
from applications.lifecycle.queries import full_name_of
from programmes.permissions import rights_today

PAGE_SIZE: Final = 50
SEEN_OTHER: Final = "seen_other"
# by the button: the act, and what is said once it is done
ACTS: Final[dict[str, tuple[Callable[..., object], Promise]]] = {
    "join": (
        join_records,
        gettext_lazy("The two records are one person’s from now on. You can undo it on this page."),
    ),
    "apart": (
        tell_apart,
        gettext_lazy("It is on the file that these are two people. The pair is not listed again."),
    ),
    "undo": (undo_judgement, gettext_lazy("It is undone: everything is as it was before.")),
}


@require_safe
def same_people(request: HttpRequest) -> HttpResponse:
    """Every pair of records in one's programmes that are perhaps one person's and that nobody has judged."""
    if Right.MERGE_PEOPLE not in rights_today(request):
        raise Http404
    pairs = pairs_listed(user_of(request), on=day_of(clock.now()))
    page = Paginator(pairs, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [
        (
            each,
            [(case, full_name_of(case)) for case in (each.application, each.other)],
            words_of(each.reasons),
        )
        for each in page.object_list
    ]
    context = admin_context(request, _("Perhaps the same person"), page=page, rows=rows)
    return render(request, "admin/cases/same_people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def same_person(request: HttpRequest, pk: UUID, other_pk: UUID) -> HttpResponse:
    """Two records side by side: what they have in common, what differs, what joining them would change."""
    case, other = (case_or_404(request, each, right=Right.MERGE_PEOPLE) for each in (pk, other_pk))
    if not can_judge_pair(case, other, by=Actor.of(user_of(request)), at=clock.now()):
        raise Http404
    if request.method != "POST":
        return _page(request, case, other)
    name = request.POST.get("act", "")
    form = PairForm(request.POST, act=name)
    if name not in ACTS or not form.is_valid():
        return _page(request, case, other, form=form)
    act, done = ACTS[name]

    def judge(by: Actor, at: datetime) -> None:
        seen = {case.pk: version_seen(request), other.pk: read_version(request.POST.get(SEEN_OTHER, ""))}
        for each in sorted(seen):  # locked in one order, whichever side of the pair an officer came from
            check_nothing_changed(each, since=seen[each] or 0, by=by)
        act(case, other, because=form.cleaned_data["because"], by=by, at=at)

    answer = try_act(request, judge)
    for refusal in answer.refusals:
        messages.error(request, refusal)
    if not answer.is_done:
        return _page(request, case, other, form=form, held=answer.held)
    messages.success(request, str(done))
    return redirect(request.path)


def _page(
    request: HttpRequest,
    case: Application,
    other: Application,
    *,
    form: PairForm | None = None,
    held: bool = False,
) -> HttpResponse:
    history = history_of(other.pk)
    standing = judgement_on(case, other)
    offered = ("undo",) if standing else ("join", "apart")
    forms = {f"{act}_form": form if form and form.act == act else PairForm(act=act) for act in offered}
    pair = LikelyPair.objects.filter(application=case, other=other).first()
    context = act_context(
        request,
        case,
        _("One person or two?"),
        held=held,
        bound=[form] if form else (),
        other=other,
        other_name=full_name_of(other),
        standing=standing,
        reasons=words_of(pair.reasons) if pair else [],
        lines=side_by_side(case, other),
        means=[] if standing else what_joining_means(case, other),
        seen_other=version_of(history),
        **forms,
    )
    if request.method == "POST":
        by, since = Actor.of(user_of(request)), read_version(request.POST.get(SEEN_OTHER, ""))
        context["meanwhile"] += told_events(other, done_by_others(history, since=since or 0, by=by))
        context["posted"] = [
            (key, str(context["seen_other"]) if key == SEEN_OTHER else value)
            for key, value in context["posted"]
        ]
    return render(request, "admin/cases/same_person.html", context)
