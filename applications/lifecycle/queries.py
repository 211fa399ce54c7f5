"""Whose case may be seen, by whom."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from admissions_portal.accounts.roles import Right
from applications.applicants.models import Applicant
from applications.applicants.names import full_name
from applications.applicants.queries import profile_data
from applications.lifecycle.blind import programmes_read_blind
from applications.lifecycle.models import Application
from applications.lifecycle.recusals import is_recused
from applications.lifecycle.states import KNOWN_TO_OFFICE
from programmes.queries import programmes_of

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User

RELATED = (
    "applicant__user",
    "offering__intake__programme__institution",
    "specialisation__track",
    "second_specialisation__track",
    "round",
    "profile",
)
# What `messages.write_to_applicant` reads of each application, for those who write to many.
RELATED_TO_MESSAGES = (
    "applicant__user",
    "profile",
    "offering__intake__programme__institution",
    "offering__intake__programme__office",
)


def applications_of(user: User) -> QuerySet[Application]:
    """The applicant's own, the most recently begun first; changes to one are part of it, and no other."""
    return (
        Application.objects.filter(applicant__user=user, amends=None)
        .select_related(*RELATED)
        .order_by("-started_at", "id")
    )


def applications_visible_to(user: User, *, on: date, right: Right = Right.SEE_CASES) -> QuerySet[Application]:
    """What this member of staff may open on that day: submitted cases of programmes whose appointment gives
    `right`.

    Drafts belong to the applicant alone; a superuser without an appointment sees nobody, nobody in an office
    handles an application of their own, and a case with which somebody has a conflict of interest does not
    exist for them (PRODUCT E5). A case that the person reads blind (`lifecycle.blind`) is found under
    `Right.REVIEW` alone: to be scored, never to show whose it is.
    """
    cases = _cases_of(user, right, on=on)
    if right == Right.REVIEW:
        return cases
    return cases.exclude(offering__intake__programme__in=programmes_read_blind(user, on=on))


def applications_listed_for(user: User, *, on: date) -> QuerySet[Application]:
    """Every case this member of staff works on, those they read blind as well: for lists, which then show,
    order and find by nothing that tells whose case it is."""
    return _cases_of(user, Right.SEE_CASES, on=on)


def _cases_of(user: User, right: Right, *, on: date) -> QuerySet[Application]:
    return (
        Application.objects.filter(
            offering__intake__programme__in=programmes_of(user, right, on=on), state__in=KNOWN_TO_OFFICE
        )
        # by the key of one person, so that counting many cases joins none
        .exclude(applicant__in=Applicant.objects.filter(user=user.pk).values("pk"))
        .exclude(is_recused(user.pk))
        .select_related(*RELATED)
        .order_by("-submitted_at", "id")
    )


def person_of(application: Application) -> dict[str, Any]:
    """The person as frozen at submission, or as the profile stands now: names, address, residence."""
    if application.profile is not None:
        return application.profile.data
    return profile_data(application.applicant)


def full_name_of(application: Application) -> str:
    """Family name first, as written; one name alone is complete (DOMAIN C4)."""
    person = person_of(application)
    return full_name(person["family_name"], person["given_names"], person["chinese_name"])


def chinese_name_beside(application: Application) -> str:
    """The Chinese name to print beside the full one; "" where it is the full one, or there is none."""
    name = person_of(application)["chinese_name"]
    return name if name != full_name_of(application) else ""


def greeting_of(application: Application) -> str:
    """What a message opens with: the preferred name, else the full one. A draft's is read without a query."""
    if application.profile is None:
        return application.applicant.greeting_name
    return application.profile.data["preferred_name"] or full_name_of(application)
