"""Documents in slots, what they print of a person, and what the office asks for."""

from applications.evidence.models.document import (
    FOLDER,
    Document,
    DocumentStatus,
    FileKind,
    Part,
    PartLanguage,
    SlotCode,
    private_path,
)
from applications.evidence.models.printed import (
    PrintedDifference,
    PrintedIdentity,
    SettledAs,
    WhatDiffers,
)
from applications.evidence.models.request import (
    EvidenceRequest,
    RequestKind,
    RequestReminder,
    RequestStatus,
    RequestWants,
)

__all__ = [
    "FOLDER",
    "Document",
    "DocumentStatus",
    "EvidenceRequest",
    "FileKind",
    "Part",
    "PartLanguage",
    "PrintedDifference",
    "PrintedIdentity",
    "RequestKind",
    "RequestReminder",
    "RequestStatus",
    "RequestWants",
    "SettledAs",
    "SlotCode",
    "WhatDiffers",
    "private_path",
]
