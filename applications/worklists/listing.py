"""The choices beside a list: each filter's options with how many cases they hold, counted in one query."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, F, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from applications.applicants.choices import Origin
from applications.lifecycle.models import Application
from applications.lifecycle.states import UNDER_CONSIDERATION, State
from applications.worklists.filters import CONSIDERED, Narrowing
from programmes.models import Mode


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
                    [(key, name, count) for (key, name), count in sorted(programmes.items(), key=lambda item: item[0][1])],
                ),
            ),
            Filter(
                _("Study mode"),
                choices("mode", _("Both"), [(m.value, str(m.label), modes[m.value]) for m in Mode if modes[m.value]]),
            ),
            Filter(
                _("Permanent home"),
                choices("origin", _("Anywhere"), [(o.value, str(o.label), homes[o.value]) for o in Origin if homes[o.value]]),
            ),
        )
        if len(shown.options) > 2
    ]
