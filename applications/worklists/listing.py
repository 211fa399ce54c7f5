"""The choices beside a list, each with how many cases it holds, counted in one query; and what was chosen,
in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from applications.applicants.choices import Origin, label_of
from applications.lifecycle.models import Application
from applications.lifecycle.states import UNDER_CONSIDERATION, State
from applications.worklists.filters import CONSIDERED, Narrowing
from applications.worklists.piles import BY_KEY, OF_SECTIONS
from applications.worklists.queries import home_seen, read_blind_by
from eligibility.labels import VERDICTS
from programmes.models import Mode, Programme, Specialisation

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User


# A filter shows those with the most cases; all, where they were asked for.
MOST_OPTIONS = 20


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: its words, how many cases it holds (None: not counted), the address of the list narrowed to
    it."""

    label: str
    count: int | None
    query: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """`more`: the address of the same list with all options, where they are many and some are left out."""

    title: str
    options: list[Option]
    more: str = ""
    total: int = 0


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
        *waiting_in_words(narrowing),
        (
            _("Order"),
            _("%(order)s, backwards") % {"order": order} if narrowing.order.startswith("-") else order,
        ),
    ]
    return [(title, value) for title, value in words if value]


def waiting_in_words(narrowing: Narrowing) -> list[tuple[str, str]]:
    """The pile a list was narrowed to, with whom it waits for: no filter beside the list shows it."""
    pile = BY_KEY.get(narrowing.pile)
    return [(str(pile.whom.label), str(pile.title))] if pile else []


_NAMED = """
    SELECT counted.state, counted.home, counted.verdict, counted.cases, offering.mode AS in_mode,
        programme.id AS in_programme, programme.name AS programme_name, round.number AS in_round,
        special.id AS special, special.name AS special_name
    FROM ({counted}) AS counted
    JOIN programmes_offering AS offering ON offering.id = counted.offering
    JOIN programmes_intake AS intake ON intake.id = offering.intake_id
    JOIN programmes_programme AS programme ON programme.id = intake.programme_id
    JOIN programmes_round AS round ON round.id = counted.round
    LEFT JOIN programmes_specialisation AS special ON special.id = counted.specialisation
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of the visible cases hold each combination of what the filters narrow by."""

    rows: list[dict[str, Any]]

    @classmethod
    def of(cls, visible: QuerySet[Application], *, blind: Collection[int] = ()) -> Counts:
        """The permanent home of those that are read `blind` is left out. One query: it reads each case once
        and nothing that hangs on it; names are looked up for the combinations, of which there are few."""
        counted, params = (
            visible.order_by()
            .annotate(home=home_seen(blind))
            .values("state", "home", "verdict", "offering", "round", "specialisation")
            .annotate(cases=Count("*"))
        ).query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(_NAMED.format(counted=counted), params)
            columns = [column.name for column in cursor.description]
            return cls([dict(zip(columns, row, strict=True)) for row in cursor.fetchall()])

    def held_by(self, narrowing: Narrowing) -> int:
        """How many a list holds that is narrowed by nothing but these (`not narrowing.is_searching`)."""
        states = UNDER_CONSIDERATION if narrowing.state == CONSIDERED else {narrowing.state}
        asked = {
            "home": narrowing.origin,
            "verdict": narrowing.verdict,
            "in_mode": narrowing.mode,
            "in_programme": narrowing.programme and str(int(narrowing.programme)),
            "in_round": narrowing.round and str(int(narrowing.round)),
            "special": narrowing.specialisation and str(int(narrowing.specialisation)),
        }
        return sum(
            row["cases"]
            for row in self.rows
            if (not narrowing.state or row["state"] in states)
            and all(not value or str(row[column]) == value for column, value in asked.items())
        )


def filters_shown(
    narrowing: Narrowing, visible: QuerySet[Application], *, user: User | None, at: datetime
) -> list[Filter]:
    """`filters_of` what is visible to `user`. Two queries."""
    return filters_of(narrowing, Counts.of(visible, blind=read_blind_by(user, at=at)))


def filters_of(narrowing: Narrowing, counts: Counts, *, in_full: str = "") -> list[Filter]:
    """State, programme, mode, round, specialisation, what the rules said and permanent home, counted over all
    that is visible; a filter with one choice only is left out. `in_full`: the name of the one that shows more
    than MOST_OPTIONS."""
    counted = counts.rows
    total = sum(row["cases"] for row in counted)

    def held(column: str) -> Counter[str]:
        found: Counter[str] = Counter()
        for row in counted:
            found[str(row[column] or "")] += row["cases"]
        return found

    def offered(name: str, title: str, everything: str, found: Iterable[tuple[str, str, int]]) -> Filter:
        current, choices = getattr(narrowing, name), list(found)
        shown = choices if name == in_full else _largest(choices, current)
        return Filter(
            title,
            [
                Option(label, count, narrowing.query(**{name: value}), current == value)
                for value, label, count in [("", everything, total), *shown]
            ],
            narrowing.query(more=name) if len(shown) < len(choices) else "",
            len(choices),
        )

    def of_codes(column: str, labels: Iterable[tuple[str, Any]]) -> list[tuple[str, str, int]]:
        """In the order the codes are declared."""
        count = held(column)
        return [(code, str(label), count[code]) for code, label in labels if count[code]]

    def of_rows(column: str, name_column: str) -> list[tuple[str, str, int]]:
        """In the order of the alphabet."""
        names = {str(row[column]): row[name_column] for row in counted if row[column]}
        count = held(column)
        return sorted(((key, name, count[key]) for key, name in names.items()), key=lambda row: row[1])

    states = held("state")
    considered = sum(states[state] for state in UNDER_CONSIDERATION)
    shown = [
        offered(
            "state",
            _("State"),
            _("Every state"),
            [(CONSIDERED, _("Under consideration"), considered), *of_codes("state", State.choices)],
        ),
        offered("programme", _("Programme"), _("All programmes"), of_rows("in_programme", "programme_name")),
        offered("mode", _("Study mode"), _("Both"), of_codes("in_mode", Mode.choices)),
        offered(
            "round",
            _("Round"),
            _("Every round"),
            [(key, key, n) for key, n in sorted(held("in_round").items()) if key],
        ),
        offered(
            "specialisation",
            _("Specialisation"),
            _("All specialisations"),
            of_rows("special", "special_name"),
        ),
        offered("verdict", _("Rules"), _("Whatever they say"), of_codes("verdict", VERDICTS.items())),
        offered("origin", _("Permanent home"), _("Anywhere"), of_codes("home", Origin.choices)),
    ]
    if narrowing.pile.partition("-")[0] == "checklist":
        shown.append(_of_checklist(narrowing))
    return [each for each in shown if len(each.options) > 2]


def _largest(choices: list[tuple[str, str, int]], current: str) -> list[tuple[str, str, int]]:
    """The chosen one and those with the most cases, in the order they came."""
    ranked = sorted(choices, key=lambda choice: (choice[0] != current, -choice[2]))[:MOST_OPTIONS]
    return [choice for choice in choices if choice in ranked]


def _of_checklist(narrowing: Narrowing) -> Filter:
    """Beside what is to do on the checklist: in which section."""
    piles = [("checklist", _("Any section")), *((pile.key, str(pile.title)) for pile in OF_SECTIONS)]
    return Filter(
        _("Checklist"),
        [Option(title, None, narrowing.query(pile=key), narrowing.pile == key) for key, title in piles],
    )
