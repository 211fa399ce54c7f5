"""The papers that settle a finding (D1). Findings name them; `eligibility/labels.py` has their names.

What the upload section asks for is derived from these, so a rule that wants a paper of its own adds a kind.
"""

from enum import StrEnum


class DocumentKind(StrEnum):
    """A paper that a person can show.

    TRANSCRIPT is that of the degree relied on. COMPLETION_LETTER: the institution says when it can certify
    completion (C16). MEDIUM_LETTER: it says what was taught and examined in English (AMB-08).
    """

    DEGREE_CERTIFICATE = "degree_certificate"
    TRANSCRIPT = "transcript"
    COMPLETION_LETTER = "completion_letter"
    MEDIUM_LETTER = "medium_of_instruction_letter"
    SCORE_REPORT = "english_score_report"
    POSTGRADUATE_TRANSCRIPT = "postgraduate_transcript"
    RESIDENCE_PROOF = "residence_proof"
    EXAMINATION_RESULT = "examination_result"
    EARLIER_STUDY_RECORD = "earlier_study_record"
    COURSE_TRANSCRIPT = "course_transcript"
    FORM_ANSWER = "form_answer"
    ASKED_FOR = "document_asked_for"
