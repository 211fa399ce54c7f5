"""What lies ahead in the demonstration: the moments worth moving the clock to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from admissions_portal.accounts.models import User
from admissions_portal.clock import day_of
from applications.lifecycle.queries import applications_visible_to
from applications.offers.models import Offer, OfferStatus
from applications.submission.reminders import DAYS_BEFORE
from programmes.models import Round

MOST = 12


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant and what happens then."""

    at: datetime
    what: str


def moments_ahead(now: datetime, user: User) -> list[Moment]:
    """The next reminders and closes, and lapses of offers this member of staff may see, the soonest first."""
    ahead: dict[tuple[datetime, str], None] = {}
    closes = (
        Round.objects.filter(closed_from__gt=now).values_list("label", "closes_at", "closed_from").distinct()
    )
    for label, closes_at, closed_from in closes:
        assert closes_at is not None, "an announced round says when it closes"
        assert closed_from is not None
        for days in DAYS_BEFORE:
            ahead[
                closes_at - timedelta(days=days),
                _("Drafts are reminded that %(round)s closes; days left: %(days)d")
                % {"days": days, "round": _(label)},
            ] = None
        ahead[closes_at, _("Last minute of %(round)s") % {"round": _(label)}] = None
        ahead[closed_from, _("%(round)s is closed") % {"round": _(label)}] = None
    visible = applications_visible_to(user, on=day_of(now))
    offers = Offer.objects.filter(status=OfferStatus.OPEN, closed_from__gt=now, application__in=visible)
    for number, closed_from in offers.values_list("number", "closed_from"):
        ahead[closed_from, _("Offer %(number)s lapses unless answered") % {"number": number}] = None
    return [Moment(at, what) for at, what in sorted(ahead) if at > now][:MOST]
