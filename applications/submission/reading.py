"""Everything that the pages of the form show of one application, read in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from admissions_portal.support.together import Rows, keep_as_read, read_together
from applications.applicants.models import (
    Applicant,
    EarlierStudy,
    EnglishTest,
    Experience,
    PostgraduateStudy,
    PriorCourse,
    Qualification,
)
from applications.evidence.models import Document
from applications.lifecycle.models import Application
from applications.submission.models import ProgrammeAnswer, ProposedSupervisor, SectionVisit, UnsavedText
from eligibility.models import AcceptedAward, Policy, PolicyVersion
from programmes.models import (
    Institution,
    Intake,
    Offering,
    Programme,
    QuestionSet,
    QuestionVersion,
    Round,
    School,
    Specialisation,
    Track,
)

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User

_DRAFT = (
    "applications_application WHERE id = %(pk)s AND applicant_id ="
    " (SELECT id FROM applications_applicant WHERE user_id = %(user)s)"
)
_PERSON = f"(SELECT applicant_id FROM {_DRAFT})"  # nosec B608  our own names
_OFFERING = f"(SELECT offering_id FROM {_DRAFT})"  # nosec B608  our own names
_INTAKE = f"(SELECT intake_id FROM programmes_offering WHERE id = {_OFFERING})"  # nosec B608  our own names
_PROGRAMME = f"(SELECT programme_id FROM programmes_intake WHERE id = {_INTAKE})"  # nosec B608  our own names
_OWN = f"applicant_id = {_PERSON}"
_WRITTEN = f"{_OWN} AND (application_id IS NULL OR application_id = (SELECT id FROM {_DRAFT}))"  # nosec B608  our own names
_ANSWERED = f"application_id = (SELECT id FROM {_DRAFT})"  # nosec B608  our own names

# What repeats about the person, by the relation's name.
_OF_PERSON = {
    "qualifications": Qualification,
    "english_tests": EnglishTest,
    "experiences": Experience,
    "postgraduate_studies": PostgraduateStudy,
    "earlier_studies": EarlierStudy,
    "prior_courses": PriorCourse,
}
_WHOLE: tuple[tuple[str, Rows], ...] = (
    ("application", Rows(Application, f"id = (SELECT id FROM {_DRAFT})")),  # nosec B608  our own names
    ("amends", Rows(Application, f"id = (SELECT amends_id FROM {_DRAFT})")),  # nosec B608  our own names
    ("applicant", Rows(Applicant, f"id = {_PERSON}")),
    *((name, Rows(model, _OWN)) for name, model in _OF_PERSON.items()),
    ("visits", Rows(SectionVisit, _WRITTEN)),
    ("unsaved_texts", Rows(UnsavedText, _WRITTEN, by="typed_at DESC, page")),
    ("answers", Rows(ProgrammeAnswer, _ANSWERED)),
    ("supervisors", Rows(ProposedSupervisor, _ANSWERED, by="position")),
    # those of a case are also those of the draft that amends it
    (
        "documents",
        Rows(
            Document,
            f"application_id = (SELECT coalesce(amends_id, id) FROM {_DRAFT})",  # nosec B608  our own names
            by="uploaded_at, id",
        ),
    ),
    ("offering", Rows(Offering, f"id = {_OFFERING}")),
    ("rounds", Rows(Round, f"offering_id = {_OFFERING}", by="number")),
    ("intake", Rows(Intake, f"id = {_INTAKE}")),
    ("programme", Rows(Programme, f"id = {_PROGRAMME}")),
    ("schools", Rows(School, f"id = (SELECT school_id FROM programmes_programme WHERE id = {_PROGRAMME})")),  # nosec B608  our own names
    ("institutions", Rows(Institution, "true", by="name")),
    ("tracks", Rows(Track, f"programme_id = {_PROGRAMME}")),
    (
        "specialisations",
        Rows(
            Specialisation,
            f"track_id IN (SELECT id FROM programmes_track WHERE programme_id = {_PROGRAMME})",  # nosec B608  our own names
            by="number",
        ),
    ),
)

# What offices publish and every applicant's form goes by; School and level of a programme choose among it.
_PUBLISHED = (
    Policy,
    PolicyVersion,
    AcceptedAward,
    QuestionSet,
    QuestionVersion,
    Institution,
    School,
    Programme,
)


def written_in_full(user: User, pk: UUID) -> Application | None:
    """The applicant's own application with all its sections read; None where it is not theirs.

    One query. A `Filling` of it finds there what it would otherwise ask for. Read it again after writing.
    """
    read = read_together(_WHOLE, {"pk": pk, "user": user.pk}, stamped=_PUBLISHED)
    if not read["application"]:
        return None
    (application,), (person,), (offering,) = read["application"], read["applicant"], read["offering"]
    (intake,), (programme,) = read["intake"], read["programme"]
    person.user = user
    programme.institution = _one(read["institutions"], programme.institution_id)
    programme.school = _one(read["schools"], programme.school_id)
    intake.programme, offering.intake, application.offering = programme, intake, offering
    application.applicant = person
    application.amends = _one(read["amends"], application.amends_id)
    for specialisation in read["specialisations"]:
        specialisation.track = _one(read["tracks"], specialisation.track_id)
    application.specialisation = _one(read["specialisations"], application.specialisation_id)
    application.second_specialisation = _one(read["specialisations"], application.second_specialisation_id)
    for name in _OF_PERSON:
        keep_as_read(person, name, read[name])
    for name in ("answers", "supervisors"):
        keep_as_read(application, name, read[name])
    keep_as_read(application.amends or application, "documents", read["documents"])
    keep_as_read(offering, "rounds", read["rounds"])
    application.read_with_it = {
        name: read[name] for name in ("visits", "unsaved_texts", "specialisations", "institutions", "stamp")
    }
    return application


def _one(rows: Iterable[Any], pk: object) -> Any:
    return next((row for row in rows if row.pk == pk), None)
