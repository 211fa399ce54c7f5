"""Who may add and check documents."""

from __future__ import annotations

from datetime import datetime

from admissions_portal.accounts.roles import Right
from admissions_portal.support.actors import Actor
from applications.evidence.models import Document
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_can_with, is_own


def can_add_document(application: Application, by: Actor) -> bool:
    """The applicant, until the case has ended: the office may ask for one at any time before."""
    return is_own(application, by) and not application.has_ended


def check_can_check_document(document: Document, by: Actor, at: datetime) -> None:
    """Raises PermissionDenied unless the actor is appointed to verify evidence of the programme."""
    check_can_with(Right.VERIFY_EVIDENCE, document.application, by=by, at=at)
