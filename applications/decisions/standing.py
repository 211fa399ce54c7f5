"""What stands between a prepared decision and its release. One answer for lists, pages and the release."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from admissions_portal.support.dates import hong_kong_time
from applications.decisions.models import CheckLevel, ItemStatus, PreparedDecision, ReleaseItem
from applications.decisions.queries import changed_among, checks_asked_by_each
from applications.evidence.queries import requests_before_offers, unsettled_differences_of
from applications.lifecycle.actions import moved_on
from applications.offers.actions import OfferRefused, check_terms_in_time, still_asked_for, still_differs
from applications.offers.terms import catalogue_terms


@dataclass(slots=True)
class Standing:
    """Where one prepared decision stands. `why`: a sentence for each thing in the way of its release.

    `asked` are the checks of its programme, `next_check` the one that is due, `item` the release it waits
    in.
    """

    prepared: PreparedDecision
    asked: tuple[CheckLevel, ...]
    next_check: CheckLevel | None = None
    has_changed: bool = False
    item: ReleaseItem | None = None
    why: list[str] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        return not self.why


def standings_of(
    prepared: Sequence[PreparedDecision], *, release_at: datetime, releasing: bool = False
) -> dict[UUID, Standing]:
    """Where each stands, if it were released at that moment, by primary key. A fixed number of questions.

    `releasing`: the release they wait in is being carried out, and holds them no longer.
    """
    programmes = {
        each.application.offering.programme.pk: each.application.offering.programme for each in prepared
    }
    asked = checks_asked_by_each(programmes.values())
    changed = changed_among(prepared)
    open_requests = requests_before_offers(each.application_id for each in prepared if each.is_offer)
    differences = unsettled_differences_of(each.application_id for each in prepared if each.is_offer)
    waiting = _waiting(prepared)
    found = {}
    for each in prepared:
        levels = asked[each.application.offering.programme.pk].levels
        given = {check.level for check in each.checks_given}
        standing = Standing(
            each,
            levels,
            next_check=next((level for level in levels if level not in given), None),
            has_changed=each.pk in changed,
            item=None if releasing else waiting.get(each.pk),
        )
        standing.why = list(_in_the_way(standing, release_at))
        if each.is_offer and (asked_for := open_requests.get(each.application_id)):
            standing.why.append(still_asked_for(asked_for))
        if each.is_offer and (differing := differences.get(each.application_id)):
            standing.why.append(still_differs(differing))
        found[each.pk] = standing
    return found


def standing_of(prepared: PreparedDecision, *, release_at: datetime, releasing: bool = False) -> Standing:
    """Where this one stands."""
    return standings_of([prepared], release_at=release_at, releasing=releasing)[prepared.pk]


def _in_the_way(standing: Standing, release_at: datetime) -> Iterable[str]:
    prepared = standing.prepared
    if not prepared.application.is_considered:
        yield str(moved_on(prepared.application))
        return
    if not prepared.is_open:
        yield _("This prepared decision is “%(status)s”. Open the case to see where it stands.") % {
            "status": prepared.get_status_display()
        }
        return
    if prepared.sent_back:
        yield _("The %(level)s sent it back: %(reason)s") % {
            "level": CheckLevel(prepared.sent_back.level).label,
            "reason": prepared.sent_back.reason,
        }
    elif standing.next_check:
        yield _("It waits for its check: %(level)s.") % {"level": standing.next_check.label}
    if standing.has_changed:
        yield _("The case has changed since it was prepared. Look at it again first.")
    if standing.item:
        yield _("It is to be released on %(when)s.") % {
            "when": hong_kong_time(standing.item.release.release_at)
        }
    if prepared.is_offer:
        if catalogue_terms(prepared.application) != prepared.terms:
            yield _("What the catalogue says of the programme has changed since. Prepare the offer anew.")
        try:
            check_terms_in_time(prepared.offer_terms, at=release_at)
        except OfferRefused as refusal:
            yield str(refusal)


def _waiting(prepared: Iterable[PreparedDecision]) -> dict[UUID, ReleaseItem]:
    items = ReleaseItem.objects.filter(
        prepared__in=[each.pk for each in prepared], status=ItemStatus.WAITING
    ).select_related("release")
    return {item.prepared_id: item for item in items}
