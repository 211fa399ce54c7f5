"""What was answered to the programme's questions: in words, as it is frozen, and what has changed since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from admissions_portal.support.dates import hong_kong_day
from applications.lifecycle.models import Application
from applications.lifecycle.questions import question_versions_of
from applications.submission.models import ProgrammeAnswer
from programmes.models import QuestionVersion
from programmes.questions.content import Question, QuestionKind, said
from programmes.questions.fields import NO, YES


@dataclass(frozen=True, slots=True)
class Answered:
    """A question beside its answer: `value` as kept, None for none; `words` as read, "" for none."""

    version: QuestionVersion
    question: Question
    value: Any

    @property
    def words(self) -> str:
        return in_words(self.question, self.value)


def answers_of(application: Application, *, on: date) -> list[Answered]:
    """Every question that is answered in the form, asked of a draft on the day (HKT) or as it was sent.

    Documents and proposed supervisors are not among them: they are rows of their own.
    """
    given = {answer.key: answer.value for answer in application.answers.all()}
    return [
        Answered(version, question, fitting(question, given.get(question.key)))
        for version in question_versions_of(application, on=on)
        for question in version.record().questions
        if question.kind not in (QuestionKind.FILE, QuestionKind.SUPERVISORS)
    ]


def answers_as_sent(application: Application, *, on: date) -> list[dict[str, Any]]:
    """Questions and answers as plain JSON, in full: the receipt's content does not depend on other rows."""
    return [
        {
            "set": each.version.set.code,
            "version": each.version.number,
            "key": each.question.key,
            "question": each.question.title,
            "value": each.value,
            "answer": each.words,
        }
        for each in answers_of(application, on=on)
    ]


def pin_questions(application: Application, *, on: date) -> None:
    """Keep with a draft that is being submitted the versions it answers; answers carried over are now theirs.

    Called inside the submission's transaction, while the case is still a draft.
    """
    versions = question_versions_of(application, on=on)
    application.question_versions.set(versions)
    for version in versions:
        keys = [question.key for question in version.record().questions]
        application.answers.filter(key__in=keys).exclude(version=version).update(version=version)


def fitting(question: Question, value: Any) -> Any:
    """A kept answer, if it still answers the question; None where the question has become another kind.

    An option that is no longer offered is left out.
    """
    options = {option.key for option in question.options}
    match question.kind:
        case QuestionKind.CHOICE:
            return value if isinstance(value, str) and value in options else None
        case QuestionKind.CHOICES:
            listed = value if isinstance(value, list) else [value]
            return [each for each in listed if isinstance(each, str) and each in options] or None
        case QuestionKind.YES_NO:
            return value if value in (YES, NO) else None
        case QuestionKind.DATE:
            try:
                return date.fromisoformat(value).isoformat()
            except (TypeError, ValueError):
                return None
    return value if isinstance(value, str) else None


def in_words(question: Question, value: Any) -> str:
    """A fitting answer as people read it; "" for none."""
    if value is None:
        return ""
    labels = {option.key: said(option.label) for option in question.options}
    match question.kind:
        case QuestionKind.CHOICE:
            return labels[value]
        case QuestionKind.CHOICES:
            return _("; ").join(labels[each] for each in value)
        case QuestionKind.YES_NO:
            return _("Yes") if value == YES else _("No")
        case QuestionKind.DATE:
            return hong_kong_day(date.fromisoformat(value))
    return str(value)


def changes_since(answers: Iterable[ProgrammeAnswer], versions: Iterable[QuestionVersion]) -> list[str]:
    """What a programme has changed in its questions since somebody last answered them, a sentence each.

    Empty while every answer was given to what is in force, and for whoever has answered nothing.
    """
    answered: dict[int, QuestionVersion] = {}
    for answer in answers:
        before = answered.get(answer.version.set_id)
        if before is None or (answer.version.number or 0) > (before.number or 0):
            answered[answer.version.set_id] = answer.version
    sentences = []
    for version in versions:
        before = answered.get(version.set_id)
        if before is None or before.pk == version.pk:
            continue
        was, now = before.record(), version.record()
        for question in now.questions:
            old = was.named(question.key)
            if old is None:
                sentences.append(_("New: %(question)s") % {"question": question.title})
            elif _asks(old) != _asks(question):
                sentences.append(_("Changed: %(question)s") % {"question": question.title})
        sentences += [
            _("No longer asked: %(question)s") % {"question": question.title}
            for question in was.questions
            if now.named(question.key) is None
        ]
    return sentences


def _asks(question: Question) -> tuple[object, ...]:
    """What matters to whoever answers: not the hint, not the place in the form, not the clause."""
    return (
        question.label,
        question.kind,
        question.limit,
        question.unit,
        question.is_required,
        question.options,
    )
