"""A document beside its claim; what documents print of the person; what a status shown would mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from admissions_portal.clock import day_of
from applications.applicants.choices import ResidenceStatus
from applications.assessments.flips import FlipText, tell_flip
from applications.assessments.models import ShownStatus
from applications.assessments.shown import RulesSaid, if_it_counted, status_counting
from applications.casework.claims import Claim, claims_of
from applications.casework.evidence_forms import CaseDifferenceForm, CaseDocumentForm, CaseSlotForm
from applications.casework.reading import CaseReading
from applications.evidence.models import Document, DocumentStatus, PrintedDifference
from applications.evidence.printed import Compared, compared_on
from applications.evidence.queries import slots_of
from applications.lifecycle.models import Application
from eligibility.engine import Facts, from_json
from eligibility.wording import Audience, VerdictText, explain_verdict


@dataclass(slots=True)
class PrintShown:
    """What one document prints, how it compares, and what is made of each difference."""

    document: Document
    compared: Compared
    differences: list[PrintedDifference] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return any(not difference.is_settled for difference in self.differences)


def printed_on(reading: CaseReading) -> dict[str, Any]:
    """Names and birth dates as the documents print them, those that differ first."""
    prints = prints_of(reading.case, reading.documents)
    return {
        "prints": sorted(prints, key=lambda each: not each.is_open),
        "names_open": sum(each.is_open for each in prints),
        **status_shown_on(reading),
    }


def prints_of(case: Application, documents: Sequence[Document]) -> list[PrintShown]:
    """In the order of the documents; asks nothing where the prints were read with the case."""
    by_document = {compared.printed.document_id: compared for compared in compared_on(case)}
    differences: dict[int, list[PrintedDifference]] = {}
    for row in case.printed_differences.all():
        differences.setdefault(row.printed_id, []).append(row)
    return [
        PrintShown(document, compared, differences.get(compared.printed.pk, []))
        for document in documents
        if (compared := by_document.get(document.pk))
    ]


@dataclass(frozen=True, slots=True)
class StatusMeaning:
    """A status that a paper shows against the one that counts so far, and what it would mean."""

    shown: ShownStatus
    counting: str
    verdict: VerdictText
    flips: list[FlipText]
    is_in_others_round: bool


def status_shown_on(reading: CaseReading) -> dict[str, Any]:
    """Where a proof of residence contradicts what counts: what the other status would mean as of the day of
    receipt. Nothing of it happens by itself."""
    case = reading.case
    shown = next(reversed(case.shown_statuses.all()), None)
    if shown is None or not shown.contradicts:
        return {}
    if any(settled.settled_at >= shown.recorded_at for settled in case.settled_statuses.all()):
        return {}
    if reading.assessment is None or reading.rules is None:
        return {}
    run = RulesSaid(from_json(Facts, reading.assessment.facts), reading.rules.requirements())
    counting = status_counting(case)
    meant = if_it_counted(case, shown.status, counting=counting, run=run, at=reading.at)
    return {
        "status_meaning": StatusMeaning(
            shown,
            str(ResidenceStatus(counting).label) if counting else _("nothing"),
            explain_verdict(meant.verdict, meant.findings, audience=Audience.STAFF),
            [tell_flip(flip) for flip in meant.flips],
            meant.is_in_others_round,
        )
    }


def document_context(case: Application, document: Document, *, at: datetime) -> dict[str, Any]:
    """Everything the page of one document shows."""
    documents = list(case.documents.all())
    claims = claims_of(case, documents, on=day_of(at))
    shown = next((each for each in prints_of(case, documents) if each.document.pk == document.pk), None)
    may_act = not case.has_ended
    return {
        "document": document,
        "claims": claims_beside(claims, document),
        "earlier": [each for each in documents if each.pk == document.replaces_id],
        "later": [each for each in documents if each.replaces_id == document.pk],
        "may_act": may_act,
        "check_form": CaseDocumentForm(document=document),
        "slot_form": CaseSlotForm(slots=slots_of(case, at=at)),
        "print": shown,
        "settling": [
            (difference, CaseDifferenceForm(difference=difference, documents=documents))
            for difference in (shown.differences if shown else ())
        ],
        "following": next_to_check(case, document),
    }


def claims_beside(claims: Sequence[Claim], document: Document) -> list[Claim]:
    """Who the person says to be, and what the document's slot is to prove."""
    own = [claim for claim in claims if document in claim.documents]
    proven = [claim for claim in claims if claim.proves and claim.proves == document.slot]
    return [claim for claim in claims if claim.is_person] + (proven or own)


def next_to_check(case: Application, document: Document) -> Document | None:
    """The next document that nobody has checked, in the order they came and round again."""
    documents = list(case.documents.all())
    at = next((n for n, each in enumerate(documents) if each.pk == document.pk), 0)
    return next(
        (
            each
            for each in (*documents[at + 1 :], *documents[:at])
            if each.status == DocumentStatus.RECEIVED and not each.is_held
        ),
        None,
    )
