"""How an applicant is reached: as frozen at submission, or newer. A change counts at once for every running
case and needs nobody's leave, because it decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from applications.applicants.models import CONTACT_FIELDS, Applicant, ContactChange
from applications.applicants.queries import profile_data
from applications.lifecycle.models import Application
from applications.lifecycle.states import KNOWN_TO_OFFICE, RUNNING

# Without these nobody can be reached: a profile that is being written is not taken over half.
_NEEDED = ("phone", "address_1", "country")


@dataclass(frozen=True, slots=True)
class Contact:
    """Telephone, postal and e-mail address that count now; `changed` names the fields that differ from
    the submission, `changed_at` says since when (None for the e-mail address alone, or for no change)."""

    values: dict[str, Any]
    changed: tuple[str, ...]
    changed_at: datetime | None


def contact_of(application: Application) -> Contact:
    """How the applicant of a draft or case is reached now; of one that has ended, how it was then."""
    if application.profile is None:
        live = profile_data(application.applicant)
        return Contact({name: live[name] for name in (*CONTACT_FIELDS, "email")}, (), None)
    frozen = application.profile.data
    values = {name: frozen[name] for name in CONTACT_FIELDS}
    since, until = application.profile.taken_at, application.state_since if application.has_ended else None
    last: ContactChange | None = None
    for change in application.applicant.contact_changes.all():  # as read with the case; there are few
        if change.changed_at > since and (until is None or change.changed_at <= until):
            last = change
    if last is not None:
        values |= last.after
    values["email"] = application.applicant.user.email
    changed = tuple(name for name in values if values[name] != frozen[name])
    return Contact(values, changed, last.changed_at if last and changed else None)


@transaction.atomic
def take_over_contact(applicant: Applicant, *, by: Actor, at: datetime) -> ContactChange | None:
    """Let the telephone number and address in the profile count for every running case; None where they are
    known already, or not whole. History says which case, never what."""
    live = profile_data(Applicant.objects.select_related("user").get(pk=applicant.pk))
    after = {name: live[name] for name in CONTACT_FIELDS}
    last = applicant.contact_changes.last()
    snapshot = applicant.snapshots.order_by("taken_at", "pk").last()
    if snapshot is None or not all(after[name] for name in _NEEDED):
        return None
    known = (
        last.after
        if last is not None and last.changed_at > snapshot.taken_at
        else {name: snapshot.data[name] for name in CONTACT_FIELDS}
    )
    if known == after:
        return None
    made = ContactChange.objects.create(applicant=applicant, changed_at=at, before=known, after=after)
    fields = [name for name in CONTACT_FIELDS if known[name] != after[name]]
    for case in applicant.applications.filter(state__in=RUNNING & KNOWN_TO_OFFICE).order_by("pk"):
        record_event("contact.changed", about=case, by=by, at=at, fields=fields)
    return made
