"""The answers of a section as people read them: on the review page, in the receipt, on a case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.db import models
from django.forms.boundfield import BoundField
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _

from admissions_portal.support.dates import hong_kong_day
from admissions_portal.support.templatetags.portal import first_target
from applications.submission.sections.rows import SectionForm
from applications.submission.sections.typed import names_of


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as people read it. `problem` is the sentence about it, or ""."""

    label: str
    value: str
    field_id: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class AnswerBlock:
    """Answers that belong together: a section's own, or one repeated item under its title."""

    title: str
    answers: tuple[Answer, ...]


def answers_in(form: SectionForm, said: Callable[[str], str] | None = None) -> Iterator[Answer]:
    """The form's answers as people read them; what was left empty on purpose is left out. `said` words an
    answer by its field's name where it is no column of the row."""
    for bound in form:
        if bound.is_hidden:
            continue
        problem = " ".join(map(str, bound.errors))
        worded = said(bound.name) if said else _as_chosen(form, bound)
        value = _as_typed(form, bound) if problem else worded
        if value or problem:
            yield Answer(str(bound.label), value, first_target(bound), problem)


def _as_typed(form: SectionForm, bound: BoundField) -> str:
    return " ".join(part for name in names_of(bound) for part in form.typed.getlist(name) if part)


def _as_chosen(form: SectionForm, bound: BoundField) -> str:
    """The row's answer; where a code was chosen, in the words of the choice: a university by its name."""
    if isinstance(bound.field, forms.ChoiceField) and not isinstance(bound.field, forms.ModelChoiceField):
        value = getattr(form.instance, bound.name, None)
        words: dict[Any, Any] = dict(flatten_choices(cast(Any, bound.field.choices)))
        if value and value in words:
            return str(words[value])
    return in_words(form.instance, bound.name)


def in_words(instance: models.Model, name: str) -> str:
    """A row's answer as people read it; "" for none."""
    value = getattr(instance, name, None)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        column: Any = instance._meta.get_field(name)
        return _("Yes") if value else (_("No") if column.null else "")
    if isinstance(value, date):
        return hong_kong_day(value)
    display = getattr(instance, f"get_{name}_display", None)
    if display is not None:
        return str(display())
    return str(getattr(value, "as_international", None) or getattr(value, "name", None) or value)
