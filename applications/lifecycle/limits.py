"""How many applications one person may have with an institution at a time (B12): a setting that ships off."""

from __future__ import annotations

from django.utils.translation import ngettext

from admissions_portal.support.refusals import Refusal
from applications.applicants.models import Applicant
from applications.lifecycle.models import Application
from applications.lifecycle.same_person import judgements_about, records_of_person
from applications.lifecycle.states import KNOWN_TO_OFFICE, RUNNING
from programmes.models import Offering


class TooManyApplications(Refusal):
    """The institution's limit of simultaneous applications is reached."""


def why_one_too_many(applicant: Applicant, offering: Offering) -> str:
    """Why another application to this institution would be one too many, and what can be done; "" where not.

    Counted are the submitted ones that have not ended, with this institution alone: none learns from us that
    a person applied to another (I9); those of an account that the office joined with this one as well. Drafts
    are free.
    """
    institution = offering.programme.institution
    most = institution.most_applications
    if most is None:
        return ""
    running = Application.objects.filter(
        applicant__in=records_of_person(applicant.pk, institution.pk).order_by().values("pk"),
        offering__intake__programme__institution=institution,
        state__in=RUNNING & KNOWN_TO_OFFICE,
    ).count()
    if running < most:
        return ""
    return ngettext(
        "%(institution)s takes %(most)d application of a person at a time, and yours is with it. Withdraw "
        "it if you would rather have this one, or wait until it is decided. A draft is kept meanwhile.",
        "%(institution)s takes %(most)d applications of a person at a time, and that many of yours are with "
        "it. Withdraw one that you want less than this, or wait until one is decided. A draft is kept "
        "meanwhile.",
        most,
    ) % {"institution": institution.name, "most": most}


def check_not_too_many(applicant: Applicant, offering: Offering) -> None:
    """Raises TooManyApplications where another application to this institution would be one too many."""
    institution = offering.programme.institution_id
    # two accounts of one person that submit in the same moment wait for each other
    list(judgements_about([applicant.pk], institution).select_for_update().values_list("pk"))
    if why := why_one_too_many(applicant, offering):
        raise TooManyApplications(why)
