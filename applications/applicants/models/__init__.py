from applications.applicants.models.person import Applicant, ProfileSnapshot
from applications.applicants.models.record import EnglishTest, Experience, PostgraduateStudy, Qualification

__all__ = ["Applicant", "EnglishTest", "Experience", "PostgraduateStudy", "ProfileSnapshot", "Qualification"]
