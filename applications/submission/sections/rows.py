"""The forms a section is made of: one over a row of its own, and groups of repeated rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, ClassVar, Self, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import construct_instance
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from admissions_portal.support.forms import PortalModelForm
from applications.submission.sections.filling import Filling
from applications.submission.sections.typed import MOST_ROWS, as_posted, query_dict


class YesNoField(forms.TypedChoiceField):
    """Yes, no, or neither in the words of `unknown`, which is kept as None and never asked for."""

    def __init__(self, *, unknown: str | Promise, **kwargs: Any) -> None:
        super().__init__(
            choices=[("True", gettext_lazy("Yes")), ("False", gettext_lazy("No")), ("", unknown)],
            coerce=lambda value: value == "True",
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
            **kwargs,
        )


class SectionForm(PortalModelForm):
    """A form that keeps whatever is right in it. `filling` is the application it belongs to."""

    # may be empty in the database, must be answered before the application is submitted
    needed: ClassVar[tuple[str, ...]] = ()
    # what the browser may fill in by itself
    autocomplete: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, filling: Filling, **kwargs: Any) -> None:
        self.filling = filling
        super().__init__(*args, **kwargs)
        for name in self.needed:
            self.fields[name].required = True
        for name, token in self.autocomplete.items():
            self.fields[name].widget.attrs["autocomplete"] = token
        self.prepare()

    def prepare(self) -> None:
        """Adapt the fields to the row; a subclass's place."""

    @property
    def columns(self) -> list[str]:
        """The fields that are columns of the row."""
        return [name for name in self.fields if name in (self._meta.fields or ())]

    @property
    def typed(self) -> QueryDict:
        """What was posted; of a bound form only."""
        return cast(QueryDict, self.data)

    def as_it_stands(self) -> Self:
        """Bound to what a browser would post of it if nobody touched it."""
        self.data, self.is_bound = query_dict(as_posted(self)), True
        return self

    def leave_unjudged(self) -> None:
        """Draw what was typed and say nothing about it; the row stays as it is."""
        self._errors = ErrorDict()
        self.cleaned_data = {}

    def _get_validation_exclusions(self) -> set[str]:
        # what was chosen from a list is in it: the model would go through 250 countries once more
        chosen = {name for name, field in self.fields.items() if isinstance(field, forms.ChoiceField)}
        return super()._get_validation_exclusions() | chosen  # type: ignore[misc]  # the stubs forgot it

    def _post_clean(self) -> None:
        # Django's, without the model's constraints: they are about columns that no section asks for, and
        # putting each of them together only to leave it out takes as long as all other checks
        try:
            self.instance = construct_instance(self, self.instance, self._meta.fields)
            self.instance.full_clean(
                exclude=self._get_validation_exclusions(), validate_unique=False, validate_constraints=False
            )
        except ValidationError as wrong:
            self._update_errors(wrong)  # type: ignore[attr-defined]  # the stubs forgot it

    def clean(self) -> dict[str, Any]:
        # not ModelForm's: uniqueness concerns several rows and is the section's to judge
        self.check()
        return self.cleaned_data

    def check(self) -> None:
        """What several answers together cannot be; a subclass's place."""

    def keep(self) -> None:
        """Write every answer that is right; one that is not leaves its column empty, not as it was before."""
        names = self.columns
        for name in names:
            if name in self.errors:
                setattr(self.instance, name, _nothing(self.instance._meta.get_field(name)))
        self.instance.save(
            update_fields=None if self.instance._state.adding else [*names, *_touched(self.instance)]
        )


class RowForm(SectionForm):
    """One repeated item. `row` tells which row of the database it is, or names a new one until it has a row.

    Without the answers named in `needed_to_keep` there is no row yet: what was typed is kept as text only.
    """

    row = forms.CharField(required=False, widget=forms.HiddenInput)
    needed_to_keep: ClassVar[tuple[str, ...]] = ()
    # answers about the row's place among the others, not about the thing itself
    marks: ClassVar[tuple[str, ...]] = ()
    # a row the posted page did not show: another tab added it
    comes_from_elsewhere = False
    # a button made another thing of it just now: what it asks was not asked before, so nothing is wrong yet
    asks_anew = False

    @property
    def heading(self) -> str:
        """What stands above the item; a subclass may say more than its number."""
        return str(self.summary_label)

    @property
    def button(self) -> tuple[str, str] | None:
        """The item's own submit button: the name it posts, and its words."""
        return None

    @property
    def identity(self) -> str:
        """The row's number, or the name that a page gave to a new item; "" for one without either."""
        return str(self.instance.pk) if self.instance.pk else self.typed.get(self.add_prefix("row"), "")

    @property
    def is_blank(self) -> bool:
        """Somebody pressed Add and wrote nothing."""
        return self.instance._state.adding and self.empty_permitted and not self.has_changed()

    @property
    def can_be_kept(self) -> bool:
        return not self.is_blank and not any(name in self.errors for name in self.needed_to_keep)

    def says_the_same_as(self, other: models.Model) -> bool:
        names = [name for name in self.columns if name not in self.marks]
        return all(getattr(self.instance, name) == getattr(other, name) for name in names)


@dataclass(frozen=True)
class RowGroup:
    """A repeating part of a section: degrees, tests, posts.

    `least` rows are shown and asked for even before anything is written. `kind_choices` are offered beside
    the Add button where an item's fields depend on its kind.
    """

    key: str
    form_class: type[RowForm]
    relation: str
    item: str | Promise
    add: str | Promise
    heading: str | Promise = ""
    intro: str | Promise = ""
    least: int = 0
    kind_choices: tuple[tuple[str, Any], ...] = ()

    def rows(self, owner: models.Model) -> list[models.Model]:
        return list(getattr(owner, self.relation).all()) if owner.pk else []

    def new(self, owner: models.Model, number: int) -> models.Model:
        relation = getattr(type(owner), self.relation).rel
        return relation.related_model(**{relation.field.name: owner})

    def name_for_new(self, number: int) -> str:
        """Tells a new item from those that other pages add. The one that is asked for anyway is the same."""
        return f"first-{number}" if number < self.least else f"new-{token_hex(4)}"


@dataclass
class FilledGroup:
    group: RowGroup
    forms: list[RowForm]

    @property
    def is_full(self) -> bool:
        """Whether no more are added."""
        return len(self.forms) >= MOST_ROWS

    def merge_repeats(self) -> None:
        """A new row sent twice, by a second click or by going back, is the row that the first one made."""
        for form in [form for form in self.forms if form.instance._state.adding and not form.is_blank]:
            elsewhere = [other for other in self.forms if other.comes_from_elsewhere]
            same = next((other for other in elsewhere if form.says_the_same_as(other.instance)), None)
            if same is not None:
                for name in form.marks:
                    setattr(same.instance, name, getattr(form.instance, name))
                form.instance = same.instance
                self.forms.remove(same)


def _nothing(column: Any) -> Any:
    """What a column holds while its answer cannot be kept."""
    if column.null:
        return None
    return False if isinstance(column, models.BooleanField) else ""


def _touched(instance: models.Model) -> Iterable[str]:
    return ["updated_at"] if hasattr(instance, "updated_at") else []
