"""The rubric as the office writes it: a form for the whole, one for each category; no script needed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.support.forms import PortalForm
from applications.reviews.models import Rubric
from applications.reviews.rubric import LANGUAGES, Categories, Category, plain
from applications.reviews.rubric_checking import (
    LONGEST_HELP,
    LONGEST_LABEL,
    LONGEST_WORDS,
    RESERVED,
    problem_with_scale,
)
from programmes.questions.content import KEY
from programmes.questions.forms import COLUMN, made_key, rows_posted, text_field

# "5 = Outstanding", with a colon or the signs of a Chinese keyboard as well
_LINE = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*[=:＝：]\s*(\S.*?)\s*")


class RubricDraftForm(PortalForm):
    """What concerns the whole rubric."""

    agreement = forms.DecimalField(
        label=gettext_lazy("Readers agree up to a difference of"),
        help_text=gettext_lazy(
            "Between the highest and the lowest total of a case, on the scale of 1 to 5. Above it the case "
            "is marked. Empty: differences are not looked at."
        ),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal("3.99"),
        max_digits=3,
        decimal_places=2,
    )
    is_blind = forms.BooleanField(
        label=gettext_lazy("Readers do not see whose case it is"),
        help_text=gettext_lazy(
            "Whoever only reads sees what was studied, the tests and what was written in answer to the "
            "programme’s questions. Scans cannot be blind, so they are not opened to them."
        ),
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("It is kept with the version, and needed to use it."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    needed_later: ClassVar = ("reason",)
    widths: ClassVar = {"agreement": 4}


class CategoryForm(PortalForm):
    """One category. Its words stand in three languages; a number of points in words is a line of its own."""

    weight = forms.DecimalField(
        label=gettext_lazy("Weight"),
        help_text=gettext_lazy("Against the other categories’ weights; they need not add up to 100."),
        min_value=Decimal("0.01"),
        max_value=Decimal(1000),
        max_digits=6,
        decimal_places=2,
    )
    lowest = forms.DecimalField(
        label=gettext_lazy("Weakest points"), min_value=Decimal(0), max_digits=6, decimal_places=2
    )
    highest = forms.DecimalField(
        label=gettext_lazy("Best points"), min_value=Decimal(0), max_digits=6, decimal_places=2
    )
    step = forms.DecimalField(
        label=gettext_lazy("In steps of"), min_value=Decimal("0.01"), max_digits=6, decimal_places=2
    )
    key = forms.CharField(
        label=gettext_lazy("Short name"),
        help_text=gettext_lazy("Exports name the column by it. Left empty, it is made from the name."),
        required=False,
        max_length=40,
    )
    widths: ClassVar = {"weight": 2, "lowest": 2, "highest": 2, "step": 2, "key": 8}

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number = number
        self.summary_label = _("Category %(number)s") % {"number": number}
        for language in LANGUAGES:
            column = COLUMN[language]
            name = text_field(gettext_lazy("Name"), language, LONGEST_LABEL)
            name.required = language == "en"
            self.add_field(f"label_{column}", name)
            self.add_field(f"help_{column}", text_field(gettext_lazy("Hint"), language, LONGEST_HELP, rows=2))
            words = text_field(gettext_lazy("Points in words"), language, 6000, rows=4)
            words.help_text = gettext_lazy("A line each, for example: 5 = Outstanding")
            self.add_field(f"words_{column}", words)
        self.order_fields(["label_en", "help_en", "weight", "lowest", "highest", "step", "words_en"])

    @property
    def main(self) -> Iterator[Any]:
        """What every category has; the rest is folded away."""
        for name in ("label_en", "help_en"):
            yield self[name]

    @property
    def scale(self) -> Iterator[Any]:
        for name in ("weight", "lowest", "highest", "step"):
            yield self[name]

    @property
    def more(self) -> Iterator[Any]:
        for name in self.fields:
            if name.endswith(("_hant", "_hans")) or name == "key":
                yield self[name]

    @property
    def has_more_errors(self) -> bool:
        return self.is_bound and any(field.name in self.errors for field in self.more)

    @property
    def title(self) -> str:
        value = self["label_en"].value()
        return str(value) if value else ""

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if key and not KEY.fullmatch(key):
            raise forms.ValidationError(
                _("A short name begins with a small letter and has small letters, digits and _ only.")
            )
        if key in RESERVED:
            raise forms.ValidationError(_("“%(key)s” cannot be a short name. Choose another.") % {"key": key})
        return key

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        numbers = [given.get(name) for name in ("lowest", "highest", "step")]
        if any(number is None for number in numbers):
            return given
        if problem := problem_with_scale(*numbers):  # type: ignore[arg-type]  # none is None here
            self.add_error("highest", problem)
            return given
        scale = _category("", given, {}).scale
        for language in LANGUAGES:
            name = f"words_{COLUMN[language]}"
            if problem := _problem_with_words(given.get(name, ""), scale):
                self.add_error(name, problem)
        english = {points for points, _words in _lines(given.get("words_en", ""))}
        for column in ("hant", "hans"):
            if any(points not in english for points, _words in _lines(given.get(f"words_{column}", ""))):
                self.add_error(f"words_{column}", _("Write the words for these points in English as well."))
        return given

    def category(self, taken: set[str]) -> Category:
        """What is written; of a valid form. `taken` are short names in use."""
        given = self.cleaned_data
        words: dict[Decimal, dict[str, str]] = {}
        for language in LANGUAGES:
            for points, text in _lines(given[f"words_{COLUMN[language]}"]):
                words.setdefault(points, {})[language] = text
        return _category(given["key"] or made_key(given["label_en"], taken | RESERVED), given, words)


class RubricForms:
    """The whole editor: `form` for the rubric, `rows` for the categories, in the order they were posted."""

    def __init__(self, draft: Rubric, data: QueryDict | None = None, *, bound: bool = True) -> None:
        self.form = RubricDraftForm(
            data,
            initial={
                "agreement": None if draft.agreement is None else plain(draft.agreement),
                "is_blind": draft.is_blind,
                "reason": draft.reason,
            },
        )
        if data is None:
            self.rows = [
                CategoryForm(prefix=f"q{n}", initial=_as_initial(each), number=n + 1)
                for n, each in enumerate(draft.record())
            ]
        else:
            self.rows = [
                CategoryForm(data, prefix=f"q{name}", number=n + 1)
                for n, name in enumerate(rows_posted(data))
            ]
        if data is not None and not bound:
            for form in self.forms:
                # drawn as it was typed, with nothing said about it
                form._errors = forms.utils.ErrorDict()  # type: ignore[attr-defined]
                form.cleaned_data = {}

    @property
    def forms(self) -> list[PortalForm]:
        return [self.form, *self.rows]

    def is_valid(self) -> bool:
        judged = [form.is_valid() for form in self.forms]  # every one of them, so that all is said at once
        return all(judged)

    def categories(self) -> Categories:
        """What is written, of valid forms."""
        taken = {form.cleaned_data["key"] for form in self.rows if form.cleaned_data["key"]}
        made = []
        for form in self.rows:
            made.append(form.category(taken))
            taken.add(made[-1].key)
        return Categories(tuple(made))


def _category(key: str, given: Mapping[str, Any], words: Mapping[Decimal, Mapping[str, str]]) -> Category:
    return Category(
        key=key,
        label={language: given.get(f"label_{COLUMN[language]}", "") for language in LANGUAGES},
        help={language: given.get(f"help_{COLUMN[language]}", "") for language in LANGUAGES},
        weight=given.get("weight") or Decimal(1),
        lowest=given["lowest"],
        highest=given["highest"],
        step=given["step"],
        words=words,
    )


def _as_initial(category: Category) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "key": category.key,
        "weight": plain(category.weight),
        "lowest": plain(category.lowest),
        "highest": plain(category.highest),
        "step": plain(category.step),
    }
    for language in LANGUAGES:
        column = COLUMN[language]
        initial[f"label_{column}"] = category.label.get(language, "")
        initial[f"help_{column}"] = category.help.get(language, "")
        initial[f"words_{column}"] = "\n".join(
            f"{plain(points)} = {texts[language]}"
            for points, texts in category.words.items()
            if texts.get(language)
        )
    return initial


def _lines(text: str) -> Iterator[tuple[Decimal, str]]:
    for line in filter(str.strip, text.splitlines()):
        if found := _LINE.fullmatch(line):
            yield Decimal(found[1]), found[2]


def _problem_with_words(text: str, scale: list[Decimal]) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    read = list(_lines(text))
    if len(read) != len(lines):
        odd = next(line for line in lines if not _LINE.fullmatch(line))
        return _("“%(line)s” is not written as points, a sign and words, for example: 5 = Outstanding") % {
            "line": odd.strip()[:80]
        }
    if stray := [plain(points) for points, _words in read if points not in scale]:
        return _("Not on the scale: %(points)s.") % {"points": _(", ").join(stray)}
    if len({points for points, _words in read}) != len(read):
        return _("The same points stand here twice.")
    if any(len(words) > LONGEST_WORDS for _points, words in read):
        return _("Shorten the words of each line to %(most)s characters.") % {"most": LONGEST_WORDS}
    return ""
