"""The programme's questions that one application answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from applications.lifecycle.models import Application
from programmes.models import QuestionVersion
from programmes.questions.content import Question
from programmes.questions.queries import in_order, questions_in_force


def question_versions_of(application: Application, *, on: date) -> list[QuestionVersion]:
    """For a draft what is in force on the day (HKT); once submitted, for ever what it was submitted with."""
    known: dict[date, list[QuestionVersion]] = application.__dict__.setdefault("_question_versions", {})
    if on not in known:  # the list of sections, the form and the documents ask alike
        known[on] = (
            questions_in_force(application.offering.programme, on)
            if application.is_draft
            else in_order(_frozen(application))
        )
    return known[on]


def remember_question_versions(
    application: Application, versions: list[QuestionVersion], *, on: date
) -> None:
    """What the caller knows of that day needs no question more."""
    application.__dict__.setdefault("_question_versions", {})[on] = versions


def _frozen(application: Application) -> Iterable[QuestionVersion]:
    """As prefetched for a list, with their sets; else in one query."""
    if "question_versions" in getattr(application, "_prefetched_objects_cache", {}):
        return application.question_versions.all()
    return application.question_versions.select_related("set")


def documents_asked(application: Application, *, on: date) -> list[Question]:
    """The documents among the questions, in their order."""
    return [
        question
        for version in question_versions_of(application, on=on)
        for question in version.record().questions
        if question.is_file
    ]
