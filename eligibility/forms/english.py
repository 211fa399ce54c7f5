"""English minima as rows of a form: a test, its figures as blanks in their sentences, checked against its
scale."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eligibility import labels
from eligibility.engine import PARTS, SCALES, EnglishMinimum, EnglishTestKind, plain
from eligibility.forms.drafts import DraftForm, Fill
from eligibility.forms.scores import ScoreField
from eligibility.regulation import FIGURES_OF, row_text, name_of_test

# figures of an EnglishMinimum, and where it is not the same, the score of a report that each is compared with
_FIGURES = ("overall", "each_part", "comparable", "band")
_COMPARED_WITH = {"comparable": "comparable_total", "band": "overall"}
_BAND = gettext_lazy("overall {score} or more, from 1 to 6, where no comparable total is printed")
_AGELESS = gettext_lazy("A grade counts however old it is")
# tests nobody may put on a list: they are read as another test, or are no test with a scale
_NEVER_LISTED = (
    EnglishTestKind.IELTS_GENERAL_TRAINING,
    EnglishTestKind.IELTS_INDICATOR,
    EnglishTestKind.OTHER,
)


@dataclass
class EnglishRow:
    """One test in the form. `base`: what stands below it, for a layer that may only raise."""

    key: str
    kind: EnglishTestKind
    reading: str
    title: str
    fills: list[Fill] = field(default_factory=list)
    parts: list[Fill] = field(default_factory=list)
    ageless: Any = None
    base: str = ""

    @property
    def prefix(self) -> str:
        return f"en_{self.key}".replace(".", "_")

    @property
    def has_part_figures(self) -> bool:
        """Whether the single parts are worth showing at once."""
        return any(fill.field.value() not in (None, "") or fill.field.errors for fill in self.parts)


def row_key(kind: str, reading: str = "") -> str:
    """The key of a row in the hidden inputs: `IELTS_ACADEMIC.source`."""
    return f"{kind}.{reading}" if reading else kind


def known_key(key: str) -> tuple[EnglishTestKind, str] | None:
    """Kind and reading of a key that came from a browser; None where it names no test."""
    kind, _dot, reading = key.partition(".")
    if kind not in EnglishTestKind.__members__ or (reading and reading not in FIGURES_OF):
        return None
    return EnglishTestKind(kind), reading


def tests_to_add(listed: set[EnglishTestKind]) -> list[tuple[str, str]]:
    """The tests that are not on the list yet, for the select beside "Add a test"."""
    free = [kind for kind in EnglishTestKind if kind not in listed and kind not in _NEVER_LISTED]
    return [(kind.value, str(labels.TESTS[kind])) for kind in free]


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
        part = scale.parts[0] if figure == "each_part" else _COMPARED_WITH.get(figure, figure)
        box = ScoreField(kind=kind, part=part, label=name, required=False)
        box.widget.attrs["class"] = "pg-blank"
        shown = plain(value) if value is not None else None
        return form.fill(sentence or labels.MINIMA[figure], f"{row.prefix}_{figure}", box, shown)

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
        **{**kept, **asked},
        parts={part: figure for part, figure in parts.items() if figure is not None},
        grade=cleaned.get(f"{row.prefix}_grade") or "",
        reading=row.reading,
        never_expires=bool(cleaned.get(f"{row.prefix}_never_expires")),
    )


def is_empty(minimum: EnglishMinimum) -> bool:
    """Whether a test is named without any figure."""
    figures = (minimum.overall, minimum.each_part, minimum.comparable, minimum.band)
    return all(figure is None for figure in figures) and not minimum.parts and not minimum.grade


def refuse_empty(form: DraftForm, rows: list[EnglishRow]) -> None:
    """A listed test without a figure would let every score pass."""
    for row in rows:
        names = [name for name in form.fields if name.startswith(f"{row.prefix}_")]
        filled = any(form.cleaned_data.get(name) not in (None, "", False) for name in names)
        if not filled and not any(name in form.errors for name in names):
            form.add_error(
                row.fills[0].field.name, _("Give at least one figure, or take this test off the list.")
            )


def _figure_name(figure: str) -> str:
    if figure == "each_part":
        return _("every part")
    if figure == "band":
        return _("the overall score from 1 to 6")
    return str(labels.PART_NAMES[_COMPARED_WITH.get(figure, figure)])
