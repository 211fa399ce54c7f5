"""Changing the study mode of a draft: the same intake, the other offering, and everything written stays."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.lifecycle.actions import lock_application
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_is_own
from applications.lifecycle.states import OPEN_TO_APPLICANT
from programmes.models import Offering


class ModeRefused(Refusal):
    """The application stays with the study mode it is for."""


@transaction.atomic
def change_mode(application: Application, offering: Offering, *, by: Actor, at: datetime) -> Application:
    """The draft is for `offering` from now on: the same intake in another study mode.

    For that mode already: nothing changes. Raises PermissionDenied for another's application, ModeRefused for
    what is submitted or amends something submitted, for an offering of another intake, and where another
    application of the person for that mode is running.
    """
    check_is_own(application, by)
    locked = lock_application(application)
    if locked.offering_id == offering.pk:
        return locked
    if locked.state not in OPEN_TO_APPLICANT or locked.amends_id is not None:
        raise ModeRefused(
            _(
                "This application has been submitted for its study mode. Propose a change to the office "
                "instead."
            )
        )
    if locked.offering.intake_id != offering.intake_id:
        raise ModeRefused(
            _(
                "This is another intake or programme. Begin an application for it; your answers can be "
                "carried over."
            )
        )
    locked.offering = offering
    try:
        with transaction.atomic():
            locked.save(update_fields=["offering", "updated_at"])
    except IntegrityError:
        raise ModeRefused(
            _(
                "You have another application for %(mode)s study of this intake. Open that one, or delete it "
                "first."
            )
            % {"mode": offering.get_mode_display().lower()}
        ) from None
    record_event("application.mode_changed", about=locked, by=by, at=at, offering=offering.pk)
    return locked
