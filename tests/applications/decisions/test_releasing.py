"""Many decisions at one moment: count and list confirmed, each once, and what cannot go stays with its
reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from unittest import mock
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from admissions_portal.accounts.roles import Role
from admissions_portal.history.actions import record_event
from admissions_portal.outbox.models import Message
from admissions_portal.support.actors import Actor
from applications.decisions.actions import (
    DecisionRefused,
    call_off_release,
    change_prepared,
    plan_release,
    release_due_decisions,
    withdraw_prepared,
)
from applications.decisions.models import Decision, ItemStatus, PreparedDecision, Release, ReleaseItem
from applications.decisions.queries import items_visible_to, ready_to_release, releases_visible_to
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.offers.models import Offer
from applications.withdrawals.actions import withdraw_application
from applications.withdrawals.models import WithdrawalReason
from programmes.models import Appointment
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.decisions import AT, OFFER, REFUSAL, REPLY_BY, prepared
from tests.factories.programmes import hkt

pytestmark = pytest.mark.django_db
LATER = hkt(2026, 5, 8, 9, 0)


def several(number: int = 3) -> tuple[Actor, list[PreparedDecision]]:
    """As many prepared decisions of one programme: an offer first, then refusals and offers in turn."""
    first = CaseFactory()
    office = acting(officer(first.offering.programme))
    cases = [first, *(CaseFactory(offering=first.offering) for _n in range(number - 1))]
    return office, [
        prepared(case, REFUSAL if index % 2 else OFFER, by=office) for index, case in enumerate(cases)
    ]


def plan(made: list[PreparedDecision], by: Actor, release_at: datetime = LATER, count: int = 0) -> Release:
    chosen = {each.pk: each.revision for each in made}
    return plan_release(chosen, release_at=release_at, count=count or len(made), by=by, at=AT)


def statuses() -> list[str]:
    return list(ReleaseItem.objects.order_by("pk").values_list("status", flat=True))


def test_at_their_moment_all_go_out_each_once_with_letter_and_mail() -> None:
    office, made = several(3)
    plan(made, office)
    assert release_due_decisions(at=LATER - timedelta(seconds=1)) == 0
    assert (Decision.objects.count(), Message.objects.count()) == (0, 0)
    assert not ready_to_release().exists()
    assert [release_due_decisions(at=LATER) for _n in range(3)] == [3, 0, 0]
    assert statuses() == ["RELEASED"] * 3
    assert [Application.objects.get(pk=each.application_id).state for each in made] == [
        State.OFFERED,
        State.REFUSED,
        State.OFFERED,
    ]
    assert sorted(Message.objects.values_list("kind", flat=True)) == [
        "application_refused",
        "offer_made",
        "offer_made",
    ]
    assert Offer.objects.filter(made_at=LATER, made_by=office.user).count() == 2


def test_now_is_a_moment() -> None:
    office, made = several(1)
    plan(made, office, AT)
    assert release_due_decisions(at=AT) == 1


def undone_meanwhile(made: PreparedDecision, office: Actor) -> None:
    assert office.user is not None
    Appointment.objects.filter(user=office.user).update(until_on=AT.date())


MEANWHILE: list[tuple[str, str, Callable[[PreparedDecision, Actor], object]]] = [
    (
        "the applicant withdrew",
        "The applicant withdrew the application.",
        lambda made, office: withdraw_application(
            made.application, reason=WithdrawalReason.PLANS, by=acting(made.application.applicant.user), at=AT
        ),
    ),
    (
        "the decision was changed",
        "It was changed after the release was confirmed.",
        lambda made, office: change_prepared(made, terms=REFUSAL, by=office, at=AT),
    ),
    (
        "the decision was withdrawn",
        "It was withdrawn by the office.",
        lambda made, office: withdraw_prepared(made, by=office, at=AT),
    ),
    (
        "the case has changed",
        "The case has changed since it was prepared. Look at it again first.",
        lambda made, office: record_event("finding.recorded", about=made.application, by=office, at=AT),
    ),
]


@pytest.mark.parametrize(("why", "act"), [pytest.param(why, act, id=name) for name, why, act in MEANWHILE])
def test_what_cannot_go_any_more_stays_with_its_reason_and_the_others_go(
    why: str, act: Callable[[PreparedDecision, Actor], object]
) -> None:
    office, made = several(2)
    plan(made, office)
    act(made[0], office)
    assert release_due_decisions(at=LATER) == 1
    assert statuses() == ["STAYED", "RELEASED"]
    assert ReleaseItem.objects.get(status="STAYED").why == why


def test_whoever_confirmed_must_still_be_appointed_at_the_moment() -> None:
    office, made = several(2)
    plan(made, office)
    undone_meanwhile(made[0], office)
    assert release_due_decisions(at=LATER) == 0
    assert set(ReleaseItem.objects.values_list("status", "why")) == {
        ("STAYED", "Whoever confirmed the list may no longer decide on this case.")
    }
    assert PreparedDecision.objects.filter(status="PREPARED").count() == 2


def test_a_fault_holds_up_nobody_else_and_is_given_up_after_some_tries() -> None:
    office, made = several(2)
    plan(made, office)
    broken = "applications.decisions.actions.releasing.release_prepared"
    with mock.patch(broken, side_effect=RuntimeError("worker down")):
        assert release_due_decisions(at=LATER) == 0
    assert statuses() == ["WAITING", "WAITING"]
    ReleaseItem.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    ReleaseItem.objects.filter(prepared=made[0]).update(attempts=3)
    assert release_due_decisions(at=LATER) == 1
    assert statuses() == ["STAYED", "RELEASED"]
    assert "the portal failed each time" in ReleaseItem.objects.get(status="STAYED").why


@pytest.mark.parametrize(
    ("release_at", "count", "says"),
    [
        pytest.param(AT - timedelta(seconds=1), 2, "That moment has passed", id="a moment that has passed"),
        pytest.param(LATER, 3, "another number", id="another count"),
        pytest.param(REPLY_BY + timedelta(minutes=1), 2, "date to reply by has passed", id="after the reply"),
    ],
)
def test_a_release_is_confirmed_whole_or_not_at_all(release_at: datetime, count: int, says: str) -> None:
    office, made = several(2)
    with pytest.raises(DecisionRefused, match=says):
        plan(made, office, release_at, count)
    assert not Release.objects.exists()


def test_what_is_not_as_it_was_seen_is_named() -> None:
    office, made = several(2)
    change_prepared(made[0], terms=REFUSAL, by=office, at=AT)
    with pytest.raises(DecisionRefused, match=f"{made[0].application.number}: it was changed meanwhile"):
        plan(made, office)
    chosen = {made[1].pk: 1, uuid4(): 1}
    with pytest.raises(DecisionRefused, match="no longer there"):
        plan_release(chosen, release_at=LATER, count=2, by=office, at=AT)
    with pytest.raises(DecisionRefused, match="Tick"):
        plan([], office, count=1)
    plan(made[1:], office)
    with pytest.raises(DecisionRefused, match=r"It is to be released on 8.May.2026"):
        plan(made[1:], office)


def test_before_its_moment_it_can_be_called_off() -> None:
    office, made = several(2)
    release = plan(made, office)
    assert call_off_release(release, by=office, at=AT) == 2
    release.refresh_from_db()
    assert (release.called_off_by, statuses()) == (office.user, ["CALLED_OFF", "CALLED_OFF"])
    assert release_due_decisions(at=LATER) == 0
    assert ready_to_release().count() == 2
    again = plan(made, office)
    with pytest.raises(DecisionRefused, match="can no longer be called off"):
        call_off_release(again, by=office, at=LATER)


def test_nobody_releases_or_sees_what_is_not_theirs() -> None:
    office, made = several(1)
    release = plan(made, office)
    programme = made[0].application.offering.programme
    strangers = [officer(CaseFactory().offering.programme), officer(programme, Role.COORDINATOR)]
    for stranger in strangers:
        assert not releases_visible_to(stranger, on=AT.date()).exists()
        assert not items_visible_to(stranger, on=AT.date()).exists()
        with pytest.raises(PermissionDenied):
            call_off_release(release, by=acting(stranger), at=AT)
        with pytest.raises(DecisionRefused, match="no longer there"):
            plan(made, acting(stranger))
    assert ItemStatus(statuses()[0]) is ItemStatus.WAITING


def test_what_goes_out_is_the_revision_that_was_confirmed() -> None:
    office, made = several(1)
    plan(made, office)
    PreparedDecision.objects.update(revision=2)
    assert release_due_decisions(at=LATER) == 0
    item = ReleaseItem.objects.get()
    assert (item.status, item.why) == ("STAYED", "It was changed after the release was confirmed.")
