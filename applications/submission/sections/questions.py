"""The programme's own questions (B15): asked as the version in force says, answered in rows of their own.

Wording, limits and what is required are data of the programme. Proposed supervisors are people, so they stay
rows with a name, by which conflicts of interest are found; everything else is a `ProgrammeAnswer`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy

from admissions_portal.support.forms import keep_what_is_typed, reword
from applications.applicants.names import validate_printable
from applications.lifecycle.models import Application
from applications.lifecycle.questions import question_versions_of, remember_question_versions
from applications.submission.models import ProgrammeAnswer, ProposedSupervisor
from applications.submission.questions import changes_since, fitting, in_words
from applications.submission.sections.answers import AnswerBlock, answers_in
from applications.submission.sections.base import Filled, FormSection
from applications.submission.sections.filling import Filling
from applications.submission.sections.rows import RowForm, RowGroup, SectionForm
from programmes.models import QuestionVersion
from programmes.questions.content import KINDS_OF_TEXT, Question, QuestionKind, said
from programmes.questions.fields import field_for

SUPERVISORS = "supervisor"


def versions_asked(filling: Filling) -> list[QuestionVersion]:
    """The versions this application answers, read once."""
    application, on = filling.application, filling.today
    if not application.is_draft:
        return question_versions_of(application, on=on)
    known = filling.published("questions", lambda: question_versions_of(application, on=on))
    remember_question_versions(application, known, on=on)
    return known


def answers_given(filling: Filling) -> dict[str, ProgrammeAnswer]:
    """What is answered, by key."""
    return filling.once(
        "programme answers",
        lambda: {each.key: each for each in filling.application.answers.select_related("version")},
    )


def questions_asked(filling: Filling) -> list[tuple[QuestionVersion, Question]]:
    """Every question of the form, in its order; documents have a page of their own."""
    return [
        (version, question)
        for version in versions_asked(filling)
        for question in version.record().questions
        if not question.is_file
    ]


class QuestionsForm(SectionForm):
    """A field for each question; the answers are rows, not columns of the application."""

    class Meta:
        model = Application
        fields: ClassVar[tuple[str, ...]] = ()

    def prepare(self) -> None:
        self.questions: dict[str, tuple[QuestionVersion, Question]] = {}
        given = answers_given(self.filling)
        for version, question in questions_asked(self.filling):
            if question.kind is QuestionKind.SUPERVISORS:
                continue
            field = field_for(question)
            if question.kind in KINDS_OF_TEXT:
                field.validators.append(validate_printable)
            reword(field)
            keep_what_is_typed(field)
            self.fields[question.key] = field
            self.questions[question.key] = (version, question)
            answer = given.get(question.key)
            value = fitting(question, answer.value) if answer is not None else None
            if value is not None:
                is_date = question.kind is QuestionKind.DATE
                self.initial[question.key] = date.fromisoformat(value) if is_date else value

    def keep(self) -> None:
        """Write each answer that is right under the version it was asked by; an empty one is none.

        An answer to a question that is no longer asked stays where it is: nothing that was typed is lost.
        """
        application = self.instance
        rows, empty = [], []
        for key, (version, _question) in self.questions.items():
            value = self.cleaned_data.get(key) if key not in self.errors else None
            if value in (None, "", []):
                empty.append(key)
            else:
                plain = value.isoformat() if isinstance(value, date) else value
                rows.append(ProgrammeAnswer(application=application, version=version, key=key, value=plain))
        application.answers.filter(key__in=empty).delete()
        ProgrammeAnswer.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["application", "key"],
            update_fields=["version", "value", "updated_at"],
        )


class SupervisorForm(RowForm):
    needed_to_keep = ("name",)
    widths: ClassVar = {"name": 8}

    class Meta:
        model = ProposedSupervisor
        fields = ("name", "has_spoken")
        labels: ClassVar = {"name": gettext_lazy("Name")}

    def prepare(self) -> None:
        """The box beside the name stands only where the programme asks for it, in its words."""
        box = next((question.options for question in _supervisors(self.filling)), ())
        if box:
            self.fields["has_spoken"].label = said(box[0].label)
        else:
            del self.fields["has_spoken"]


class ProgrammeQuestions(FormSection):
    key = "questions"
    title = gettext_lazy("Questions of the programme")
    form_class = QuestionsForm

    def applies(self, application: Application, *, at: datetime) -> bool:
        return bool(questions_asked(Filling(application, at=at)))

    def owner(self, filling: Filling) -> models.Model:
        return filling.application

    def groups_for(self, filling: Filling) -> tuple[RowGroup, ...]:
        return tuple(
            RowGroup(
                key=SUPERVISORS,
                form_class=SupervisorForm,
                relation="supervisors",
                heading=question.title,
                intro=question.hint,
                item=gettext_lazy("Supervisor %(number)s"),
                add=gettext_lazy("Add a supervisor"),
                least=1 if question.is_required else 0,
            )
            for question in _supervisors(filling)[:1]
        )

    def before_keeping(self, filled: Filled) -> None:
        """New supervisors go behind those that are there."""
        for group in filled.groups:
            rows: list[Any] = [form.instance for form in group.forms]
            last = max((row.position or 0 for row in rows), default=0)
            for row in rows:
                if row._state.adding:
                    last += 1
                    row.position = last

    def has_begun(self, filling: Filling) -> bool:
        return bool(answers_given(filling)) or super().has_begun(filling)

    def answers(self, filling: Filling) -> list[AnswerBlock]:
        """Each answer in words; an answer that is wrong as it was typed."""
        filled = self.current(filling)
        form = filled.form
        assert isinstance(form, QuestionsForm)
        given = answers_given(filling)

        def said_to(name: str) -> str:
            question = form.questions[name][1]
            return in_words(question, fitting(question, given[name].value)) if name in given else ""

        rows = [
            AnswerBlock(each.heading, tuple(answers_in(each)))
            for group in filled.groups
            for each in group.forms
            if not each.is_blank
        ]
        return [AnswerBlock("", tuple(answers_in(form, said_to))), *rows]

    def news(self, filling: Filling) -> list[str]:
        """What the programme has changed in its questions since they were answered, in sentences."""
        return changes_since(answers_given(filling).values(), versions_asked(filling))


def _supervisors(filling: Filling) -> list[Question]:
    return [
        question
        for _version, question in questions_asked(filling)
        if question.kind is QuestionKind.SUPERVISORS
    ]
