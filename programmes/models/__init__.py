"""The catalogue as facts: each row names the clause of its source; what no source says is blank.

Texts an institution publishes in English stay English; descriptions of ours are in `translation.py`.
"""

from programmes.models.appointments import Appointment
from programmes.models.bookmarks import Bookmark
from programmes.models.institutions import Agreement, Fact, Institution, Office, School
from programmes.models.intakes import CloseReading, Intake, Mode, Offering, Round, refused_from
from programmes.models.programmes import (
    CreditComponent,
    DocumentTitle,
    Kind,
    Level,
    Programme,
    Specialisation,
    Statement,
    Track,
)
from programmes.models.questions import QuestionSet, QuestionVersion

__all__ = [
    "Agreement",
    "Appointment",
    "Bookmark",
    "CloseReading",
    "CreditComponent",
    "DocumentTitle",
    "Fact",
    "Institution",
    "Intake",
    "Kind",
    "Level",
    "Mode",
    "Offering",
    "Office",
    "Programme",
    "QuestionSet",
    "QuestionVersion",
    "Round",
    "School",
    "Specialisation",
    "Statement",
    "Track",
    "refused_from",
]
