"""The public pages, which store nothing, and the one list a person keeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.db.models import Q, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from admissions_portal import clock
from admissions_portal.accounts.models import User
from admissions_portal.accounts.requests import user_of
from admissions_portal.support.actors import Actor
from programmes.actions import forget_programme, save_programme
from programmes.forms import MOST_COMPARED, CatalogueSearchForm
from programmes.listing import ProgrammeShown, show_programme, show_programmes
from programmes.models import Programme, Statement
from programmes.publishing import calendar_of, feed_at, structured_data_of
from programmes.queries import (
    agreements,
    occasional_routes,
    programmes_saved_by,
    published_programmes,
    saved_ids,
    statements_about,
)

PAGE = 25  # rows of the catalogue on one page; also what keeps its first visit light
PRESSED = "programmes_to_save"  # in the session: what somebody not signed in wanted to save
MOST_PRESSED = 20
MOST_NAMED = 20  # programmes read from the address of a comparison


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """What can be applied for, soonest deadline first, programmes without a published date last."""
    at = clock.now()
    everything = show_programmes(published_programmes(), at)
    houses = {(row.programme.institution.code, row.programme.institution.short_name) for row in everything}
    form = CatalogueSearchForm(request.GET, institutions=sorted(houses, key=lambda house: house[1]))
    if form.words:  # descriptions are long, and read for a search only
        prefetch_related_objects([row.programme for row in everything], "statements")
    found = form.matching(everything)
    # what could be left out is counted only where nothing was found
    terms = list(form.terms([] if found else everything))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    here = [row.programme for row in page.object_list]
    chosen = set(request.GET.getlist("p"))
    return render(
        request,
        "programmes/catalogue.html",
        {
            "form": form,
            "terms": terms,
            "searched": _("; ").join(term.told for term in terms),
            "everything": _choosing(row.programme for row in everything if row.programme.slug in chosen),
            "count": len(found),
            "page": page,
            "chosen": chosen,
            # ticked on another page or before the search was narrowed: they stay ticked
            "chosen_elsewhere": [
                row.programme
                for row in everything
                if row.programme.slug in chosen and row.programme not in here
            ],
            # an occasional student takes courses of a programme, so the line follows what was found
            "occasional_routes": occasional_routes(here),
            "agreements": agreements(),
            "saved": saved_ids(request.user),
            "now": at,
        },
    )


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Two or three programmes side by side, named in the address, so that the page can be kept and sent."""
    at = clock.now()
    asked = list(dict.fromkeys(request.GET.getlist("p")))
    known = published_programmes().prefetch_related("credits").in_bulk(asked[:MOST_NAMED], field_name="slug")
    found = [known[slug] for slug in asked if slug in known]
    shown, left_out = found[:MOST_COMPARED], found[MOST_COMPARED:]
    columns = [
        Column(
            show_programme(each, at),
            [s for s in statements_about(each) if s.topic == Statement.Topic.REQUIREMENT],
            _choosing(other for other in shown if other != each),
        )
        for each in shown
    ]
    return render(
        request,
        "programmes/compare.html",
        {
            "columns": columns,
            "left_out": left_out,
            "has_unknown": len(found) < len(asked),
            "choose_again": _choosing(shown),
            "saved": saved_ids(request.user),
            "now": at,
        },
    )


@dataclass(frozen=True)
class Column:
    """A programme of the comparison; `address_less` compares the others."""

    shown: ProgrammeShown
    requirements: list[Statement]
    address_less: str


def _choosing(programmes: Iterable[Programme]) -> str:
    """The query string that names these programmes, for the catalogue and the comparison alike."""
    return "?" + urlencode({"p": [programme.slug for programme in programmes]}, doseq=True)


@login_required
@never_cache
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """The person's own list, each programme with what it waits for."""
    at = clock.now()
    rows = programmes_saved_by(user_of(request), at=at)
    latest = [row.programme for row in rows if row.programme.is_published][:MOST_COMPARED]
    return render(
        request,
        "programmes/saved.html",
        {"saved_programmes": rows, "comparable": _choosing(latest) if len(latest) > 1 else "", "now": at},
    )


@require_POST
def save(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep a programme. Whoever is not signed in is asked to, and has it then."""
    programme = get_object_or_404(Programme, slug=slug, is_published=True)
    back = _way_back(request, programme)
    if not request.user.is_authenticated:
        pressed = [*request.session.get(PRESSED, []), programme.pk]
        request.session[PRESSED] = pressed[-MOST_PRESSED:]
        said = _("Sign in or create an account: %(programme)s is then on your list of saved programmes.")
        messages.info(request, said % {"programme": programme.name})
        return _to_sign_in(request, back)
    save_programme(programme, by=Actor.of(request.user), at=clock.now())
    messages.success(request, _said_saved(programme))
    return HttpResponseRedirect(back)


@require_POST
def forget(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a programme off the person's list, also one that has left the catalogue."""
    if not request.user.is_authenticated:
        return _to_sign_in(request, reverse("programmes:saved"))
    theirs = Q(is_published=True) | Q(bookmarks__user=request.user)
    programme = get_object_or_404(Programme.objects.filter(theirs).distinct(), slug=slug)
    forget_programme(programme, by=Actor.of(request.user))
    said = _("%(programme)s is no longer among your saved programmes.") % {"programme": programme.name}
    messages.success(request, said)
    return HttpResponseRedirect(_way_back(request, programme))


def keep_what_was_pressed(request: HttpRequest, user: User, **signal: object) -> None:
    """On sign-in (`user_logged_in`): the programmes the visitor wanted to save before."""
    pressed = request.session.pop(PRESSED, [])
    for programme in Programme.objects.filter(pk__in=pressed, is_published=True).order_by("name"):
        save_programme(programme, by=Actor.of(user), at=clock.now())
        messages.success(request, _said_saved(programme))


def _said_saved(programme: Programme) -> str:
    return _("%(programme)s is among your saved programmes.") % {"programme": programme.name}


def _to_sign_in(request: HttpRequest, back: str) -> HttpResponse:
    """The sign-in page, as a whole page also where only a star was to be replaced."""
    answer = redirect_to_login(back)
    return HttpResponseClientRedirect(answer.url) if "HX-Request" in request.headers else answer


def _way_back(request: HttpRequest, programme: Programme) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else programme.get_absolute_url()


@require_safe
def programme_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything published about one programme, and its apply buttons where a round is open."""
    at = clock.now()
    programme = _published(slug)
    shown = show_programme(programme, at)
    topics: dict[str, list[Statement]] = {}
    for statement in statements_about(programme):
        topics.setdefault(statement.topic.lower(), []).append(statement)
    return render(
        request,
        "programmes/programme.html",
        {
            "programme": programme,
            "shown": shown,
            "topics": topics,
            "saved": saved_ids(request.user),
            "structured_data": structured_data_of(shown, request),
            "now": at,
        },
    )


@require_safe
def deadlines_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The announced closes as an iCalendar file."""
    programme = _published(slug)
    return HttpResponse(
        calendar_of(show_programme(programme, clock.now()), request),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{programme.slug}.ics"'},
    )


@require_safe
def open_rounds_feed(request: HttpRequest) -> JsonResponse:
    """The rounds open now, for other sites, whose pages may read it too."""
    return JsonResponse(feed_at(clock.now(), request), headers={"Access-Control-Allow-Origin": "*"})


def _published(slug: str) -> Programme:
    return get_object_or_404(published_programmes().prefetch_related("credits", "documents"), slug=slug)
