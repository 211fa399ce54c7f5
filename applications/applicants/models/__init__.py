from applications.applicants.models.contact import CONTACT_FIELDS, ContactChange
from applications.applicants.models.person import Applicant, ProfileSnapshot, ResidenceDeclaration
from applications.applicants.models.record import (
    EarlierStudy,
    EnglishTest,
    Experience,
    PostgraduateStudy,
    PriorCourse,
    Qualification,
)

__all__ = [
    "CONTACT_FIELDS",
    "Applicant",
    "ContactChange",
    "EarlierStudy",
    "EnglishTest",
    "Experience",
    "PostgraduateStudy",
    "PriorCourse",
    "ProfileSnapshot",
    "Qualification",
    "ResidenceDeclaration",
]
