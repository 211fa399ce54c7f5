"""The long form as data: the sections in their order, each with its key, title, fields, checks and state.

Forms, checklist, progress and review page read this one list, and so does the submission.
"""

from __future__ import annotations

from datetime import datetime

from applications.lifecycle.models import Application
from applications.submission.sections.answers import Answer, AnswerBlock
from applications.submission.sections.base import (
    Filled,
    FormSection,
    Problem,
    Section,
    SectionState,
)
from applications.submission.sections.choice import Choice
from applications.submission.sections.comparing import SAVED, TYPED, Comparison, Difference
from applications.submission.sections.documents import Documents
from applications.submission.sections.english import English
from applications.submission.sections.filling import Filling
from applications.submission.sections.person import Personal, Residence
from applications.submission.sections.questions import ProgrammeQuestions
from applications.submission.sections.study import Qualifications, WorkAndStudy
from applications.submission.sections.typed import Typed

SECTIONS: tuple[Section, ...] = (
    Personal(),
    Residence(),
    Choice(),
    Qualifications(),
    English(),
    WorkAndStudy(),
    ProgrammeQuestions(),
    Documents(),
)


def sections_of(application: Application, *, at: datetime) -> list[Section]:
    """The sections this application asks for at `at`, in the order of the form."""
    return [section for section in SECTIONS if section.applies(application, at=at)]


def section_named(application: Application, key: str, *, at: datetime) -> Section | None:
    """The section with this key, None where the application has no such section."""
    return next((section for section in sections_of(application, at=at) if section.key == key), None)


def section_after(application: Application, section: Section, *, at: datetime) -> Section | None:
    """The one that follows, None after the last: then comes the review."""
    sections = sections_of(application, at=at)
    position = sections.index(section) + 1
    return sections[position] if position < len(sections) else None


def problems_of(application: Application, *, at: datetime) -> list[Problem]:
    """Everything that keeps the application from being submitted, section by section.

    Never an academic ground (UST-05).
    """
    filling = Filling(application, at=at)
    return [problem for section in sections_of(application, at=at) for problem in section.problems(filling)]


__all__ = [
    "SAVED",
    "SECTIONS",
    "TYPED",
    "Answer",
    "AnswerBlock",
    "Comparison",
    "Difference",
    "Filled",
    "Filling",
    "FormSection",
    "Problem",
    "ProgrammeQuestions",
    "Section",
    "SectionState",
    "Typed",
    "problems_of",
    "section_after",
    "section_named",
    "sections_of",
]
