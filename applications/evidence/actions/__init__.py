"""Every act on documents and on what the office asks for: one act, one function, whichever door."""

from applications.evidence.actions.documents import (
    MOST_IN_A_SLOT,
    DocumentRefused,
    add_document,
    describe_document,
    record_provenance,
    reject_document,
    release_document,
    remove_document,
    remove_orphans,
    verify_document,
)
from applications.evidence.actions.requests import (
    EvidenceTerms,
    RequestRefused,
    answer_request,
    ask_for_evidence,
    settle_request,
    withdraw_request,
)

__all__ = [
    "MOST_IN_A_SLOT",
    "DocumentRefused",
    "EvidenceTerms",
    "RequestRefused",
    "add_document",
    "answer_request",
    "ask_for_evidence",
    "describe_document",
    "record_provenance",
    "reject_document",
    "release_document",
    "remove_document",
    "remove_orphans",
    "settle_request",
    "verify_document",
    "withdraw_request",
]
