"""Policies and their versions as the office's pages show them: what is in force, what comes, what is being
written and what it waits for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from admissions_portal.accounts.models import User
from eligibility.admin.desk import Desk
from eligibility.comparing import Change, compare
from eligibility.models import Policy, PolicyPreview, PolicyVersion
from programmes.models import Programme


@dataclass(frozen=True)
class Step:
    """The one thing to do next. `address` "": nothing one can do oneself; `is_post`: a button of its own."""

    title: str
    why: str
    address: str = ""
    button: str = ""
    is_post: bool = False


@dataclass
class PolicyShown:
    """One policy with its versions, newest first."""

    policy: Policy
    programmes: list[Programme]
    may_edit: bool
    today: date
    published: list[PolicyVersion] = field(default_factory=list)
    draft: PolicyVersion | None = None
    preview: PolicyPreview | None = None
    waits_for: str = ""

    @cached_property
    def in_force(self) -> PolicyVersion | None:
        """The version that judges a case received today."""
        past = [version for version in self.published if version.effective_from <= self.today]
        return max(past, key=_order, default=None)

    @cached_property
    def upcoming(self) -> list[PolicyVersion]:
        """Published, of a later day; the soonest first."""
        later = [version for version in self.published if version.effective_from > self.today]
        return sorted(later, key=_order)

    def state_of(self, version: PolicyVersion) -> tuple[str, str]:
        """In force, to come, or replaced: the word and its shape."""
        if version == self.in_force:
            return _("In force"), "met"
        if version in self.upcoming:
            return _("To come"), "pending"
        return _("Replaced"), "na"

    def before(self, version: PolicyVersion) -> PolicyVersion | None:
        """The version that it replaces from its day on; for a draft the one it will."""
        if version.is_draft:
            earlier = [v for v in self.published if v.effective_from <= version.effective_from]
        else:
            earlier = [v for v in self.published if _order(v) < _order(version)]
        return max(earlier, key=_order, default=None)

    def step(self, user: User) -> Step | None:
        """What the draft waits for; None without a draft."""
        draft = self.draft
        if draft is None:
            return None
        edit = reverse("admin:eligibility_policy_edit", args=[self.policy.pk])
        if not self.may_edit:
            return Step(_("Nothing here"), _("The draft is written by those who edit these rules."))
        if not draft.reason.strip():
            return Step(
                _("Write the change"),
                _("The draft says what is in force now. Change it, and give the reason."),
                edit,
                _("Edit the draft"),
            )
        if self.preview is None:
            return Step(
                _("See what would change"),
                _("Every open application is judged by the draft, beside the rules it has now."),
                impact_address("version", draft.pk),
                _("Preview the effects"),
            )
        if settings.POLICIES_BY_TWO and not draft.is_approved:
            if draft.drafted_by_id == user.pk:
                return Step(
                    _("A second person approves"),
                    _("You saved this draft last. A colleague who may edit these rules approves it here."),
                )
            return Step(
                _("Approve the draft"),
                _("You did not write it, so you may say yes to it as it stands."),
                reverse("admin:eligibility_policy_approve", args=[self.policy.pk]),
                _("Approve the draft"),
                is_post=True,
            )
        return Step(
            _("Publish"),
            _("The effects were looked at. Published, a version never changes again."),
            reverse("admin:eligibility_policy_publish", args=[self.policy.pk]),
            _("Go to publishing"),
        )


def _order(version: PolicyVersion) -> tuple[date, int]:
    return version.effective_from, version.number or 0


def impact_address(kind: str, pk: int) -> str:
    """The page of a draft's effects; `kind` is `version` or `acceptance`."""
    return address_of("admin:eligibility_impact", kind, pk)


def address_of(name: str, *args: object) -> str:
    """A page that an upper app mounts; "" where it is not mounted."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def show_policies(desk: Desk, policies: Sequence[Policy]) -> list[PolicyShown]:
    """Policies with their versions, in a fixed number of queries."""
    shown = {
        policy.pk: PolicyShown(policy, desk.programmes_of(policy), desk.may_edit(policy), desk.today)
        for policy in policies
    }
    versions = (
        PolicyVersion.objects.filter(policy__in=policies)
        .select_related("drafted_by", "approved_by", "published_by")
        .order_by("-effective_from", "-number")
    )
    for version in versions:
        each = shown[version.policy_id]
        version.policy = each.policy
        if version.is_draft:
            each.draft = version
        else:
            each.published.append(version)
    drafts = [each.draft for each in shown.values() if each.draft]
    previews = _previews(drafts)
    for each in shown.values():
        each.preview = previews.get(each.draft.pk) if each.draft else None
    return list(shown.values())


def show_policy(desk: Desk, policy: Policy) -> PolicyShown:
    return show_policies(desk, [policy])[0]


def _previews(drafts: Iterable[PolicyVersion]) -> dict[int, PolicyPreview]:
    """The latest preview of each draft as it stands, without its rows."""
    prints = {draft.pk: draft.fingerprint for draft in drafts}
    found: dict[int, PolicyPreview] = {}
    for preview in PolicyPreview.objects.filter(version__in=prints).defer("rows").order_by("at", "id"):
        if preview.version_id is not None and preview.fingerprint == prints[preview.version_id]:
            found[preview.version_id] = preview
    return found


def changes_between(before: PolicyVersion | None, after: PolicyVersion | None) -> list[Change]:
    """What an officer would say has changed; nothing where one of the two is missing."""
    return compare(before.record(), after.record()) if before and after else []


def counted(preview: PolicyPreview) -> list[str]:
    """What a preview found, a sentence for each figure."""
    counts = preview.counts
    cases, changed = int(counts.get("cases", 0)), int(counts.get("changed", 0))
    drafts = counts.get("drafts", {})
    lines = [
        ngettext(
            "Results that change: %(changed)d of %(cases)d open application.",
            "Results that change: %(changed)d of %(cases)d open applications.",
            cases,
        )
        % {"changed": changed, "cases": cases}
    ]
    if seen := int(drafts.get("seen", 0)):
        lines.append(
            ngettext(
                "Of what is not sent yet: %(changed)d of %(seen)d draft.",
                "Of what is not sent yet: %(changed)d of %(seen)d drafts.",
                seen,
            )
            % {"seen": seen, "changed": int(drafts["changed"])}
        )
    return lines
