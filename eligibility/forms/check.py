"""The public check as one sheet: its parts in their order, what was typed, and the engine's facts made of it.

The sheet lives for one request. What is typed travels in the POST alone, every name of it known beforehand,
and comes back in the page: nothing is kept anywhere, and nothing that was typed is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eligibility import labels
from eligibility.engine import Facts, FactsError, from_json, to_json
from eligibility.forms.check_asked import Asked
from eligibility.forms.check_fields import CheckForm, said
from eligibility.forms.check_person import EarlierForm, IntakeForm, LanguageForm
from eligibility.forms.check_rows import TEST_LABELS, DegreeForm, StudyForm, TestForm
from eligibility.forms.check_typed import (
    MOST_ROWS,
    as_read,
    is_worth_reading,
    known_answers,
    leave_unasked,
    names_of,
    refusal,
    row_numbers,
)


@dataclass(frozen=True)
class RowKind:
    """A repeated part: what one item is called, what its button says, how many stand there unasked."""

    key: str
    form_class: type[CheckForm]
    item: str | Promise
    add: str | Promise
    least: int = 0


ROWS: Final = {
    kind.key: kind
    for kind in (
        RowKind(
            "degree", DegreeForm, gettext_lazy("Degree %(number)s"), gettext_lazy("Add another degree"), 1
        ),
        RowKind("test", TestForm, gettext_lazy("Test %(number)s"), gettext_lazy("Add this test")),
        RowKind("study", StudyForm, gettext_lazy("Study %(number)s"), gettext_lazy("Add a study")),
    )
}


@dataclass
class Part:
    """One group of questions: a form of its own, repeated rows, or both."""

    key: str
    title: str | Promise
    intro: str | Promise
    form: CheckForm | None = None
    kind: RowKind | None = None
    rows: list[Any] = field(default_factory=list)

    @property
    def forms(self) -> list[CheckForm]:
        return ([self.form] if self.form is not None else []) + self.rows


@dataclass(frozen=True)
class Answers:
    """Answers under one title, as people read them."""

    title: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class About:
    """What the questions must know of the programme: its institution, and what there is to choose from.

    levels, disciplines   of the institution's programmes, for an earlier study there
    countries             those the acceptance register names
    by_issue              scores count from the day of the report (AMB-05b)
    """

    institution: str
    institution_name: str
    intakes: tuple[tuple[str, str], ...] = ()
    countries: tuple[tuple[str, str], ...] = ()
    levels: tuple[tuple[str, Any], ...] = ()
    disciplines: tuple[str, ...] = ()
    by_issue: bool = False


class CheckSheet:
    """The questions of `asked` over what was posted. `judged`: mistakes are looked for, as for a result.

    add, chosen   a part that gets one more empty row, and the kind of test chosen for it
    drop          a row to leave out, as `degree:1`
    """

    def __init__(
        self,
        asked: Asked,
        about: About,
        *,
        today: date,
        posted: QueryDict | None = None,
        judged: bool = False,
        add: str = "",
        chosen: str = "",
        drop: str = "",
    ) -> None:
        self.asked, self.about, self.today, self.judged, self.added = asked, about, today, judged, add
        self.typed = known_answers(posted, drop=drop) if posted is not None else QueryDict(mutable=True)
        self._imply()
        self.is_new = posted is None
        self._chosen = chosen
        self.parts = [part for part in self._parts() if part.form is not None or part.kind is not None]
        if judged:
            for form in self.forms:
                form.full_clean()
            self._check_reliance()

    def _parts(self) -> Iterator[Part]:
        asked = self.asked
        if asked.degree:
            yield Part(
                "degree",
                gettext_lazy("Your degrees"),
                gettext_lazy("Every degree you hold or expect. One is enough to begin with."),
                kind=ROWS["degree"],
                rows=self._rows("degree"),
            )
        if asked.first_language or asked.tests or asked.older:
            form = LanguageForm(**self._of(LanguageForm)) if asked.first_language else None
            yield Part(
                "english",
                gettext_lazy("English"),
                gettext_lazy("Add a test if you have taken or booked one. Not everybody needs one."),
                form=form,
                kind=ROWS["test"],
                rows=self._rows("test"),
            )
        if asked.study:
            yield Part(
                "study",
                gettext_lazy("Postgraduate work"),
                gettext_lazy(
                    "Study or research at postgraduate level, finished or not. It can stand in for an "
                    "outstanding bachelor’s degree."
                ),
                kind=ROWS["study"],
                rows=self._rows("study"),
            )
        if asked.earlier:
            options = {
                "institution_name": self.about.institution_name,
                "levels": self.about.levels,
                "disciplines": self.about.disciplines,
            }
            prefix = f"earlier-{self.about.institution}"
            yield Part(
                "earlier",
                gettext_lazy("Earlier study here"),
                "",
                form=EarlierForm(**self._of(EarlierForm, prefix, **options)),
            )
        intake = IntakeForm(**self._of(IntakeForm, intakes=self.about.intakes))
        if intake.fields:
            yield Part(
                "intake",
                gettext_lazy("Study and status"),
                gettext_lazy("How you would study, and what counts for local or non-local."),
                form=intake,
            )

    def _of(self, form_class: type[CheckForm], prefix: str | None = None, **more: Any) -> dict[str, Any]:
        """What a form is made with: bound to what was typed where it is judged, else showing it."""
        options: dict[str, Any] = {"asked": self.asked, "today": self.today, "prefix": prefix, **more}
        if self.judged:
            return options | {"data": self.typed}
        blank = form_class(**options)
        return options | {
            "initial": {
                bound.name: raw
                for bound in blank
                if (raw := bound.field.widget.value_from_datadict(self.typed, {}, bound.html_name))
                not in (None, "")
            }
        }

    def _rows(self, key: str) -> list[CheckForm]:
        kind = ROWS[key]
        typed = row_numbers(self.typed, key)
        extra = 1 if self.added == key else 0
        count = min(max(len(typed) + extra, kind.least), MOST_ROWS)
        rows = []
        for number in range(count):
            options: dict[str, Any] = {}
            if key == "degree":
                options = {
                    "institution": self.about.institution,
                    "institution_name": self.about.institution_name,
                    "several": count > 1,
                    "countries": self.about.countries,
                }
            elif key == "test":
                chosen = self._chosen if number >= len(typed) else ""
                typed_kind = self.typed.get(f"test-{number}-kind", "")
                options = {"chosen": typed_kind or chosen, "by_issue": self.about.by_issue}
            made = self._of(kind.form_class, f"{key}-{number}", **options)
            if self.judged and key != "test":
                # somebody pressed Add and wrote nothing
                made |= {"empty_permitted": True, "use_required_attribute": False}
            form = kind.form_class(**made)
            form.summary_label = str(kind.item) % {"number": number + 1}
            rows.append(form)
        return rows

    def _imply(self) -> None:
        """A degree of one of the universities here is of no other, and from Hong Kong: not asked twice."""
        for number in row_numbers(self.typed, "degree"):
            prefix = f"degree-{number}-"
            theirs = [name for name in self.typed if name.startswith(f"{prefix}of-")]
            if any(self.typed[name] == "YES" for name in theirs):
                self.typed.setdefault(f"{prefix}of-{self.about.institution}", "NO")
                if not self.typed.get(f"{prefix}in_hong_kong"):
                    self.typed[f"{prefix}in_hong_kong"] = "YES"

    def _check_reliance(self) -> None:
        marked = [
            form for form in self._written("degree") if form.is_valid() and form.cleaned_data.get("relied_on")
        ]
        for form in marked[1:]:
            form.add_error(
                "relied_on",
                _("“%(label)s” is already marked. Mark only one degree.")
                % {"label": marked[0].summary_label},
            )

    @property
    def forms(self) -> list[CheckForm]:
        return [form for part in self.parts for form in part.forms]

    def _written(self, key: str) -> list[CheckForm]:
        return [
            form
            for part in self.parts
            if part.kind is ROWS[key]
            for form in part.rows
            if key == "test" or form.has_changed()
        ]

    @cached_property
    def is_right(self) -> bool:
        """Whether every answer can be one."""
        return all(form.is_valid() for form in self.forms)

    @property
    def mode(self) -> str | None:
        """The study mode wanted, None for not said."""
        answer = said(self.typed.get("mode", ""))
        return answer if answer in labels.MODES else None

    @property
    def intake(self) -> str:
        return self.typed.get("intake", "")

    def facts(
        self, *, accepted: Callable[[dict[str, Any]], dict[str, Any]] = lambda degree: {}, **known: Any
    ) -> Facts | None:
        """The engine's facts, `known` beside what was answered; None where the engine refuses an answer.

        `accepted` says what the acceptance register adds to a degree. A refusal of the engine (FactsError)
        then stands at the answer it is about, in the reader's language.
        """
        given: dict[str, Any] = {"degrees": [], "english_tests": [], "postgraduate_study": []}
        rows = {"degrees": "degree", "english_tests": "test", "postgraduate_study": "study"}
        for name, key in rows.items():
            given[name] = [form.fact() for form in self._written(key)]
        for degree in given["degrees"]:
            degree |= accepted(degree)
        for part in self.parts:
            if part.form is not None:
                given |= part.form.fact()
        try:
            return from_json(Facts, to_json(given) | to_json(known))
        except FactsError as error:
            self._refuse(error, rows)
            self.__dict__["is_right"] = False
            return None

    def _refuse(self, error: FactsError, rows: dict[str, str]) -> None:
        match = re.match(r"\$\.(\w+)(?:\[(\d+)\])?(?:\.(\w+))?", error.path)
        list_, number, name = match.groups() if match else ("", None, "")
        form: CheckForm = self.forms[0]
        if list_ in rows and (written := self._written(rows[list_])):
            form = written[int(number or 0)]
        else:
            form = next((f for f in self.forms if list_ in f.fields), form)
            name = list_
        own = getattr(form, "own_name", "")
        name = {"of_this_university": own, "institution_in_hong_kong": "in_hong_kong"}.get(name or "", name)
        form.add_error(name if name in form.fields else None, refusal(error))

    def missing(self) -> list[Part]:
        """The parts with only those questions that the answers brought along were never asked."""
        known = set(self.typed.getlist("asked"))
        found = []
        for part in self.parts:
            rows = []
            if part.kind is not None and (part.kind.key in known or part.rows):
                rows = [form for form in part.rows if leave_unasked(form, self.typed)]
            new = part.kind is not None and part.kind.key not in known and not part.rows
            form = part.form if part.form is not None and leave_unasked(part.form, self.typed) else None
            if form is not None or rows or new:
                found.append(Part(part.key, part.title, part.intro, form, part.kind if new else None, rows))
        return found

    def carried(self, *, shown: Iterable[CheckForm] = ()) -> list[tuple[str, str]]:
        """Names and values to send along unseen: every answer but those of the forms that are `shown`.

        A question that was put and left empty is sent empty, so that it counts as put.
        """
        visible = {name for form in shown for bound in form for name in names_of(bound)}
        pairs = [
            (name, value) for name, values in self.typed.lists() for value in values if name not in visible
        ]
        pairs = [pair for pair in pairs if pair[0] != "asked"]
        pairs += [
            (name, "")
            for form in self.forms
            for bound in form
            for name in names_of(bound)
            if name not in self.typed
            and name not in visible
            and not isinstance(bound.field.widget, forms.CheckboxInput)
        ]
        parts = {part.kind.key for part in self.parts if part.kind is not None}
        return pairs + [("asked", key) for key in sorted(parts | set(self.typed.getlist("asked")))]

    def answers(self) -> list[Answers]:
        """What was answered, as it stands on the result."""
        blocks = []
        for part in self.parts:
            lines: list[tuple[str, str]] = []
            if part.form is not None:
                lines = [(str(bound.label), as_read(bound)) for bound in part.form]
            if part.kind is None or lines:
                blocks.append(Answers(str(part.title), tuple(lines)))
            if part.kind is not None:
                written = self._written(part.kind.key)
                blocks += [
                    Answers(
                        form.heading,  # type: ignore[attr-defined]
                        tuple(
                            (str(bound.label), as_read(bound)) for bound in form if is_worth_reading(bound)
                        ),
                    )
                    for form in written
                ]
                if not written:
                    blocks.append(Answers(str(part.title), ((_("Given"), _("Nothing")),)))
        return blocks

    @property
    def test_choices(self) -> list[tuple[str | Promise, list[tuple[str, Any]]]]:
        """The tests to choose from, those no longer offered apart (AMB-10)."""
        tests = [(kind.value, TEST_LABELS[kind]) for kind in self.asked.tests]
        if self.asked.unlisted:
            tests.append(("OTHER", labels.TESTS["OTHER"]))
        groups: list[tuple[str | Promise, list[tuple[str, Any]]]] = [("", tests)]
        if self.asked.older:
            older = [(kind.value, TEST_LABELS[kind]) for kind in self.asked.older]
            groups.append((_("Older test, no longer offered"), older))
        return groups
