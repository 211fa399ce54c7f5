"""The open questions of the texts (DOMAIN A5) in plain words: what each asks, and at which rule it is asked.

The answers are `labels.READINGS`; here stands what an office reads before it chooses one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from eligibility import labels
from eligibility.engine import READINGS, Check, Requirements

QUESTIONS: Final[Mapping[str, Promise]] = {
    "AMB-01": _("A deadline is printed as 23:59. Until when may an application arrive?"),
    "AMB-02": _("No source says when a later round opens. When does it?"),
    "AMB-03": _("Which moment of sending decides whether an application is in time?"),
    "AMB-04": _("The programme’s text does not say who is local. Whose definition is used?"),
    "AMB-04b": _("On which day must somebody be local or non-local?"),
    "AMB-05": _("A score is valid for some years. On which day must it still be valid?"),
    "AMB-05b": _("From which day do these years run?"),
    "AMB-06": _("Is the anniversary of the test itself still inside?"),
    "AMB-07": _("A test was taken on 29 February. Which day is its last?"),
    "AMB-08": _("Whose language decides: that of the institution, or that of the programme studied there?"),
    "AMB-08b": _(
        "“Of which the language is not English”: does it mean the qualification, or the institution?"
    ),
    "AMB-09": _("The source and later papers of the university give different figures. Which are used?"),
    "AMB-10": _("The source lists tests that are no longer held. Do they stay in the list?"),
    "AMB-12": _("TOEFL iBT now reports scores from 1 to 6. How does such a score meet a minimum out of 120?"),
    "AMB-13": _("One part of IELTS may be taken again alone. Does such a score count?"),
    "AMB-14": _("“No more than 5 years before admission”: from which day do the years count back?"),
    "AMB-15": _("When is a course completed?"),
    "AMB-16": _("What if more credits are asked for than may be granted?"),
    "AMB-17": _("“Before commencement of the study”: until when may the request arrive?"),
    "AMB-18": _("Must whoever relies on postgraduate work hold a bachelor’s degree too?"),
    "AMB-19": _("How is the length of postgraduate work counted?"),
    "AMB-20": _("“Outstanding” is nowhere put in figures. Who decides whether a record is?"),
    "AMB-22": _("May somebody apply whose degree is still to be awarded?"),
    "AMB-24": _("The text asks for honours, which medical degrees do not carry. How are they treated?"),
    "AMB-25": _("What is “the same program of study”?"),
    "AMB-28": _("“Chinese residents from Taiwan and Macao”: does nationality matter, or residence alone?"),
    "AMB-29": _("May individual merit stand in for the English requirement?"),
    "AMB-31": _("Somebody holds several degrees. Which one is looked at?"),
}
_OF_ENGLISH = ("AMB-09", "AMB-10", "AMB-12", "AMB-13")
ASKED_AT: Final[Mapping[Check, tuple[str, ...]]] = {
    Check.BACHELOR_WITH_HONOURS: ("AMB-24",),
    Check.DEGREE_IN_TIME: ("AMB-22",),
    Check.OUTSTANDING_OR_EXPERIENCED: ("AMB-18",),
    Check.OUTSTANDING_BACHELOR: ("AMB-20",),
    Check.POSTGRADUATE_EXPERIENCE: ("AMB-19",),
    Check.INDIVIDUAL_MERIT: ("AMB-29",),
    Check.ENGLISH_BY_QUALIFICATION: ("AMB-08b", "AMB-31", *_OF_ENGLISH),
    Check.ENGLISH_BY_FIRST_LANGUAGE_AND_MEDIUM: ("AMB-08", "AMB-31", *_OF_ENGLISH),
    Check.ENGLISH_VALIDITY: ("AMB-05", "AMB-05b", "AMB-06", "AMB-07"),
    Check.RESIDENCE_STATUS: ("AMB-04", "AMB-04b"),
    Check.MODE_AND_STATUS: ("AMB-28",),
    Check.ROUND_OPEN: ("AMB-01", "AMB-02", "AMB-03"),
    Check.READMISSION_BAR: ("AMB-25",),
    Check.CREDITS_WITHIN_CAP: ("AMB-16",),
    Check.COURSE_COUNTS: ("AMB-14", "AMB-15"),
    Check.REQUESTED_IN_TIME: ("AMB-17",),
    Check.CREDITS_REUSED: ("AMB-15",),
}


@dataclass(frozen=True)
class Answer:
    """One way to read the text. `is_proposed`: the portal's proposal, used unless another is chosen."""

    choice: str
    text: str
    is_proposed: bool


def answers_to(name: str) -> tuple[Answer, ...]:
    """The readings one may choose, the proposed one first."""
    return tuple(
        Answer(choice, str(labels.READINGS[name, choice]), choice == READINGS[name][0])
        for choice in READINGS[name]
    )


def questions_at(check: Check, requirements: Requirements) -> tuple[str, ...]:
    """The open questions (`AMB-05`) that a rule with this check raises under these requirements."""
    moot = set()
    if not any(row.reading for row in requirements.english.minima):
        moot.add("AMB-09")
    if not requirements.residence.part_time_refer_origins:
        moot.add("AMB-28")
    return tuple(name for name in ASKED_AT.get(check, ()) if name not in moot)
