from applications.applicants.models.person import Applicant, ProfileSnapshot
from applications.applicants.models.record import (
    EarlierStudy,
    EnglishTest,
    Experience,
    PostgraduateStudy,
    PriorCourse,
    Qualification,
)

__all__ = [
    "Applicant",
    "EarlierStudy",
    "EnglishTest",
    "Experience",
    "PostgraduateStudy",
    "PriorCourse",
    "ProfileSnapshot",
    "Qualification",
]
