"""Two texts of one section: as it is saved, and as it was typed on a page that knew nothing of that save.

What only one of the two has is kept. Where both answer one field and not alike, the person chooses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from applications.submission.sections.rows import RowForm, SectionForm
from applications.submission.sections.typed import Typed, names_of

if TYPE_CHECKING:
    from applications.submission.sections.base import Filled

SAVED, TYPED = "saved", "typed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field answered twice, or an item that one of the two has removed. `name` is the choice's own."""

    name: str
    item: str
    label: str
    saved: str
    typed: str


@dataclass(frozen=True, slots=True)
class _Pair:
    """A form as saved and the same one as typed."""

    saved: SectionForm
    typed: SectionForm


class Comparison:
    """`saved` beside `typed`, two fillings of one section of which the second need not have been judged."""

    def __init__(self, saved: Filled, typed: Filled) -> None:
        self.saved, self.typed = saved, typed
        self._pairs: list[_Pair] = []
        self._removed: list[RowForm] = []
        self._new: list[RowForm] = []
        if saved.form is not None and typed.form is not None:
            self._pairs.append(_Pair(saved.form, typed.form))
        for ours, theirs in zip(saved.groups, typed.groups, strict=True):
            self._pair_rows([form for form in ours.forms if not form.is_blank], theirs.forms)
        self.differences = [*self._fields(), *map(_removed, self._removed)]

    @property
    def says_more(self) -> bool:
        """Whether anything typed is not saved as well."""
        return bool(self.differences or self._new)

    def composed(self, choices: Mapping[str, str]) -> Typed:
        """The saved text with what was typed where `choices` (by a difference's name) say TYPED.

        Whatever only one of the two has is in it.
        """
        composed: Typed = {}
        for form in self._saved_forms():
            composed |= _posted(form)
        for pair in self._pairs:
            for saved, typed in _shared(pair):
                if choices.get(_choice(typed)) == TYPED:
                    for name, own in zip(names_of(saved), names_of(typed), strict=True):
                        composed.pop(name, None)
                        if own in pair.typed.typed:
                            composed[name] = pair.typed.typed.getlist(own)
        kept = [form for form in self._removed if choices.get(_choice_of_item(form)) == TYPED]
        for group in self.saved.groups:
            number = len(group.forms)
            for form in [*self._new, *kept]:
                key = str(form.prefix).rpartition("-")[0]
                if key == group.group.key:
                    composed |= {
                        f"{key}-{number}{name.removeprefix(str(form.prefix))}": values
                        for name, values in _posted(form).items()
                    }
                    number += 1
        return composed

    def _saved_forms(self) -> Iterator[SectionForm]:
        if self.saved.form is not None:
            yield self.saved.form
        for group in self.saved.groups:
            yield from (form for form in group.forms if not form.is_blank)

    def _pair_rows(self, saved: Iterable[RowForm], typed: Iterable[RowForm]) -> None:
        by_identity = {form.identity: form for form in saved if form.identity}
        unmatched = {id(form): form for form in saved}
        for form in typed:
            if form.comes_from_elsewhere or form.is_blank:
                continue
            same = by_identity.get(form.identity)
            if same is None:  # the same new item, typed twice
                same = next((each for each in unmatched.values() if _is_like(each, form)), None)
            if same is not None:
                unmatched.pop(id(same), None)
                self._pairs.append(_Pair(same, form))
            elif form.identity.isdecimal():
                self._removed.append(form)
            else:
                self._new.append(form)

    def _fields(self) -> Iterator[Difference]:
        for pair in self._pairs:
            for saved, typed in _shared(pair):
                if not _agree(saved, typed):
                    item = getattr(pair.saved, "heading", "")
                    yield Difference(
                        _choice(typed), str(item), str(saved.label), _words(saved), _words(typed)
                    )


def _removed(form: RowForm) -> Difference:
    answers = [f"{bound.label}: {_words(bound)}" for bound in form if not bound.is_hidden and _values(bound)]
    return Difference(_choice_of_item(form), str(form.heading), "", _("Removed"), "\n".join(answers))


def _choice(bound: BoundField) -> str:
    return f"keep-{bound.html_name}"


def _choice_of_item(form: RowForm) -> str:
    return f"keep-{form.prefix}"


def _shared(pair: _Pair) -> Iterator[tuple[BoundField, BoundField]]:
    """The fields both show; one that is hidden in either is nobody's to choose."""
    for typed in pair.typed:
        if typed.name in pair.saved.fields:
            saved = pair.saved[typed.name]
            if not (saved.is_hidden or typed.is_hidden):
                yield saved, typed


def _posted(form: SectionForm) -> Typed:
    return {
        name: form.typed.getlist(name) for bound in form for name in names_of(bound) if name in form.typed
    }


def _values(bound: BoundField) -> list[str]:
    """The answer's parts as typed, without the line endings and margins that browsers add."""
    data = bound.form.data
    values = [
        "\n".join(value.splitlines()).strip()
        for name in names_of(bound)
        for value in (data.getlist(name) or [""])  # type: ignore[attr-defined]  # always a QueryDict here
    ]
    return values if any(values) else []


def _agree(saved: BoundField, typed: BoundField) -> bool:
    if _values(saved) == _values(typed):
        return True
    try:  # 21234567 and +852 2123 4567 are one number
        return bool(saved.field.clean(saved.data) == typed.field.clean(typed.data))
    except ValidationError:
        return False


def _is_like(saved: RowForm, typed: RowForm) -> bool:
    pairs = list(_shared(_Pair(saved, typed)))
    return len(pairs) == sum(not bound.is_hidden for bound in typed) and all(
        _agree(one, other) for one, other in pairs
    )


def _words(bound: BoundField) -> str:
    """The answer as a reader knows it: an option by its label, the rest as typed."""
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return _("Ticked") if _values(bound) else _("Not ticked")
    labels = dict(_options(getattr(bound.field, "choices", ())))
    return " ".join(labels.get(value, value) for value in _values(bound) if value)


def _options(choices: Iterable[tuple[object, object]]) -> Iterator[tuple[str, str]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _options(label)
        else:
            yield str(value), str(label)
