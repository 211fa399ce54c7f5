"""What lists of cases show: `{% load cases %}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from admissions_portal import clock
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.health.queries import is_worker_alive
from admissions_portal.papers.queries import papers_waiting_for_renderer
from admissions_portal.support.templatetags.portal import glyph
from applications.applicants.names import full_name
from applications.lifecycle.queries import applications_listed_for
from applications.occasional.queries import waiting_requests
from applications.worklists.desk import courses_pile, waiting_piles
from applications.worklists.filters import Narrowing
from applications.worklists.listing import waiting_in_words
from applications.worklists.piles import Whom
from applications.worklists.saved import kept_lists
from eligibility.engine import Outcome
from eligibility.labels import VERDICTS
from programmes.permissions import rights_today

register = template.Library()

# Worst first, as findings are listed everywhere.
_ORDER = (Outcome.NOT_MET, Outcome.REFER, Outcome.NEEDS_EVIDENCE, Outcome.PENDING_OFFICER, Outcome.MET)


@register.simple_tag
def glyphs(tally: Mapping[str, int]) -> SafeString:
    """How many findings of each outcome, as shapes with the word for those who do not see them."""
    shapes = ((glyph(outcome, tally[outcome]),) for outcome in _ORDER if tally.get(outcome))
    return format_html_join(" ", "{}", shapes)


@register.simple_tag
def verdict_words(verdict: str | None) -> str:
    """The verdict in words; that it is minimum requirements only stands on the case page."""
    return str(VERDICTS[verdict]) if verdict else _("not assessed")


@register.simple_tag
def listed_name(case: Any) -> str:
    """Family name first, as written; one name alone is complete."""
    return full_name(case.family_name, case.given_names, case.chinese_name) or case.number


@register.simple_tag
def order_heading(key: str, title: str, narrowing: Narrowing, default: str = "waiting") -> SafeString:
    """A column heading that orders the list by it, and the other way round when it already does."""
    order = narrowing.order or default
    current = order.removeprefix("-") == key
    target = key if order == f"-{key}" or not current else f"-{key}"
    if not current and key == "score":
        target = "-score"
    sorted_by = ("descending" if order.startswith("-") else "ascending") if current else ""
    return format_html(
        '<th scope="col" role="columnheader"{}><a href="?{}">{}{}</a></th>',
        format_html(' aria-sort="{}"', sorted_by) if sorted_by else "",
        narrowing.query(order=target),
        title,
        format_html(' <span aria-hidden="true">{}</span>', "↓" if sorted_by == "descending" else "↑")
        if sorted_by
        else "",
    )


@register.inclusion_tag("admin/cases/_desk.html", takes_context=True)
def desk(context: dict[str, Any]) -> dict[str, Any]:
    """What waits for this member of staff, pile by pile; nothing for those who open no cases."""
    request = context["request"]
    if Right.SEE_CASES not in rights_today(request):
        return {}
    at, rights = clock.now(), rights_today(request)
    visible = applications_listed_for(request.user, on=day_of(at))
    piles = waiting_piles(visible, at=at, user=request.user, rights=rights)
    if Right.DECIDE in rights:
        piles.append(courses_pile(waiting_requests(request.user, on=day_of(at))))
    return {
        "is_office": True,
        "groups": [
            (whom, [pile for pile in piles if pile.whom == whom and pile.count])
            for whom in Whom
            if any(pile.count for pile in piles if pile.whom == whom)
        ],
        "lists": kept_lists(visible, user=request.user, at=at),
        "now": at,
        "shortlist_url": shortlist_link(context),
        "scores": Right.REVIEW in rights,
        "joins_people": Right.MERGE_PEOPLE in rights,
        "keeps_conflicts": Right.DECLARE_CONFLICTS in rights,
        "sets_checks": Right.EDIT_CATALOGUE in rights,
        "is_worker_silent": not is_worker_alive(),
        "waits_for_library": papers_waiting_for_renderer().exists(),
    }


@register.simple_tag
def waited_for(narrowing: Narrowing) -> list[tuple[str, str]]:
    """What a pile narrowed a list to, in words with their titles; the filters beside the list show
    the rest."""
    return waiting_in_words(narrowing)


@register.simple_tag(takes_context=True)
def shortlist_link(context: dict[str, Any]) -> str:
    """Where the shortlist is, for those who may rank; else nothing."""
    return reverse("admin:shortlist") if Right.SHORTLIST in rights_today(context["request"]) else ""
