"""The roles of people in an office, by the names the field uses. Appointments bind them to programmes."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Whoever has no appointment is an applicant."""

    REVIEWER = "REVIEWER", _("Reviewer")
    PROGRAMME_OFFICE = "PROGRAMME_OFFICE", _("Programme office")
    COORDINATOR = "COORDINATOR", _("Coordinator")
    SCHOOL = "SCHOOL", _("School")
    GRADUATE_SCHOOL = "GRADUATE_SCHOOL", _("Graduate school")
    ADMINISTRATOR = "ADMINISTRATOR", _("Administrator")


class Right(models.TextChoices):
    """What an appointment may allow; `rights_of` says which role holds which."""

    SEE_CASES = "SEE_CASES", _("Open applications of the programme")
    VERIFY_EVIDENCE = "VERIFY_EVIDENCE", _("Verify documents and record officers' findings")
    SEE_IDENTITY_NUMBERS = "SEE_IDENTITY_NUMBERS", _("See whole identity numbers, each look on record")
    SEE_OPENINGS = "SEE_OPENINGS", _("See who opened a file")
    REVIEW = "REVIEW", _("Score applications")
    DECLARE_CONFLICTS = "DECLARE_CONFLICTS", _("Record and lift colleagues’ conflicts of interest")
    ASSIGN_REVIEWS = "ASSIGN_REVIEWS", _("Assign readers, and set up rubrics and phases of review")
    DECIDE = "DECIDE", _("Prepare and release offers and refusals")
    CHECK_FOR_SCHOOL = "CHECK_FOR_SCHOOL", _("Check prepared decisions for the School")
    CHECK_FOR_GRADUATE_SCHOOL = (
        "CHECK_FOR_GRADUATE_SCHOOL",
        _("Check prepared decisions for the graduate school"),
    )
    UNDO_DECISIONS = "UNDO_DECISIONS", _("Undo a released decision, with a reason")
    MERGE_PEOPLE = "MERGE_PEOPLE", _("Join two records of one person")
    SHORTLIST = "SHORTLIST", _("Rank applications for the committee")
    EXPORT = "EXPORT", _("Export lists with personal data")
    EDIT_POLICY = "EDIT_POLICY", _("Edit admission rules and the acceptance register")
    OVERRIDE_FINDING = "OVERRIDE_FINDING", _("Overrule a finding of the rules, with a reason")
    EDIT_CATALOGUE = "EDIT_CATALOGUE", _("Edit programmes, rounds and appointments")


RIGHTS_OF: dict[Role, frozenset[Right]] = {
    Role.REVIEWER: frozenset({Right.SEE_CASES, Right.REVIEW}),
    Role.PROGRAMME_OFFICE: frozenset(
        {
            Right.SEE_CASES,
            Right.VERIFY_EVIDENCE,
            Right.SEE_IDENTITY_NUMBERS,
            Right.ASSIGN_REVIEWS,
            Right.DECIDE,
            Right.MERGE_PEOPLE,
        }
    ),
    Role.COORDINATOR: frozenset(
        {
            Right.SEE_CASES,
            Right.REVIEW,
            Right.SHORTLIST,
            Right.EXPORT,
            Right.EDIT_POLICY,
            Right.OVERRIDE_FINDING,
            Right.SEE_OPENINGS,
            Right.DECLARE_CONFLICTS,
            Right.ASSIGN_REVIEWS,
            Right.UNDO_DECISIONS,
            Right.MERGE_PEOPLE,
        }
    ),
    Role.SCHOOL: frozenset({Right.SEE_CASES, Right.CHECK_FOR_SCHOOL}),
    Role.GRADUATE_SCHOOL: frozenset({Right.SEE_CASES, Right.CHECK_FOR_GRADUATE_SCHOOL}),
    Role.ADMINISTRATOR: frozenset(
        {
            Right.SEE_CASES,
            Right.SEE_OPENINGS,
            Right.DECLARE_CONFLICTS,
            Right.EDIT_CATALOGUE,
            Right.EDIT_POLICY,
        }
    ),
}
# What a role is there for, in a sentence for whoever appoints to it.
PURPOSES: dict[Role, Promise] = {
    Role.REVIEWER: _("Reads the cases given to them and scores each on its own; decides nothing."),
    Role.PROGRAMME_OFFICE: _(
        "Runs the cases day by day: checks documents, asks applicants, gives cases to readers, and prepares "
        "and releases decisions."
    ),
    Role.COORDINATOR: _(
        "Answers for the selection: ranks and exports, sets the rules and overrules them with a reason, "
        "records conflicts of interest, and undoes decisions."
    ),
    Role.SCHOOL: _(
        "Checks prepared decisions for the School before they are released; changes nothing else."
    ),
    Role.GRADUATE_SCHOOL: _(
        "Checks prepared decisions for the graduate school before they are released; changes nothing else."
    ),
    Role.ADMINISTRATOR: _(
        "Keeps programmes, rounds, rules and appointments, and sees who opened which file; decides on nobody."
    ),
}


def roles_with(right: Right) -> list[Role]:
    """The roles that hold `right`, in the order they are declared."""
    return [role for role in Role if right in RIGHTS_OF[role]]
