"""Everything the case page needs, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Prefetch

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Right
from admissions_portal.history.models import Event
from admissions_portal.support.actors import ActorKind
from admissions_portal.support.together import Rows, keep_as_read, read_together
from applications.applicants.models import ContactChange
from applications.assessments.models import Correction, OfficerFinding, SettledStatus, ShownStatus
from applications.changes.models import ChangeProposal
from applications.checklists.models import SectionCheck
from applications.decisions.models import Decision, DecisionReason, DecisionUndo, PreparedDecision
from applications.evidence.models import (
    Document,
    EvidenceRequest,
    PrintedDifference,
    PrintedIdentity,
)
from applications.lifecycle.models import Application, Recusal
from applications.lifecycle.queries import applications_visible_to
from applications.offers.models import Condition
from applications.reviews.assignment import ReviewAssignment
from applications.reviews.queries import reviews_on_cases
from applications.standing.models import CourseClaim, StandingRequest
from applications.submission.models import ProgrammeAnswer, ProposedSupervisor

_OF_CASE = "application_id = %(case)s"
_OF_ITS_DECISION = "decision_id IN (SELECT id FROM applications_decision WHERE case_id = %(case)s)"  # nosec B608  our own names
_PRINTS = (
    "(SELECT id FROM applications_printedidentity WHERE application_id = %(case)s AND superseded_at IS NULL)"  # nosec B608  our own names
)
_REQUESTS = "(SELECT id FROM applications_standingrequest WHERE application_id = %(case)s)"  # nosec B608  our own names
_OFFER = "(SELECT id FROM applications_offer WHERE application_id = %(case)s)"  # nosec B608  our own names

# What stands beside a case, by the relation's name: a kind more costs no query more.
_LISTS = {
    "documents": Rows(Document, _OF_CASE, by="uploaded_at, id"),
    "evidence_requests": Rows(EvidenceRequest, _OF_CASE, by="due_on, asked_at, id"),
    "supervisors": Rows(ProposedSupervisor, _OF_CASE, by="position"),
    "answers": Rows(ProgrammeAnswer, _OF_CASE),
    "printed_identities": Rows(
        PrintedIdentity, f"{_OF_CASE} AND superseded_at IS NULL", by="recorded_at, id"
    ),
    "printed_differences": Rows(PrintedDifference, f"printed_id IN {_PRINTS}", by="found_at, id"),
    "shown_statuses": Rows(ShownStatus, _OF_CASE, by="recorded_at, id"),
    "settled_statuses": Rows(SettledStatus, _OF_CASE, by="settled_at, id"),
    "officer_findings": Rows(OfficerFinding, _OF_CASE, by="found_at, id"),
    "section_checks": Rows(SectionCheck, _OF_CASE, by="checked_at, id"),
    "corrections": Rows(Correction, _OF_CASE, by="corrected_at, id"),
    "proposals": Rows(ChangeProposal, _OF_CASE, by="proposed_at DESC, id DESC"),
    "prepared_decisions": Rows(PreparedDecision, _OF_CASE, by="prepared_at DESC, id"),
    "decisions": Rows(Decision, "case_id = %(case)s", by="decided_at DESC, id"),
    "undoings": Rows(DecisionUndo, "case_id = %(case)s", by="undone_at DESC, id DESC"),
    "standing_requests": Rows(StandingRequest, _OF_CASE, by="received_at, id"),
    "recusals": Rows(Recusal, _OF_CASE, by="lifted_at DESC NULLS FIRST, recorded_at DESC, id DESC"),
    "review_assignments": Rows(ReviewAssignment, f"{_OF_CASE} AND taken_back_at IS NULL", by="given_at, id"),
}
# and what hangs on a thing beside it
_FARTHER = {
    "courses": Rows(CourseClaim, f"request_id IN {_REQUESTS}", by="request_id, position"),
    "reasons": Rows(DecisionReason, _OF_ITS_DECISION, by="decision_id, position"),
    "conditions": Rows(Condition, f"offer_id = {_OFFER}", by="position"),
    "contact_changes": Rows(ContactChange, "applicant_id = %(applicant)s", by="changed_at, id"),
}


def case_for(
    user: User, pk: UUID, *, on: date, history: Iterable[Event] = (), right: Right = Right.SEE_CASES
) -> Application | None:
    """The case with all that stands beside it, or None where this member of staff may not open it.

    The people who did something to it, and the actors of `history`, stand in `case.people` by their key.
    """
    case = (
        applications_visible_to(user, on=on, right=right)
        .select_related(
            "offering__intake__programme__office",
            "offering__intake__programme__school",
            "offer__letter",
            "withdrawal__noted_by",
            "identity_number",
            "amendment",
        )
        .defer("offer__letter__pdf", "offer__letter__context")
        .prefetch_related(
            Prefetch("reviews", reviews_on_cases()),
        )
        .filter(pk=pk)
        .first()
    )
    if case is not None:
        _read_beside(case, history)
    return case


def _read_beside(case: Application, history: Iterable[Event]) -> None:
    """All lists in one statement, then everybody named in them in another."""
    read = read_together(
        tuple((_LISTS | _FARTHER).items()), {"case": case.pk, "applicant": case.applicant_id}
    )
    rows = [row for name in _LISTS | _FARTHER for row in read[name]]
    asked = {int(event.actor_id) for event in history if event.actor_kind == ActorKind.USER}
    people = User.objects.in_bulk(
        asked | {pk for row in rows for _name, pk in _people_of(row) if pk is not None}
    )
    case.people = people  # type: ignore[attr-defined]  # read with it
    for row in rows:
        for name, pk in _people_of(row):
            setattr(row, name, people.get(pk))
    for relation in _LISTS:
        keep_as_read(case, relation, read[relation])
    for request in read["evidence_requests"]:
        keep_as_read(request, "documents", _with(read["documents"], request_id=request.pk))
    for request in read["standing_requests"]:
        keep_as_read(request, "courses", _with(read["courses"], request_id=request.pk))
    for decision in read["decisions"]:
        keep_as_read(decision, "reasons", [row for row in read["reasons"] if row.decision_id == decision.pk])
    documents = {document.pk: document for document in read["documents"]}
    prints = {row.pk: row for row in read["printed_identities"]}
    for document in read["documents"]:
        keep_as_read(document, "printed", [row for row in prints.values() if row.document_id == document.pk])
    for difference in read["printed_differences"]:
        difference.printed, difference.deed = prints[difference.printed_id], documents.get(difference.deed_id)
    for proposal in read["proposals"]:
        proposal.proof = documents.get(proposal.proof_id)
    keep_as_read(case.applicant, "contact_changes", read["contact_changes"])
    if (offer := getattr(case, "offer", None)) is not None:
        keep_as_read(offer, "conditions", read["conditions"])


def _people_of(row: models.Model) -> list[tuple[str, Any]]:
    """Who did something to the row: the name of each such field, and the person's key."""
    return [
        (field.name, getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.related_model is User
    ]


def _with(rows: Iterable[Any], *, request_id: UUID) -> list[Any]:
    return [row for row in rows if row.request_id == request_id]
