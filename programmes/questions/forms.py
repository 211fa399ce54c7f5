"""The questions as the office writes them: a form for the set, one for each question; no script needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.support.forms import PortalDateField, PortalForm
from programmes.models import Institution, Programme
from programmes.questions.checking import LONGEST_HELP, LONGEST_LABEL
from programmes.questions.content import (
    KEY,
    KINDS_OF_CHOICE,
    LANGUAGES,
    MOST_QUESTIONS,
    LimitUnit,
    Option,
    Question,
    QuestionKind,
    Questions,
)
from programmes.reading_yaml import CLAUSE

COLUMN = {"en": "en", "zh-hant": "hant", "zh-hans": "hans"}
_NAMES = {
    "en": gettext_lazy("in English"),
    "zh-hant": gettext_lazy("in Traditional Chinese"),
    "zh-hans": gettext_lazy("in Simplified Chinese"),
}
_OWN = frozenset({"label", "help", "options"})


class QuestionsDraftForm(PortalForm):
    """What concerns all questions: title, introduction, from when, why."""

    effective_from = PortalDateField(
        label=gettext_lazy("In force from"),
        help_text=gettext_lazy("Applications that are not submitted yet are asked from this day on (HKT)."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("It is kept with the version, and needed to publish."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    needed_later: ClassVar = ("reason",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label, most in (
            ("title", gettext_lazy("Title"), 120),
            ("intro", gettext_lazy("Introduction"), LONGEST_HELP),
        ):
            for language in LANGUAGES:
                self.fields[f"{name}_{COLUMN[language]}"] = text_field(label, language, most)

    def texts(self, name: str) -> dict[str, str]:
        return {language: self.cleaned_data[f"{name}_{COLUMN[language]}"] for language in LANGUAGES}


class QuestionDraftForm(PortalForm):
    """One question. Its words stand in three languages, its answers one a line, the same line in each."""

    # which question it was when the form was opened, so that it is found again after a move
    was = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of answer"), choices=QuestionKind.choices)
    is_required = forms.BooleanField(label=gettext_lazy("Needed to submit"), required=False)
    limit = forms.IntegerField(
        label=gettext_lazy("Limit of a text"), required=False, min_value=1, max_value=20_000
    )
    unit = forms.ChoiceField(label=gettext_lazy("counted in"), choices=LimitUnit.choices)
    key = forms.CharField(
        label=gettext_lazy("Short name"),
        help_text=gettext_lazy(
            "Answers carry over to a later version by this name. Left empty, it is made from the question."
        ),
        required=False,
        max_length=40,
    )
    source = forms.CharField(
        label=gettext_lazy("Source clause"),
        help_text=gettext_lazy("Where a source asks it, for example UST-03."),
        required=False,
        max_length=80,
    )
    widths: ClassVar = {"kind": 8, "limit": 4, "unit": 4, "key": 8, "source": 4}

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number = number
        self.summary_label = _("Question %(number)s") % {"number": number}
        for language in LANGUAGES:
            column = COLUMN[language]
            self.fields[f"label_{column}"] = text_field(gettext_lazy("Question"), language, LONGEST_LABEL)
            self.fields[f"help_{column}"] = text_field(gettext_lazy("Hint"), language, LONGEST_HELP, rows=2)
            self.fields[f"options_{column}"] = text_field(
                gettext_lazy("Answers to choose from, one a line"), language, 6000, rows=4
            )
        self.fields["label_en"].required = True
        self.order_fields(["was", "label_en", "kind", "is_required"])

    @property
    def main(self) -> Iterator[Any]:
        """What every question has; the rest is folded away."""
        for name in ("label_en", "kind", "is_required", "limit", "unit", "help_en", "options_en"):
            yield self[name]

    @property
    def more(self) -> Iterator[Any]:
        for name in self.fields:
            if name.endswith(("_hant", "_hans")) or name in ("key", "source"):
                yield self[name]

    @property
    def has_more_errors(self) -> bool:
        return self.is_bound and any(field.name in self.errors for field in self.more)

    @property
    def title(self) -> str:
        value = self["label_en"].value()
        return str(value) if value else ""

    def clean_source(self) -> str:
        source: str = self.cleaned_data["source"]
        if source and any(not CLAUSE.fullmatch(one) for one in source.split(", ")):
            raise forms.ValidationError(
                _("“%(clause)s” is no clause. Write for example UST-03, or leave it empty.")
                % {"clause": source}
            )
        return source

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if key and not KEY.fullmatch(key):
            raise forms.ValidationError(
                _("A short name begins with a small letter and has small letters, digits and _ only.")
            )
        return key

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        kind = given.get("kind")
        options = given.get("options_en", "").split("\n")
        listed = [line for line in options if line.strip()]
        if kind in KINDS_OF_CHOICE and len(listed) < 2:
            self.add_error("options_en", _("Write at least two answers to choose from, one a line."))
        for column in ("hant", "hans"):
            other = [line for line in given.get(f"options_{column}", "").split("\n") if line.strip()]
            if other and len(other) != len(listed):
                self.add_error(
                    f"options_{column}",
                    _("There are %(here)s lines here and %(there)s in English. Translate line by line.")
                    % {"here": len(other), "there": len(listed)},
                )
        return given

    def question(self, taken: set[str], known: Mapping[str, Question]) -> Question:
        """What is written; of a valid form. `taken` are short names in use, `known` the draft's questions as
        they are kept: an answer that is worded anew keeps its place, so it keeps its key."""
        given = self.cleaned_data
        kind = QuestionKind(given["kind"])
        before = known.get(given["was"])
        options: tuple[Option, ...] = ()
        if kind in KINDS_OF_CHOICE or kind is QuestionKind.SUPERVISORS:
            options = tuple(_options(given, before.options if before else ()))
        is_text = kind in (QuestionKind.TEXT, QuestionKind.LONG_TEXT)
        key = given["key"] or made_key(given["label_en"], taken)
        return Question(
            key=key,
            kind=kind,
            label={language: given[f"label_{COLUMN[language]}"] for language in LANGUAGES},
            help={language: given[f"help_{COLUMN[language]}"] for language in LANGUAGES},
            is_required=given["is_required"],
            limit=given["limit"] if is_text else None,
            unit=LimitUnit(given["unit"]) if is_text else LimitUnit.CHARACTERS,
            options=options,
            source=given["source"],
        )


class DraftForms:
    """The whole editor: `form` for the set, `rows` for the questions, in the order they were posted."""

    def __init__(
        self,
        content: Questions,
        *,
        effective_from: Any,
        reason: str,
        data: QueryDict | None = None,
        bound: bool = True,
    ) -> None:
        self.content = content
        initial: dict[str, Any] = {"effective_from": effective_from, "reason": reason}
        for name, texts in (("title", content.title), ("intro", content.intro)):
            initial |= {f"{name}_{COLUMN[language]}": texts.get(language, "") for language in LANGUAGES}
        self.form = QuestionsDraftForm(data, initial=initial)
        if data is None:
            begun = [_as_initial(question) for question in content.questions]
            self.rows = [
                QuestionDraftForm(prefix=f"q{n}", initial=each, number=n + 1) for n, each in enumerate(begun)
            ]
        else:
            self.rows = [
                QuestionDraftForm(data, prefix=f"q{name}", number=n + 1)
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

    def questions(self) -> Questions:
        """What is written, of valid forms."""
        known = {question.key: question for question in self.content.questions}
        taken = {form.cleaned_data["key"] for form in self.rows if form.cleaned_data["key"]}
        made = []
        for form in self.rows:
            made.append(form.question(taken, known))
            taken.add(made[-1].key)
        return Questions(self.form.texts("title"), self.form.texts("intro"), tuple(made))


class QuestionsAboutForm(PortalForm):
    """For whom a new set is: one programme, or all research programmes of an institution."""

    about = forms.ChoiceField(label=gettext_lazy("Who asks these questions?"))
    widths: ClassVar = {"about": 8}

    def __init__(self, *args: Any, programmes: list[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._about: dict[str, Programme | Institution] = {f"p{each.pk}": each for each in programmes}
        for each in programmes:
            if each.is_research:
                self._about.setdefault(f"i{each.institution_id}", each.institution)
        self.fields["about"].choices = [  # type: ignore[attr-defined]
            ("", ""),
            *(
                (
                    name,
                    _("All research programmes of %(institution)s") % {"institution": each.name}
                    if isinstance(each, Institution)
                    else each.name,
                )
                for name, each in self._about.items()
            ),
        ]

    def chosen(self) -> Programme | Institution:
        return self._about[self.cleaned_data["about"]]


def rows_posted(data: QueryDict) -> list[str]:
    """The names of the rows as they stand on the page."""
    return [name for name in data.getlist("row") if name.isalnum()][:MOST_QUESTIONS]


def rearranged(data: QueryDict, act: str) -> QueryDict:
    """What was typed with a question more, less or elsewhere: `add`, `remove:2`, `up:2`, `down:2`."""
    typed = data.copy()
    rows = rows_posted(typed)
    kind, _colon, name = act.partition(":")
    if kind == "add":
        free = next(str(n) for n in range(MOST_QUESTIONS + 1) if str(n) not in rows)
        rows.append(free)
        for key in [key for key in typed if key.startswith(f"q{free}-")]:
            del typed[key]
        typed[f"q{free}-kind"], typed[f"q{free}-unit"] = QuestionKind.TEXT, LimitUnit.CHARACTERS
    elif name in rows:
        place = rows.index(name)
        rows.remove(name)
        if kind in ("up", "down"):
            rows.insert(max(place + (-1 if kind == "up" else 1), 0), name)
    typed.setlist("row", rows[:MOST_QUESTIONS])
    return typed


def text_field(label: Any, language: str, most: int, *, rows: int = 0) -> forms.CharField:
    field = forms.CharField(
        label=_("%(what)s, %(language)s") % {"what": label, "language": _NAMES[language]},
        required=False,
        max_length=most,
    )
    if rows:
        field.widget = forms.Textarea(attrs={"rows": rows})
    if language != "en":
        field.widget.attrs["lang"] = {"zh-hant": "zh-Hant", "zh-hans": "zh-Hans"}[language]
    return field


def _as_initial(question: Question) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "was": question.key,
        "key": question.key,
        "kind": str(question.kind),
        "is_required": question.is_required,
        "limit": question.limit,
        "unit": str(question.unit),
        "source": question.source,
    }
    for language in LANGUAGES:
        column = COLUMN[language]
        initial[f"label_{column}"] = question.label.get(language, "")
        initial[f"help_{column}"] = question.help.get(language, "")
        listed = [option.label.get(language, "") for option in question.options]
        initial[f"options_{column}"] = "\n".join(listed) if any(listed) else ""
    return initial


def _options(given: Mapping[str, Any], before: tuple[Option, ...]) -> Iterator[Option]:
    """One for each line. A line that says what an answer said keeps its key, one worded anew in its place as
    well; any other gets a key from its words."""
    columns = {
        language: [line.strip() for line in given[f"options_{COLUMN[language]}"].split("\n") if line.strip()]
        for language in LANGUAGES
    }
    english = columns["en"]
    by_words = {option.label["en"]: option.key for option in before}
    in_place = len(before) == len(english)
    keys: list[str] = []
    for n, line in enumerate(english):
        key = by_words.get(line) or (
            before[n].key if in_place and before[n].label["en"] not in english else ""
        )
        keys.append(key if key and key not in keys else made_key(line, set(keys) | set(by_words.values())))
        yield Option(
            keys[-1],
            {language: (lines[n] if n < len(lines) else "") for language, lines in columns.items()},
        )


def made_key(words: str, taken: set[str]) -> str:
    """A short name from words; numbered where it is taken, and where the words have no Latin letter."""
    stem = slugify(words).replace("-", "_").strip("_0123456789")[:32].strip("_") or "question"
    key, number = stem, 2
    while key in taken:
        key, number = f"{stem}_{number}", number + 1
    return key
