"""Writing what the rules shall say: one draft for each policy, worth nothing until it is published."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.clock import day_of
from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.drafts import as_it_was_seen
from eligibility.actions.refusals import DraftChanged, LoweringRefused, PolicyRefused
from eligibility.engine import Layer, Overlay, Requirements, to_json
from eligibility.layers import lowerings
from eligibility.models import Policy, PolicyLayer, PolicyVersion, fingerprint
from eligibility.permissions import check_can_edit_policy
from eligibility.queries import rules_below
from programmes.models import Level, Programme, School

LONGEST_REASON = 2000


@transaction.atomic
def draft_policy_layer(
    about: School | Programme,
    *,
    title: str,
    by: Actor,
    at: datetime,
    level: str = "",
    clause: str = "",
) -> PolicyVersion:
    """Begin what a School or a programme asks beyond its university: the layer's policy and its first, empty
    draft. Where the layer is there already, as `draft_version` does.

    `level` narrows a School's layer to one level. Raises PermissionDenied without the right over every
    programme it judges, PolicyRefused without a title or where no rules stand below.
    """
    school = about if isinstance(about, School) else None
    layer = PolicyLayer.SCHOOL if school else PolicyLayer.PROGRAMME
    target = {
        "layer": layer,
        "institution_code": about.institution.code,
        "level": Level(level) if school and level else about.level if isinstance(about, Programme) else "",
        "school_code": school.code if school else "",
        "programme_slug": about.slug if isinstance(about, Programme) else "",
    }
    if known := Policy.objects.filter(**target).first():
        return draft_version(known, by=by, at=at)
    if not title.strip():
        raise PolicyRefused(_("Give these rules a title, for example the name of the School."))
    policy = Policy(code=_code_of(about, level), title=title.strip(), **target)
    check_can_edit_policy(by, policy, at)
    if not rules_below(policy, day_of(at)):
        raise PolicyRefused(
            _("The university has no rules in force for these programmes, so there is nothing to raise.")
        )
    if Policy.objects.filter(code=policy.code).exists():
        raise PolicyRefused(_("There are rules called %(code)s already.") % {"code": policy.code})
    policy.save()
    overlay = Overlay(policy=policy.code, title=policy.title, layer=Layer(layer), clause=clause.strip())
    draft = _begin(policy, overlay, effective_from=day_of(at) + timedelta(days=1), by=by, at=at)
    return draft


def _code_of(about: School | Programme, level: str) -> str:
    """`HKUST-SCIENCE`, `HKUST-SCIENCE-PHD`; for a programme the letters of its application numbers."""
    name = about.number_prefix if isinstance(about, Programme) else about.code
    return "-".join(part for part in (about.institution.code, name, level) if part).upper()[:40]


@transaction.atomic
def draft_version(policy: Policy, *, by: Actor, at: datetime) -> PolicyVersion:
    """Begin a draft: a copy of the version that took or takes force last, from the next free day on. Where
    there is a draft, that one. Raises PermissionDenied, and PolicyRefused where nothing was published yet."""
    check_can_edit_policy(by, policy, at)
    policy = Policy.objects.select_for_update().get(pk=policy.pk)
    if draft := policy.versions.filter(published_at__isnull=True).first():
        return draft
    last = policy.versions.order_by("-effective_from", "-number").first()
    if last is None:
        raise PolicyRefused(
            _("%(policy)s has no published version to start from. Run manage.py load_policies.")
            % {"policy": policy}
        )
    tomorrow = day_of(at) + timedelta(days=1)
    effective_from = max(tomorrow, last.effective_from + timedelta(days=1))
    return _begin(policy, last.record(), effective_from=effective_from, by=by, at=at)


def _begin(
    policy: Policy, content: Requirements | Overlay, *, effective_from: date, by: Actor, at: datetime
) -> PolicyVersion:
    plain = to_json(content)
    draft = PolicyVersion.objects.create(
        policy=policy,
        effective_from=effective_from,
        content=plain,
        sha256=fingerprint(plain),
        drafted_by=by.user,
        drafted_at=at,
    )
    record_event("policy.drafted", about=policy, by=by, at=at, policy=policy.code)
    return draft


@transaction.atomic
def save_draft(
    draft: PolicyVersion,
    *,
    content: Requirements | Overlay,
    effective_from: date,
    reason: str,
    seen: str,
    by: Actor,
    at: datetime,
) -> PolicyVersion:
    """Keep what was written. `seen` is the draft's `edition` when its form was opened.

    An approval is taken away, for it was of something else. Raises PermissionDenied; DraftChanged where
    somebody saved, published or discarded it meanwhile, and keeps theirs; LoweringRefused with a sentence for
    each figure; PolicyRefused for rules of another policy, layer or level, or too long a reason.
    """
    check_can_edit_policy(by, draft.policy, at)
    draft = lock_draft(draft, seen=seen)
    check_content(draft.policy, content, effective_from)
    reason = reason.strip()
    if len(reason) > LONGEST_REASON:
        raise PolicyRefused(
            _("The reason is longer than %(most)s characters. Shorten it.") % {"most": LONGEST_REASON}
        )
    plain = to_json(content)
    wanted = (plain, effective_from, reason)
    if (draft.content, draft.effective_from, draft.reason) == wanted:
        return draft
    draft.content, draft.effective_from, draft.reason = wanted
    draft.sha256 = fingerprint(plain)
    draft.drafted_by, draft.drafted_at = by.user, at
    draft.approved_by = draft.approved_at = None
    draft.save()
    record_event(
        "policy.draft_saved",
        about=draft.policy,
        by=by,
        at=at,
        policy=draft.policy.code,
        sha256=draft.sha256,
        effective_from=effective_from.isoformat(),
    )
    return draft


@transaction.atomic
def discard_draft(draft: PolicyVersion, *, by: Actor, at: datetime) -> None:
    """Throw a draft away with its previews; a layer that never said anything goes with it.

    Raises PermissionDenied, and DraftChanged where it was published meanwhile; discarded twice is once.
    """
    check_can_edit_policy(by, draft.policy, at)
    policy = Policy.objects.select_for_update().get(pk=draft.policy_id)
    if not PolicyVersion.objects.filter(pk=draft.pk).exists():
        return
    lock_draft(draft).delete()
    record_event("policy.draft_discarded", about=policy, by=by, at=at, policy=policy.code)
    if policy.is_overlay and not policy.versions.exists():
        policy.delete()


def lock_draft(draft: PolicyVersion, *, seen: str = "") -> PolicyVersion:
    """The draft as it stands, locked with its policy until the transaction ends, so that edits and
    publications come one after another. Raises DraftChanged where it is gone, published or, with `seen`,
    another than was looked at."""
    Policy.objects.select_for_update().get(pk=draft.policy_id)
    found = PolicyVersion.objects.select_related("policy", "drafted_by").filter(pk=draft.pk).first()
    return as_it_was_seen(found, seen=seen, refusal=DraftChanged)


def check_content(policy: Policy, content: Requirements | Overlay, effective_from: date) -> None:
    """Raise PolicyRefused where the rules are not this policy's, LoweringRefused where a layer lowers."""
    if content.policy != policy.code or isinstance(content, Overlay) is not policy.is_overlay:
        raise PolicyRefused(_("These are not the rules of %(policy)s.") % {"policy": policy})
    if not content.title.strip():
        raise PolicyRefused(_("Give these rules a title."))
    if isinstance(content, Requirements):
        if policy.level not in content.levels:
            raise PolicyRefused(
                _("These rules are not for %(level)s.") % {"level": policy.get_level_display()}
            )
        return
    if content.layer != policy.layer:
        raise PolicyRefused(_("These are not the rules of %(policy)s.") % {"policy": policy})
    if not rules_below(policy, effective_from):
        raise PolicyRefused(
            _("On %(day)s the university has no rules in force here, so there is nothing to raise.")
            % {"day": effective_from.isoformat()}
        )
    if found := lowerings(policy, content, effective_from):
        raise LoweringRefused(
            " ".join(problem.sentence for problem in found),
            {problem.path: problem.sentence for problem in found},
        )
