"""The engine's codes as words people read. No rule is decided here."""

# ruff: noqa: E501  a sentence stays in one piece for its translators

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OUTCOMES: Final[Mapping[str, Promise]] = {
    "MET": _("Met"),
    "NOT_MET": _("Not met"),
    "NEEDS_EVIDENCE": _("Needs evidence"),
    "REFER": _("Refer"),
    "PENDING_OFFICER": _("Pending officer"),
    "NOT_APPLICABLE": _("Not applicable"),
}
VERDICTS: Final[Mapping[str, Promise]] = {
    "ELIGIBLE": _("Minimum requirements appear met"),
    "NEEDS_EVIDENCE": _("Needs evidence"),
    "REFER": _("An officer decides"),
    "INELIGIBLE": _("A requirement is not met"),
}
LEVELS: Final[Mapping[str, Promise]] = {
    "SUB_DEGREE": _("Diploma, higher diploma or associate degree"),
    "BACHELOR": _("Bachelor’s degree"),
    "MBBS": _("Medical degree (MBBS, MBChB)"),
    "POSTGRADUATE_DIPLOMA": _("Postgraduate diploma or certificate"),
    "MASTER": _("Master’s degree, taught"),
    "RESEARCH_MASTER": _("Master’s degree, by research"),
    "DOCTORATE": _("Doctorate"),
    "OTHER": _("Another qualification"),
}
HONOURS: Final[Mapping[str, Promise]] = {
    "FIRST": _("First Class Honours"),
    "SECOND_UPPER": _("Second Class Honours, Division One or Upper"),
    "SECOND_LOWER": _("Second Class Honours, Division Two or Lower"),
    "SECOND": _("Second Class Honours, undivided"),
    "THIRD": _("Third Class Honours"),
    "HONOURS_UNCLASSIFIED": _("With honours, no class"),
    "PASS": _("Pass degree"),
    "NONE_PRINTED": _("no honours printed"),
}
TESTS: Final[Mapping[str, Promise]] = {
    "IELTS_ACADEMIC": _("IELTS Academic"),
    "IELTS_GENERAL_TRAINING": _("IELTS General Training"),
    "IELTS_INDICATOR": _("IELTS Indicator"),
    "TOEFL_IBT": _("TOEFL iBT"),
    "TOEFL_IBT_1_6": _("TOEFL iBT, 1–6 scale"),
    "TOEFL_PAPER": _("TOEFL paper-based test"),
    "TOEFL_REVISED_PAPER": _("TOEFL revised paper-delivered test"),
    "GCE_IGCSE": _("Overseas GCE or IGCSE English Language"),
    "CAMBRIDGE_CPE": _("Cambridge C2 Proficiency (CPE)"),
    "PTE_ACADEMIC": _("PTE Academic"),
    "DUOLINGO": _("Duolingo English Test"),
    "OTHER": _("Another test"),
}
SCORES: Final[Mapping[str, Promise]] = {
    "overall": _("overall {score}"),
    "comparable_total": _("comparable total {score}"),
    "listening": _("Listening {score}"),
    "reading": _("Reading {score}"),
    "writing": _("Writing {score}"),
    "speaking": _("Speaking {score}"),
    "grade": _("grade {score}"),
}
# Names of scores without figures, for "which one is short".
PART_NAMES: Final[Mapping[str, Promise]] = {
    "overall": _("the overall score"),
    "comparable_total": _("the comparable total"),
    "listening": _("Listening"),
    "reading": _("Reading"),
    "writing": _("Writing"),
    "speaking": _("Speaking"),
    "grade": _("the grade"),
}
MINIMA: Final[Mapping[str, Promise]] = {
    "overall": _("overall {score} or more"),
    "comparable": _("comparable total {score} or more, as printed on the report"),
    "each_part": _("no part below {score}"),
    "listening": _("Listening {score} or more"),
    "reading": _("Reading {score} or more"),
    "writing": _("Writing {score} or more"),
    "speaking": _("Speaking {score} or more"),
    "grade": _("grade {score} or better"),
}
STATUSES: Final[Mapping[str, Promise]] = {
    "PERMANENT_RESIDENT": _("Hong Kong permanent identity card"),
    "RIGHT_OF_ABODE_OR_LAND": _("Right of abode or right to land, by another document"),
    "ONE_WAY_PERMIT": _("One-way permit from the Mainland"),
    "UNCONDITIONAL_STAY": _("Unconditional stay"),
    "EMPLOYMENT_VISA": _("Employment visa or work permit"),
    "DEPENDANT_UNDER_18": _("Dependant visa, first issued under the age of 18"),
    "DEPENDANT_18_OR_OVER": _("Dependant visa, first issued at the age of 18 or over"),
    "DEPENDANT": _("Dependant visa"),
    "QMAS": _("Quality Migrant Admission Scheme"),
    "CAPITAL_INVESTMENT": _("Capital investment entrant"),
    "SECOND_GENERATION": _("Admission scheme for the second generation of Hong Kong permanent residents"),
    "IANG": _("Immigration Arrangements for Non-local Graduates (IANG)"),
    "STUDENT_VISA": _("Student visa or entry permit"),
    "VISITOR": _("Visitor"),
    "OTHER": _("Another status"),
}
MODES: Final[Mapping[str, Promise]] = {"FULL_TIME": _("Full-time"), "PART_TIME": _("Part-time")}
ORIGINS: Final[Mapping[str, Promise]] = {
    "HONG_KONG": _("Hong Kong"),
    "MAINLAND": _("Mainland"),
    "MACAO": _("Macao"),
    "TAIWAN": _("Taiwan"),
    "OVERSEAS": _("Elsewhere"),
}
# What decides whether an English test is needed at all: the value of each fact in words.
LANGUAGES_GIVEN: Final[Mapping[str, Mapping[Any, Promise]]] = {
    "first_language_is_english": {
        True: _("first language: English"),
        False: _("first language: another than English"),
    },
    "in_hong_kong": {True: _("institution in Hong Kong"), False: _("institution outside Hong Kong")},
    "teaching_language": {
        "ENGLISH": _("taught in English only"),
        "MIXED": _("taught in English and another language"),
        "OTHER": _("taught in another language"),
    },
    "examination_language": {
        "ENGLISH": _("examined in English only"),
        "MIXED": _("examined in English and another language"),
        "OTHER": _("examined in another language"),
    },
    "institution_medium": {
        "ENGLISH": _("the institution teaches in English only"),
        "MIXED": _("the institution teaches in English and another language"),
        "OTHER": _("the institution teaches in another language"),
    },
}
LAYERS: Final[Mapping[str, Promise]] = {
    "UNIVERSITY": _("University: {outcome}"),
    "SCHOOL": _("School: {outcome}"),
    "PROGRAMME": _("Programme: {outcome}"),
    "ENGLISH": _("English: {outcome}"),
}
DOCUMENTS: Final[Mapping[str, Promise]] = {
    "degree_certificate": _("degree certificate"),
    "transcript": _("transcript"),
    "postgraduate_transcript": _("transcript of the postgraduate study"),
    "completion_letter": _("letter from the institution with the date of completion"),
    "medium_of_instruction_letter": _(
        "letter from the institution on the language of teaching and examination"
    ),
    "english_score_report": _("score report"),
    "residence_proof": _("proof of Hong Kong status"),
    "examination_result": _("result of the qualifying examination"),
    "earlier_study_record": _("record of your earlier study at this university, with the reason it ended"),
    "course_transcript": _("transcript that shows the course, its result and its date"),
    "form_answer": _("an answer in the form; no document is needed"),
    "document_asked_for": _("the document the office asked you for"),
}
# How an earlier study at this university ended.
LEAVINGS: Final[Mapping[str, Promise]] = {
    "WITHDREW": _("withdrew by own decision"),
    "ACADEMIC_REASONS": _("required to withdraw for academic reasons"),
    "AFTER_LEAVE": _("required to withdraw after an academic leave"),
    "OTHER_REASONS": _("required to withdraw for other reasons"),
}
PROGRAMME_LEVELS: Final[Mapping[str, Promise]] = {
    "TAUGHT_MASTER": _("taught master’s programme"),
    "MPHIL": _("MPhil"),
    "PHD": _("PhD"),
}
EXAMINATIONS: Final[Mapping[str, Promise]] = {
    "NOT_REQUIRED": _("Not required"),
    "REQUIRED": _("Required, not taken yet"),
    "PASSED": _("Passed"),
    "FAILED": _("Not passed"),
}
# What each reading means, by its id and choice (DOMAIN A5).
READINGS: Final[Mapping[tuple[str, str], Promise]] = {
    ("AMB-01", "whole_minute"): _("The whole of the printed minute counts: 23:59:59 is in time."),
    ("AMB-01", "strict_minute"): _("The round closes when the printed minute begins."),
    ("AMB-02", "from_end_of_previous_round"): _(
        "A round follows the one before it without a gap; an application belongs to the first that is open."
    ),
    ("AMB-02", "when_announced"): _("A later round opens when its opening is announced."),
    ("AMB-03", "completed_submission"): _(
        "The moment that counts is that of the completed submission, fee included."
    ),
    ("AMB-03", "submit_click"): _("The moment that counts is when “Submit” was pressed."),
    ("AMB-04", "own_definition"): _("Local and non-local are used as this institution defines them."),
    ("AMB-04", "student_visa_only"): _("Only people who need a student visa or entry permit are non-local."),
    ("AMB-04b", "at_submission"): _("The Hong Kong status declared at submission counts."),
    ("AMB-04b", "at_registration"): _("The Hong Kong status at registration counts."),
    ("AMB-05", "at_submission"): _("A score must be valid on the day of submission."),
    ("AMB-05", "at_programme_start"): _("A score must still be valid when the programme starts."),
    ("AMB-05b", "test_date"): _("The two years run from the test date."),
    ("AMB-05b", "issue_date"): _("The two years run from the date the report was issued."),
    ("AMB-06", "anniversary_inside"): _("The second anniversary of the test is the last valid day."),
    ("AMB-06", "ends_day_before"): _("The day before the second anniversary is the last valid day."),
    ("AMB-07", "28_february"): _("For a test on 29 February the last valid day is 28 February."),
    ("AMB-07", "1_march"): _("For a test on 29 February the last valid day is 1 March."),
    ("AMB-08", "institution"): _(
        "The institution’s own medium of instruction counts; mixed languages are decided case by case."
    ),
    ("AMB-08", "programme"): _("The language in which the programme was taught counts."),
    ("AMB-08b", "qualification"): _("The language of the qualification itself counts."),
    ("AMB-08b", "institution"): _("The language of the institution counts too."),
    ("AMB-09", "source"): _("The figures are those of the handbook."),
    ("AMB-09", "later_papers"): _("The figures are those of the university’s later papers."),
    ("AMB-10", "listed"): _("Tests no longer offered stay in the rules, but their scores are out of date."),
    ("AMB-10", "hidden"): _("Tests no longer offered are not accepted."),
    ("AMB-12", "printed_comparable_score"): _(
        "Scores from 1 to 6 count by the comparable total printed on the report."
    ),
    ("AMB-12", "band_accepted"): _(
        "Where no comparable total is printed, the overall score from 1 to 6 counts."
    ),
    ("AMB-13", "refer"): _("All scores come from one sitting; anything else is decided by an officer."),
    ("AMB-13", "accept"): _("A score with one part retaken is accepted."),
    ("AMB-14", "programme_start"): _("The years count back from the expected start of the programme."),
    ("AMB-14", "offer_date"): _("The years count back from the date of the offer."),
    ("AMB-14", "registration_date"): _("The years count back from the date of registration."),
    ("AMB-15", "result_published"): _(
        "A course is completed when its result is officially published, or at the end of its semester."
    ),
    ("AMB-15", "last_class"): _("A course is completed with its last class."),
    ("AMB-16", "cap_the_grant"): _(
        "More credits than the limit may be asked for; the limit is what can be granted, and the Faculty Board chooses the courses."
    ),
    ("AMB-16", "reject_the_request"): _("A request for more credits than the limit is not accepted."),
    ("AMB-17", "start_date"): _("A request is in time until the day before the programme starts has ended."),
    ("AMB-17", "first_class"): _("A request is in time until the day before the first class has ended."),
    ("AMB-18", "bachelor_not_needed"): _(
        "Postgraduate work counts by itself; without a bachelor’s degree an officer decides."
    ),
    ("AMB-18", "bachelor_needed"): _("A bachelor’s degree is needed in any case."),
    ("AMB-19", "certified_length"): _(
        "Length is the one the institution certifies, and is not added up across study modes."
    ),
    ("AMB-19", "calendar_days"): _("Length is counted in calendar days."),
    ("AMB-20", "officer_judges"): _("No grade is laid down for an outstanding record: an officer judges it."),
    ("AMB-20", "indicator_decides"): _(
        "The classes that the programme names decide whether a record is outstanding."
    ),
    ("AMB-22", "may_be_expected"): _("Final-year students may apply; the award follows."),
    ("AMB-22", "must_hold_at_submission"): _("The degree must be held when the application is submitted."),
    ("AMB-24", "refer"): _(
        "The text names honours only, so a medical degree is decided by an officer. An older version of the page named the degrees of MBBS as well."
    ),
    ("AMB-24", "accept"): _("A medical degree of this University is accepted."),
    ("AMB-25", "discipline_and_level"): _(
        "The same programme is the same discipline at the same degree level."
    ),
    ("AMB-25", "discipline_only"): _("The same programme is the same discipline, at any degree level."),
    ("AMB-28", "residence_and_nationality"): _(
        "Residents of Taiwan and Macao belong to this class if they are Chinese nationals."
    ),
    ("AMB-28", "residence_only"): _("Residents of Taiwan and Macao belong to this class."),
    ("AMB-29", "english_not_by_merit"): _("Individual merit does not replace the English requirement."),
    ("AMB-29", "english_by_merit"): _("English may be considered on individual merit."),
    ("AMB-31", "relied_on"): _("The qualification on which admission is sought counts."),
    ("AMB-31", "any_that_exempts"): _("Any declared qualification may exempt."),
}
# Readings without a choice.
FIXED_READINGS: Final[Mapping[str, Promise]] = {
    "AMB-11": _("The score of this test is the sum of Reading, Listening and Writing."),
    "AMB-27": _(
        "The five years count back from the start of the term of re-admission; a course belongs to the day on which it was completed."
    ),
    "AMB-23": _("Third Class Honours is with honours; a Pass degree is not."),
}
# How sure the source is, where its own rule says no more about it: H says it itself.
GRADES: Final[Mapping[str, Promise]] = {
    "M": _("This is reported by university units or older pages; the regulation itself was not seen."),
    "L": _("This is reported by others; no page of the university was seen that says so."),
}
# What only staff need to know about a reading.
STAFF_NOTES: Final[Mapping[str, Promise]] = {
    "AMB-09": _("Later papers of the university ask for IELTS 6.5. Check the current figure."),
}
