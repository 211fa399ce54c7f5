"""Putting rules in force: looked at, approved where two are asked for, published for good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.dates import hong_kong_day
from eligibility.actions.drafts import check_content, lock_draft
from eligibility.actions.refusals import (
    DraftChanged,
    OutOfOrder,
    PolicyRefused,
    PreviewMissing,
    SecondPersonMissing,
)
from eligibility.models import AcceptedAward, PolicyPreview, PolicyVersion
from eligibility.permissions import check_can_edit_policy, check_can_edit_register
from eligibility.queries import latest_preview


@transaction.atomic
def keep_preview(
    thing: PolicyVersion | AcceptedAward,
    *,
    fingerprint: str,
    counts: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    by: Actor,
    at: datetime,
) -> PolicyPreview:
    """Keep what a draft would change, under the fingerprint it had when the count began: if it was edited
    meanwhile, this preview lets nothing be published. Called by the job that counted, in the name of whoever
    asked; the portal itself needs no right. Raises PermissionDenied, and DraftChanged where the draft is gone
    or in force.
    """
    if by.user is not None:
        if isinstance(thing, PolicyVersion):
            check_can_edit_policy(by, thing.policy, at)
        else:
            check_can_edit_register(by, thing.institution_code, thing.programme_slug, at)
    found = type(thing)._default_manager.select_for_update().filter(pk=thing.pk).first()
    if found is None or not found.is_draft:
        raise DraftChanged(_("The draft was put in force or discarded while its effects were counted."))
    kept = PolicyPreview(fingerprint=fingerprint, at=at, counts=dict(counts), rows=list(rows))
    if isinstance(thing, PolicyVersion):
        kept.version, code = thing, thing.policy.code
        record_event("policy.previewed", about=thing.policy, by=by, at=at, policy=code, changed=len(rows))
    else:
        kept.entry, number = thing, thing.reference
        record_event("acceptance.previewed", about=thing, by=by, at=at, reference=number, changed=len(rows))
    kept.save()
    return kept


@transaction.atomic
def approve_draft(draft: PolicyVersion, *, by: Actor, at: datetime, seen: str = "") -> PolicyVersion:
    """The second person's yes to a draft as it stands; `seen` is the edition they looked at. Approved
    already: nothing changes.

    Raises PermissionDenied, DraftChanged, and SecondPersonMissing for whoever saved it last.
    """
    check_can_edit_policy(by, draft.policy, at)
    draft = lock_draft(draft, seen=seen)
    if draft.is_approved:
        return draft
    if draft.drafted_by == by.user:
        raise SecondPersonMissing(
            _("You saved this draft last, so somebody else must approve it. Ask a colleague.")
        )
    draft.approved_by, draft.approved_at = by.user, at
    draft.save(update_fields=["approved_by", "approved_at"])
    record_event("policy.approved", about=draft.policy, by=by, at=at, policy=draft.policy.code)
    return draft


@transaction.atomic
def publish_version(
    draft: PolicyVersion, *, by: Actor, at: datetime, seen: str = "", out_of_order: bool = False
) -> PolicyVersion:
    """Publish a draft for good: it gets its number and judges cases received from its day on.

    `seen` is the edition that was looked at. `out_of_order` says that the publisher knows of versions that
    take force on the same day or later. Of two from one day the higher number counts, so this one replaces
    the other; one from a later day still takes over on its day. No assessment already made changes: the
    office re-assesses.

    Raises PermissionDenied, DraftChanged; PolicyRefused without a reason; PreviewMissing unless the effects
    of this very draft were looked at; SecondPersonMissing where two are asked for and nobody approved it;
    OutOfOrder; LoweringRefused where the rules below were raised past it meanwhile.
    """
    check_can_edit_policy(by, draft.policy, at)
    draft = lock_draft(draft, seen=seen)
    policy = draft.policy
    if not draft.reason.strip():
        raise PolicyRefused(_("Write the reason for this change in the draft: it is kept with the version."))
    check_content(policy, draft.record(), draft.effective_from)
    if latest_preview(draft) is None:
        raise PreviewMissing(
            _(
                "Nobody has looked at what this draft would change as it stands now. "
                "Preview its effects first."
            )
        )
    if settings.POLICIES_BY_TWO and not draft.is_approved:
        raise SecondPersonMissing(_("A second person must approve this draft before it can be published."))
    published = policy.versions.filter(published_at__isnull=False)
    later = published.filter(effective_from__gte=draft.effective_from).order_by("effective_from", "-number")
    if not out_of_order and (next_ := later.first()):
        raise OutOfOrder(_what_happens(draft, next_))
    draft.number = (published.aggregate(last=Max("number"))["last"] or 0) + 1
    draft.published_by, draft.published_at = by.user, at
    draft.save(update_fields=["number", "published_by", "published_at"])
    if policy.title != draft.content["title"]:
        policy.title = draft.content["title"]
        policy.save(update_fields=["title"])
    record_event(
        "policy.published",
        about=policy,
        by=by,
        at=at,
        policy=policy.code,
        number=draft.number,
        sha256=draft.sha256,
        effective_from=draft.effective_from.isoformat(),
    )
    return draft


def _what_happens(draft: PolicyVersion, next_: PolicyVersion) -> str:
    words = {"number": next_.number, "day": hong_kong_day(next_.effective_from)}
    if next_.effective_from == draft.effective_from:
        return (
            _(
                "Version %(number)s takes force on the same day, %(day)s. Published, this one replaces it "
                "from that day on, for the higher number counts. Confirm that this is meant, or choose a "
                "later day."
            )
            % words
        )
    return (
        _(
            "Version %(number)s takes force later, on %(day)s. Published, this one counts only until then. "
            "Confirm that this is meant, or choose a later day."
        )
        % words
    )
