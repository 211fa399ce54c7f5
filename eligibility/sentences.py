"""Each reason the engine can give, as a sentence and what to do about it.

Keys are `Finding.reason`. Placeholders are filled by `wording.py`: {test} {short} {missing} {computed} {until}
{round} {closes} {opens} {layers}. An empty advice means that nothing is for the applicant to do.
"""

# ruff: noqa: E501  a sentence stays in one piece for its translators

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = Promise | str


class Sentence(NamedTuple):
    """What was found, and what the applicant can do."""

    text: Text
    advice: Text = ""


DEGREE: Final[Mapping[str, Sentence]] = {
    "no_qualification": Sentence(_("No qualification has been given yet."), _("add your qualifications.")),
    "accepted_by_register": Sentence(_("The office has recorded that it accepts this qualification.")),
    "another_institution": Sentence(
        _(
            "The degree is from another institution. Whether it is of equivalent standard is for the University to decide."
        )
    ),
    "mbbs": Sentence(
        _("A medical degree carries no honours class, so the University decides whether it is equivalent.")
    ),
    "mbbs_accepted": Sentence(_("A medical degree of this University is accepted.")),
    "other_qualification_of_this_university": Sentence(
        _(
            "The qualification is from this University, but is no bachelor’s degree. The University decides whether it is of equivalent standard."
        )
    ),
    "award_expected": Sentence(
        _("The degree is not awarded yet. Final-year students may apply."),
        _("upload your latest transcript now and the certificate when you have it."),
    ),
    "award_not_held": Sentence(
        _("The degree is not awarded yet, and these rules ask for one that is held on submission."),
        _("upload your latest transcript now and the certificate when you have it."),
    ),
    "honours_not_stated": Sentence(
        _("Which honours the certificate prints is not stated."),
        _("give the class as printed, or that none is printed."),
    ),
    "pass_degree": Sentence(
        _("A Pass degree is without honours. The University decides whether it is of equivalent standard.")
    ),
    "honours_of_this_university": Sentence(_("This is a bachelor’s degree with honours of this University.")),
    "no_honours_printed": Sentence(
        _(
            "The certificate prints no honours class. The University decides from the transcript whether the degree is of equivalent standard."
        )
    ),
    "awarded": Sentence(_("The degree is awarded.")),
    "awarded_in_the_future": Sentence(
        _("The degree is given as awarded, on a day still to come."),
        _("check the date, or mark the degree as expected."),
    ),
    "must_hold_already": Sentence(
        _("The degree must be held when the application is submitted."), _("apply once it is awarded.")
    ),
    "completion_date_missing": Sentence(
        _("The degree is still to come, and its completion date is missing."),
        _("give the day on which the institution can certify completion, not the ceremony."),
    ),
    "expected_in_time": Sentence(
        _("The degree is expected in time, so an application may be made now."),
        _("upload your latest transcript now and the certificate when you have it."),
    ),
    "expected_too_late": Sentence(
        _("The degree is expected too late for this intake."),
        _("ask the institution whether it can certify completion earlier, or apply for a later intake."),
    ),
    "first_degree": Sentence(_("A bachelor’s degree is held.")),
    "no_first_degree": Sentence(
        _("No bachelor’s degree is declared. The University considers an equivalent one on individual merit.")
    ),
    "this_university": Sentence(_("The degree is from this university.")),
    "outstanding_to_be_judged": Sentence(
        _(
            "The text asks for a proven record of outstanding performance and gives no grade. The department judges it from the transcript."
        )
    ),
    "outstanding_indicated": Sentence(
        _(
            "The class of honours points to an outstanding record. The department still judges it from the transcript."
        )
    ),
    "indicator_met": Sentence(_("The class of honours is one the programme names as outstanding.")),
    "indicator_not_met": Sentence(_("The class of honours is not one the programme names as outstanding.")),
    "no_postgraduate_study": Sentence(_("No postgraduate work is declared.")),
    "postgraduate_work": Sentence(_("The postgraduate work is long enough and was satisfactory.")),
    "result_not_stated": Sentence(
        _("The postgraduate work is long enough, but its result is not stated."),
        _("upload the transcript that shows it."),
    ),
    "postgraduate_work_to_come": Sentence(
        _("The postgraduate work reaches the length asked for only on a day still to come."),
        _("upload the transcript when it is completed."),
    ),
    "length_not_stated": Sentence(
        _("It is not clear how long the postgraduate work lasted."),
        _("give its months, or its first and last day."),
    ),
    "research_assistantship": Sentence(
        _("A paid research assistantship is no registered study. An officer decides whether it counts.")
    ),
    "only_added_up": Sentence(
        _(
            "The postgraduate work is long enough only when separate periods are added up, which the text does not settle."
        )
    ),
    "not_satisfactory": Sentence(_("The postgraduate work was not satisfactory, so it does not count.")),
    "too_short": Sentence(_("The postgraduate work is shorter than the text asks.")),
    "bachelor_needed": Sentence(_("A bachelor’s degree is needed beside the postgraduate work.")),
    "experience_without_bachelor": Sentence(
        _("The postgraduate work is enough, but no bachelor’s degree is declared. An officer decides.")
    ),
    "considered_on_merit": Sentence(
        _("Other qualifications are considered on individual merit, so nobody is barred from applying.")
    ),
    "merit_not_needed": Sentence(_("Individual merit need not be considered.")),
}

OFFICERS: Final[Mapping[str, Sentence]] = {
    "officer_confirms": Sentence(_("The office confirms this for every applicant.")),
    "officer_recorded": Sentence(_("An officer has recorded this result.")),
    "officer_overrode": Sentence(_("An officer with the authority to do so has decided this differently.")),
    "examination_undecided": Sentence(_("The office says if an examination is required.")),
    "examination_not_required": Sentence(_("No qualifying examination is required.")),
    "examination_to_be_passed": Sentence(
        _("A qualifying examination is required and not passed yet."),
        _("sit the examination on the day the office gives you."),
    ),
    "examination_passed": Sentence(_("The qualifying examination is passed.")),
    "examination_failed": Sentence(_("The qualifying examination was not passed.")),
    "department_may_ask_more": Sentence(
        _("No higher figure is recorded here. The School or department confirms whether it asks for more.")
    ),
    "layers": Sentence("{layers}"),
}

ENGLISH: Final[Mapping[str, Sentence]] = {
    "in_hong_kong": Sentence(_("No test is needed: the qualification is from an institution in Hong Kong.")),
    "place_not_stated": Sentence(
        _("It is not clear whether the institution is in Hong Kong."), _("say where your institution is.")
    ),
    "taught_or_examined_in_another_language": Sentence(
        _(
            "A test is needed: the qualification is from outside Hong Kong, and was taught or examined in another language."
        )
    ),
    "language_not_stated": Sentence(
        _("The language of teaching or of examination is not stated."),
        _("say in which language you were taught and examined; a letter from the institution proves it."),
    ),
    "bilingual": Sentence(
        _("English and another language were both used, so an officer decides whether a test is needed.")
    ),
    "english_programme_elsewhere": Sentence(
        _(
            "The programme was in English at an institution that is not wholly English. An officer decides; a letter from the institution helps."
        )
    ),
    "taught_and_examined_in_english": Sentence(
        _("No test is needed: the qualification was taught and examined in English. Be ready to show it.")
    ),
    "another_exempts": Sentence(_("No test is needed: another declared qualification exempts.")),
    "postgraduate_over_first_degree": Sentence(
        _(
            "The postgraduate qualification needs no test, but the first degree beneath it would. An officer decides."
        )
    ),
    "first_language_english": Sentence(_("No test is needed: the first language is English.")),
    "first_language_not_stated": Sentence(
        _("Whether English is the first language is not stated."),
        _("say whether English is your first language."),
    ),
    "medium_english": Sentence(
        _("No test is needed: the institution’s medium of instruction is English. Be ready to show it.")
    ),
    "medium_not_stated": Sentence(
        _("The institution’s medium of instruction is not stated."),
        _("say in which language the institution teaches; a letter from it proves that."),
    ),
    "first_language_and_medium_not_english": Sentence(
        _(
            "A test is needed: neither the first language nor the institution’s medium of instruction is English."
        )
    ),
    "english_masters": Sentence(
        _(
            "The master’s degree is from an English-medium institution. Later advice of the university exempts it, the handbook does not say so."
        )
    ),
    "english_masters_exempts": Sentence(
        _("No test is needed: the master’s degree is from an English-medium institution.")
    ),
    "english_not_required": Sentence(_("No English test is needed.")),
    "no_test": Sentence(
        _("A test is needed, and none is declared yet."), _("add a test, or the day you have booked one.")
    ),
    "no_test_of_this_route": Sentence(_("No test of this kind is declared.")),
    "no_date_to_judge": Sentence(_("There is no dated test to look at.")),
    "indicator_refused": Sentence(
        _("IELTS Indicator is not the Academic module."), _("take one of the tests that are listed.")
    ),
    "indicator": Sentence(
        _("IELTS Indicator reaches the figures. An officer decides whether it is accepted.")
    ),
    "not_the_academic_module": Sentence(
        _("IELTS General Training is not accepted: the Academic module is asked for."),
        _("take IELTS Academic or another listed test."),
    ),
    "test_not_listed": Sentence(
        _("{test} is not among the tests listed."), _("take one of the tests that are listed.")
    ),
    "booked": Sentence(_("{test} is booked."), _("add the scores when you have them.")),
    "booked_day_passed": Sentence(
        _("The day of the booked test has passed."), _("add the scores, or the new date.")
    ),
    "one_skill_retake": Sentence(
        _("One part was retaken. All parts should come from one sitting, so an officer decides.")
    ),
    "home_edition": Sentence(_("The test was taken at home. An officer decides whether it is accepted.")),
    "total_inconsistent": Sentence(
        _("The parts give {computed}, not the overall score entered."),
        _("check the figures against the score report."),
    ),
    "off_the_stated_scale": Sentence(
        _("{test}: a score is not on the scale from {scale}."),
        _("check the figures against the score report."),
    ),
    "below_minimum": Sentence(
        _("{test}: below the minimum in {short}."),
        _("take a test again. All parts must come from one sitting."),
    ),
    "score_missing": Sentence(_("{test}: {missing} is missing."), _("enter every score of the report.")),
    "test_meets": Sentence(_("{test} reaches the minimum.")),
    "no_comparable_parts": Sentence(
        _(
            "The minimum for single parts is set on the older scale, and the report prints no comparable parts. An officer decides."
        )
    ),
    "comparable_total_missing": Sentence(
        _("The minimum is set on the 0–120 scale, and no comparable total is given. An officer decides.")
    ),
    "grade_not_mapped": Sentence(_("The grade is on another scale than the minimum. An officer decides.")),
    "test_date_missing": Sentence(
        _("The date of the test is missing."), _("enter the test date printed on the report.")
    ),
    "issue_date_missing": Sentence(
        _("The date of the report is missing."), _("enter the date on which the report was issued.")
    ),
    "test_date_in_the_future": Sentence(
        _("The test date is still to come, yet scores are entered."),
        _("check the date, or mark the test as booked."),
    ),
    "scale_not_yet_used": Sentence(
        _("The scale from 1 to 6 was not in use on that date."),
        _("check the test date and the kind of report."),
    ),
    "expired": Sentence(
        _("{test} was valid until {until} and is out of date."), _("take a test again before you submit.")
    ),
    "expired_and_retired": Sentence(
        _("The score reaches the minimum, but is out of date, and the test is no longer offered."),
        _("take one of the tests that are listed."),
    ),
    "retired": Sentence(
        _("This test is no longer offered, so its date cannot be right."),
        _("check the kind of test and its date."),
    ),
    "valid": Sentence(_("The score is valid until {until}.")),
}

INTAKE: Final[Mapping[str, Sentence]] = {
    "status_not_declared": Sentence(
        _("The Hong Kong status is not stated, so it is open whether it counts as local."),
        _("state your status under Residence."),
    ),
    "dependant_age_not_stated": Sentence(
        _("For a dependant visa the age when it was first issued decides."),
        _("say whether you were under 18 when it was first issued."),
    ),
    "status_not_sure": Sentence(
        _(
            "“I am not sure” was answered about the status in Hong Kong. An officer settles this point; "
            "nothing is missing."
        )
    ),
    "status_contradicted": Sentence(
        _(
            "A document shows another status in Hong Kong than the one declared. An officer settles this point."
        )
    ),
    "status_unclear": Sentence(_("The status is not one the definition settles. An officer decides.")),
    "work_visa_full_time": Sentence(
        _(
            "Holders of a work visa are counted as local for part-time study. For full-time study an officer decides."
        )
    ),
    "local": Sentence(_("This status counts as local.")),
    "non_local": Sentence(_("This status counts as non-local.")),
    "modes_not_limited": Sentence(_("The rules limit no study mode.")),
    "mode_not_chosen": Sentence(_("No study mode is chosen yet."), _("choose a study mode.")),
    "mode_offered": Sentence(_("The programme is offered in this study mode.")),
    "mode_not_offered": Sentence(
        _("The programme is not offered in this study mode."), _("choose another study mode.")
    ),
    "full_time": Sentence(_("This concerns part-time study only.")),
    "local_part_time": Sentence(_("Local applicants may study part-time.")),
    "part_time_non_local": Sentence(
        _("Non-local applicants may not take this programme part-time."), _("choose full-time study.")
    ),
    "origin_not_stated": Sentence(
        _("The place of origin decides about part-time study, and is not stated."),
        _("state where you live permanently."),
    ),
    "part_time_origin": Sentence(
        _("Immigration guidance on part-time study differs for this place of origin. An officer checks it.")
    ),
    "part_time_visa_needed": Sentence(
        _("Part-time study needs the Immigration Department’s approval, as full-time study does.")
    ),
    "part_time_open": Sentence(
        _("This status counts as non-local, and part-time study is open to it. Your visa’s own terms apply.")
    ),
    "rounds_not_asked": Sentence(_("Deadlines were no part of this question.")),
    "not_announced": Sentence(_("No closing date has been announced. Nothing can be submitted until it is.")),
    "not_yet_open": Sentence(
        _("{round} opens on {opens}."), _("come back then; you can prepare everything before.")
    ),
    "opening_not_announced": Sentence(_("The opening of {round} has not been announced.")),
    "round_open": Sentence(_("{round} is open until {closes}.")),
    "closed": Sentence(_("{round} closed at {closes}."), _("look for a later intake.")),
    "no_round_open": Sentence(_("No round is open.")),
    "round_for_everyone": Sentence(_("{round} is open to everyone.")),
    "local_in_local_round": Sentence(_("{round} is for local applicants, and this status counts as local.")),
    "locals_only": Sentence(
        _("{round} is for local applicants only, and this status counts as non-local."),
        _("apply in a round that is open to everyone, in a later intake."),
    ),
}

READMISSION: Final[Mapping[str, Sentence]] = {
    "never_withdrew": Sentence(_("No earlier withdrawal from this university is declared.")),
    "withdrew": Sentence(_("Who withdrew by their own decision may apply for any programme.")),
    "never_required_to_withdraw": Sentence(
        _("No earlier study at this university that had to be given up is declared.")
    ),
    "leaving_not_stated": Sentence(
        _("How the earlier study at this university ended is not stated."),
        _("say how it ended, and show the university’s letter."),
    ),
    "left_for_other_reasons": Sentence(
        _(
            "The text speaks of academic reasons only. An officer decides what other reasons mean for this application."
        )
    ),
    "earlier_programme_not_stated": Sentence(
        _("It is not clear whether the earlier programme is the one applied for."),
        _("give the discipline and the degree of your earlier study."),
    ),
    "another_discipline": Sentence(
        _("The earlier study was in another discipline, so it does not bar this application.")
    ),
    "same_programme": Sentence(
        _("The University required withdrawal from this same programme, and does not admit to it again."),
        _("look for a programme in another discipline."),
    ),
    "same_discipline_other_level": Sentence(
        _("The earlier study was in the same discipline at another degree level. An officer decides.")
    ),
}

CREDITS: Final[Mapping[str, Sentence]] = {
    "no_limit_of_credits": Sentence(_("No limit of credits is stated.")),
    "credits_within_limit": Sentence(_("The credits asked for are within the limit.")),
    "credits_capped": Sentence(
        _(
            "More credits are asked for than can be granted. The request stands; the Faculty Board chooses the courses."
        )
    ),
    "credits_over_limit": Sentence(
        _("More credits are asked for than can be granted."), _("ask for fewer courses.")
    ),
    "board_decides": Sentence(_("The Faculty Board decides. It may grant the credits and need not.")),
    "requested_in_time": Sentence(_("The request is in time.")),
    "requested_too_late": Sentence(
        _("The request came after the start, and is too late."), _("ask the office what is still possible.")
    ),
    "commencement_not_known": Sentence(_("The day by which the request must be made is not known yet.")),
    "no_course": Sentence(_("No course is given yet."), _("add the courses you ask credits for.")),
    "course_not_passed": Sentence(_("The course was not passed.")),
    "course_not_accepted": Sentence(_("Those who decide did not accept this course.")),
    "course_result_missing": Sentence(
        _("Whether the course was passed is not stated."), _("show the transcript with its result.")
    ),
    "course_date_missing": Sentence(
        _("The date on which the course was completed is missing."),
        _("give the date of the result, or the last day of the semester."),
    ),
    "admission_day_not_known": Sentence(_("The day from which the years count back is not known yet.")),
    "course_too_old": Sentence(_("The course was completed too long before admission.")),
    "course_after_admission": Sentence(_("The course was completed after admission.")),
    "course_still_to_come": Sentence(
        _("The course is still to be completed."), _("show the transcript when its result is out.")
    ),
    "course_month_straddles": Sentence(
        _("Only the month is known, and the exact day decides."),
        _("show a document with the day on which the result was published."),
    ),
    "course_credits_missing": Sentence(
        _("The credits asked for this course are missing."), _("say how many credits you ask for.")
    ),
    "course_accepted": Sentence(_("The course counts, and those who decide accepted it.")),
    "course_to_be_judged": Sentence(
        _(
            "The course is recent enough. Whether it is accepted is for the Faculty Board or the department to decide."
        )
    ),
    "course_used_for_qualification": Sentence(_("The course counted towards a qualification already.")),
    "course_use_not_stated": Sentence(
        _("Whether the course counted towards a qualification is not stated."),
        _("say whether it did, and show the transcript."),
    ),
}

SENTENCES: Final[Mapping[str, Sentence]] = {
    **DEGREE,
    **OFFICERS,
    **ENGLISH,
    **INTAKE,
    **READMISSION,
    **CREDITS,
}
