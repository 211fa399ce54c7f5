"""Every act on documents and on what the office asks for: one act, one function, whichever door."""

from applications.evidence.actions.checking import (
    file_document,
    record_provenance,
    reject_document,
    release_document,
    retype_document,
    verify_document,
)
from applications.evidence.actions.documents import (
    MOST_IN_A_SLOT,
    add_document,
    describe_document,
    remove_document,
    remove_orphans,
)
from applications.evidence.actions.printed import compare_again, reopen_difference, settle_difference
from applications.evidence.actions.refusals import DocumentRefused
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
    "compare_again",
    "describe_document",
    "file_document",
    "record_provenance",
    "reject_document",
    "release_document",
    "remove_document",
    "remove_orphans",
    "reopen_difference",
    "retype_document",
    "settle_difference",
    "settle_request",
    "verify_document",
    "withdraw_request",
]
