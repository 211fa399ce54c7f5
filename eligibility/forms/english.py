"""English minima as rows of a form: a test, its figures as blanks in their sentences, checked against its
scale."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eligibility import labels
from eligibility.engine import PARTS, SCALES, EnglishMinimum, EnglishTestKind, FactsError, Range, plain
from eligibility.forms.drafts import DraftForm, Fill
from eligibility.forms.scores import ScoreField
from eligibility.regulation import FIGURES_OF, name_of_test, row_text

# figures of an EnglishMinimum, and where it is not the same, the score of a report that each is compared with
_FIGURES = ("overall", "each_part", "comparable", "band")
_COMPARED_WITH = {"comparable": "comparable_total", "band": "overall"}
_OWN_TEST = re.compile(r"OTHER-[0-9]{1,2}")
_BAND = gettext_lazy("overall {score} or more, from 1 to 6, where no comparable total is printed")
_AGELESS = gettext_lazy("A grade counts however old it is")
# tests nobody may put on a list: they are read as another one
_NEVER_LISTED = (EnglishTestKind.IELTS_GENERAL_TRAINING, EnglishTestKind.IELTS_INDICATOR)


@dataclass
class EnglishRow:
    """One test in the form. `base`: what stands below it, for a layer that may only raise."""

    key: str
    kind: EnglishTestKind
    reading: str
    title: str
    fills: list[Fill] = field(default_factory=list)
    parts: list[Fill] = field(default_factory=list)
    own: list[BoundField] = field(default_factory=list)
    ageless: BoundField | None = None
    is_used: bool = True
    base: str = ""

    @property
    def prefix(self) -> str:
        return f"en_{self.key}".replace(".", "_")

    @property
    def figures(self) -> list[str]:
        """Names of the fields that hold a figure."""
        return [fill.field.name for fill in (*self.fills, *self.parts)]

    @property
    def has_part_figures(self) -> bool:
        """Whether the single parts are worth showing at once."""
        return any(fill.field.value() not in (None, "") or fill.field.errors for fill in self.parts)


def keys_of(minima: Iterable[EnglishMinimum]) -> dict[str, EnglishMinimum]:
    """Rows by their keys in the hidden inputs: `IELTS_ACADEMIC`, `IELTS_ACADEMIC.source`; tests that an
    office added are numbered, `OTHER-1`."""
    keyed: dict[str, EnglishMinimum] = {}
    for row in minima:
        own = row.kind is EnglishTestKind.OTHER
        key = f"OTHER-{sum(k.startswith('OTHER') for k in keyed) + 1}" if own else row.kind.value
        keyed[f"{key}.{row.reading}" if row.reading else key] = row
    return keyed


def new_key(kind: str, keys: Iterable[str]) -> str:
    """The key of a row that is added."""
    numbers = [int(key.rpartition("-")[2]) for key in keys if _OWN_TEST.fullmatch(key)]
    return f"OTHER-{max(numbers, default=0) + 1}" if kind == "OTHER" else kind


def known_key(key: str) -> tuple[EnglishTestKind, str] | None:
    """Kind and reading of a key that came from a browser; None where it names no test."""
    kind, _dot, reading = key.partition(".")
    if _OWN_TEST.fullmatch(kind):
        kind = "OTHER"
    elif kind == "OTHER":
        return None
    if kind not in EnglishTestKind.__members__ or (reading and reading not in FIGURES_OF):
        return None
    return EnglishTestKind(kind), reading


def tests_to_add(listed: set[EnglishTestKind]) -> list[tuple[str, str]]:
    """The tests that are not on the list yet, for the select beside "Add a test"; last one of one's own."""
    free = [kind for kind in EnglishTestKind if kind not in listed and kind not in _NEVER_LISTED]
    own = EnglishTestKind.OTHER
    names = [(kind.value, str(labels.TESTS[kind])) for kind in free if kind is not own]
    return [*names, (own.value, _("A test that is not in this list"))]


def add_row(
    form: DraftForm, key: str, minimum: EnglishMinimum | None, *, raises: EnglishMinimum | None = None
) -> EnglishRow:
    """A test's blanks, those its reports can fill. `raises`: what stands below, which only may be raised."""
    kind, reading = known_key(key) or (EnglishTestKind.OTHER, "")
    row = EnglishRow(key, kind, reading, name_of_test(kind, reading), base=row_text(raises) if raises else "")
    scale = SCALES[kind]
    one_to_six = kind is EnglishTestKind.TOEFL_IBT_1_6

    def score(figure: str, sentence: Any = None, value: Decimal | None = None) -> Fill:
        name = _("%(test)s, %(figure)s") % {"test": row.title, "figure": _figure_name(figure)}
        part = (scale.parts or PARTS)[0] if figure == "each_part" else _COMPARED_WITH.get(figure, figure)
        said = capfirst(_figure_name(figure))
        box = ScoreField(kind=kind, part=part, said=said, label=name, required=False)
        box.widget.attrs["class"] = "pg-blank"
        shown = plain(value) if value is not None else None
        return form.fill(sentence or labels.MINIMA[figure], f"{row.prefix}_{figure}", box, shown)

    if kind is EnglishTestKind.OTHER:
        _add_own(form, row, minimum)
        row.fills.append(score("overall", value=minimum.overall if minimum else None))
        row.fills.append(score("each_part", value=minimum.each_part if minimum else None))
    if scale.overall and not one_to_six:
        row.fills.append(score("overall", value=minimum.overall if minimum else None))
    if scale.comparable:
        row.fills.append(score("comparable", value=minimum.comparable if minimum else None))
        row.fills.append(score("band", _BAND, minimum.band if minimum else None))
    if scale.part and not one_to_six:
        row.fills.append(score("each_part", value=minimum.each_part if minimum else None))
        row.parts = [
            score(part, value=minimum.parts.get(part) if minimum else None)
            for part in PARTS
            if part in scale.parts
        ]
    if scale.grades:
        letters = [(grade, grade) for grade in scale.grades if not grade.isdigit()]
        select = forms.ChoiceField(
            label=_("%(test)s, %(figure)s") % {"test": row.title, "figure": _figure_name("grade")},
            choices=[("", "–"), *letters],
            required=False,
            widget=forms.Select(attrs={"class": "pg-blank"}),
        )
        own = minimum.grade if minimum else ""
        row.fills.append(form.fill(labels.MINIMA["grade"], f"{row.prefix}_grade", select, own))
        if raises is None:
            box = forms.BooleanField(label=_AGELESS, required=False)
            row.ageless = form.add(
                f"{row.prefix}_never_expires", box, bool(minimum and minimum.never_expires)
            )
    return row


def _add_own(form: DraftForm, row: EnglishRow, minimum: EnglishMinimum | None) -> None:
    """A test that is in no list of ours: its name, and the scores its report can show."""
    scale = minimum.scale if minimum else None
    if minimum:
        row.title = minimum.name
    texts = {"name": _("Name of the test")}
    numbers = {"low": _("Lowest score"), "high": _("Highest score"), "step": _("Steps of")}
    for name, label in texts.items():
        box: forms.Field = forms.CharField(label=label, max_length=100)
        row.own.append(form.add(f"{row.prefix}_{name}", box, minimum.name if minimum else ""))
    for name, label in numbers.items():
        box = ScoreField(kind=EnglishTestKind.OTHER, part="overall", label=label)
        box.widget.attrs["class"] = "pg-w-2"
        value = getattr(scale, name) if scale else Decimal(1) if name == "step" else None
        row.own.append(form.add(f"{row.prefix}_{name}", box, plain(value) if value is not None else None))


def scale_from(form: DraftForm, row: EnglishRow) -> Range | None:
    """The scale of a test of one's own; None for another, and where it is not whole. Raises FactsError."""
    low, high, step = (form.cleaned_data.get(f"{row.prefix}_{name}") for name in ("low", "high", "step"))
    if not row.own or low is None or high is None or step is None:
        return None
    return Range(low, high, step)


def minimum_from(form: DraftForm, row: EnglishRow, old: EnglishMinimum | None) -> EnglishMinimum:
    """What the row says once the form is clean; what it does not ask stays as it was."""
    cleaned = form.cleaned_data
    asked = {
        name: cleaned.get(f"{row.prefix}_{name}")
        for name in _FIGURES
        if f"{row.prefix}_{name}" in form.fields
    }
    parts = {part: cleaned.get(f"{row.prefix}_{part}") for part in PARTS}
    if not row.parts and old:
        parts = dict(old.parts)
    kept = {name: getattr(old, name) for name in _FIGURES if name not in asked} if old else {}
    return EnglishMinimum(
        kind=row.kind,
        name=cleaned.get(f"{row.prefix}_name") or "",
        scale=scale_from(form, row),
        **{**kept, **asked},
        parts={part: figure for part, figure in parts.items() if figure is not None},
        grade=cleaned.get(f"{row.prefix}_grade") or "",
        reading=row.reading,
        never_expires=bool(cleaned.get(f"{row.prefix}_never_expires")),
    )


def has_figures(form: DraftForm, row: EnglishRow) -> bool:
    """Whether anything is asked of this test."""
    return any(form.cleaned_data.get(name) not in (None, "") for name in row.figures)


def check_rows(form: DraftForm, rows: list[EnglishRow]) -> None:
    """What no single field can see: a listed test that asks nothing, a scale that none could be, a figure off
    it."""
    for row in rows:
        if any(name in form.errors for name in (*row.figures, *(box.name for box in row.own))):
            continue
        if not has_figures(form, row):
            sentence = _("Give at least one figure, or take this test off the list.")
            form.add_error(row.figures[0], sentence)
        elif row.own:
            _check_own(form, row)


def _check_own(form: DraftForm, row: EnglishRow) -> None:
    try:
        scale = scale_from(form, row)
    except FactsError:
        sentence = _("The highest score lies above the lowest, and a step fits between them.")
        form.add_error(f"{row.prefix}_high", sentence)
        return
    for name in row.figures:
        figure = form.cleaned_data.get(name)
        if scale and figure is not None and not scale.has(figure):
            form.add_error(
                name,
                _("This test goes from %(low)s to %(high)s in steps of %(step)s; %(score)s is no score.")
                % {
                    "low": plain(scale.low),
                    "high": plain(scale.high),
                    "step": plain(scale.step),
                    "score": plain(figure),
                },
            )


def _figure_name(figure: str) -> str:
    if figure == "each_part":
        return _("every part")
    if figure == "band":
        return _("the overall score from 1 to 6")
    return str(labels.PART_NAMES[_COMPARED_WITH.get(figure, figure)])
