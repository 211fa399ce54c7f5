"""Every subject's models, so that Django finds them in one app."""

from applications.applicants.models import (
    Applicant,
    EnglishTest,
    Experience,
    PostgraduateStudy,
    ProfileSnapshot,
    Qualification,
)

__all__ = [
    "Applicant",
    "EnglishTest",
    "Experience",
    "PostgraduateStudy",
    "ProfileSnapshot",
    "Qualification",
]
