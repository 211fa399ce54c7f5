"""Who may add, remove and check documents."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from admissions_portal.accounts.roles import Right
from admissions_portal.support.actors import Actor
from applications.evidence.models import Document
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import can_with, check_can_with, is_own
from applications.lifecycle.states import OPEN_TO_APPLICANT, RUNNING


def can_add_document(application: Application, by: Actor) -> bool:
    """The applicant, until the case has ended: the office may ask for one at any time before."""
    return is_own(application, by) and application.state in RUNNING


def check_can_add_document(application: Application, by: Actor) -> None:
    """Raises PermissionDenied for anybody but the applicant; if it is too late is the action's to say."""
    if not is_own(application, by):
        raise PermissionDenied


def can_remove_document(document: Document, by: Actor) -> bool:
    """The applicant, while the application is a draft: what was submitted stays as it was."""
    return is_own(document.application, by) and document.application.state in OPEN_TO_APPLICANT


def can_check_document(document: Document, by: Actor, at: datetime) -> bool:
    """Staff appointed to verify evidence of the programme."""
    return can_with(Right.VERIFY_EVIDENCE, document.application, by=by, at=at)


def check_can_check_document(document: Document, by: Actor, at: datetime) -> None:
    """Raises PermissionDenied unless `can_check_document`."""
    check_can_with(Right.VERIFY_EVIDENCE, document.application, by=by, at=at)
