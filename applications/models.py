"""Every subject's models, so that Django finds them in one app."""

from applications.applicants.models import (
    Applicant,
    EnglishTest,
    Experience,
    PostgraduateStudy,
    ProfileSnapshot,
    Qualification,
)
from applications.assessments.models import Assessment, OfficerFinding, Reassessment
from applications.decisions.models import Decision
from applications.evidence.models import Document
from applications.exports.models import ExportLog
from applications.lifecycle.models import Application, NumberSeries
from applications.offers.models import Condition, Offer, ReplyReminder
from applications.reviews.models import Review
from applications.submission.models import (
    DraftReminder,
    ProposedSupervisor,
    ResearchPlan,
    SectionVisit,
    Submission,
    UnsavedText,
)

__all__ = [
    "Applicant",
    "Application",
    "Assessment",
    "Condition",
    "Decision",
    "Document",
    "DraftReminder",
    "EnglishTest",
    "Experience",
    "ExportLog",
    "NumberSeries",
    "Offer",
    "OfficerFinding",
    "PostgraduateStudy",
    "ProfileSnapshot",
    "ProposedSupervisor",
    "Qualification",
    "Reassessment",
    "ReplyReminder",
    "ResearchPlan",
    "Review",
    "SectionVisit",
    "Submission",
    "UnsavedText",
]
