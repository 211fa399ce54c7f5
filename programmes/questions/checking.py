"""What a set of questions cannot be: a sentence for whoever writes it, for each mistake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from programmes.questions.content import (
    KEY,
    KINDS_OF_CHOICE,
    KINDS_OF_TEXT,
    LONGEST_LONG_TEXT,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    LimitUnit,
    Question,
    QuestionKind,
    Questions,
)

LONGEST_LABEL, LONGEST_HELP = 300, 1500
# what the form itself posts or names; a question cannot be called so
RESERVED = frozenset(
    {"csrfmiddlewaretoken", "opened", "number", "add", "remove", "leave_out", "choose", "supervisor", "row"}
)


def problems_in(content: Questions, *, is_published: bool = False) -> list[str]:
    """Everything that is wrong, in the order of the form; a draft may be unfinished, not impossible.

    `is_published` asks besides what a version needs before anybody answers it.
    """
    found = list(_of_all(content))
    for number, question in enumerate(content.questions, start=1):
        found += [
            _("Question %(number)s: %(problem)s") % {"number": number, "problem": problem}
            for problem in _of_one(question)
        ]
    if is_published and content.questions and not content.title["en"].strip():
        found.append(_("Give the questions a title in English."))
    return found


def _of_all(content: Questions) -> Iterator[str]:
    if len(content.questions) > MOST_QUESTIONS:
        yield _("There may be up to %(most)s questions.") % {"most": MOST_QUESTIONS}
    for key, times in Counter(question.key for question in content.questions).items():
        if times > 1:
            yield _("Two questions have the short name “%(key)s”. Give each its own.") % {"key": key}
    if sum(question.kind is QuestionKind.SUPERVISORS for question in content.questions) > 1:
        yield _("Proposed supervisors are asked for once.")


def _of_one(question: Question) -> Iterator[str]:
    if not KEY.fullmatch(question.key) or question.key in RESERVED:
        yield _(
            "The short name begins with a small letter and has small letters, digits and _ only, "
            "up to 40; some are the form’s own."
        )
    if not question.label["en"].strip():
        yield _("Write the question in English; the other languages show it where they are empty.")
    if any(len(text) > LONGEST_LABEL for text in question.label.values()):
        yield _("The question is longer than %(most)s characters.") % {"most": LONGEST_LABEL}
    if any(len(text) > LONGEST_HELP for text in question.help.values()):
        yield _("The hint is longer than %(most)s characters.") % {"most": LONGEST_HELP}
    if question.limit is not None and question.kind not in KINDS_OF_TEXT:
        yield _("Only a text has a limit.")
    elif question.limit is not None and not 1 <= question.limit <= LONGEST_LONG_TEXT:
        yield _("The limit is between 1 and %(most)s.") % {"most": f"{LONGEST_LONG_TEXT:,}"}
    elif (
        question.kind is QuestionKind.LONG_TEXT
        and question.unit == LimitUnit.WORDS
        and ((question.limit or 0) > LONGEST_LONG_TEXT // 5)
    ):
        yield _("A text has up to %(most)s words here.") % {"most": f"{LONGEST_LONG_TEXT // 5:,}"}
    if question.kind in KINDS_OF_CHOICE:
        if len(question.options) < 2:
            yield _("Write at least two answers to choose from, one a line.")
        if len(question.options) > MOST_OPTIONS:
            yield _("There may be up to %(most)s answers.") % {"most": MOST_OPTIONS}
    elif question.kind is QuestionKind.SUPERVISORS:
        if len(question.options) > 1:
            yield _("Beside each supervisor stands one box at most.")
    elif question.options:
        yield _("Only a choice has answers to choose from.")
    if len({option.key for option in question.options}) < len(question.options):
        yield _("Two answers are alike. Word them differently.")
