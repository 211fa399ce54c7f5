"""May this actor change these questions? One needs the right over every programme that asks them."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from programmes.models import QuestionSet
from programmes.queries import programmes_of
from programmes.questions.queries import programmes_asking_each


def can_edit_questions(by: Actor, questions: QuestionSet, at: datetime) -> bool:
    """Whether the actor holds EDIT_CATALOGUE over every programme that asks them. Questions that nobody's
    programme asks are nobody's to edit."""
    asking = {programme.pk for programme in programmes_asking_each([questions])[questions.pk]}
    if by.user is None or not asking:
        return False
    held = programmes_of(by.user, Right.EDIT_CATALOGUE, day_of(at)).filter(pk__in=asking)
    return held.count() == len(asking)


def check_can_edit_questions(by: Actor, questions: QuestionSet, at: datetime) -> None:
    """Raise PermissionDenied unless `can_edit_questions`."""
    if not can_edit_questions(by, questions, at):
        raise PermissionDenied(
            _("These questions are asked by programmes that you are not appointed to edit.")
        )
