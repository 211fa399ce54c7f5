"""How many applications one person may have with an institution at a time (B12): a setting that ships off."""

from __future__ import annotations

from django.utils.translation import ngettext

from admissions_portal.support.refusals import Refusal
from applications.applicants.models import Applicant
from applications.lifecycle.models import Application
from applications.lifecycle.states import KNOWN_TO_OFFICE, RUNNING
from programmes.models import Offering


class TooManyApplications(Refusal):
    """The institution's limit of simultaneous applications is reached."""


def why_one_too_many(applicant: Applicant, offering: Offering) -> str:
    """Why another application to this institution would be one too many, and what can be done; "" where not.

    Counted are the submitted ones that have not ended, with this institution alone: none learns from us that
    a person applied to another (I9). Drafts are free.
    """
    institution = offering.programme.institution
    most = institution.most_applications
    if most is None:
        return ""
    running = Application.objects.filter(
        applicant=applicant,
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
    if why := why_one_too_many(applicant, offering):
        raise TooManyApplications(why)
