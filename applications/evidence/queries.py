"""Reading documents. Whose they are is asked here, so that a stranger's document does not exist."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from admissions_portal.accounts.roles import Right
from applications.assessments.latest import what_rules_say
from applications.evidence.models import Document, FileKind, SlotCode
from applications.evidence.slots import DocumentSlot, derive_slots
from applications.lifecycle.queries import applications_visible_to, person_of

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User
    from applications.lifecycle.models import Application


def documents_of(application: Application) -> QuerySet[Document]:
    """Every document of the case, in the order they came, with who checked it."""
    return application.documents.select_related("checked_by").order_by("uploaded_at", "id")


def documents_by_slot(application: Application) -> dict[SlotCode, list[Document]]:
    """The documents of the case by what they prove; slots without any are left out."""
    by_slot: dict[SlotCode, list[Document]] = {}
    for document in documents_of(application):
        by_slot.setdefault(SlotCode(document.slot), []).append(document)
    return by_slot


def slots_of(application: Application, *, at: datetime) -> list[DocumentSlot]:
    """What this case must show, each slot with its documents.

    A draft is read from the live profile and judged at `at`, a submitted case from the profile as frozen and
    what the rules last said of it.
    """
    said = what_rules_say(application, at=at)
    return derive_slots(
        person_of(application), said.findings, said.requirements, documents_by_slot(application)
    )


def documents_visible_to(user: User, *, on: date) -> QuerySet[Document]:
    """The applicant's own, and those of cases that staff may open on that day. Nobody else's exist."""
    cases = applications_visible_to(user, on=on, right=Right.SEE_CASES).order_by()
    return Document.objects.filter(
        Q(application__applicant__user=user) | Q(application__in=cases.values("pk"))
    )


def document_visible_to(user: User, pk: uuid.UUID, *, on: date) -> Document | None:
    """One document with its case and applicant, or None where it does not exist for `user`. A held one is
    shown to nobody."""
    shown = documents_visible_to(user, on=on).exclude(kind=FileKind.UNKNOWN)
    return shown.select_related("application__applicant").filter(pk=pk).first()
