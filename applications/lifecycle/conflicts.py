"""Conflicts of interest: declared by oneself, recorded for a colleague, found by the portal, lifted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.applicants.models import Applicant
from applications.lifecycle.actions import lock_application
from applications.lifecycle.models import Application, ConflictReason, Ground, Recusal
from applications.lifecycle.permissions import can_with, check_can_with
from applications.lifecycle.same_person import records_of_person
from applications.lifecycle.states import KNOWN_TO_OFFICE
from programmes.queries import people_with

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User

# What somebody said, which is about the applicant and so about each of their cases.
SAID = (Ground.DECLARED, Ground.RECORDED)


class ConflictRefused(Refusal):
    """It is about oneself, about nobody who could open the case, or lacks its reason."""


@transaction.atomic
def declare_conflict(
    application: Application, *, reason: ConflictReason, words: str = "", by: Actor, at: datetime
) -> Recusal:
    """One's own conflict of interest: from now on the case, and every other of the same person at the
    institution, does not exist for oneself. Twice is once.

    Raises PermissionDenied unless the actor may open the case.
    """
    # whoever reads blind holds the second right alone
    if not any(can_with(right, application, by=by, at=at) for right in (Right.SEE_CASES, Right.REVIEW)):
        raise PermissionDenied
    return _say(application, by.user, Ground.DECLARED, reason, words, by=by, at=at)


@transaction.atomic
def record_conflict(
    application: Application,
    *,
    person: User,
    reason: ConflictReason,
    words: str = "",
    by: Actor,
    at: datetime,
) -> Recusal:
    """A colleague's conflict of interest, with the same effect as if they had declared it. Twice is once.

    Raises PermissionDenied without the right on the case, ConflictRefused for oneself, who declares, and for
    whoever could not open the case anyway.
    """
    check_can_with(Right.DECLARE_CONFLICTS, application, by=by, at=at)
    if by.user is not None and person.pk == by.user.pk:
        raise ConflictRefused(_("You declare your own under “I have a conflict of interest”."))
    colleagues = people_with(Right.SEE_CASES, application.offering.programme, day_of(at))
    if not colleagues.filter(pk=person.pk).exists():
        raise ConflictRefused(
            _("%(person)s is not appointed to this programme, so the case is closed to them anyway.")
            % {"person": person}
        )
    return _say(application, person, Ground.RECORDED, reason, words, by=by, at=at)


@transaction.atomic
def lift_conflict(recusal: Recusal, *, because: str, by: Actor, at: datetime) -> Recusal:
    """The conflict no longer stands, for the reason given; found by the portal, it is never found again.

    With what somebody said ends what the portal drew from it for the person's other cases. Lifted already: as
    it was. Raises PermissionDenied without the right on the case and for one's own, ConflictRefused without
    a reason.
    """
    check_can_with(Right.DECLARE_CONFLICTS, recusal.application, by=by, at=at)
    if by.user is not None and recusal.person_id == by.user.pk:
        raise PermissionDenied
    if not because.strip():
        raise ConflictRefused(_("Write why the conflict of interest no longer stands."))
    application = lock_application(recusal.application)
    recusal.refresh_from_db()
    if not recusal.stands:
        return recusal
    lifted = [recusal]
    if recusal.ground in SAID and not _said_elsewhere(application, recusal.person, besides=recusal):
        drawn = Recusal.objects.filter(
            person=recusal.person, ground=Ground.SAME_PERSON, lifted_at__isnull=True
        )
        lifted += drawn.filter(application__in=_cases_of_person(application).order_by().values("pk"))
    for each in lifted:
        _lift(each, because=because, by=by, at=at)
    return recusal


def record_found(found: Iterable[tuple[Application, User, Ground, str]], *, at: datetime) -> list[Recusal]:
    """Conflicts that the portal found: case, person, ground, and the name or domain it was found by. Those
    found before are left as they are, lifted or not."""
    made = []
    for application, person, ground, words in found:
        known = Recusal.objects.filter(application=application, person=person, ground=ground)
        if not known.exists():
            made.append(_find(application, person, ground, words, at=at))
    return made


def said_of_person(application: Application) -> list[User]:
    """Who said, or of whom it was said, that they have a conflict with another case of the same person at the
    institution, and it stands; and staff who are that person, with another account than the case's."""
    said = Recusal.objects.filter(
        ground__in=SAID, lifted_at__isnull=True, application__in=_cases_of_person(application)
    ).exclude(application=application)
    people: dict[int, User] = {each.person_id: each.person for each in said.select_related("person")}
    own = _records_of_person(application).exclude(pk=application.applicant_id)
    people |= {each.user_id: each.user for each in own.filter(user__is_staff=True).select_related("user")}
    return list(people.values())


def draw_conflicts(applications: Iterable[Application], *, at: datetime) -> None:
    """Two records were joined: whoever has a conflict with one case of the person has it with each of
    these."""
    for application in applications:
        standing = application.recusals.filter(ground=Ground.SAME_PERSON, lifted_at__isnull=True)
        known = set(standing.values_list("person", flat=True))
        for person in said_of_person(application):
            if person.pk not in known:
                _find(application, person, Ground.SAME_PERSON, "", at=at)


def lift_what_was_drawn(
    applications: Iterable[Application], *, because: str, by: Actor, at: datetime
) -> None:
    """Two records are no longer joined: what was drawn from one for the other's cases falls."""
    for application in applications:
        still = {person.pk for person in said_of_person(application)}
        drawn = application.recusals.filter(ground=Ground.SAME_PERSON, lifted_at__isnull=True)
        for recusal in drawn.exclude(person__in=still):
            _lift(recusal, because=because, by=by, at=at)


def _say(
    application: Application,
    person: User,
    ground: Ground,
    reason: ConflictReason,
    words: str,
    *,
    by: Actor,
    at: datetime,
) -> Recusal:
    application = lock_application(application)
    # locked as a submission locks it: no other case of the person arrives unseen meanwhile
    Applicant.objects.select_for_update().get(pk=application.applicant_id)
    standing = Recusal.objects.filter(
        application=application, person=person, ground__in=SAID, lifted_at__isnull=True
    )
    if found := standing.first():
        return found
    made = Recusal.objects.create(
        application=application,
        person=person,
        ground=ground,
        reason=reason,
        words=words.strip()[:500],
        recorded_at=at,
        recorded_by=by.user,
    )
    if ground == Ground.DECLARED:
        record_event("conflict.declared", about=application, by=by, at=at, recusal=made.pk)
    else:
        record_event("conflict.recorded", about=application, by=by, at=at, recusal=made.pk)
    drawn = Recusal.objects.filter(
        application=OuterRef("pk"), person=person, ground=Ground.SAME_PERSON, lifted_at__isnull=True
    )
    for case in _cases_of_person(application).exclude(pk=application.pk).exclude(Exists(drawn)):
        _find(case, person, Ground.SAME_PERSON, "", at=at)
    return made


def _find(application: Application, person: User, ground: Ground, words: str, *, at: datetime) -> Recusal:
    made = Recusal.objects.create(
        application=application, person=person, ground=ground, words=words[:500], recorded_at=at
    )
    record_event("conflict.found", about=application, by=Actor.system(), at=at, recusal=made.pk)
    return made


def _lift(recusal: Recusal, *, because: str, by: Actor, at: datetime) -> None:
    recusal.lifted_at, recusal.lifted_by, recusal.lifted_because = at, by.user, because.strip()[:500]
    recusal.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    record_event("conflict.lifted", about=recusal.application, by=by, at=at, recusal=recusal.pk)


def _records_of_person(application: Application) -> QuerySet[Applicant]:
    return records_of_person(application.applicant_id, application.offering.programme.institution_id)


def _cases_of_person(application: Application) -> QuerySet[Application]:
    """All that the office knows of this person at the institution, under whichever account."""
    return Application.objects.filter(
        applicant__in=_records_of_person(application).order_by().values("pk"),
        offering__intake__programme__institution=application.offering.programme.institution_id,
        state__in=KNOWN_TO_OFFICE,
    ).order_by("pk")


def _said_elsewhere(application: Application, person: User, *, besides: Recusal) -> bool:
    said = Recusal.objects.filter(person=person, ground__in=SAID, lifted_at__isnull=True)
    return said.filter(application__in=_cases_of_person(application)).exclude(pk=besides.pk).exists()
