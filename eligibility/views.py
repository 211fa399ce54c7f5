"""The public pages of the rules: the check and the requirements. No account, nothing stored."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from admissions_portal import clock
from eligibility.checking import ProgrammeCheck
from eligibility.forms.check import ROWS, CheckSheet, Part
from eligibility.published import policies_published, version_published
from eligibility.queries import NoPolicy, rules_for, rules_for_each
from eligibility.wording import NO_GUARANTEE
from programmes.listing import show_programmes
from programmes.models import Programme
from programmes.queries import published_programmes

# Why the check's POST carries no token: it asks a question. It changes nothing, reads nothing of an account,
# and answers alike whoever sends it, so a forged one could do no more than show somebody a page. A token
# would need a cookie, and would lose a reader's answers where cookies are refused or a page stood open for a
# day. Nor is there a limit by address: it would keep addresses, and an answer costs less than a page of the
# catalogue.
asks_only = csrf_exempt


@asks_only
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def choose_programme(request: HttpRequest) -> HttpResponse:
    """Which programme to check for. A POST brings answers along from another programme's result."""
    if request.method == "POST":
        named = request.POST.get("to", "").replace("\0", "")  # the one sign PostgreSQL takes in no text
        to = get_object_or_404(published_programmes(), slug=named)
        # 307: the browser sends the same answers on, and no address ever holds them
        return HttpResponseRedirect(reverse("eligibility:check", args=[to.slug]), preserve_request=True)
    at = clock.now()
    programmes = list(published_programmes())
    rules = rules_for_each(programmes, clock.day_of(at))
    houses: dict[str, list[dict[str, Any]]] = {}
    for shown in show_programmes(programmes, at):
        row = {"shown": shown, "rules": rules.get(shown.programme.pk)}
        houses.setdefault(shown.programme.institution.name, []).append(row)
    return render(request, "eligibility/choose.html", {"houses": houses, "now": at})


@asks_only
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions of one programme's rules, and what the rules say to the answers, as if submitted now.

    Everything typed is in the POST, and comes back in the page that answers it.
    """
    at = clock.now()
    programme = get_object_or_404(published_programmes(), slug=slug)
    try:
        this = ProgrammeCheck(programme, rules_for(programme, clock.day_of(at)), at=at)
    except NoPolicy as error:
        raise Http404 from error
    if request.method != "POST":
        return _form_page(request, this, this.sheet())
    return _no_trace(_answer(request, this))


def _answer(request: HttpRequest, this: ProgrammeCheck) -> HttpResponse:
    """What the button pressed asks for: a row more, the form again, the open questions, or the result."""
    typed, act = request.POST, request.POST.get("act", "")
    if (add := typed.get("add", "")) in ROWS:
        return _form_page(request, this, this.sheet(typed, add=add, chosen=typed.get("chosen", "")))
    if drop := typed.get("remove", ""):
        return _form_page(request, this, this.sheet(typed, drop=drop))
    if act == "change":
        return _form_page(request, this, this.sheet(typed))
    if act == "carry":
        sheet = this.sheet(typed)
        if open_questions := sheet.missing():
            return _form_page(request, this, sheet, parts=open_questions)
    sheet = this.sheet(typed, judged=True)
    result = this.result(sheet)
    if result is None:
        return _form_page(request, this, sheet)
    others = [row for row in published_programmes() if row.pk != this.programme.pk]
    checked = rules_for_each(others, clock.day_of(this.at))
    elsewhere = sorted(
        (row for row in others if row.pk in checked),
        key=lambda row: (row.institution_id == this.programme.institution_id, row.institution.name, row.name),
    )
    return render(
        request,
        "eligibility/result.html",
        {
            **_about(this),
            "result": result,
            "carried": sheet.carried(),
            "elsewhere": _by_institution(elsewhere),
            "no_guarantee": NO_GUARANTEE,
        },
    )


def _form_page(
    request: HttpRequest, this: ProgrammeCheck, sheet: CheckSheet, *, parts: list[Part] | None = None
) -> HttpResponse:
    """The form; with `parts` only the questions that answers brought along leave open."""
    shown = sheet.parts if parts is None else parts
    forms = [form for part in shown for form in part.forms]
    return render(
        request,
        "eligibility/check.html",
        {
            **_about(this),
            "sheet": sheet,
            "parts": [(part, this.clauses_of(part)) for part in shown],
            "forms": forms,
            "carried": sheet.carried(shown=forms),
            "is_rest": parts is not None,
        },
    )


def _about(this: ProgrammeCheck) -> dict[str, Any]:
    nearest = this.intakes[0].nearest if this.intakes else None
    return {"programme": this.programme, "rules": this.rules, "nearest": nearest, "now": this.at}


def _by_institution(programmes: list[Programme]) -> dict[str, list[Programme]]:
    houses: dict[str, list[Programme]] = {}
    for programme in programmes:
        houses.setdefault(programme.institution.name, []).append(programme)
    return houses


def _no_trace(response: HttpResponse) -> HttpResponse:
    """No cache keeps a page with somebody's answers, that of a shared computer least of all."""
    keep_nothing = cache_control(private=True, no_store=True)
    return keep_nothing(lambda request: response)(HttpRequest())


@require_safe
def requirements_page(request: HttpRequest) -> HttpResponse:
    """Every policy in force today, rule by rule, with the clause, and which versions there were."""
    at = clock.now()
    return render(
        request,
        "eligibility/requirements.html",
        {"policies": policies_published(clock.day_of(at)), "no_guarantee": NO_GUARANTEE, "now": at},
    )


@require_safe
def requirements_version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One published version, past ones as well: an old assessment's figures can be looked up."""
    policy = version_published(code, number, on=clock.day_of(clock.now()))
    if policy is None:
        raise Http404
    return render(
        request, "eligibility/requirements_version.html", {"policy": policy, "no_guarantee": NO_GUARANTEE}
    )
