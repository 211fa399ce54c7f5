"""What a section is made of: a form over one row, groups of repeated rows, and what is wrong with either.

A section's forms are always built over what was typed, if something in it cannot be right, else over what the
database holds. So the form, the checklist, the review page and the submission ask one thing and get one answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from django import forms
from django.db import models
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from admissions_portal.clock import day_of
from admissions_portal.support.dates import hong_kong_day
from admissions_portal.support.forms import PortalModelForm
from admissions_portal.support.templatetags.portal import errors, first_target
from applications.applicants.models import Applicant
from applications.lifecycle.models import Application
from applications.submission.models import SectionVisit
from programmes.models import Institution, Specialisation

T = TypeVar("T")

# What a browser posted: name → values, as they were typed.
Typed = dict[str, list[str]]

# Nobody has more degrees, tests or posts; a page of a thousand rows is an attack.
MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right: in which section, the id of the input to go to, and the sentence."""

    section: str
    field_id: str
    sentence: str


@dataclass(frozen=True, slots=True)
class SectionState:
    """Where a section stands: `status` is an icon's name (met, part, todo), `word` says it."""

    status: str
    word: str

    @property
    def is_done(self) -> bool:
        return self.status == "met"


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


class Filling:
    """One application being written, seen at one moment. What several sections read is read once."""

    def __init__(self, application: Application, *, at: datetime) -> None:
        self.application = application
        self.at = at
        self._kept: dict[str, Any] = {}

    def once(self, name: str, ask: Callable[[], T]) -> T:
        """What `ask` answers, asked once while this filling lasts."""
        if name not in self._kept:
            self._kept[name] = ask()
        return self._kept[name]

    @property
    def applicant(self) -> Applicant:
        return self.application.applicant

    @property
    def today(self) -> date:
        """The calendar day in Hong Kong."""
        return day_of(self.at)

    @cached_property
    def visits(self) -> dict[str, SectionVisit]:
        own = models.Q(application=self.application) | models.Q(application=None)
        return {visit.section: visit for visit in self.applicant.section_visits.filter(own)}

    @cached_property
    def specialisations(self) -> list[Specialisation]:
        """Of the programme applied for, in the order they are numbered (HKU-11, HKU-12)."""
        programme = self.application.offering.intake.programme_id
        return list(
            Specialisation.objects.filter(track__programme=programme).select_related("track").order_by("number")
        )

    @cached_property
    def universities(self) -> list[tuple[str, str]]:
        """Those that take applications here: their own graduates are told from others (HKU-E3)."""
        return list(Institution.objects.order_by("name").values_list("code", "name"))


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
        for field in self.fields.values():
            if isinstance(field.widget, forms.Select) and not isinstance(field.widget, forms.RadioSelect):
                _ask_to_choose(field)
        self.prepare()

    def prepare(self) -> None:
        """Adapt the fields to the row; a subclass's place."""

    def clean(self) -> dict[str, Any]:
        # not ModelForm's: uniqueness concerns several rows and is the section's to judge
        self.check()
        return self.cleaned_data

    def check(self) -> None:
        """What several answers together cannot be; a subclass's place."""

    def keep(self) -> None:
        """Write every answer that is right; one that is not leaves its column empty, not as it was before."""
        names = [name for name in self.fields if name in self._meta.fields]
        for name in names:
            if name in self.errors:
                column = self.instance._meta.get_field(name)
                setattr(self.instance, name, None if column.null else False if _is_flag(column) else "")
        self.instance.save(update_fields=None if self.instance._state.adding else [*names, *_touched(self.instance)])


class RowForm(SectionForm):
    """One repeated item. `row` tells which row of the database it is, empty for a new one.

    Without the answers named in `needed_to_keep` there is no row yet: what was typed is kept as text only.
    """

    row = forms.CharField(required=False, widget=forms.HiddenInput)
    needed_to_keep: ClassVar[tuple[str, ...]] = ()
    # answers about the row's place among the others, not about the thing itself
    marks: ClassVar[tuple[str, ...]] = ()
    # a row the posted page did not show: another tab added it
    comes_from_elsewhere = False

    @property
    def heading(self) -> str:
        """What stands above the item; a subclass may say more than its number."""
        return str(self.summary_label)

    @property
    def is_blank(self) -> bool:
        """Somebody pressed Add and wrote nothing."""
        return self.instance._state.adding and self.empty_permitted and not self.has_changed()

    @property
    def can_be_kept(self) -> bool:
        return not self.is_blank and not any(name in self.errors for name in self.needed_to_keep)

    def says_the_same_as(self, other: models.Model) -> bool:
        names = [name for name in self.fields if name in self._meta.fields and name not in self.marks]
        return all(getattr(self.instance, name) == getattr(other, name) for name in names)


@dataclass(frozen=True)
class RowGroup:
    """A repeating part of a section: degrees, tests, posts.

    `least` rows are shown and asked for even before anything is written. `kind_choices` are offered beside the Add
    button where an item's fields depend on its kind.
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


@dataclass
class FilledGroup:
    group: RowGroup
    forms: list[RowForm]

    def merge_repeats(self) -> None:
        """The same new row sent twice, by a second click or going back, is the row that the first one made."""
        for form in [form for form in self.forms if form.instance._state.adding and not form.is_blank]:
            elsewhere = [other for other in self.forms if other.comes_from_elsewhere]
            same = next((other for other in elsewhere if form.says_the_same_as(other.instance)), None)
            if same is not None:
                for name in form.marks:
                    setattr(same.instance, name, getattr(form.instance, name))
                form.instance = same.instance
                self.forms.remove(same)


@dataclass
class Filled:
    """A section with its forms, bound to what was typed or to what is kept."""

    section: FormSection
    filling: Filling
    form: SectionForm | None
    groups: list[FilledGroup] = field(default_factory=list)

    @property
    def forms(self) -> list[SectionForm]:
        own: list[SectionForm] = [self.form] if self.form is not None else []
        return own + [form for group in self.groups for form in group.forms]

    @cached_property
    def problems(self) -> list[Problem]:
        """All of them at once, in the order of the page."""
        return [
            Problem(
                self.section.key,
                line["target"],
                f"{line['where']}: {line['message']}" if line["where"] else str(line["message"]),
            )
            for line in errors(*self.forms)["problems"]
        ]

    def typed(self) -> Typed:
        """What stands in the inputs, so that the page can be drawn again exactly."""
        return {
            name: form.data.getlist(name)
            for form in self.forms
            for bound in form
            for name in names_of(bound)
            if name in form.data
        }

    def keep(self) -> None:
        """Write what is right into the database; rows made by it learn their own number."""
        if self.form is not None:
            self.form.keep()
        self.section.before_keeping(self)
        owner = self.form.instance if self.form is not None else self.section.owner(self.filling)
        for filled in self.groups:
            for form in filled.forms:
                if form.can_be_kept:
                    form.keep()
                    form.data[form.add_prefix("row")] = str(form.instance.pk)
            _forget(owner, filled.group.relation)


class Section:
    """One page of the form. What every section can answer, whether it has a form of its own or not."""

    key: ClassVar[str]
    title: ClassVar[str | Promise]
    # why it is asked, in a sentence or two
    intro: ClassVar[str | Promise] = ""
    # about the person, so it serves every application
    in_profile: ClassVar[bool] = False

    def applies(self, application: Application) -> bool:
        return True

    def url(self, application: Application) -> str:
        return reverse("applications:section", args=[application.pk, self.key])

    def has_begun(self, filling: Filling) -> bool:
        return self.key in filling.visits

    def problems(self, filling: Filling) -> list[Problem]:
        raise NotImplementedError

    def answers(self, filling: Filling) -> list[AnswerBlock]:
        raise NotImplementedError

    def state(self, filling: Filling) -> SectionState:
        """Not begun, n to fix, or done; a section that asks nothing is optional until it is opened."""
        problems = len(self.problems(filling))
        if not self.has_begun(filling):
            return SectionState("todo", _("Not begun")) if problems else SectionState("met", _("Optional"))
        if problems:
            return SectionState("part", ngettext("%(count)d to fix", "%(count)d to fix", problems) % {"count": problems})
        return SectionState("met", _("Done"))


class FormSection(Section):
    """A section of our own form, repeated rows, or both."""

    form_class: ClassVar[type[SectionForm] | None] = None
    groups: ClassVar[tuple[RowGroup, ...]] = ()

    def owner(self, filling: Filling) -> models.Model:
        """The row the form is over, and whose rows repeat."""
        return filling.applicant

    def groups_for(self, filling: Filling) -> tuple[RowGroup, ...]:
        return self.groups

    def check(self, filled: Filled) -> None:
        """What several forms together cannot say; adds errors to them."""

    def arrange(self, filled: Filled) -> None:
        """Adapt the forms to each other before they are drawn or checked."""

    def before_keeping(self, filled: Filled) -> None:
        """Prepare the rows once the section's own form is written."""

    def has_begun(self, filling: Filling) -> bool:
        if super().has_begun(filling):
            return True
        owner = self.owner(filling)
        names = self.form_class._meta.fields if self.form_class is not None else ()
        values = (getattr(owner, name) for name in names)
        return any(value or value is False for value in values) or any(
            group.rows(owner) for group in self.groups_for(filling)
        )

    def fill(
        self,
        filling: Filling,
        typed: Typed | None = None,
        *,
        add: str = "",
        kind: str = "",
        bound: bool = True,
    ) -> Filled:
        """The section's forms over `typed`, or what was typed before and is not right yet, or what is kept.

        `add` names a group that gets one empty row more, of `kind` where the group has kinds.
        """
        if typed is None and (visit := filling.visits.get(self.key)):
            typed = visit.typed
        owner = self.owner(filling)
        form = None
        if self.form_class is not None:
            form = self._form(self.form_class, owner, filling, typed, bound=bound)
        groups = []
        for group in self.groups_for(filling):
            kept = {str(row.pk): row for row in group.rows(owner)}
            posted = rows_typed(typed, group.key) if typed is not None else []
            mentioned = {row.get("row", [""])[0] for row in posted}
            entries: list[tuple[models.Model, Typed | None, bool]] = [
                (kept.get(row.get("row", [""])[0]) or group.new(owner, number), row, True)
                for number, row in enumerate(posted)
            ]
            entries += [(row, None, True) for pk, row in kept.items() if pk not in mentioned]
            extra = 1 if add == group.key else 0
            missing = max(group.least - len(entries), 0)
            entries += [
                (self._of_kind(group.new(owner, len(entries) + n), kind), None, n >= missing)
                for n in range(max(extra, missing))
            ]
            groups.append(
                FilledGroup(
                    group,
                    [
                        self._row(group, instance, row, index, filling, bound=bound, may_be_empty=may_be_empty)
                        for index, (instance, row, may_be_empty) in enumerate(entries[:MOST_ROWS])
                    ],
                )
            )
        filled = Filled(self, filling, form, groups)
        self.arrange(filled)
        if bound:
            for each in filled.forms:
                each.full_clean()
            for filled_group in groups:
                filled_group.merge_repeats()
            self.check(filled)
        return filled

    def current(self, filling: Filling) -> Filled:
        """The section as it stands, judged once for the list of sections, the page and the review."""
        return filling.once(f"filled {self.key}", lambda: self.fill(filling))

    def problems(self, filling: Filling) -> list[Problem]:
        return self.current(filling).problems

    def answers(self, filling: Filling) -> list[AnswerBlock]:
        filled = self.current(filling)
        blocks = [AnswerBlock("", tuple(answers_in(filled.form)))] if filled.form is not None else []
        return blocks + [
            AnswerBlock(form.heading, tuple(answers_in(form)))
            for group in filled.groups
            for form in group.forms
            if not form.is_blank
        ]

    def _form(
        self, form_class: type[SectionForm], owner: models.Model, filling: Filling, typed: Typed | None, *, bound: bool
    ) -> SectionForm:
        plain = form_class(instance=owner, filling=filling)
        if not bound:
            return plain
        return form_class(
            query_dict(as_posted(plain) if typed is None else typed), instance=owner, filling=filling
        )

    def _row(
        self,
        group: RowGroup,
        instance: models.Model,
        typed: Typed | None,
        index: int,
        filling: Filling,
        *,
        bound: bool,
        may_be_empty: bool,
    ) -> RowForm:
        options: dict[str, Any] = {
            "prefix": f"{group.key}-{index}",
            "instance": instance,
            "filling": filling,
            "initial": {"row": str(instance.pk or "")},
        }
        form = group.form_class(**options)
        if bound:
            data = as_posted(form) if typed is None else {f"{group.key}-{index}-{n}": v for n, v in typed.items()}
            may_be_empty = may_be_empty and instance._state.adding
            form = group.form_class(query_dict(data), empty_permitted=may_be_empty, **options)
        form.comes_from_elsewhere = typed is None and not instance._state.adding
        form.summary_label = str(group.item) % {"number": index + 1}
        return form

    @staticmethod
    def _of_kind(instance: models.Model, kind: str) -> models.Model:
        if kind and hasattr(instance, "kind"):
            instance.kind = kind
        return instance


def names_of(bound: BoundField) -> list[str]:
    """The names under which a browser posts the field."""
    widget = bound.field.widget
    if isinstance(widget, forms.MultiWidget):
        return [bound.html_name + suffix for suffix in widget.widgets_names]
    return [bound.html_name]


def as_posted(form: forms.BaseForm) -> Typed:
    """What a browser would post of an unbound form that nobody touched."""
    posted: Typed = {}
    for bound in form:
        value, widget = bound.value(), bound.field.widget
        parts = widget.decompress(value) if isinstance(widget, forms.MultiWidget) else [value]
        for name, part in zip(names_of(bound), parts, strict=True):
            if isinstance(widget, forms.CheckboxInput):
                if part:
                    posted[name] = ["on"]
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
    return [rows[number] for number in sorted(rows)][:MOST_ROWS]


def query_dict(typed: Mapping[str, list[str]]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    return data


def answers_in(form: SectionForm) -> Iterator[Answer]:
    """The form's answers as people read them; what was left empty on purpose is left out."""
    for bound in form:
        if bound.is_hidden:
            continue
        problem = " ".join(bound.errors)
        value = _as_typed(form, bound) if problem else _shown(form.instance, bound.name)
        if value or problem:
            yield Answer(str(bound.label), value, first_target(bound), problem)


def _as_typed(form: SectionForm, bound: BoundField) -> str:
    return " ".join(part for name in names_of(bound) for part in form.data.getlist(name) if part)


def _shown(instance: models.Model, name: str) -> str:
    value = getattr(instance, name, None)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        column = instance._meta.get_field(name)
        return _("Yes") if value else (_("No") if column.null else "")
    if isinstance(value, date):
        return hong_kong_day(value)
    display = getattr(instance, f"get_{name}_display", None)
    if display is not None:
        return str(display())
    return str(getattr(value, "as_international", None) or getattr(value, "name", None) or value)


def _ask_to_choose(field: Any) -> None:
    """Nothing chosen yet is said in words, not in dashes. Asked late: 250 countries are listed only where drawn."""
    own = field.choices

    def choices() -> list[tuple[Any, Any]]:
        listed = list(own)
        return [("", _("Choose one")), *listed[1:]] if listed and not listed[0][0] else listed

    field.choices = choices


def _is_flag(column: Any) -> bool:
    return isinstance(column, models.BooleanField)


def _touched(instance: models.Model) -> Iterable[str]:
    return ["updated_at"] if hasattr(instance, "updated_at") else []


def _forget(owner: models.Model, relation: str) -> None:
    getattr(owner, "_prefetched_objects_cache", {}).pop(relation, None)
