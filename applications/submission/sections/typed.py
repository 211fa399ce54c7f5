"""What a browser posts, as it was typed: names and values, before any form has judged them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

# Name → values, as they were typed.
Typed = dict[str, list[str]]

# Nobody has more degrees, tests or posts: no more are added.
MOST_ROWS = 20
# Rows read of one group. Two tabs may have filled theirs before they met; a page of a thousand is an attack.
MOST_READ = 100


def names_of(bound: BoundField) -> list[str]:
    """The names under which a browser posts the field."""
    widget = bound.field.widget
    if isinstance(widget, forms.MultiWidget):
        suffixes: list[str] = widget.widgets_names  # type: ignore[attr-defined]  # the stubs forgot it
        return [bound.html_name + suffix for suffix in suffixes]
    return [bound.html_name]


def as_posted(form: forms.BaseForm) -> Typed:
    """What a browser would post of an unbound form that nobody touched."""
    posted: Typed = {}
    for bound in form:
        value, widget = bound.value(), bound.field.widget
        parts = (widget.decompress(value) or []) if isinstance(widget, forms.MultiWidget) else [value]
        for name, part in zip(names_of(bound), parts, strict=True):
            if isinstance(widget, forms.CheckboxInput):
                if part:
                    posted[name] = ["on"]
            elif isinstance(part, list):  # boxes of which several may be ticked
                posted[name] = [str(each) for each in part]
            else:
                posted[name] = ["" if part is None else str(part)]
    return posted


def rows_typed(typed: Mapping[str, list[str]], group: str) -> list[Typed]:
    """The rows of a group as typed, each without its prefix, in their order on the page."""
    pattern = re.compile(rf"{re.escape(group)}-(\d{{1,4}})-(\w+)")
    rows: dict[int, Typed] = {}
    for name, values in typed.items():
        if match := pattern.fullmatch(name):
            rows.setdefault(int(match[1]), {})[match[2]] = values
    return [rows[number] for number in sorted(rows)][:MOST_READ]


def query_dict(typed: Mapping[str, list[str]]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    return data
