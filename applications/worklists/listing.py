"""The choices beside a list, each with how many cases it holds, counted in one query; and what was chosen,
in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, F, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from applications.applicants.choices import Origin, label_of
from applications.lifecycle.models import Application
from applications.lifecycle.states import UNDER_CONSIDERATION, State
from applications.worklists.filters import CONSIDERED, Narrowing
from eligibility.labels import VERDICTS
from programmes.models import Mode, Programme, Specialisation


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: its words, how many cases it holds, the address of the list narrowed to it."""

    label: str
    count: int
    query: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Filter:
    title: str
    options: list[Option]


def narrowing_in_words(narrowing: Narrowing) -> list[tuple[str, str]]:
    """What a list was narrowed to and ordered by, each with its title: for whoever reads an export later."""
    programme = Programme.objects.filter(pk=narrowing.programme or 0).values_list("name", flat=True)
    specialisation = Specialisation.objects.filter(pk=narrowing.specialisation or 0).values_list(
        "name", flat=True
    )
    orders = {
        "waiting": _("longest in its state first"),
        "received": _("date of receipt"),
        "name": pgettext("of a person", "name"),
        "number": _("number"),
        "score": _("mean score"),
    }
    order = orders.get(narrowing.order.removeprefix("-"), "")
    words = [
        (_("Search"), narrowing.q),
        (_("Programme"), (narrowing.programme and programme.first()) or narrowing.programme),
        (
            _("State"),
            _("Under consideration") if narrowing.state == CONSIDERED else label_of(State, narrowing.state),
        ),
        (_("Study mode"), label_of(Mode, narrowing.mode)),
        (_("Round"), narrowing.round),
        (
            _("Specialisation"),
            (narrowing.specialisation and specialisation.first()) or narrowing.specialisation,
        ),
        (_("Rules"), str(VERDICTS[narrowing.verdict]) if narrowing.verdict else ""),
        (_("Permanent home"), label_of(Origin, narrowing.origin)),
        (_("Scored"), {"yes": _("yes"), "no": _("no")}.get(narrowing.scored, "")),
        (_("Documents"), _("to check") if narrowing.documents else ""),
        (
            _("Order"),
            _("%(order)s, backwards") % {"order": order} if narrowing.order.startswith("-") else order,
        ),
    ]
    return [(title, value) for title, value in words if value]


def filters_shown(narrowing: Narrowing, visible: QuerySet[Application]) -> list[Filter]:
    """State, programme, mode and permanent home; a filter with one choice only is left out."""
    counted = (
        visible.order_by()
        .annotate(home=KeyTextTransform("origin", F("profile__data")))
        .values_list(
            "state",
            "offering__intake__programme__id",
            "offering__intake__programme__name",
            "offering__mode",
            "home",
        )
        .annotate(count=Count("pk"))
    )
    states: Counter[str] = Counter()
    programmes: Counter[tuple[str, str]] = Counter()
    modes: Counter[str] = Counter()
    homes: Counter[str] = Counter()
    for state, programme, name, mode, home, count in counted:
        states[state] += count
        programmes[(str(programme), name)] += count
        modes[mode] += count
        homes[home or ""] += count
    total = sum(states.values())
    considered = sum(states[state] for state in UNDER_CONSIDERATION)

    def choices(name: str, everything: str, found: list[tuple[str, str, int]]) -> list[Option]:
        current = getattr(narrowing, name)
        return [
            Option(label, count, narrowing.query(**{name: value}), current == value)
            for value, label, count in [("", everything, total), *found]
        ]

    return [
        shown
        for shown in (
            Filter(
                _("State"),
                choices(
                    "state",
                    _("Every state"),
                    [
                        (CONSIDERED, _("Under consideration"), considered),
                        *((s.value, str(s.label), states[s.value]) for s in State if states[s.value]),
                    ],
                ),
            ),
            Filter(
                _("Programme"),
                choices(
                    "programme",
                    _("All programmes"),
                    [
                        (key, name, count)
                        for (key, name), count in sorted(programmes.items(), key=lambda item: item[0][1])
                    ],
                ),
            ),
            Filter(
                _("Study mode"),
                choices(
                    "mode",
                    _("Both"),
                    [(m.value, str(m.label), modes[m.value]) for m in Mode if modes[m.value]],
                ),
            ),
            Filter(
                _("Permanent home"),
                choices(
                    "origin",
                    _("Anywhere"),
                    [(o.value, str(o.label), homes[o.value]) for o in Origin if homes[o.value]],
                ),
            ),
        )
        if len(shown.options) > 2
    ]
