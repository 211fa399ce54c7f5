"""How the offices of the demonstration decide: prepared, checked, released, answered, undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta

from admissions_portal.clock import HONG_KONG
from admissions_portal.support.actors import Actor
from applications.decisions.actions import (
    give_check,
    plan_release,
    prepare_decision,
    release_prepared,
    undo_refusal,
)
from applications.decisions.models import CheckLevel, RefusalReason
from applications.decisions.queries import checks_asked_by, ready_to_release
from applications.decisions.terms import DecisionTerms, Ground
from applications.demo.cast import OPENING
from applications.demo.playing import Act, Part
from applications.demo.records import credits_acts
from applications.identity.actions import give_identity_number
from applications.offers.actions import accept_offer, decline_offer, lapse_offers
from applications.offers.terms import ConditionTerms, OfferTerms
from applications.withdrawals.actions import withdraw_application
from applications.withdrawals.models import WithdrawalReason
from programmes.models import Programme, refused_from

# An open offer still has weeks.
LAST_DAY = date(2026, 4, 17)
_REFUSAL = DecisionTerms(reasons=(Ground(RefusalReason.COMPETITION),))


def deciding_acts(part: Part, received: datetime) -> Iterator[Act]:
    """From the prepared decision to where `acts` leaves the case."""
    acts = part.person["acts"]
    if acts in ("prepared", "endorsed", "planned"):
        # after whatever else happened on the case, which the office would have to look at again
        yield from _preparing(part, OPENING - timedelta(days=4), checks=1 if acts == "endorsed" else 0)
        return
    decided = received + timedelta(days=14)
    if acts in ("refused", "restored"):
        yield from _released(part, _REFUSAL, decided)
        if acts == "restored":
            yield decided + timedelta(days=2), lambda at: _restore(part, at)
        return
    last_day = decided.date() + timedelta(days=21) if acts == "lapsed" else _last_day(part)
    terms = _offer_until(last_day)
    yield from _released(part, terms, decided)
    yield from _answer(part, decided, terms)


def plan_together(emails: Iterable[str], *, release_at: datetime, by: Actor, at: datetime) -> None:
    """One release of what is prepared for these people and may go out; done already, it is left alone."""
    ready = ready_to_release().filter(application__applicant__user__email__in=list(emails))
    chosen = {each.pk: each.revision for each in ready.order_by("prepared_at", "id")}
    if chosen:
        plan_release(chosen, release_at=release_at, count=len(chosen), by=by, at=at)


def _last_day(part: Part) -> date:
    day: date = part.person.get("reply_by", LAST_DAY)
    return day


def _offer_until(last_day: date) -> DecisionTerms:
    condition = ConditionTerms(
        "Official final transcript", "Sent to the office by your university", date(2026, 8, 31)
    )
    reply_by = datetime.combine(last_day, time(23, 59), tzinfo=HONG_KONG)
    return DecisionTerms(offer=OfferTerms(reply_by=reply_by, conditions=(condition,)))


def _preparing(
    part: Part, first: datetime, *, checks: int | None = None, terms: DecisionTerms | None = None
) -> Iterator[Act]:
    """Prepared, then checked by whoever the programme asks, an hour each; `checks` says how many were."""

    def prepare(at: datetime) -> None:
        what = terms or _offer_until(_last_day(part))
        part.made["prepared"] = prepare_decision(part.case["own"], terms=what, by=part.office, at=at)

    yield first, prepare
    levels = checks_asked_by(Programme.objects.get(slug=part.person["apply"])).levels
    for hour, level in enumerate(levels[:checks], start=1):
        yield first + timedelta(hours=hour), _checking(part, level)


def _checking(part: Part, level: CheckLevel) -> Callable[[datetime], object]:
    by = part.actor(level.lower().replace("_", "-"))
    return lambda at: give_check(part.made["prepared"], level, by=by, at=at)


def _released(part: Part, terms: DecisionTerms, decided: datetime) -> Iterator[Act]:
    """Prepared in the morning, checked, and released."""
    yield from _preparing(part, decided - timedelta(hours=4), terms=terms)
    yield decided, lambda at: release_prepared(part.made["prepared"], by=part.office, at=at)


def _restore(part: Part, at: datetime) -> None:
    reason = "A reference to another applicant stood in the committee’s list (example)."
    words = "We mixed up two applications. Yours is being considered again; we are sorry (example)."
    undo_refusal(part.case["own"], reason=reason, words=words, by=part.actor("coordinator"), at=at)


def _answer(part: Part, decided: datetime, terms: DecisionTerms) -> Iterator[Act]:
    person, case, me = part.person, part.case, part.me
    if person["acts"] == "accepted":
        yield decided + timedelta(days=5), lambda at: accept_offer(case["own"].offer, by=me, at=at)
        yield from credits_acts(person, case, part.office, me, decided + timedelta(days=5, hours=1))
        if person["from"] == "HONG_KONG":
            yield (
                decided + timedelta(days=6),
                lambda at: give_identity_number(
                    case["own"], person["document"], person["number"], by=me, at=at
                ),
            )
    elif person["acts"] == "declined":
        yield (
            decided + timedelta(days=6),
            lambda at: decline_offer(case["own"].offer, reason="", by=me, at=at),
        )
    elif person["acts"] == "withdrawn":
        words = "I have decided for a programme at home. Thank you for the offer."
        yield (
            decided + timedelta(days=4),
            lambda at: withdraw_application(
                case["own"], reason=WithdrawalReason.ANOTHER_PLACE, words=words, by=me, at=at
            ),
        )
    elif person["acts"] == "lapsed":
        assert terms.offer is not None
        yield refused_from(terms.offer.reply_by), lambda at: lapse_offers(at=at)
