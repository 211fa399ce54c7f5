"""Every subject's models, so that Django finds them in one app."""

from applications.applicants.models import (
    Applicant,
    ContactChange,
    EarlierStudy,
    EnglishTest,
    Experience,
    PostgraduateStudy,
    PriorCourse,
    ProfileSnapshot,
    Qualification,
    ResidenceDeclaration,
)
from applications.assessments.models import (
    Assessment,
    Correction,
    OfficerFinding,
    Reassessment,
    SettledStatus,
    ShownStatus,
)
from applications.changes.models import ChangeProposal
from applications.checklists.models import SectionCheck
from applications.decisions.models import (
    Decision,
    DecisionCheck,
    DecisionChecks,
    DecisionReason,
    DecisionUndo,
    PreparedDecision,
    Release,
    ReleaseItem,
)
from applications.duplicates.models import ComparedCase, LikelyPair, RecordKey
from applications.evidence.models import (
    Document,
    EvidenceRequest,
    PrintedDifference,
    PrintedIdentity,
    RequestReminder,
)
from applications.exports.models import ExportLog, WholeCase
from applications.identity.models import IdentityNumber
from applications.late_entry.models import AccessCode, AccessCodeUse, Extension
from applications.lifecycle.models import (
    Application,
    BlindReading,
    ComparedPerson,
    NumberSeries,
    Opening,
    Recusal,
)
from applications.lifecycle.same_person import PersonJudgement
from applications.occasional.models import OccasionalFile, OccasionalRequest, WantedCourse
from applications.offers.models import Condition, Offer, ReplyReminder
from applications.privacy.models import RecordCopy
from applications.reviews.assignment import ReviewAssignment, ReviewNotice, ReviewPutOff
from applications.reviews.models import EarlierReview, Review, Rubric
from applications.reviews.phases import ReviewPhase
from applications.standing.models import CourseClaim, StandingRequest
from applications.submission.models import (
    ClosedRoundNotice,
    DraftReminder,
    ProgrammeAnswer,
    ProposedSupervisor,
    SectionVisit,
    Submission,
    UnsavedText,
)
from applications.withdrawals.models import Withdrawal
from applications.worklists.models import SavedList

__all__ = [
    "AccessCode",
    "AccessCodeUse",
    "Applicant",
    "Application",
    "Assessment",
    "BlindReading",
    "ChangeProposal",
    "ClosedRoundNotice",
    "ComparedCase",
    "ComparedPerson",
    "Condition",
    "ContactChange",
    "Correction",
    "CourseClaim",
    "Decision",
    "DecisionCheck",
    "DecisionChecks",
    "DecisionReason",
    "DecisionUndo",
    "Document",
    "DraftReminder",
    "EarlierReview",
    "EarlierStudy",
    "EnglishTest",
    "EvidenceRequest",
    "Experience",
    "ExportLog",
    "Extension",
    "IdentityNumber",
    "LikelyPair",
    "NumberSeries",
    "OccasionalFile",
    "OccasionalRequest",
    "Offer",
    "OfficerFinding",
    "Opening",
    "PersonJudgement",
    "PostgraduateStudy",
    "PreparedDecision",
    "PrintedDifference",
    "PrintedIdentity",
    "PriorCourse",
    "ProfileSnapshot",
    "ProgrammeAnswer",
    "ProposedSupervisor",
    "Qualification",
    "Reassessment",
    "RecordCopy",
    "RecordKey",
    "Recusal",
    "Release",
    "ReleaseItem",
    "ReplyReminder",
    "RequestReminder",
    "ResidenceDeclaration",
    "Review",
    "ReviewAssignment",
    "ReviewNotice",
    "ReviewPhase",
    "ReviewPutOff",
    "Rubric",
    "SavedList",
    "SectionCheck",
    "SectionVisit",
    "SettledStatus",
    "ShownStatus",
    "StandingRequest",
    "Submission",
    "UnsavedText",
    "WantedCourse",
    "WholeCase",
    "Withdrawal",
]
