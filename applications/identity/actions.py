"""Giving the whole number, and looking at it on record."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.applicants.identity import IdentityKind, printed, whole_number
from applications.identity.models import IdentityNumber
from applications.identity.permissions import check_can_see_identity_number
from applications.identity.queries import identity_number_of, indexes_for
from applications.lifecycle.actions import lock_application
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_is_own
from applications.lifecycle.states import PLACE_TAKEN


class IdentityRefused(Refusal):
    """No place is accepted, so nothing is asked for yet; or this cannot be a number of its kind."""


@transaction.atomic
def give_identity_number(
    application: Application, kind: str, number: str, *, by: Actor, at: datetime
) -> IdentityNumber:
    """Keep the number of the applicant's document for this case, encrypted; a later one takes its place.

    Raises PermissionDenied for another's application, IdentityRefused while no place is accepted (C7) and
    for what cannot be a number of that kind, with the sentence that says which part to look at (C1).
    """
    check_is_own(application, by)
    application = lock_application(application)
    if application.state not in PLACE_TAKEN:
        raise IdentityRefused(
            _(
                "The whole number is asked for once you have accepted an offer. "
                "Nothing is needed from you now."
            )
        )
    if kind not in IdentityKind.values or kind == IdentityKind.NONE:
        raise IdentityRefused(_("Choose the document whose number you give."))
    try:
        plain = whole_number(number, kind)
    except ValidationError as wrong:
        raise IdentityRefused(" ".join(wrong.messages)) from None
    index = indexes_for(application.offering.programme.institution.code, kind, plain)[0]
    given = IdentityNumber.objects.filter(application=application).first()
    if given is not None and (given.kind, given.number) == (kind, plain):
        return given
    given, _made = IdentityNumber.objects.update_or_create(
        application=application, defaults={"kind": kind, "number": plain, "index": index, "given_at": at}
    )
    record_event("identity.given", about=application, by=by, at=at, document=kind)
    return given


@transaction.atomic
def reveal_identity_number(application: Application, *, by: Actor, at: datetime) -> str:
    """The whole number as its document prints it; that somebody looked is on record before it is shown.

    Raises PermissionDenied without the right on this case, IdentityRefused where none is given.
    """
    check_can_see_identity_number(application, by=by, at=at)
    given = identity_number_of(application)
    if given is None:
        raise IdentityRefused(_("The applicant has not given the number yet."))
    record_event("identity.seen", about=application, by=by, at=at)
    return printed(given.number, given.kind)
