"""Which rules apply to a programme on a day, layer upon layer, and which awards an office accepts."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from django.db.models import QuerySet

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Right
from eligibility.engine import Overlay, Requirements, from_json, raise_by
from eligibility.models import (
    AcceptedAward,
    Policy,
    PolicyLayer,
    PolicyPreview,
    PolicyVersion,
    canonical,
)
from programmes.models import Institution, Level, Programme, School
from programmes.queries import programmes_of


class NoPolicy(LookupError):
    """No published rules apply to this programme on this day: a fault of the data, not of the applicant."""


@dataclass(frozen=True)
class RulesInForce:
    """The versions that judge together: the complete rules first, then School and programme."""

    versions: tuple[PolicyVersion, ...]

    @property
    def base(self) -> PolicyVersion:
        """The university's complete rules."""
        return self.versions[0]

    @property
    def overlays(self) -> tuple[PolicyVersion, ...]:
        """What School and programme ask beyond, the School's first."""
        return self.versions[1:]

    @property
    def ids(self) -> tuple[int, ...]:
        """Primary keys, the base's first: what an assessment pins and `rules_of` builds again."""
        return tuple(version.pk for version in self.versions)

    def requirements(self) -> Requirements:
        """All layers as one policy, the stricter figure always counting. Composed once for each set of
        contents."""
        return self._requirements

    @cached_property
    def _requirements(self) -> Requirements:
        # even to know the contents again costs more than to judge a case by them
        return _composed(tuple(canonical(version.content) for version in self.versions))


@lru_cache(maxsize=256)
def _composed(texts: tuple[str, ...]) -> Requirements:
    base, *overlays = map(json.loads, texts)
    return raise_by(from_json(Requirements, base), *(from_json(Overlay, overlay) for overlay in overlays))


def rules_for(programme: Programme, on: date) -> RulesInForce:
    """The rules that judge a case received on a day (HKT). One query, however many layers.

    Raises NoPolicy where there is none, which `manage.py load_policies` mends.
    """
    rules = rules_for_each([programme], on).get(programme.pk)
    if rules is None:
        raise NoPolicy(f"no published eligibility policy for {programme.slug} on {on.isoformat()}")
    return rules


def rules_for_each(programmes: Iterable[Programme], on: date) -> dict[int, RulesInForce]:
    """The rules of each programme by primary key; one without rules is left out. One query, however many.

    Reads institution and, where a School asks for more, the School: select them.
    """
    programmes = list(programmes)
    codes = {programme.institution.code for programme in programmes}
    in_force = list(latest_versions(on).filter(policy__institution_code__in=codes))
    chains = {programme.pk: chain_of(programme, in_force) for programme in programmes}
    return {pk: RulesInForce(chain) for pk, chain in chains.items() if chain}


def rules_of(version_ids: Sequence[int]) -> RulesInForce:
    """The rules of versions pinned earlier, the base first. One query. Raises PolicyVersion.DoesNotExist."""
    found = PolicyVersion.objects.select_related("policy").in_bulk(list(version_ids))
    if missing := [pk for pk in version_ids if pk not in found]:
        raise PolicyVersion.DoesNotExist(f"no policy version {missing}")
    return RulesInForce(tuple(found[pk] for pk in version_ids))


def chain_of(programme: Programme, in_force: Iterable[PolicyVersion]) -> tuple[PolicyVersion, ...]:
    """Of versions in force, one for each policy, those that judge this programme: its own complete rules or
    else its level's, then Schools' and programme's layers. Empty without complete rules."""
    speaking = [version for version in in_force if version.policy.is_for(programme)]
    bases = [version for version in speaking if not version.policy.is_overlay]
    if not bases:
        return ()
    overlays = [version for version in speaking if version.policy.is_overlay]
    return (
        max(bases, key=lambda version: version.policy.programme_slug != ""),
        *sorted(overlays, key=lambda version: _height(version.policy)),
    )


def rules_below(policy: Policy, on: date) -> list[RulesInForce]:
    """What stands below a School's or programme's layer on a day (HKT), each different pile of versions once.

    Where the catalogue has none of its programmes yet, the codes alone are asked.
    """
    in_force = list(latest_versions(on).filter(policy__institution_code=policy.institution_code))
    piles: dict[tuple[int, ...], RulesInForce] = {}
    for programme in programmes_under([policy])[policy.pk] or _stand_ins(policy):
        chain = chain_of(programme, in_force)
        pile = RulesInForce(
            tuple(v for v in chain if not v.policy.is_overlay or _height(v.policy) < _height(policy))
        )
        if pile.versions:
            piles.setdefault(pile.ids, pile)
    return sorted(piles.values(), key=lambda pile: [version.policy.code for version in pile.versions])


def _stand_ins(policy: Policy) -> list[Programme]:
    school = School(code=policy.school_code) if policy.school_code else None
    return [
        Programme(
            institution=Institution(code=policy.institution_code),
            school=school,
            level=level,
            slug=policy.programme_slug,
        )
        for level in ([policy.level] if policy.level else Level.values)
    ]


def version_before(draft: PolicyVersion) -> PolicyVersion | None:
    """The published version of the same policy that would be in force on the draft's day without it: what a
    draft is compared with. None for a policy's first."""
    return latest_versions(draft.effective_from).filter(policy=draft.policy_id).exclude(pk=draft.pk).first()


def latest_preview(thing: PolicyVersion | AcceptedAward) -> PolicyPreview | None:
    """The latest preview of a draft exactly as it stands; None where it was edited since, or never shown."""
    return thing.previews.filter(fingerprint=thing.fingerprint).first()


def _height(policy: Policy) -> tuple[bool, bool, str]:
    """From the widest layer to the narrowest."""
    return policy.layer == PolicyLayer.PROGRAMME, policy.level != "", policy.code


def latest_versions(on: date) -> QuerySet[PolicyVersion]:
    """Of each policy the published version that took force last by a day (HKT); of two from one day the
    higher number."""
    return (
        PolicyVersion.objects.filter(published_at__isnull=False, effective_from__lte=on)
        .order_by("policy_id", "-effective_from", "-number")
        .distinct("policy_id")
        .select_related("policy")
    )


def programmes_under(policies: Iterable[Policy]) -> dict[int, list[Programme]]:
    """The programmes of the catalogue that each policy judges, by the policy's primary key. Two queries,
    however many."""
    policies = list(policies)
    codes = {policy.institution_code for policy in policies}
    with_own = set(
        Policy.objects.filter(layer=PolicyLayer.UNIVERSITY, institution_code__in=codes)
        .exclude(programme_slug="")
        .values_list("institution_code", "level", "programme_slug")
    )
    programmes = list(
        Programme.objects.filter(institution__code__in=codes)
        .select_related("institution", "school")
        .order_by("institution__short_name", "name")
    )

    def judges(policy: Policy, programme: Programme) -> bool:
        has_own = (programme.institution.code, programme.level, programme.slug) in with_own
        of_its_level = not policy.is_overlay and not policy.programme_slug
        return policy.is_for(programme) and not (of_its_level and has_own)

    return {
        policy.pk: [programme for programme in programmes if judges(policy, programme)] for policy in policies
    }


def policies_visible_to(user: User, on: date) -> list[Policy]:
    """Policies that judge a programme whose rules `user` may edit on the day (HKT), by institution and
    code."""
    held = set(programmes_of(user, Right.EDIT_POLICY, on).values_list("pk", flat=True))
    policies = list(Policy.objects.all())
    under = programmes_under(policies)
    return [policy for policy in policies if held & {programme.pk for programme in under[policy.pk]}]


def acceptances_visible_to(user: User, on: date) -> QuerySet[AcceptedAward]:
    """Entries of the register, drafts and withdrawn ones included, that speak of a programme whose rules
    `user` may edit on the day (HKT)."""
    held = programmes_of(user, Right.EDIT_POLICY, on)
    entries = AcceptedAward.objects.filter(institution_code__in=held.values("institution__code"))
    return (
        entries.filter(programme_slug="") | entries.filter(programme_slug__in=held.values("slug"))
    ).order_by("institution_code", "names", "id")


def acceptances_in_force(institution_code: str, programme: Programme | None, on: date) -> list[AcceptedAward]:
    """Entries that judge a case received on a day (HKT): the institution's for every programme and, where one
    is named, the programme's own. One query."""
    slugs = ["", programme.slug] if programme else [""]
    entries = AcceptedAward.objects.filter(
        institution_code=institution_code,
        programme_slug__in=slugs,
        put_in_force_at__isnull=False,
        in_force_from__lte=on,
    ).order_by("id")
    return [entry for entry in entries if entry.is_in_force(on)]


# Which of several entries counts: the one that accepts most.
_ACCEPTS_MOST = (AcceptedAward.Kind.EQUIVALENT, AcceptedAward.Kind.COMPARABLE, AcceptedAward.Kind.RECOGNISED)


def matching_acceptance(
    entries: Iterable[AcceptedAward], *, institution: str, country: str, title: str, level: str
) -> AcceptedAward | None:
    """The entry that accepts a qualification, or None: names and titles equal as spelt (`spelling`), never
    alike.

    An entry without country, titles or level accepts any. Of several the one that accepts most counts, then
    the narrowest, then the oldest.
    """
    name, award = spelling(institution), spelling(title)
    matching = [
        entry
        for entry in entries
        if name
        and name in map(spelling, entry.names)
        and entry.country in ("", country)
        and entry.level in ("", level)
        and (not entry.titles or (award and award in map(spelling, entry.titles)))
    ]
    return min(matching, key=_precedence, default=None)


def _precedence(entry: AcceptedAward) -> tuple[int, bool, bool, bool, int]:
    kind = _ACCEPTS_MOST.index(AcceptedAward.Kind(entry.kind))
    return kind, not entry.programme_slug, not entry.titles, not entry.level, entry.pk


@lru_cache(maxsize=4096)
def spelling(name: str) -> str:
    """A name as it is compared: capitals, spaces, punctuation and full width make no difference, while every
    letter, accent and character does. `Peking  University.` is `ＰＥＫＩＮＧ UNIVERSITY`, and `北京大學` is
    not `北京大学`."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LMN")
