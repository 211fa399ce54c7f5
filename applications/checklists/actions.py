"""Writing down what an officer made of a section."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.checklists.models import CheckState, SectionCheck
from applications.checklists.sections import content_of_sections
from applications.lifecycle.actions import lock_application
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_can_with


class CheckRefused(Refusal):
    """The section cannot be looked at, or says too little."""


@transaction.atomic
def check_section(
    application: Application,
    section: str,
    *,
    state: CheckState | str,
    comment: str = "",
    by: Actor,
    at: datetime,
) -> SectionCheck:
    """Write down what the officer makes of one section (by its key) of the case.

    A look more is a row more: earlier comments stay with their authors. It moves nothing and tells nobody.
    Raises CheckRefused for a case that has ended, a section the case has not, a state that is none, and for
    something to do that says not what; PermissionDenied for whoever may not verify evidence.
    """
    check_can_with(Right.VERIFY_EVIDENCE, application, by=by, at=at)
    if by.user is None:
        raise PermissionDenied
    application = lock_application(application)
    comment = comment.strip()
    content = content_of_sections(application, at=at)
    if application.has_ended:
        raise CheckRefused(_("The case has ended: its checklist stays as it is."))
    if section not in content or state not in CheckState.values:
        raise CheckRefused(_("Choose one of the states beside a section of this case."))
    if state == CheckState.TO_DO and not comment:
        raise CheckRefused(_("Say in the comment what there is to do."))
    current = application.section_checks.filter(section=section, is_current=True)
    last = current.first()
    if last and (last.state, last.comment, last.content) == (state, comment, content[section]):
        return last
    current.update(is_current=False)
    made = SectionCheck.objects.create(
        application=application,
        section=section,
        state=state,
        comment=comment,
        content=content[section],
        checked_by=by.user,
        checked_at=at,
    )
    record_event("section.checked", about=application, by=by, at=at, section=section, state=str(state))
    return made
