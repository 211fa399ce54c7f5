"""What a section is: its forms, what is wrong with them, where it stands, its answers as people read them.

A section's forms are always built over what was typed, if something in it cannot be right, else over what
the database holds. So the form, the checklist, the review page and the submission ask one thing and get one
answer.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from admissions_portal.support.templatetags.portal import errors
from applications.lifecycle.models import Application
from applications.submission.models import UnsavedText
from applications.submission.sections.answers import AnswerBlock, answers_in
from applications.submission.sections.comparing import Comparison
from applications.submission.sections.filling import Filling
from applications.submission.sections.rows import FilledGroup, RowForm, RowGroup, SectionForm
from applications.submission.sections.typed import (
    MOST_READ,
    MOST_ROWS,
    Typed,
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
    """Where a section stands: not started (todo), in progress (part), needs attention (warn), complete (met).

    `status` is the icon's name, `word` says it.
    """

    status: str
    word: str

    @property
    def is_done(self) -> bool:
        return self.status == "met"


@dataclass
class Filled:
    """A section with its forms, bound to what was typed or to what is kept."""

    section: FormSection
    filling: Filling
    form: SectionForm | None
    groups: list[FilledGroup] = field(default_factory=list)
    # the rows that keeping it made, by the name each had as a new item
    made: dict[str, str] = field(default_factory=dict)
    # another page had saved the section: nothing was written, what was typed waits until the person chooses
    is_held: bool = False

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
                    name = form.identity
                    form.keep()
                    form.typed[form.add_prefix("row")] = pk = str(form.instance.pk)
                    if name and name != pk:
                        self.made[name] = pk
            _forget(owner, filled.group.relation)


class Section(ABC):
    """One page of the form. What every section can answer, whether it has a form of its own or not."""

    key: ClassVar[str]
    title: ClassVar[str | Promise]
    # why it is asked, in a sentence or two
    intro: ClassVar[str | Promise] = ""
    # about the person, so it serves every application
    in_profile: ClassVar[bool] = False

    def applies(self, application: Application, *, at: datetime) -> bool:
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

    def has_mistakes(self, filling: Filling) -> bool:
        """Whether something that is written cannot be right, rather than not written yet."""
        return False

    def state(self, filling: Filling) -> SectionState:
        """Not started, in progress, n to fix, or done; what asks nothing is optional until it is opened."""
        problems = len(self.problems(filling))
        if not self.has_begun(filling):
            return SectionState("todo", _("Not started")) if problems else SectionState("met", _("Optional"))
        if not problems:
            return SectionState("met", _("Complete"))
        if self.has_mistakes(filling):
            return SectionState(
                "warn", ngettext("%(count)d to fix", "%(count)d to fix", problems) % {"count": problems}
            )
        return SectionState("part", _("In progress"))


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

    def news(self, filling: Filling) -> list[str]:
        """What the section asks otherwise than when it was last saved, in sentences."""
        return []

    def before_keeping(self, filled: Filled) -> None:
        """Prepare the rows once the section's own form is written."""

    def has_begun(self, filling: Filling) -> bool:
        if super().has_begun(filling) or self.unsaved(filling):
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
        judged: bool = True,
    ) -> Filled:
        """The section's forms over `typed`, or what was typed before and is not right yet, or what is kept.

        `add` names a group that gets one empty row more, of `kind` where the group has kinds. What is not
        `judged` is drawn as it was typed, with nothing said about it.
        """
        visit = filling.visits.get(self.key)
        if typed is None and visit is not None:
            typed = visit.typed
        made = visit.made if visit is not None else {}
        owner = self.owner(filling)
        form = None
        if self.form_class is not None:
            form = self._form(self.form_class, owner, filling, typed, bound=bound)
        groups = []
        for group in self.groups_for(filling):
            kept = {str(row.pk): row for row in group.rows(owner)}
            posted = rows_typed(typed, group.key) if typed is not None else []
            named = [row.get("row", [""])[0] for row in posted]
            # an item that was new on its page may have become a row since
            mentioned = [str(made.get(name, name)) for name in named]
            entries: list[tuple[models.Model, Typed | None, bool]] = [
                (kept.get(pk) or group.new(owner, number), row, True)
                for number, (pk, row) in enumerate(zip(mentioned, posted, strict=True))
            ]
            entries += [(row, None, True) for pk, row in kept.items() if pk not in mentioned]
            extra = 1 if add == group.key and len(entries) < MOST_ROWS else 0
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
                        for index, (instance, row, may_be_empty) in enumerate(entries[:MOST_READ])
                    ],
                )
            )
        filled = Filled(self, filling, form, groups)
        self.arrange(filled)
        if bound and not judged:
            for each in filled.forms:
                each.leave_unjudged()
        elif bound:
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
        problems = self.current(filling).problems
        if self.unsaved(filling):
            sentence = _(
                "Something was typed here and is not saved. Open the section, then save it or leave it out."
            )
            return [Problem(self.key, "unsaved", sentence), *problems]
        return problems

    def has_mistakes(self, filling: Filling) -> bool:
        return any(
            any(any(form.typed.getlist(name)) for name in names_of(form[wrong]))
            for form in self.current(filling).forms
            for wrong in form.errors
            if wrong in form.fields
        ) or any(form.non_field_errors() for form in self.current(filling).forms)

    def unsaved(self, filling: Filling) -> list[UnsavedText]:
        """What was typed into pages of the section and says more than what is saved, the newest first."""
        return filling.once(
            f"unsaved {self.key}",
            lambda: [
                text
                for text in filling.unsaved_texts
                if text.section == self.key and self.compared(filling, text).says_more
            ],
        )

    def compared(self, filling: Filling, text: UnsavedText) -> Comparison:
        """The section as saved beside a text that was typed and not saved."""
        return Comparison(self.current(filling), self.fill(filling, text.typed, judged=False))

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
        if typed is None:
            form = form_class(instance=owner, filling=filling)
            return form.as_it_stands() if bound else form
        return form_class(query_dict(typed) if bound else None, instance=owner, filling=filling)

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
        new = group.name_for_new(index) if typed is None else typed.get("row", [""])[0]
        options: dict[str, Any] = {
            "prefix": f"{group.key}-{index}",
            "instance": instance,
            "filling": filling,
            "initial": {"row": str(instance.pk or new)},
        }
        may_be_empty = may_be_empty and instance._state.adding
        if typed is None:
            form = group.form_class(empty_permitted=bound and may_be_empty, **options)
            form = form.as_it_stands() if bound else form
        else:
            data = query_dict({f"{group.key}-{index}-{name}": values for name, values in typed.items()})
            form = group.form_class(
                data if bound else None, empty_permitted=bound and may_be_empty, **options
            )
        form.comes_from_elsewhere = typed is None and not instance._state.adding
        form.summary_label = str(group.item) % {"number": index + 1}
        return form

    @staticmethod
    def _of_kind(instance: models.Model, kind: str) -> models.Model:
        if kind and hasattr(instance, "kind"):
            instance.kind = kind
        return instance


def _forget(owner: models.Model, relation: str) -> None:
    getattr(owner, "_prefetched_objects_cache", {}).pop(relation, None)
