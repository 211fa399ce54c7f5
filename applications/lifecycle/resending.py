"""Trying once more what did not reach the applicant: a mail not sent, a letter not made."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from admissions_portal.history.actions import record_event
from admissions_portal.outbox.actions import release_message
from admissions_portal.outbox.models import Message
from admissions_portal.papers.actions import retry_paper
from admissions_portal.papers.models import Paper
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.lifecycle.actions import lock_application
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_can_with


class NothingToResend(Refusal):
    """It is on its way or there already."""


@transaction.atomic
def resend_message(application: Application, message: Message, *, by: Actor, at: datetime) -> None:
    """Let a failed message about the case go once more, as it was written, to the same address.

    The caller has found it among the case's. Raises NothingToResend where it has not failed, so that twice is
    once; PermissionDenied without `Right.VERIFY_EVIDENCE`.
    """
    check_can_with(Right.VERIFY_EVIDENCE, application, by=by, at=at)
    lock_application(application)
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.status != Message.Status.FAILED or not release_message(message):
        raise NothingToResend(
            _("This message is on its way or has been sent: there is nothing to send again.")
        )
    record_event("message.resent", about=application, by=by, at=at, message=str(message.pk))


@transaction.atomic
def remake_letter(application: Application, paper: Paper, *, by: Actor, at: datetime) -> None:
    """Have a letter of the case made once more from what was frozen for it; what waits for it then leaves.

    The caller has found it among the case's. Raises NothingToResend where it has not failed, so that twice is
    once; PermissionDenied without `Right.VERIFY_EVIDENCE`.
    """
    check_can_with(Right.VERIFY_EVIDENCE, application, by=by, at=at)
    lock_application(application)
    if not Paper.objects.filter(pk=paper.pk, status=Paper.Status.FAILED).exists():
        raise NothingToResend(_("This letter is being made or is there: there is nothing to make again."))
    retry_paper(paper)
    record_event("letter.remade", about=application, by=by, at=at, paper=str(paper.pk))
