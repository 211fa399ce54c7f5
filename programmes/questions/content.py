"""The questions of one version, read from its JSON: what is asked, in three languages, and of what kind."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

# Language → words. English is always there; where another is blank, English is shown.
Texts = Mapping[str, str]
LANGUAGES = ("en", "zh-hant", "zh-hans")
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_QUESTIONS = 40
MOST_OPTIONS = 40
# What one answer may hold where the question sets no limit, in characters.
LONGEST_TEXT, LONGEST_LONG_TEXT = 300, 20_000


class QuestionKind(TextChoices):
    TEXT = "TEXT", _("One line of text")
    LONG_TEXT = "LONG_TEXT", _("Long text")
    CHOICE = "CHOICE", _("One of several answers")
    CHOICES = "CHOICES", _("Any of several answers")
    YES_NO = "YES_NO", _("Yes or no")
    DATE = "DATE", _("A date")
    FILE = "FILE", _("A document")
    # kept as names of their own, one row a person: conflicts of interest are found by them
    SUPERVISORS = "SUPERVISORS", _("Proposed supervisors")


class LimitUnit(TextChoices):
    CHARACTERS = "CHARACTERS", _("characters")
    WORDS = "WORDS", _("words")


KINDS_OF_TEXT = frozenset({QuestionKind.TEXT, QuestionKind.LONG_TEXT})
KINDS_OF_CHOICE = frozenset({QuestionKind.CHOICE, QuestionKind.CHOICES})


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose; or, of proposed supervisors, the box beside each name."""

    key: str
    label: Texts


@dataclass(frozen=True, slots=True)
class Question:
    """One thing asked. `limit` counts `unit`; `source` is the clause that asks it, "" where none does."""

    key: str
    kind: QuestionKind
    label: Texts
    help: Texts
    is_required: bool = False
    limit: int | None = None
    unit: LimitUnit = LimitUnit.CHARACTERS
    options: tuple[Option, ...] = ()
    source: str = ""

    @property
    def is_file(self) -> bool:
        return self.kind is QuestionKind.FILE

    @property
    def title(self) -> str:
        """The question in the reader's language."""
        return said(self.label)

    @property
    def hint(self) -> str:
        return said(self.help)


@dataclass(frozen=True, slots=True)
class Questions:
    """All that one version asks, in its order."""

    title: Texts
    intro: Texts
    questions: tuple[Question, ...]

    def named(self, key: str) -> Question | None:
        return next((question for question in self.questions if question.key == key), None)


def said(texts: Texts) -> str:
    """The words in the language of the page, in English where they are not translated."""
    language = get_language() or "en"
    return texts.get(language, "") or texts["en"]


def from_json(content: Mapping[str, Any]) -> Questions:
    """The questions as stored by `to_json`."""
    return Questions(
        content["title"],
        content["intro"],
        tuple(
            Question(
                key=row["key"],
                kind=QuestionKind(row["kind"]),
                label=row["label"],
                help=row["help"],
                is_required=row["is_required"],
                limit=row["limit"],
                unit=LimitUnit(row["unit"]),
                options=tuple(Option(each["key"], each["label"]) for each in row["options"]),
                source=row["source"],
            )
            for row in content["questions"]
        ),
    )


def to_json(content: Questions) -> dict[str, Any]:
    """Plain JSON that says the same and nothing else."""
    return {
        "title": dict(content.title),
        "intro": dict(content.intro),
        "questions": [
            {
                "key": question.key,
                "kind": str(question.kind),
                "label": dict(question.label),
                "help": dict(question.help),
                "is_required": question.is_required,
                "limit": question.limit,
                "unit": str(question.unit),
                "options": [{"key": each.key, "label": dict(each.label)} for each in question.options],
                "source": question.source,
            }
            for question in content.questions
        ],
    }


def fingerprint(plain: Any) -> str:
    """SHA-256 of the canonical JSON: equal contents have one, in whatever order the database gives keys."""
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
