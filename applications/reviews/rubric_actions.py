"""Writing what a programme's readers score, and using it: one draft a programme, worth nothing until used."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.drafts import as_it_was_seen
from admissions_portal.support.refusals import Refusal
from applications.lifecycle.models import BlindReading
from applications.reviews.models import Rubric
from applications.reviews.permissions import check_can_edit_rubric
from applications.reviews.queries import USUAL_AGREEMENT, rubric_in_use
from applications.reviews.rubric import SINGLE_SCORE, Categories, to_json
from applications.reviews.rubric_checking import problems_in, problems_with_agreement
from programmes.models import Programme


class RubricRefused(Refusal):
    """The rubric cannot be kept or used as it is."""


class RubricChanged(RubricRefused):
    """Somebody saved, used or discarded the draft meanwhile; theirs stands."""


@transaction.atomic
def draft_rubric(programme: Programme, *, by: Actor, at: datetime) -> Rubric:
    """Begin a draft: a copy of what is used now. Where there is one, that one. Raises PermissionDenied."""
    check_can_edit_rubric(by, programme, at)
    Programme.objects.select_for_update().get(pk=programme.pk)
    if draft := Rubric.objects.filter(programme=programme, number=None).first():
        return draft
    used = rubric_in_use(programme)
    draft = Rubric.objects.create(
        programme=programme,
        categories=used.categories if used else to_json(SINGLE_SCORE),
        agreement=used.agreement if used else USUAL_AGREEMENT,
        is_blind=used is not None and used.is_blind,
        drafted_by=by.user,
        drafted_at=at,
    )
    record_event("rubric.drafted", about=programme, by=by, at=at)
    return draft


@transaction.atomic
def save_rubric(
    draft: Rubric,
    *,
    categories: Categories,
    agreement: Decimal | None,
    is_blind: bool,
    reason: str,
    seen: str,
    by: Actor,
    at: datetime,
) -> Rubric:
    """Keep what was written. `seen` is the draft's `edition` when its form was opened.

    Raises PermissionDenied; RubricChanged where somebody saved, used or discarded it meanwhile, and keeps
    theirs; RubricRefused with a sentence for each thing that cannot be scored so.
    """
    check_can_edit_rubric(by, draft.programme, at)
    draft = _locked(draft, seen=seen)
    if problems := [*problems_in(categories), *problems_with_agreement(agreement)]:
        raise RubricRefused(" ".join(problems))
    before = draft.edition
    draft.categories, draft.agreement = to_json(categories), agreement
    draft.is_blind, draft.reason = is_blind, reason.strip()
    if draft.edition == before:
        return draft
    draft.drafted_by, draft.drafted_at = by.user, at
    draft.save()
    record_event("rubric.draft_saved", about=draft.programme, by=by, at=at)
    return draft


@transaction.atomic
def use_rubric(draft: Rubric, *, seen: str, by: Actor, at: datetime) -> Rubric:
    """Score by it from now on, for good: a score that was given stays under the version it was given by. From
    now on those who only read see whose case it is, or do not, as it says.

    Raises PermissionDenied; RubricChanged where it is not the draft that was looked at; RubricRefused without
    a reason.
    """
    check_can_edit_rubric(by, draft.programme, at)
    draft = _locked(draft, seen=seen)
    if not draft.reason:
        raise RubricRefused(_("Write the reason for this change in the draft: it is kept with the version."))
    numbers = Rubric.objects.filter(programme=draft.programme).aggregate(last=Max("number"))
    draft.number = (numbers["last"] or 0) + 1
    draft.used_by, draft.used_from = by.user, at
    draft.save(update_fields=["number", "used_by", "used_from"])
    if draft.is_blind:
        BlindReading.objects.get_or_create(programme=draft.programme, defaults={"since": at})
    else:
        BlindReading.objects.filter(programme=draft.programme).delete()
    record_event(
        "rubric.used", about=draft.programme, by=by, at=at, number=draft.number, is_blind=draft.is_blind
    )
    return draft


@transaction.atomic
def discard_rubric(draft: Rubric, *, by: Actor, at: datetime) -> None:
    """Throw a draft away; what is used stays. Discarded twice is once.

    Raises PermissionDenied, and RubricChanged where it came to be used meanwhile.
    """
    check_can_edit_rubric(by, draft.programme, at)
    Programme.objects.select_for_update().get(pk=draft.programme_id)
    if Rubric.objects.filter(pk=draft.pk).exists():
        _locked(draft).delete()
        record_event("rubric.draft_discarded", about=draft.programme, by=by, at=at)


def _locked(draft: Rubric, *, seen: str = "") -> Rubric:
    """The draft as it stands, its programme locked until the transaction ends."""
    Programme.objects.select_for_update().get(pk=draft.programme_id)
    found = Rubric.objects.select_related("programme", "drafted_by").filter(pk=draft.pk).first()
    published = _("This draft came into use as version %(number)s meanwhile. Begin a new draft from it.")
    return as_it_was_seen(found, seen=seen, refusal=RubricChanged, published=published)
