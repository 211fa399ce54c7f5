"""What one version of the questions changes in another, question by question, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from programmes.questions.content import Question, Questions, Texts


@dataclass(frozen=True, slots=True)
class Change:
    """A question that is new, gone, moved or changed: what it was and what it is, in lines."""

    key: str
    what: str
    title: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def changes_between(before: Questions | None, after: Questions) -> list[Change]:
    """Everything that differs, in the order of the newer; what is gone comes last."""
    if before is None:
        return [
            Change(question.key, _("New"), question.title, (), lines_of(question))
            for question in after.questions
        ]
    return list(_changes(before, after))


def lines_of(question: Question) -> tuple[str, ...]:
    """A question in lines: its words, its kind, what it needs."""
    facts = [str(question.kind.label), _("needed to submit") if question.is_required else _("optional")]
    if question.limit:
        facts.append(
            _("up to %(limit)s %(unit)s") % {"limit": f"{question.limit:,}", "unit": question.unit.label}
        )
    if question.source:
        facts.append(question.source)
    lines = [*_words(question.label), _(", ").join(facts), *_words(question.help)]
    lines += [_(" / ").join(_words(option.label)) for option in question.options]
    return tuple(lines)


def untranslated(content: Questions) -> list[str]:
    """The questions that are shown in English to readers of Chinese."""
    return [
        question.title
        for question in content.questions
        if any(
            not texts.get(language)
            for texts in (question.label, *(option.label for option in question.options))
            for language in ("zh-hant", "zh-hans")
        )
    ]


def _changes(before: Questions, after: Questions) -> Iterator[Change]:
    if (was := _words(before.title) + _words(before.intro)) != (
        now := _words(after.title) + _words(after.intro)
    ):
        yield Change("", _("Changed"), _("Title and introduction"), was, now)
    kept = [question.key for question in before.questions if after.named(question.key)]
    order = [question.key for question in after.questions if before.named(question.key)]
    for question in after.questions:
        old = before.named(question.key)
        if old is None:
            yield Change(question.key, _("New"), question.title, (), lines_of(question))
        elif old != question:
            yield Change(question.key, _("Changed"), question.title, lines_of(old), lines_of(question))
        elif kept.index(question.key) != order.index(question.key):
            place = _("in place %(number)s")
            was_in = place % {"number": before.questions.index(old) + 1}
            is_in = place % {"number": after.questions.index(question) + 1}
            yield Change(question.key, _("Moved"), question.title, (was_in,), (is_in,))
    for question in before.questions:
        if after.named(question.key) is None:
            yield Change(question.key, _("Gone"), question.title, lines_of(question), ())


def _words(texts: Texts) -> tuple[str, ...]:
    return tuple(text for text in texts.values() if text)
