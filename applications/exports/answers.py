"""Answers to the programmes' questions as columns, chosen question by question."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from admissions_portal.clock import day_of
from applications.exports.columns import Column
from applications.lifecycle.questions import question_versions_of
from applications.submission.questions import answers_of
from programmes.questions.content import QuestionKind

SUPERVISORS = "supervisors"


def questions_of(cases: Sequence[Any]) -> dict[str, str]:
    """Every question that these cases answer in words, by key, in the words asked last. Three queries."""
    prefetch_related_objects(cases, "question_versions__set")
    versions = {
        version.pk: version
        for case in cases
        for version in question_versions_of(case, on=day_of(case.submitted_at))
    }
    questions: dict[str, str] = {}
    for version in sorted(versions.values(), key=lambda each: (each.set_id, each.number or 0)):
        for question in version.record().questions:
            if question.kind is QuestionKind.SUPERVISORS:
                questions[SUPERVISORS] = question.title
            elif not question.is_file:
                questions[question.key] = question.title
    return questions


def answer_columns(cases: Sequence[Any], keys: Collection[str]) -> tuple[Column, ...]:
    """A column for each chosen question; empty where a case was not asked it or left it open."""
    chosen = {key: title for key, title in questions_of(cases).items() if key in keys}
    if not chosen:
        return ()
    prefetch_related_objects(cases, "answers", "supervisors")
    said: dict[Any, dict[str, str]] = {}
    for case in cases:
        said[case.pk] = {
            each.question.key: each.words for each in answers_of(case, on=day_of(case.submitted_at))
        }
        said[case.pk][SUPERVISORS] = _("; ").join(row.name for row in case.supervisors.all())

    def column(key: str, title: str) -> Column:
        return Column(
            f"answer:{key}",
            title,
            _("Answer to the programme’s question, as submitted"),
            lambda case: said[case.pk].get(key) or None,
            True,
        )

    return tuple(column(key, title) for key, title in chosen.items())
