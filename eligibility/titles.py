"""Titles, clause names and notes of the shipped policies, marked for translation.

Policies are data and hold the English; gettext finds it here. A test keeps this page and the files equal.
"""

# ruff: noqa: E501  a sentence stays in one piece for its translators

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, gettext_noop

TITLES: Final[Mapping[str, Promise]] = {
    "HKU-E1": gettext_lazy("General Regulations"),
    "HKU-E2": gettext_lazy("Regulations for Taught Postgraduate Curricula"),
    "HKU-E3": gettext_lazy("Degree"),
    "HKU-E3-AWARD": gettext_lazy("Degree awarded in time"),
    "HKU-E4": gettext_lazy("Qualifying examination"),
    "HKU-E5": gettext_lazy("English"),
    "HKU-E5-VALIDITY": gettext_lazy("English test in date"),
    "HKU-AS1": gettext_lazy("Number of credits"),
    "HKU-AS2": gettext_lazy("Course"),
    "HKU-AS3": gettext_lazy("Approval by the Faculty Board"),
    "HKU-AS4": gettext_lazy("Written request in time"),
    "HKU-01": gettext_lazy("Study mode"),
    "HKU-STATUS": gettext_lazy("Local or non-local"),
    "HKU-MODE": gettext_lazy("Study mode and visa"),
    "HKU-08": gettext_lazy("Application deadline"),
    "HKU-09": gettext_lazy("Round for local applicants"),
    "UST-01": gettext_lazy("All three requirements"),
    "UST-02": gettext_lazy("Degree"),
    "UST-02-AWARD": gettext_lazy("Degree awarded in time"),
    "UST-02-RECOGNISED": gettext_lazy("Recognised institution"),
    "UST-02-FITNESS": gettext_lazy("Fitness for postgraduate study"),
    "UST-03": gettext_lazy("Degree or postgraduate work"),
    "UST-03a": gettext_lazy("Bachelor’s degree with an outstanding record"),
    "UST-03b": gettext_lazy("Postgraduate work"),
    "UST-03-AWARD": gettext_lazy("Degree awarded in time"),
    "UST-03-RECOGNISED": gettext_lazy("Recognised institution"),
    "UST-03-SUBJECT": gettext_lazy("Subject of research"),
    "UST-03-FITNESS": gettext_lazy("Fitness for the research"),
    "UST-05": gettext_lazy("Individual merit"),
    "UST-06": gettext_lazy("English"),
    "UST-07": gettext_lazy("TOEFL"),
    "UST-08": gettext_lazy("IELTS"),
    "UST-09": gettext_lazy("English test in date"),
    "UST-10": gettext_lazy("Higher English requirement of the School or department"),
    "UST-12": gettext_lazy("Application deadline"),
    "UST-16": gettext_lazy("Local or non-local"),
    "UST-27": gettext_lazy("Earlier withdrawal"),
    "UST-28": gettext_lazy("Required to withdraw before"),
    "UST-29": gettext_lazy("Grades and credits of an earlier study"),
    "UST-MODE": gettext_lazy("Study mode and visa"),
}
# What each rule asks, in our own words, for people who look before they apply.
SUMMARIES: Final[Mapping[str, Promise]] = {
    "HKU-E1": gettext_lazy("The office confirms that the General Regulations are met."),
    "HKU-E2": gettext_lazy("The office confirms that these regulations are met."),
    "HKU-E3": gettext_lazy(
        "A bachelor’s degree with honours of this University. Anything else may be accepted as equivalent, which the University decides."
    ),
    "HKU-E3-AWARD": gettext_lazy(
        "Final-year students may apply; the award follows by 31 August of the year of admission."
    ),
    "HKU-E4": gettext_lazy("Only if the office requires one."),
    "HKU-E5": gettext_lazy(
        "A test only for qualifications from outside Hong Kong that were not both taught and examined in English. One of:"
    ),
    "HKU-01": gettext_lazy("Full-time or part-time."),
    "HKU-STATUS": gettext_lazy("It decides in which round an application can be made."),
    "HKU-MODE": gettext_lazy("An officer checks part-time applications from Mainland, Macao and Taiwan."),
    "HKU-08": gettext_lazy("Submitted before the round closes; the whole of the printed minute counts."),
    "HKU-09": gettext_lazy("Round 2 takes local applicants only."),
    "UST-01": gettext_lazy(
        "University, programme and English requirements are all needed, and looked at separately."
    ),
    "UST-02": gettext_lazy(
        "A bachelor’s degree, or an equivalent qualification that the University approves."
    ),
    "UST-02-AWARD": gettext_lazy(
        "Final-year students may apply; the award follows before the programme starts."
    ),
    "UST-02-RECOGNISED": gettext_lazy("The office confirms that the institution is recognised."),
    "UST-02-FITNESS": gettext_lazy("The School and department confirm it."),
    "UST-03": gettext_lazy(
        "A bachelor’s degree with an outstanding record, or satisfactory postgraduate work of one year full-time or two years part-time."
    ),
    "UST-03-AWARD": gettext_lazy(
        "Final-year students may apply; the award follows before the programme starts."
    ),
    "UST-03-RECOGNISED": gettext_lazy("The office confirms that the institution is recognised."),
    "UST-03-SUBJECT": gettext_lazy("The School and department confirm it."),
    "UST-03-FITNESS": gettext_lazy("The School and department confirm it."),
    "UST-05": gettext_lazy(
        "Other qualifications are considered on individual merit, so nobody is barred from applying."
    ),
    "UST-06": gettext_lazy(
        "A test only if neither the first language nor the institution’s medium of instruction is English. One of:"
    ),
    "UST-10": gettext_lazy("The School or department may ask for more; it confirms whether it does."),
    "UST-12": gettext_lazy("Each programme has its own; look at the programme’s page."),
    "UST-16": gettext_lazy(
        "Non-local applicants are those who need a student visa or entry permit to study."
    ),
    "UST-27": gettext_lazy(
        "Who withdrew from the University by their own decision may apply for any programme."
    ),
    "UST-28": gettext_lazy(
        "Who was required to withdraw for academic reasons may not apply for the same programme again."
    ),
    "UST-MODE": gettext_lazy("Non-local applicants may not study part-time."),
}
CLAUSES: Final = (
    gettext_noop("Entrance requirement 1"),
    gettext_noop("Entrance requirement 2"),
    gettext_noop("Entrance requirement 3"),
    gettext_noop("Entrance requirement 4"),
    gettext_noop("Entrance requirement 5"),
    gettext_noop("Advanced Standing"),
    gettext_noop("Re-admission"),
    gettext_noop("Study modes"),
    gettext_noop("Local and non-local applicants"),
    gettext_noop("Part-time study and student visas"),
    gettext_noop("Application deadline"),
    gettext_noop("Admission Requirements"),
    gettext_noop("Admission Requirements, MPhil"),
    gettext_noop("Admission Requirements, doctoral"),
    gettext_noop("English Language Requirement for Admission"),
    gettext_noop("English Language Requirement for Admission, 1"),
    gettext_noop("English Language Requirement for Admission, 2"),
    gettext_noop("Admissions Process"),
    gettext_noop("Non-local Applicants"),
)
NOTES: Final = (
    gettext_noop(
        "The day is the one HKU’s taught postgraduate admissions pages give; the programme page gives none."
    ),
    gettext_noop(
        "The figures are reported by university units; the regulation itself was not seen. The office confirms them."
    ),
    gettext_noop(
        "The programme page does not define local. This is the definition on HKU’s taught postgraduate admissions pages."
    ),
    gettext_noop("This rests on older immigration guidance. An officer checks the rule of the day."),
    gettext_noop("The graduate school’s pages say so; the handbook does not."),
    gettext_noop("The handbook gives no day; the award is needed before the programme starts."),
)
# Names of rounds as the catalogue gives them.
ROUNDS: Final = (gettext_noop("Round 1"), gettext_noop("Round 2"), gettext_noop("The round"))
