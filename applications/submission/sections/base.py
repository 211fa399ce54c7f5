"""What a section is: its forms, what is wrong with them, where it stands, its answers as people read them.

A section's forms are always built over what was typed, if something in it cannot be right, else over what
the database holds. So the form, the checklist, the review page and the submission ask one thing and get one
answer.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from django.forms.boundfield import BoundField
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from admissions_portal.support.dates import hong_kong_day
from admissions_portal.support.templatetags.portal import errors, first_target
from applications.lifecycle.models import Application
from applications.submission.sections.filling import Filling
from applications.submission.sections.rows import FilledGroup, RowForm, RowGroup, SectionForm
from applications.submission.sections.typed import (
    MOST_ROWS,
    Typed,
    as_posted,
    names_of,
    query_dict,
    rows_typed,
)


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
                _("%(where)s: %(message)s") % line if line["where"] else str(line["message"]),
            )
            for line in errors(*self.forms)["problems"]
        ]

    def typed(self) -> Typed:
        """What stands in the inputs, so that the page can be drawn again exactly."""
        return {
            name: form.typed.getlist(name)
            for form in self.forms
            for bound in form
            for name in names_of(bound)
            if name in form.typed
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
                    form.typed[form.add_prefix("row")] = str(form.instance.pk)
            _forget(owner, filled.group.relation)


class Section(ABC):
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

    @abstractmethod
    def problems(self, filling: Filling) -> list[Problem]:
        """Everything that keeps the section from being done, in the order of its page."""

    @abstractmethod
    def answers(self, filling: Filling) -> list[AnswerBlock]:
        """What is answered so far, as the review page shows it."""

    def state(self, filling: Filling) -> SectionState:
        """Not begun, n to fix, or done; a section that asks nothing is optional until it is opened."""
        problems = len(self.problems(filling))
        if not self.has_begun(filling):
            return SectionState("todo", _("Not begun")) if problems else SectionState("met", _("Optional"))
        if problems:
            return SectionState(
                "part", ngettext("%(count)d to fix", "%(count)d to fix", problems) % {"count": problems}
            )
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
        names = (self.form_class._meta.fields or ()) if self.form_class is not None else ()
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
                        self._row(
                            group, instance, row, index, filling, bound=bound, may_be_empty=may_be_empty
                        )
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
        self,
        form_class: type[SectionForm],
        owner: models.Model,
        filling: Filling,
        typed: Typed | None,
        *,
        bound: bool,
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
            data = (
                as_posted(form)
                if typed is None
                else {f"{group.key}-{index}-{n}": v for n, v in typed.items()}
            )
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


def answers_in(form: SectionForm) -> Iterator[Answer]:
    """The form's answers as people read them; what was left empty on purpose is left out."""
    for bound in form:
        if bound.is_hidden:
            continue
        problem = " ".join(map(str, bound.errors))
        value = _as_typed(form, bound) if problem else _shown(form.instance, bound.name)
        if value or problem:
            yield Answer(str(bound.label), value, first_target(bound), problem)


def _as_typed(form: SectionForm, bound: BoundField) -> str:
    return " ".join(part for name in names_of(bound) for part in form.typed.getlist(name) if part)


def _shown(instance: models.Model, name: str) -> str:
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


def _forget(owner: models.Model, relation: str) -> None:
    getattr(owner, "_prefetched_objects_cache", {}).pop(relation, None)
