"""Joining two records of one person, telling two people apart, and undoing either."""

from __future__ import annotations

from datetime import datetime
from itertools import product

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.applicants.models import Applicant
from applications.duplicates.permissions import check_can_judge_pair
from applications.duplicates.queries import cases_of_records, judgement_on
from applications.lifecycle.actions import lock_application
from applications.lifecycle.conflicts import draw_conflicts, lift_what_was_drawn
from applications.lifecycle.models import Application
from applications.lifecycle.same_person import (
    Judged,
    PersonJudgement,
    judgements_about,
    records_of_person,
    standing_judgements,
)


class PairRefused(Refusal):
    """It contradicts what was decided before, or lacks its reason."""


@transaction.atomic
def join_records(
    case: Application, other: Application, *, because: str, by: Actor, at: datetime
) -> PersonJudgement:
    """At this institution the records of both cases are one person's from now on: counted once, shown
    with each other, and closed to whoever has a conflict of interest with either. Nothing moves and no
    account changes; whatever is joined to either already is joined to both. Twice is once.

    Raises PermissionDenied without the right on both cases; PairRefused without a reason, and where two of
    the records were told apart.
    """
    if standing := _begin(case, other, Judged.SAME, because, by=by, at=at):
        return standing
    institution = case.offering.programme.institution_id
    left, right = _records(case, institution), _records(other, institution)
    apart = standing_judgements(institution).filter(verdict=Judged.DIFFERENT)
    if apart.filter(Q(one__in=left, other__in=right) | Q(one__in=right, other__in=left)).exists():
        raise PairRefused(
            _(
                "One of the records already joined to these was told apart from the other side. Undo that "
                "first, or undo the joining."
            )
        )
    made = _judge(case.applicant_id, other.applicant_id, institution, Judged.SAME, because, by=by, at=at)
    for one, another in product(left, right):
        if {one, another} != {case.applicant_id, other.applicant_id}:
            _judge(one, another, institution, Judged.SAME, because, by=by, at=at, drawn_from=made)
    cases = list(cases_of_records([*left, *right], institution))
    for each in cases:
        record_event("same_person.joined", about=each, by=by, at=at, judgement=made.pk)
    draw_conflicts(cases, at=at)
    return made


@transaction.atomic
def tell_apart(
    case: Application, other: Application, *, because: str, by: Actor, at: datetime
) -> PersonJudgement:
    """The records are two people's: the pair is not listed again, whatever is found later. Twice is once.

    Raises PermissionDenied without the right on both cases, PairRefused without a reason or where they are
    joined.
    """
    if standing := _begin(case, other, Judged.DIFFERENT, because, by=by, at=at):
        return standing
    institution = case.offering.programme.institution_id
    made = _judge(case.applicant_id, other.applicant_id, institution, Judged.DIFFERENT, because, by=by, at=at)
    for each in (case, other):
        record_event("same_person.told_apart", about=each, by=by, at=at, judgement=made.pk)
    return made


@transaction.atomic
def undo_judgement(
    case: Application, other: Application, *, because: str, by: Actor, at: datetime
) -> PersonJudgement | None:
    """What was decided about the records of both cases no longer counts, and everything is as before it: the
    pair waits again where it is still likely. None where nothing stands, as after another's undo.

    Of several joinings the last is undone first, so that each undo gives back exactly what was. Raises
    PermissionDenied without the right on both cases, PairRefused without a reason, for a joining that only
    follows from another, and for one on which a later one rests.
    """
    check_can_judge_pair(case, other, by=by, at=at)
    _check_reason(because)
    _lock(case, other)
    standing = judgement_on(case, other)
    if standing is None:
        return None
    if standing.drawn_from_id is not None:
        raise PairRefused(
            _(
                "These two are one person because each was joined to a third record. Undo that joining, on "
                "the page of the two records it was made for."
            )
        )
    institution = standing.institution_id
    left, right = _records(case, institution), _records(other, institution)
    undone = [standing, *standing.drawn.all()]
    later = judgements_about([standing.one_id], institution).filter(verdict=Judged.SAME, pk__gt=standing.pk)
    if standing.joins and later.exclude(pk__in=[each.pk for each in undone]).exists():
        raise PairRefused(
            _("Another record was joined to this person afterwards. Undo that joining first, then this one.")
        )
    for each in undone:
        each.undone_at, each.undone_by, each.undone_because = at, by.user, because.strip()[:500]
        each.save(update_fields=["undone_at", "undone_by", "undone_because"])
    cases = list(cases_of_records({*left, *right}, institution)) if standing.joins else [case, other]
    for told in cases:
        record_event("same_person.undone", about=told, by=by, at=at, judgement=standing.pk)
    if standing.joins:
        lift_what_was_drawn(cases, because=because, by=by, at=at)
    return standing


def _begin(
    case: Application, other: Application, verdict: Judged, because: str, *, by: Actor, at: datetime
) -> PersonJudgement | None:
    """Check and lock; the judgement that stands already where it says the same."""
    check_can_judge_pair(case, other, by=by, at=at)
    _check_reason(because)
    _lock(case, other)
    standing = judgement_on(case, other)
    if standing is not None and standing.verdict != verdict:
        raise PairRefused(
            _("About these two records it was decided otherwise: “%(verdict)s”. Undo that first.")
            % {"verdict": standing.get_verdict_display()}
        )
    return standing


def _check_reason(because: str) -> None:
    if not because.strip():
        raise PairRefused(_("Write how you know: whoever looks at it later relies on it."))


def _lock(case: Application, other: Application) -> None:
    """Both cases, then every record of either person, in one order for everybody: two officers at once, and a
    submission that counts a person's applications, wait for each other."""
    for each in sorted((case, other), key=lambda each: each.pk):
        lock_application(each)
    institution = case.offering.programme.institution_id
    records = {*_records(case, institution), *_records(other, institution)}
    list(Applicant.objects.select_for_update().filter(pk__in=records).order_by("pk"))


def _records(case: Application, institution: int) -> list[int]:
    return list(records_of_person(case.applicant_id, institution).values_list("pk", flat=True))


def _judge(
    one: int,
    other: int,
    institution: int,
    verdict: Judged,
    because: str,
    *,
    by: Actor,
    at: datetime,
    drawn_from: PersonJudgement | None = None,
) -> PersonJudgement:
    if by.user is None:
        raise PermissionDenied  # never by itself
    first, second = sorted((one, other))
    return PersonJudgement.objects.create(
        institution_id=institution,
        one_id=first,
        other_id=second,
        verdict=verdict,
        because=because.strip()[:500],
        judged_at=at,
        judged_by=by.user,
        drawn_from=drawn_from,
    )
