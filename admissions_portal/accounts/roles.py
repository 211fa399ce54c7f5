"""The roles of people in an office, by the names the field uses. Appointments bind them to programmes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Whoever has no appointment is an applicant."""

    REVIEWER = "REVIEWER", _("Reviewer")
    PROGRAMME_OFFICE = "PROGRAMME_OFFICE", _("Programme office")
    COORDINATOR = "COORDINATOR", _("Coordinator")
    ADMINISTRATOR = "ADMINISTRATOR", _("Administrator")


class Right(models.TextChoices):
    """What an appointment may allow; `rights_of` says which role holds which."""

    SEE_CASES = "SEE_CASES", _("Open applications of the programme")
    VERIFY_EVIDENCE = "VERIFY_EVIDENCE", _("Verify documents and record officers' findings")
    SEE_IDENTITY_NUMBERS = "SEE_IDENTITY_NUMBERS", _("See whole identity numbers, each look on record")
    SEE_OPENINGS = "SEE_OPENINGS", _("See who opened a file")
    REVIEW = "REVIEW", _("Score applications")
    DECIDE = "DECIDE", _("Make offers and refuse")
    SHORTLIST = "SHORTLIST", _("Rank applications for the committee")
    EXPORT = "EXPORT", _("Export lists with personal data")
    EDIT_POLICY = "EDIT_POLICY", _("Edit admission rules and the acceptance register")
    OVERRIDE_FINDING = "OVERRIDE_FINDING", _("Overrule a finding of the rules, with a reason")
    EDIT_CATALOGUE = "EDIT_CATALOGUE", _("Edit programmes, rounds and appointments")


RIGHTS_OF: dict[Role, frozenset[Right]] = {
    Role.REVIEWER: frozenset({Right.SEE_CASES, Right.REVIEW}),
    Role.PROGRAMME_OFFICE: frozenset(
        {Right.SEE_CASES, Right.VERIFY_EVIDENCE, Right.SEE_IDENTITY_NUMBERS, Right.DECIDE}
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
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {Right.SEE_CASES, Right.SEE_OPENINGS, Right.EDIT_CATALOGUE, Right.EDIT_POLICY}
    ),
}


def roles_with(right: Right) -> list[Role]:
    """The roles that hold `right`, in the order they are declared."""
    return [role for role in Role if right in RIGHTS_OF[role]]
