"""A decision is prepared, looked at as the letter and mail it would send, changed and given up: in the office
alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from admissions_portal.accounts.roles import Role
from admissions_portal.history.actions import record_event
from admissions_portal.history.queries import events_about
from admissions_portal.outbox.models import Message
from admissions_portal.papers.models import Paper
from admissions_portal.support.refusals import Refusal
from applications.decisions.actions import (
    DecisionRefused,
    change_prepared,
    give_check,
    look_again,
    offer_place,
    prepare_decision,
    release_prepared,
    withdraw_prepared,
)
from applications.decisions.models import CheckLevel, ChecksAsked, PreparedDecision
from applications.decisions.queries import prepared_of
from applications.decisions.standing import standing_of
from applications.decisions.terms import DecisionTerms, Ground, drafted_mail
from applications.lifecycle.actions import TransitionRefused
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.offers.actions import OfferRefused
from applications.offers.models import Offer
from applications.offers.terms import OfferTerms
from applications.withdrawals.actions import withdraw_application
from applications.withdrawals.models import WithdrawalReason
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.decisions import AT, OFFER, REFUSAL, asking, prepared
from tests.factories.programmes import hkt

pytestmark = pytest.mark.django_db


def test_preparing_tells_nobody_and_shows_the_very_letter_and_mail() -> None:
    case = CaseFactory()
    made = prepared(case)
    assert Application.objects.get(pk=case.pk).state == State.SUBMITTED
    assert (Message.objects.count(), Offer.objects.count()) == (0, 0)
    mail = drafted_mail(made, at=AT)
    preview = Paper.objects.get()
    assert (preview.kind, preview.context["is_preview"], preview.pk) == (
        "offer_preview",
        True,
        made.preview_id,
    )

    release_prepared(made, by=acting(officer(case.offering.programme)), at=AT)
    letter, sent = Paper.objects.get(), Message.objects.get()
    assert letter.kind == "offer"
    assert preview.context == {**letter.context, "is_preview": True}
    assert mail.subject == sent.subject
    # but for the address of the offer, which exists once it is made
    assert without_links(mail.body) == without_links(sent.body)
    assert [event.kind for event in events_about(case)] == ["decision.prepared", "offer.made"]


def test_a_refusal_says_each_reason_and_the_offices_own_words_as_previewed() -> None:
    case = CaseFactory()
    made = prepared(case, REFUSAL)
    mail = drafted_mail(made, at=AT)
    decision = release_prepared(made, by=acting(officer(case.offering.programme)), at=AT)
    sent = Message.objects.get()
    assert (sent.subject, sent.body) == (mail.subject, mail.body)
    body = " ".join(sent.body.split())
    assert "The reasons: 1. Other applicants were placed higher 2. All places are filled" in body
    assert "Thank you for your interest." in body
    assert "Rank 90" not in body
    assert [row.reason for row in decision.reasons.all()] == ["COMPETITION", "PLACES_FILLED"]


def without_links(text: str) -> list[str]:
    return [line for line in text.splitlines() if "://" not in line]


@pytest.mark.parametrize(
    ("terms", "refusal", "says"),
    [
        pytest.param(
            replace(REFUSAL, reasons=()), DecisionRefused, "Choose the reason", id="without a reason"
        ),
        pytest.param(
            replace(REFUSAL, reasons=(Ground("COMPETITION"), Ground("COMPETITION"))),
            DecisionRefused,
            "twice",
            id="a reason twice",
        ),
        pytest.param(
            replace(REFUSAL, reasons=(Ground("REQUIREMENT_NOT_MET", "HKU-E1"),)),
            DecisionRefused,
            "no longer find that clause",
            id="a clause nobody found unmet",
        ),
        pytest.param(
            DecisionTerms(offer=OfferTerms(hkt(2026, 5, 4, 9, 58))),
            OfferRefused,
            "has passed",
            id="a date to reply by that has passed",
        ),
    ],
)
def test_what_is_no_decision_is_not_prepared(terms: DecisionTerms, refusal: type[Refusal], says: str) -> None:
    case = CaseFactory()
    with pytest.raises(refusal, match=says):
        prepared(case, terms)
    assert not PreparedDecision.objects.exists()


def test_one_is_open_at_a_time_and_none_on_a_case_that_is_decided() -> None:
    case = CaseFactory()
    office = acting(officer(case.offering.programme))
    first = prepared(case, by=office)
    with pytest.raises(DecisionRefused, match="being prepared already"):
        prepared(case, REFUSAL, by=office)
    with pytest.raises(DecisionRefused, match="being prepared already"):
        offer_place(case, terms=OFFER.offer, by=office, at=AT)  # type: ignore[arg-type]  # it is one
    withdraw_prepared(first, reason="Wait for the board.", by=office, at=AT)
    second = prepared(case, REFUSAL, by=office)
    release_prepared(second, by=office, at=AT)
    with pytest.raises(TransitionRefused):
        prepared(case, by=office)
    assert list(
        PreparedDecision.objects.order_by("pk").values_list("status", flat=True).order_by("status")
    ) == [
        "RELEASED",
        "WITHDRAWN",
    ]
    assert not Paper.objects.filter(kind="offer_preview").exists()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PROGRAMME_OFFICE])
def test_only_the_programme_office_prepares(role: Role) -> None:
    case = CaseFactory()
    with pytest.raises(PermissionDenied):
        prepare_decision(case, terms=OFFER, by=acting(officer(case.offering.programme, role)), at=AT)


def test_a_change_is_a_revision_of_which_no_check_is_given() -> None:
    case = CaseFactory()
    asking(case.offering.programme, ChecksAsked.SCHOOL)
    office = acting(officer(case.offering.programme))
    made = prepared(case, by=office)
    give_check(made, CheckLevel.SCHOOL, by=acting(officer(case.offering.programme, Role.SCHOOL)), at=AT)
    assert standing_of(PreparedDecision.objects.get(), release_at=AT).is_ready
    changed = change_prepared(made, terms=REFUSAL, by=office, at=AT)
    assert (changed.revision, changed.outcome, changed.reply_by, changed.preview) == (2, "REFUSE", None, None)
    standing = standing_of(PreparedDecision.objects.get(), release_at=AT)
    assert standing.why == ["It waits for its check: School."]
    # the earlier check stays on the file
    assert list(changed.checks.values_list("revision", "level")) == [(1, "SCHOOL")]


@pytest.mark.parametrize(
    ("event", "counts"),
    [
        pytest.param("finding.recorded", True, id="a finding"),
        pytest.param("contact.changed", True, id="another address"),
        pytest.param("application.submitted_again", True, id="submitted again"),
        pytest.param("identity.seen", False, id="somebody looked at the number"),
        pytest.param("decision.planned", False, id="the decision's own progress"),
    ],
)
def test_what_changes_on_the_case_is_looked_at_again_before_the_release(event: str, counts: bool) -> None:
    case = CaseFactory()
    office = acting(officer(case.offering.programme))
    made = prepared(case, by=office)
    record_event(event, about=case, by=office, at=AT)
    standing = standing_of(PreparedDecision.objects.get(), release_at=AT)
    assert (standing.has_changed, standing.is_ready) == (counts, not counts)
    if counts:
        with pytest.raises(DecisionRefused, match="has changed since"):
            release_prepared(made, by=office, at=AT)
        look_again(made, by=office, at=AT)
    release_prepared(PreparedDecision.objects.get(), by=office, at=AT)
    assert Application.objects.get(pk=case.pk).state == State.OFFERED


def test_what_the_catalogue_says_otherwise_now_needs_a_new_offer() -> None:
    case = CaseFactory()
    office = acting(officer(case.offering.programme))
    made = prepared(case, by=office)
    programme = case.offering.programme
    programme.name = "Another name"
    programme.save()
    made = PreparedDecision.objects.get()
    assert standing_of(made, release_at=AT).why == [
        "What the catalogue says of the programme has changed since. Prepare the offer anew."
    ]
    assert standing_of(change_prepared(made, terms=OFFER, by=office, at=AT), release_at=AT).is_ready


def test_an_applicant_who_withdraws_ends_what_was_being_prepared() -> None:
    case = CaseFactory()
    prepared(case)
    withdraw_application(case, reason=WithdrawalReason.PLANS, by=acting(case.applicant.user), at=AT)
    assert prepared_of(case) is None
    assert not Paper.objects.filter(kind="offer_preview").exists()


_CHANGES: list[Callable[..., object]] = [
    lambda made, by: change_prepared(made, terms=REFUSAL, by=by, at=AT),
    lambda made, by: look_again(made, by=by, at=AT),
    lambda made, by: withdraw_prepared(made, by=by, at=AT),
]


@pytest.mark.parametrize("act", _CHANGES, ids=["changed", "looked at again", "withdrawn"])
def test_what_was_released_or_withdrawn_is_not_touched_again(act: Callable[..., object]) -> None:
    case = CaseFactory()
    office = acting(officer(case.offering.programme))
    made = prepared(case, by=office)
    withdraw_prepared(made, by=office, at=AT)
    with pytest.raises(DecisionRefused, match="Withdrawn"):
        act(made, office)
