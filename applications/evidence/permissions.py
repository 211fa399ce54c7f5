"""Who may add and check documents."""

from __future__ import annotations

from datetime import datetime

from admissions_portal.accounts.roles import Right
from admissions_portal.support.actors import Actor
from applications.evidence.models import Document, DocumentStatus
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_can_with, is_own


def can_add_document(application: Application, by: Actor) -> bool:
    """The applicant, until the case has ended: the office may ask for one at any time before."""
    return is_own(application, by) and not application.has_ended


def can_describe_document(document: Document, by: Actor) -> bool:
    """The applicant, until the office has checked it or the case has ended; not what the office filed."""
    is_theirs = document.filed_by_id is None and document.status == DocumentStatus.RECEIVED
    return is_theirs and can_add_document(document.application, by)


def check_can_check_document(document: Document, by: Actor, at: datetime) -> None:
    """Raises PermissionDenied unless the actor is appointed to verify evidence of the programme."""
    check_can_with(Right.VERIFY_EVIDENCE, document.application, by=by, at=at)


def check_can_request(application: Application, by: Actor, at: datetime) -> None:
    """Raises PermissionDenied unless the actor is appointed to verify evidence of the programme."""
    check_can_with(Right.VERIFY_EVIDENCE, application, by=by, at=at)
