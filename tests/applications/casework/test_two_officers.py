"""Two officers at one case: the second is shown what changed, nothing typed is lost, one row is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.history.models import Event
from admissions_portal.history.queries import events_about
from admissions_portal.support.actors import Actor
from applications.applicants.models import PriorCourse
from applications.assessments.actions import assess_application, override_finding
from applications.assessments.models import OfficerFinding, SettledStatus
from applications.changes.models import ChangeProposal
from applications.decisions.actions import offer_place
from applications.decisions.models import Decision
from applications.evidence.actions import EvidenceTerms, ask_for_evidence
from applications.evidence.models import Document, EvidenceRequest, RequestKind, RequestWants, SlotCode
from applications.identity.models import IdentityNumber
from applications.lifecycle.models import Application
from applications.offers.models import Condition
from applications.offers.terms import ConditionTerms, OfferTerms
from applications.reviews.models import Review
from applications.standing.actions import request_standing
from applications.standing.models import CourseClaim
from applications.withdrawals.actions import withdraw_application
from applications.withdrawals.models import WithdrawalReason
from tests.applications.casework.test_case_page import FINDING, NOW, OFFER, SCORE, VERIFY, desk, door
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.desks import latest_version
from tests.factories.drafts import own, publish_policies
from tests.factories.evidence import DocumentFactory
from tests.factories.programmes import hkt

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(settings: Any, tmp_path: Any) -> Application:
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    publish_policies()
    start_clock_at(NOW)
    made = CaseFactory(offering__intake__programme__slug="hku-mmedsc")
    assess_application(made, by=Actor.system(), at=NOW)
    return made


@dataclass
class Door:
    """One form of the case: where it is sent, what each officer types, and what is written of it."""

    address: str
    first: dict[str, str]
    second: dict[str, str]
    written: Callable[[], Any]
    typed: str = "Typed by the second"
    role: Role = Role.PROGRAMME_OFFICE
    one: Any = None


def colleague(case: Application, role: Role = Role.PROGRAMME_OFFICE) -> Actor:
    return acting(officer(case.offering.programme, role))


def column(model: Any, name: str) -> Callable[[], list[Any]]:
    return lambda: list(model.objects.order_by("pk").values_list(name, flat=True))


def finding(case: Application) -> Door:
    second = {**FINDING, "outcome": "NOT_MET", "reason": "Typed by the second"}
    return Door(door(case, "finding"), FINDING, second, column(OfficerFinding, "reason"), one=["Telephoned."])


def override(case: Application) -> Door:
    first = {"code": "HKU-E1", "outcome": "MET", "authority": "Dean", "reason": "Minute 4"}
    second = {**first, "outcome": "NOT_MET", "reason": "Typed by the second"}
    written = column(OfficerFinding, "reason")
    return Door(door(case, "override"), first, second, written, role=Role.COORDINATOR, one=["Minute 4"])


def override_withdrawn(case: Application) -> Door:
    standing = override_finding(
        case, "HKU-E1", "MET", authority="Dean", reason="x", by=colleague(case, Role.COORDINATOR), at=NOW
    )
    return Door(
        door(case, "withdrawal", standing.pk),
        {"reason": "A mistake"},
        {"reason": "Typed by the second"},
        column(OfficerFinding, "withdrawal_reason"),
        role=Role.COORDINATOR,
        one=["A mistake"],
    )


def status(case: Application) -> Door:
    first = {"status": "IANG", "reason": "Label seen"}
    second = {"status": "STUDENT_VISA", "reason": "Typed by the second"}
    return Door(door(case, "status"), first, second, column(SettledStatus, "reason"), one=["Label seen"])


def verified(case: Application) -> Door:
    document = DocumentFactory(application=case)
    second = {"verdict": "reject", "reason": "Typed by the second"}
    written = column(Document, "status")
    return Door(door(case, "document", document.pk), VERIFY, second, written, one=["VERIFIED"])


def turned_down(case: Application) -> Door:
    document = DocumentFactory(application=case)
    first = {"verdict": "reject", "reason": "Blurred"}
    second = {"verdict": "reject", "reason": "Typed by the second"}
    return Door(
        door(case, "document", document.pk), first, second, column(Document, "reason"), one=["Blurred"]
    )


def described(case: Application) -> Door:
    document = DocumentFactory(application=case)
    first = {f"original_sighted_on_{part}": n for part, n in (("day", "1"), ("month", "5"), ("year", "2026"))}
    second = {**first, "original_sighted_on_day": "2"}
    written = column(Document, "original_sighted_on")
    return Door(
        door(case, "provenance", document.pk), first, second, written, typed="", one=[date(2026, 5, 1)]
    )


def ended(case: Application) -> Door:
    terms = EvidenceTerms(
        kind=RequestKind.NOW,
        wants=RequestWants.DOCUMENT,
        title="Transcript",
        words="All pages, please.",
        due_on=date(2026, 5, 20),
        slot=SlotCode.DEGREE,
        clause="HKU-E1",
    )
    asked = ask_for_evidence(case, terms=terms, by=colleague(case), at=NOW)
    second = {"verdict": "withdraw", "reason": "Typed by the second"}
    return Door(
        door(case, "request", asked.pk),
        {"verdict": "settle"},
        second,
        column(EvidenceRequest, "status"),
        one=["SETTLED"],
    )


def met(case: Application) -> Door:
    terms = OfferTerms(hkt(2026, 6, 1, 23, 59), (ConditionTerms("Transcript", "By post", date(2026, 8, 31)),))
    offer_place(case, terms=terms, note="", by=colleague(case), at=NOW)
    condition = Condition.objects.get()
    written = Event.objects.filter(kind="condition.met").count
    return Door(door(case, "condition", condition.pk), {}, {}, written, typed="", one=1)


def offered(case: Application) -> Door:
    second = {**OFFER, "note": "Typed by the second"}
    return Door(door(case, "offer"), OFFER, second, column(Decision, "note"), one=["Strong."])


def refused(case: Application) -> Door:
    first = {"reason": "COMPETITION", "note": "Ranked 90"}
    second = {"reason": "PLACES_FILLED", "note": "Typed by the second"}
    return Door(door(case, "refuse"), first, second, column(Decision, "note"), one=["Ranked 90"])


def course(case: Application) -> Door:
    PriorCourse.objects.create(
        applicant=case.applicant,
        title="Biostatistics",
        institution="Example University",
        credits=6,
        passed=True,
        completed_on=date(2023, 6, 30),
    )
    request_standing(case, statement="The same content.", by=own(case), at=NOW)
    claim = CourseClaim.objects.get()
    day = {"decided_on_day": "4", "decided_on_month": "5", "decided_on_year": "2026"}
    first = {"outcome": "GRANT", "granted": "4", "reason": "", **day}
    second = {"outcome": "REFUSE", "granted": "", "reason": "Typed by the second", **day}
    return Door(door(case, "course", claim.pk), first, second, column(CourseClaim, "granted"), one=[4])


def proposed(case: Application) -> ChangeProposal:
    return ChangeProposal.objects.create(
        application=case,
        profile=case.profile,
        section="person",
        old={"family_name": "LAM"},
        new={"family_name": "LAMB"},
        why="A slip",
        proposed_at=NOW,
    )


def accepted(case: Application) -> Door:
    proposal = proposed(case)
    second = {"verdict": "refuse", f"{proposal.pk}-reason": "Typed by the second"}
    written = column(ChangeProposal, "status")
    return Door(
        door(case, "change_proposal", proposal.pk), {"verdict": "accept"}, second, written, one=["ACCEPTED"]
    )


def not_accepted(case: Application) -> Door:
    proposal = proposed(case)
    first = {"verdict": "refuse", f"{proposal.pk}-reason": "It says LAM."}
    return Door(
        door(case, "change_proposal", proposal.pk),
        first,
        {"verdict": "accept"},
        column(ChangeProposal, "status"),
        typed="",
        one=["REFUSED"],
    )


def noted(case: Application) -> Door:
    withdraw_application(case, reason=WithdrawalReason.OTHER, words="x", by=own(case), at=NOW)
    written = Event.objects.filter(kind="withdrawal.noted").count
    return Door(door(case, "withdrawn"), {}, {}, written, typed="", one=1)


DOORS = [
    pytest.param(finding, id="a finding"),
    pytest.param(override, id="an override"),
    pytest.param(override_withdrawn, id="an override withdrawn"),
    pytest.param(status, id="the status in Hong Kong"),
    pytest.param(verified, id="a document verified"),
    pytest.param(turned_down, id="a document not accepted"),
    pytest.param(described, id="what is known of a document"),
    pytest.param(ended, id="a request settled or withdrawn"),
    pytest.param(met, id="a condition met"),
    pytest.param(offered, id="an offer"),
    pytest.param(refused, id="a refusal"),
    pytest.param(course, id="a course of a request for credits"),
    pytest.param(accepted, id="a proposed change accepted"),
    pytest.param(not_accepted, id="a proposed change refused"),
    pytest.param(noted, id="a withdrawal noted"),
]


def hidden(page: str, address: str) -> list[dict[str, str]]:
    """The hidden fields of each form of a page that is sent to `address`."""
    forms = re.findall(rf'<form[^>]*action="{re.escape(address)}"[^>]*>(.*?)</form>', page, re.DOTALL)
    return [dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)) for form in forms]


@pytest.mark.parametrize("made", DOORS)
def test_of_two_who_saw_the_same_page_the_second_is_asked_again(
    case: Application, made: Callable[[Application], Door]
) -> None:
    through = made(case)
    first, second = desk(case, through.role), desk(case, through.role)
    seen = {"seen": latest_version(case.pk)}
    assert first.post(through.address, through.first | seen).status_code == 302
    assert through.written() == through.one
    before = list(events_about(case))
    answer = second.post(through.address, through.second | seen)
    page = answer.content.decode()
    assert (answer.status_code, answer.context["held"]) == (200, True)
    assert (through.written(), list(events_about(case))) == (through.one, before)
    told = answer.context["meanwhile"]
    assert {each.who for each in told} <= {f"The {through.role.label}", "by itself"}
    assert [each.sentence for each in told] != []
    assert all(each.sentence in page for each in told)
    assert through.typed in page
    again = hidden(page, through.address)[0]  # the way to go on stands first
    assert {name: again[name] for name in through.second} == through.second
    assert again["seen"] == latest_version(case.pk)


@pytest.mark.parametrize("made", DOORS)
def test_whoever_goes_on_knowingly_is_answered_by_the_act_itself(
    case: Application, made: Callable[[Application], Door]
) -> None:
    through = made(case)
    first, second = desk(case, through.role), desk(case, through.role)
    seen = {"seen": latest_version(case.pk)}
    first.post(through.address, through.first | seen)
    held = second.post(through.address, through.second | seen).content.decode()
    answer = second.post(through.address, hidden(held, through.address)[0])
    assert answer.status_code == 302 or not answer.context["held"]


@pytest.mark.parametrize("made", DOORS)
def test_a_form_that_does_not_say_what_was_seen_is_asked_again(
    case: Application, made: Callable[[Application], Door]
) -> None:
    through = made(case)
    before = through.written()
    answer = desk(case, through.role).post(through.address, through.first | {"seen": ""})
    assert (answer.context["held"], through.written()) == (True, before)


def test_ones_own_acts_in_another_tab_are_known(case: Application) -> None:
    office, seen = desk(case), {"seen": latest_version(case.pk)}
    office.post(door(case, "finding"), FINDING | seen)
    assert office.post(door(case, "finding"), {**FINDING, "reason": "Letter", **seen}).status_code == 302
    assert column(OfficerFinding, "reason")() == ["Telephoned.", "Letter"]


def test_a_third_who_acts_before_one_goes_on_is_shown_as_well(case: Application) -> None:
    first, second, third = desk(case), desk(case), desk(case)
    seen = {"seen": latest_version(case.pk)}
    first.post(door(case, "finding"), FINDING | seen)
    page = second.post(door(case, "refuse"), {"reason": "COMPETITION", **seen}).content.decode()
    third.post(door(case, "finding"), {**FINDING, "code": "HKU-E2"})
    again = second.post(door(case, "refuse"), hidden(page, door(case, "refuse"))[0])
    assert [each.sentence for each in again.context["meanwhile"]] == [
        "Rules run on the case",
        "Finding recorded on HKU-E2",
    ]
    assert Decision.objects.count() == 0


def test_what_changed_between_the_case_and_the_page_of_an_offer_is_shown(case: Application) -> None:
    first, second = desk(case), desk(case)
    seen = latest_version(case.pk)
    assert f'{door(case, "offer")}?seen={seen}"' in second.get(door(case, "change")).content.decode()
    first.post(door(case, "finding"), FINDING)
    page = second.get(door(case, "offer"), {"seen": seen})
    assert [each.sentence for each in page.context["meanwhile"]][-1] == "Finding recorded on HKU-E1"
    assert page.context["held"] is False
    assert second.get(door(case, "offer")).context["meanwhile"] == []


def test_a_look_at_the_identity_number_holds_nobody_up(case: Application) -> None:
    IdentityNumber.objects.create(
        application=case, kind="PASSPORT", number="X1234567", index="x", given_at=NOW
    )
    first, second, seen = desk(case), desk(case), {"seen": latest_version(case.pk)}
    first.post(door(case, "identity"))
    assert second.post(door(case, "finding"), FINDING | seen).status_code == 302


def test_scores_and_requests_stand_beside_each_other(case: Application) -> None:
    seen = {"seen": latest_version(case.pk)}
    desk(case).post(door(case, "finding"), FINDING)
    for score in ("4.0", "3.0"):
        reader = desk(case, Role.REVIEWER)
        assert reader.post(door(case, "review"), {**SCORE, "score": score, **seen}).status_code == 302
    assert [str(score) for score in column(Review, "score")()] == ["4.00", "3.00"]


def test_every_form_of_the_case_says_what_was_seen(case: Application) -> None:
    """But those that stand beside whatever others do, and those that are no act on the case."""
    for made in (verified, ended, accepted, status, course):
        made(case)
    page = desk(case).get(door(case, "change")).content.decode()
    beside = {door(case, name) for name in ("review", "abstain", "identity", "conflict", "whole")}
    forms = re.findall(
        rf'<form[^>]*action="({re.escape(door(case, "change"))}[^"]+)"[^>]*>(.*?)</form>', page, re.DOTALL
    )
    seen = f'<input type="hidden" name="seen" value="{latest_version(case.pk)}">'
    assert [address for address, inside in forms if address not in beside and seen not in inside] == []
    assert len(forms) >= 8


@pytest.mark.parametrize("sent", ["x", "-1", "९", "9" * 40, "1; DROP", "\x00"])
def test_a_version_that_is_none_has_seen_nothing(case: Application, sent: str) -> None:
    answer = desk(case).post(door(case, "finding"), FINDING | {"seen": sent})
    assert (answer.status_code, answer.context["held"]) == (200, True)
    assert desk(case).get(door(case, "offer"), {"seen": sent}).context["meanwhile"] == []


def test_what_was_typed_comes_back_as_text(case: Application) -> None:
    seen = {"seen": latest_version(case.pk)}
    desk(case).post(door(case, "finding"), FINDING)
    typed = "<script>alert(1)</script>\r\nline “two”"
    page = desk(case).post(door(case, "refuse"), {"reason": "COMPETITION", "note": typed, **seen})
    assert b"<script>alert(1)" not in page.content
    assert ("note", typed) in page.context["posted"]
