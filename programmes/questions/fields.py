"""A question as an input, for the form of the applicant and for the office's preview of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy, ngettext

from admissions_portal.support.forms import PortalDateField
from programmes.questions.content import (
    LONGEST_LONG_TEXT,
    LONGEST_TEXT,
    LimitUnit,
    Question,
    QuestionKind,
    said,
)

YES, NO = "yes", "no"


def field_for(question: Question) -> forms.Field:
    """The input for one question. A document and proposed supervisors have no single input: ValueError."""
    given: dict[str, Any] = {
        "label": question.title,
        "help_text": _hint(question),
        "required": question.is_required,
    }
    options = [(option.key, said(option.label)) for option in question.options]
    match question.kind:
        case QuestionKind.TEXT:
            return forms.CharField(**given, **_limits(question, LONGEST_TEXT))
        case QuestionKind.LONG_TEXT:
            area = forms.Textarea(attrs={"rows": 12 if (question.limit or 0) > 600 else 6})
            return forms.CharField(**given, **_limits(question, LONGEST_LONG_TEXT), widget=area)
        case QuestionKind.CHOICE:
            if len(options) <= 6:
                return forms.ChoiceField(**given, choices=options, widget=forms.RadioSelect)
            return forms.ChoiceField(**given, choices=[("", ""), *options])
        case QuestionKind.CHOICES:
            return forms.MultipleChoiceField(**given, choices=options, widget=forms.CheckboxSelectMultiple)
        case QuestionKind.YES_NO:
            answers = [(YES, gettext_lazy("Yes")), (NO, gettext_lazy("No"))]
            return forms.ChoiceField(**given, choices=answers, widget=forms.RadioSelect)
        case QuestionKind.DATE:
            return PortalDateField(**given)
    raise ValueError(f"{question.kind} has no single input")


def count_words(text: str) -> int:
    """Words as people count them: between spaces, and each Chinese character for itself."""
    han = sum("\u3400" <= letter <= "\u9fff" or "\U00020000" <= letter <= "\U0003ffff" for letter in text)
    spaced = "".join(
        " " if "\u3400" <= letter <= "\u9fff" or "\U00020000" <= letter <= "\U0003ffff" else letter
        for letter in text
    )
    return han + sum(any(letter.isalnum() for letter in word) for word in spaced.split())


def _hint(question: Question) -> str:
    parts = [question.hint]
    if question.limit and question.unit == LimitUnit.WORDS:
        parts.append(
            ngettext("Up to %(limit)s word.", "Up to %(limit)s words.", question.limit)
            % {"limit": f"{question.limit:,}"}
        )
    elif question.limit:
        parts.append(
            ngettext("Up to %(limit)s character.", "Up to %(limit)s characters.", question.limit)
            % {"limit": f"{question.limit:,}"}
        )
    return " ".join(part for part in parts if part)


def _limits(question: Question, most: int) -> dict[str, Any]:
    if question.limit and question.unit == LimitUnit.WORDS:
        return {"max_length": LONGEST_LONG_TEXT, "validators": [_words_up_to(question.limit)]}
    return {"max_length": question.limit or most}


def _words_up_to(limit: int) -> Callable[[str], None]:
    def check(text: str) -> None:
        words = count_words(text)
        if words > limit:
            raise ValidationError(
                ngettext(
                    "Shorten this to %(limit)d word; it has %(words)d.",
                    "Shorten this to %(limit)d words; it has %(words)d.",
                    limit,
                )
                % {"limit": limit, "words": words},
                code="words",
            )

    return check
