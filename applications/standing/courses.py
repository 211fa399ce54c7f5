"""The list of courses on the page of the request: the same form as in the application's, but only those not
asked for yet."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from applications.applicants.models import PriorCourse
from applications.standing.queries import courses_to_ask
from applications.submission.sections import Filling, FormSection
from applications.submission.sections.earlier import COURSES
from applications.submission.sections.rows import RowGroup


@dataclass(frozen=True)
class CoursesToAsk(RowGroup):
    """Courses that a request of this case holds already are neither shown nor changed."""

    open_rows: tuple[PriorCourse, ...] = ()

    def rows(self, owner: models.Model) -> list[models.Model]:
        return list(self.open_rows)


class CoursesForCredit(FormSection):
    """No section of the form: the request is made after it is submitted."""

    key = "courses-for-credit"
    title = COURSES.heading
    in_profile = True
    groups = (COURSES,)

    def groups_for(self, filling: Filling) -> tuple[RowGroup, ...]:
        rows = filling.once("courses", lambda: tuple(courses_to_ask(filling.application)))
        shown = {name: getattr(COURSES, name) for name in ("key", "form_class", "relation", "item", "add")}
        return (CoursesToAsk(**shown, open_rows=rows),)


SECTION = CoursesForCredit()
