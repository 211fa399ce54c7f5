"""What every draft's form is made of: blanks inside sentences, and two officers' typing brought together."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from admissions_portal.support.forms import PortalDateField, PortalForm, keep_what_is_typed, reword

# What a form would send, by name of input: the one form in which two officers' work is compared.
Typed = dict[str, list[str]]
# the rows of a form that grow and shrink: merged as sets, not as answers
LISTS = ("test", "own_clause")


@dataclass(frozen=True)
class Fill:
    """A blank inside its sentence: `overall [6.5] or more`. Drawn by `_fill.html`."""

    before: str
    field: BoundField
    after: str


class DraftForm(PortalForm):
    """From when, and why; the figures are added by each kind of draft.

    `typed`: show again what was typed, without judging it (a row was added or removed).
    """

    effective_from = PortalDateField(
        label=gettext_lazy("In force from"),
        help_text=gettext_lazy("Cases received on this day in Hong Kong or later are judged by these rules."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it changes"),
        help_text=gettext_lazy("For whoever asks later: what was decided, when and by whom."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    needed_later = ("add_test",)

    def __init__(
        self,
        *,
        effective_from: date | None,
        reason: str,
        data: QueryDict | None = None,
        typed: QueryDict | None = None,
    ) -> None:
        super().__init__(data, initial={"effective_from": effective_from, "reason": reason})
        self.sent = data if data is not None else typed
        self.shown_again = typed is not None and data is None

    def add(self, name: str, field: forms.Field, initial: Any = None) -> BoundField:
        """One more field, worded and drawn as ours."""
        reword(field)
        keep_what_is_typed(field)
        self.fields[name] = field
        self.initial[name] = initial
        return self[name]

    def fill(self, sentence: str | Promise, name: str, field: forms.Field, initial: Any = None) -> Fill:
        """A field that stands where the sentence says `{score}`."""
        before, _blank, after = str(sentence).partition("{score}")
        return Fill(before.strip(), self.add(name, field, initial), after.strip())

    def rows_sent(self, name: str) -> list[str] | None:
        """The keys of a list of rows as they were sent, each once; None where nothing was sent."""
        return None if self.sent is None else list(dict.fromkeys(self.sent.getlist(name)))

    def show_again(self) -> None:
        """What was typed becomes what is shown; call it once every field is there."""
        if not self.shown_again or self.sent is None:
            return
        for name, field in self.fields.items():
            self.initial[name] = field.widget.value_from_datadict(self.sent, {}, self.add_prefix(name))

    def as_typed(self) -> Typed:
        """What this form would send if nobody changed anything."""
        typed: Typed = {}
        for bound in self:
            value, widget = bound.value(), bound.field.widget
            if isinstance(widget, forms.MultiWidget):
                parts = value if isinstance(value, list) else widget.decompress(value) or []
                for suffix, part in zip(suffixes_of(widget), parts, strict=True):
                    typed[bound.html_name + suffix] = ["" if part is None else str(part)]
            elif isinstance(widget, forms.CheckboxInput):
                typed[bound.html_name] = ["on"] if value else []
            elif isinstance(widget, forms.CheckboxSelectMultiple):
                typed[bound.html_name] = sorted(str(each) for each in value or ())
            else:
                typed[bound.html_name] = ["" if value is None else str(value)]
        return typed | {name: list(keys) for name, keys in self.lists().items()}

    def lists(self) -> dict[str, list[str]]:
        """Keys of the rows that can be added and removed, by the name of their hidden input."""
        return {}

    @property
    def was(self) -> str:
        """As typed, for the hidden input that later tells what was changed here and what elsewhere."""
        return json.dumps(self.as_typed(), ensure_ascii=False, sort_keys=True)


def suffixes_of(widget: forms.Widget) -> list[str]:
    """What the names of a widget's inputs end in: three for a date, none for a single box."""
    return list(getattr(widget, "widgets_names", ("",)))


@dataclass(frozen=True)
class Merged:
    """Two officers' work in one form. `clashes`: inputs that both changed, and what the other one wrote."""

    data: QueryDict
    clashes: dict[str, str]


def read_was(text: str | None) -> Typed | None:
    """The hidden input again; None where it is missing or no longer whole."""
    try:
        found = json.loads(text or "")
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    return {
        str(name): [str(value) for value in values]
        for name, values in found.items()
        if isinstance(values, list)
    }


def merge(was: Typed, theirs: Typed, mine: QueryDict) -> Merged:
    """What I typed where I changed something, what they saved elsewhere; nothing of either is lost.

    Where both changed the same input, mine stands in the form and theirs is told beside it.
    """
    merged, clashes = QueryDict(mutable=True), {}
    for name in sorted({*was, *theirs, *mine} - {"csrfmiddlewaretoken", "was", "act"}):
        before, saved, typed = was.get(name, []), theirs.get(name, []), mine.getlist(name)
        if name in LISTS:
            removed = {*before} - {*saved} | {*before} - {*typed}
            merged.setlist(name, [key for key in dict.fromkeys([*saved, *typed]) if key not in removed])
        elif _same(typed, before):
            merged.setlist(name, saved)
        else:
            merged.setlist(name, typed)
            if not _same(saved, before) and not _same(saved, typed):
                clashes[name] = ", ".join(saved)
    return Merged(merged, clashes)


def as_one(typed: Typed) -> dict[str, list[str]]:
    """Typing without what makes no difference: empty boxes, order, kinds of line ends."""
    return {name: tidy for name, texts in typed.items() if (tidy := _tidy(texts))}


def _same(one: Iterable[str], other: Iterable[str]) -> bool:
    return _tidy(one) == _tidy(other)


def _tidy(texts: Iterable[str]) -> list[str]:
    # an empty box and a box that is not sent are one answer; browsers send lines with \r\n
    return sorted(filter(None, (text.replace("\r\n", "\n").strip() for text in texts)))
