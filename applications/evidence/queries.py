"""Reading documents. Whose they are is asked here, so that a stranger's document does not exist."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from applications.assessments.latest import what_rules_say
from applications.evidence.models import (
    Document,
    EvidenceRequest,
    FileKind,
    PrintedDifference,
    RequestStatus,
    SlotCode,
)
from applications.evidence.slots import DocumentSlot, derive_slots, slot_of_request
from applications.lifecycle.queries import applications_visible_to, person_of
from applications.lifecycle.questions import documents_asked
from applications.lifecycle.states import CONCLUDED

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User
    from applications.assessments.register import AcceptanceRegister
    from applications.lifecycle.models import Application
    from eligibility.engine import Requirements


def documents_of(application: Application) -> QuerySet[Document]:
    """Every document of the case, in the order they came, with who checked it. Those of a case are also
    those of the draft that amends it."""
    return (
        (application.amends or application)
        .documents.select_related("checked_by")
        .order_by("uploaded_at", "id")
    )


def documents_by_slot(application: Application) -> dict[SlotCode, list[Document]]:
    """The documents of the case by what they prove; slots without any are left out."""
    by_slot: dict[SlotCode, list[Document]] = {}
    for document in (application.amends or application).documents.all():
        by_slot.setdefault(SlotCode(document.slot), []).append(document)
    return by_slot


def slots_of(
    application: Application,
    *,
    at: datetime,
    rules: Requirements | None = None,
    register: AcceptanceRegister | None = None,
) -> list[DocumentSlot]:
    """What this case must show, each slot with its documents.

    A draft is read from the live profile and judged at `at` by `rules` and `register`, those of the day
    unless the caller has read them; a submitted case from the profile as frozen and what the rules last
    said of it.
    """
    person = person_of(application)
    said = what_rules_say(application, at=at, rules=rules, register=register, person=person)
    return derive_slots(
        person,
        said.findings,
        said.requirements,
        documents_by_slot(application),
        documents_asked(application, on=day_of(at)),
    )


def requested_slots(application: Application) -> list[DocumentSlot]:
    """The documents the office has asked for and not settled, each a slot of its own."""
    if application.is_draft:
        return []
    return [
        slot_of_request(request)
        for request in requests_of(application)
        if request.is_running and request.wants_document
    ]


def requests_of(application: Application) -> QuerySet[EvidenceRequest]:
    """Everything the office has asked for on the case, the soonest due first."""
    return (
        application.evidence_requests.select_related("asked_by", "closed_by")
        .prefetch_related("documents")
        .order_by("due_on", "asked_at", "id")
    )


def requests_awaiting(applications: Iterable[Application]) -> dict[uuid.UUID, list[EvidenceRequest]]:
    """By application what its applicant has still to answer, the soonest due first. One query for all."""
    cases = [application.pk for application in applications if not application.has_ended]
    waiting: dict[uuid.UUID, list[EvidenceRequest]] = {}
    if cases:
        rows = EvidenceRequest.objects.filter(application__in=cases, status=RequestStatus.OPEN)
        for request in rows.order_by("due_on", "asked_at", "id"):
            waiting.setdefault(request.application_id, []).append(request)
    return waiting


def requests_before_offer(application: Application) -> list[EvidenceRequest]:
    """What must be settled or withdrawn before an offer is made (D2)."""
    return [
        request
        for request in application.evidence_requests.order_by("due_on", "asked_at", "id")
        if request.blocks_offer
    ]


def requests_before_offers(cases: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[EvidenceRequest]]:
    """The same of many cases, by case; those without any are left out. One question."""
    found: dict[uuid.UUID, list[EvidenceRequest]] = {}
    rows = EvidenceRequest.objects.filter(application__in=list(cases))
    for row in rows.order_by("due_on", "asked_at", "id"):
        if row.blocks_offer:
            found.setdefault(row.application_id, []).append(row)
    return found


def requests_waiting(*, at: datetime, overdue: bool = False) -> QuerySet[EvidenceRequest]:
    """Requests that wait for their applicants; `overdue`: only those whose day has ended. A case that has
    ended waits for nobody."""
    waiting = _requests_running().filter(status=RequestStatus.OPEN)
    return waiting.filter(closed_from__lte=at) if overdue else waiting


def requests_answered() -> QuerySet[EvidenceRequest]:
    """Requests that are answered and not looked at."""
    return _requests_running().filter(status=RequestStatus.ANSWERED)


def _requests_running() -> QuerySet[EvidenceRequest]:
    return EvidenceRequest.objects.exclude(application__state__in=CONCLUDED).order_by(
        "due_on", "asked_at", "id"
    )


def names_to_settle() -> QuerySet[PrintedDifference]:
    """Names and birth dates as printed that differ and wait for an officer (D6): rows that lead to a case
    through `application`, waiting since `found_at`. A case that has ended waits for nobody."""
    rows = PrintedDifference.objects.filter(settled_at=None).exclude(application__state__in=CONCLUDED)
    return rows.order_by("found_at", "id")


def unsettled_name_differences(application: Application) -> list[PrintedDifference]:
    """What differs on the case's documents and holds an offer's release until an officer settles it (D6)."""
    rows = application.printed_differences.filter(settled_at=None).select_related("printed__document")
    return list(rows.order_by("found_at", "id"))


def unsettled_differences_of(cases: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[PrintedDifference]]:
    """As `unsettled_name_differences`, by application; cases without any are left out. One query."""
    found: dict[uuid.UUID, list[PrintedDifference]] = {}
    if asked := list(cases):
        rows = PrintedDifference.objects.filter(application__in=asked, settled_at=None)
        for row in rows.select_related("printed__document").order_by("found_at", "id"):
            found.setdefault(row.application_id, []).append(row)
    return found


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
