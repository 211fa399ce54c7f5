"""The eligibility engine: facts and requirements in, findings out. Plain Python, and this module is its whole face.

It knows no clock, database, settings or framework, so it can be run, tested and timed alone and gives the same bytes
for the same input on any day. Text for people is made elsewhere, on demand (`eligibility/wording.py`).
"""

from .case import HKT
from .facts import (
    AwardStatus,
    Degree,
    DegreeLevel,
    EnglishTest,
    Facts,
    Honours,
    Language,
    OfficerFinding,
    Origin,
    PostgraduateStudy,
    ProgrammeLevel,
    QualifyingExamination,
    Residence,
    ResidenceStatus,
    Round,
    StudyKind,
    StudyMode,
)
from .findings import ENGINE_VERSION, SEVERITY, Assessment, Finding, Outcome, Verdict
from .records import FactsError, from_json, to_json
from .requirements import READINGS, Check, EnglishMinimum, Layer, Requirements, Rule, Treatment, stricter
from .residence import LocalStatus, local_status
from .rounds import refused_from
from .scales import PARTS, SCALES, EnglishTestKind, check_score, corresponding_day, last_valid_day, total_of
from .verdict import assess, verdict_of

__all__ = [
    "ENGINE_VERSION",
    "HKT",
    "PARTS",
    "READINGS",
    "SCALES",
    "SEVERITY",
    "Assessment",
    "AwardStatus",
    "Check",
    "Degree",
    "DegreeLevel",
    "EnglishMinimum",
    "EnglishTest",
    "EnglishTestKind",
    "Facts",
    "FactsError",
    "Finding",
    "Honours",
    "Language",
    "Layer",
    "LocalStatus",
    "OfficerFinding",
    "Origin",
    "Outcome",
    "PostgraduateStudy",
    "ProgrammeLevel",
    "QualifyingExamination",
    "Requirements",
    "Residence",
    "ResidenceStatus",
    "Round",
    "Rule",
    "StudyKind",
    "StudyMode",
    "Treatment",
    "Verdict",
    "assess",
    "check_score",
    "corresponding_day",
    "from_json",
    "last_valid_day",
    "local_status",
    "refused_from",
    "stricter",
    "to_json",
    "total_of",
    "verdict_of",
]
