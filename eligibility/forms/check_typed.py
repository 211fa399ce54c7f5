"""What a browser sends of the public check, as it was typed: its names, its rows, its words."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _

from admissions_portal.support.dates import hong_kong_day
from eligibility.engine import FactsError
from eligibility.forms.check_fields import CheckForm

# Nobody has more degrees or tests; a page of a thousand rows is an attack.
MOST_ROWS: Final = 10
_ROW = re.compile(r"(degree|test|study)-(\d{1,3})-([a-z][a-z0-9_-]{0,60})")
_PLAIN = re.compile(
    r"asked|first_language|mode|intake|status|origin|earlier-[a-z0-9_-]{1,50}-(leaving|level|discipline)"
)


def known_answers(posted: QueryDict, *, drop: str = "") -> QueryDict:
    """What was posted under names the check knows, rows numbered from 0 again, `drop` left out."""
    kept = QueryDict(mutable=True)
    rows: dict[tuple[str, int], dict[str, list[str]]] = {}
    for name, values in posted.lists():
        if match := _ROW.fullmatch(name):
            rows.setdefault((match[1], int(match[2])), {})[match[3]] = values
        elif _PLAIN.fullmatch(name):
            kept.setlist(name, values[:8])
    count: dict[str, int] = {}
    for (key, number), fields in sorted(rows.items(), key=lambda row: row[0]):
        if drop == f"{key}:{number}" or count.get(key, 0) >= MOST_ROWS:
            continue
        for name, values in fields.items():
            kept.setlist(f"{key}-{count.get(key, 0)}-{name}", values[:1])
        count[key] = count.get(key, 0) + 1
    return kept


def names_of(bound: BoundField) -> list[str]:
    """The names under which a browser posts the field."""
    widget = bound.field.widget
    if isinstance(widget, forms.MultiWidget):
        suffixes: list[str] = widget.widgets_names  # type: ignore[attr-defined]  # the stubs forgot it
        return [bound.html_name + suffix for suffix in suffixes]
    return [bound.html_name]


def refusal(error: FactsError) -> str:
    """The engine's refusal as a sentence, with the value it is about."""
    words = {"value": "" if error.value is None else str(error.value)[:60]}
    sentences = {
        "off_scale": _("%(value)s cannot be: it is off the scale."),
        "no_such_score": _("This test prints no such score; leave it empty."),
        "impossible_date": _("%(value)s is not a day that can be. Check day, month and year."),
        "several_relied_on": _("Mark only one degree."),
    }
    return (
        sentences.get(error.problem, _("The rules cannot read this answer. Choose or write it again."))
        % words
    )


def row_numbers(typed: QueryDict, key: str) -> list[int]:
    return sorted({int(m[2]) for name in typed if (m := _ROW.fullmatch(name)) and m[1] == key})


def leave_unasked(form: CheckForm, typed: QueryDict) -> bool:
    """Take what was asked before off a form; whether anything is left of it."""
    unasked = [
        bound.name
        for bound in form
        if bound.field.widget.value_omitted_from_data(typed, {}, bound.html_name) and not bound.is_hidden
    ]
    form.keep_only(unasked)
    if unasked:
        form.helper.layout = None
    return bool(unasked)


def is_worth_reading(bound: BoundField) -> bool:
    """A box left empty and a score not printed say nothing on paper."""
    if bound.is_hidden:
        return False
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return bool(bound.value())
    return isinstance(bound.field.widget, forms.RadioSelect | forms.Select) or bool(as_read(bound, empty=""))


def as_read(bound: BoundField, *, empty: str | None = None) -> str:
    """One answer in words."""
    value = bound.form.cleaned_data.get(bound.name) if bound.form.is_bound else bound.value()
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return hong_kong_day(value)
    choices = getattr(bound.field, "choices", None)
    if choices and value:
        return str(dict(choices).get(value, value))
    if value in (None, ""):
        return _("Not answered") if empty is None else empty
    return str(value)
