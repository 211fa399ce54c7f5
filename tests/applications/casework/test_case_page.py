"""The office's case page: each door one act, a refusal in words, and nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.health.actions import note_pulse
from admissions_portal.health.models import Pulse
from admissions_portal.outbox.models import Message
from admissions_portal.support.actors import Actor
from applications.assessments.actions import assess_application
from applications.assessments.models import OfficerFinding
from applications.decisions.models import Decision
from applications.evidence.models import Document
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.offers.models import Condition, Offer
from applications.reviews.models import Recommendation, Review
from tests.factories.applicants import (
    ApplicantFactory,
    EnglishTestFactory,
    ExperienceFactory,
    PostgraduateStudyFactory,
    QualificationFactory,
)
from tests.factories.applications import CaseFactory, officer
from tests.factories.desks import Desk
from tests.factories.drafts import publish_policies
from tests.factories.evidence import DocumentFactory
from tests.factories.programmes import OfferingFactory, ProgrammeFactory, hkt

pytestmark = pytest.mark.django_db
NOW = hkt(2026, 5, 4, 9, 0)


@pytest.fixture
def case(settings: Any, tmp_path: Any) -> Application:
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    publish_policies()
    start_clock_at(NOW)
    made = CaseFactory(offering__intake__programme__slug="hku-mmedsc")
    assess_application(made, by=Actor.system(), at=NOW)
    return made


def desk(case: Application, role: Role = Role.PROGRAMME_OFFICE) -> Client:
    client = Desk()
    client.force_login(officer(case.offering.programme, role, name=f"The {role.label}"))
    return client


def door(case: Application, name: str, *more: Any) -> str:
    return reverse(f"admin:applications_application_{name}", args=[case.pk, *more])


def told(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def state_of(case: Application) -> str:
    return Application.objects.get(pk=case.pk).state


SCORE = {"score": "4.0", "recommendation": "OFFER", "comment": "A clear plan."}
FINDING = {"code": "HKU-E1", "outcome": "MET", "reason": "Telephoned."}
OFFER = {
    "reply_on_day": "29",
    "reply_on_month": "5",
    "reply_on_year": "2026",
    "note": "Strong.",
    "conditions-TOTAL_FORMS": "2",
    "conditions-INITIAL_FORMS": "0",
    "conditions-0-text": "Final transcript",
    "conditions-0-evidence": "Sent by post",
    "conditions-0-due_on_day": "31",
    "conditions-0-due_on_month": "8",
    "conditions-0-due_on_year": "2026",
}


# what the page says


def test_claims_stand_beside_their_proofs(case: Application) -> None:
    EnglishTestFactory(applicant=case.applicant)  # after the submission: not on the page
    DocumentFactory(application=case, name="certificate.pdf")
    DocumentFactory(application=case, slot="OTHER", name="letter.pdf")
    response = desk(case).get(door(case, "change"))
    claims = {claim.title: claim for claim in response.context["claims"]}
    assert list(claims) == [
        "Name",
        "Born, nationality",
        "Identity document",
        "Reached at",
        "Residence",
        "Degree relied on",
        "Other documents",
    ]
    assert (claims["Name"].lines, claims["Name"].han) == (["LAM Tsz Ching"], "林芷晴")
    assert [document.name for document in claims["Degree relied on"].documents] == ["certificate.pdf"]
    assert [document.name for document in claims["Other documents"].documents] == ["letter.pdf"]


def test_everything_a_profile_may_hold_is_shown(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    start_clock_at(NOW)
    applicant = ApplicantFactory()
    for part in (QualificationFactory, EnglishTestFactory, PostgraduateStudyFactory, ExperienceFactory):
        part(applicant=applicant)
    case = CaseFactory(applicant=applicant)
    titles = [claim.title for claim in desk(case).get(door(case, "change")).context["claims"]]
    assert titles[5:] == ["Degree relied on", "English test", "Postgraduate study", "Experience"]


def test_what_was_typed_as_a_name_is_text_on_the_page(settings: Any) -> None:
    start_clock_at(NOW)
    case = CaseFactory(applicant__family_name="<script>alert(1)</script>")
    page = desk(case).get(door(case, "change")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


VERIFY = {"verdict": "verify", "name": "LAM Tsz Ching"}


def test_the_next_act_leads_from_documents_to_the_decision(case: Application) -> None:
    office, reader = desk(case), desk(case, Role.REVIEWER)
    document = DocumentFactory(application=case)

    def asked() -> str:
        return str(office.get(door(case, "change")).context["next_act"].title)

    assert asked() == "Check the documents"
    office.post(door(case, "document", document.pk), VERIFY)
    for code in ("HKU-E1", "HKU-E2", "HKU-E4"):
        assert asked() == f"Record what you find on {code}"
        office.post(door(case, "finding"), {**FINDING, "code": code, "outcome": "MET"})
    assert asked() == "Wait for a reader’s score"
    reader.post(door(case, "review"), SCORE)
    assert asked() == "Decide"
    office.post(door(case, "refuse"), {"reason": "COMPETITION"})
    assert asked() == "Nothing is asked of the office now"


def test_whoever_may_not_do_the_next_act_is_told_to_wait_for_the_office(case: Application) -> None:
    office, coordinator = desk(case), desk(case, Role.COORDINATOR)
    document = DocumentFactory(application=case)

    def asked() -> tuple[str, str]:
        act = coordinator.get(door(case, "change")).context["next_act"]
        return str(act.title), str(act.why)

    assert asked() == ("Wait for the programme office", "It checks the documents. Not yet checked: 1.")
    office.post(door(case, "document", document.pk), VERIFY)
    for code in ("HKU-E1", "HKU-E2", "HKU-E4"):
        assert asked() == (
            "Wait for the programme office",
            f"The rules leave {code} to an officer there.",
        )
        office.post(door(case, "finding"), {**FINDING, "code": code, "outcome": "MET"})
    coordinator.post(door(case, "review"), SCORE)
    assert asked() == (
        "Wait for the programme office",
        "Documents, rules and scores are in, and it decides.",
    )


def test_after_an_offer_its_conditions_wait_for_the_office(case: Application) -> None:
    office = desk(case)
    office.post(door(case, "offer"), OFFER)
    act = office.get(door(case, "change")).context["next_act"]
    assert (str(act.title), str(act.why)) == ("Mark each condition once it is met", "Still open: 1.")
    office.post(door(case, "condition", Condition.objects.get().pk))
    act = office.get(door(case, "change")).context["next_act"]
    assert str(act.title) == "Nothing is asked of the office now"


def test_history_tells_who_did_what(case: Application) -> None:
    client = desk(case, Role.REVIEWER)
    client.post(door(case, "review"), SCORE)
    events = client.get(door(case, "change")).context["events"]
    assert [(event.sentence, event.who) for event in events] == [
        ("Review begun", "The Reviewer"),
        ("Review given", "The Reviewer"),
        ("Rules run on the case", "by itself"),
    ]


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        pytest.param(Role.REVIEWER, {"review"}, id="reviewer"),
        pytest.param(Role.COORDINATOR, {"review"}, id="coordinator"),
        pytest.param(Role.PROGRAMME_OFFICE, {"finding", "document", "offer", "refuse"}, id="office"),
        pytest.param(Role.ADMINISTRATOR, set(), id="administrator"),
    ],
)
def test_the_page_offers_what_its_reader_may_do(case: Application, role: Role, offered: set[str]) -> None:
    document = DocumentFactory(application=case)
    page = desk(case, role).get(door(case, "change")).content.decode()
    doors = {name: door(case, name) for name in ("review", "finding", "offer", "refuse")}
    doors["document"] = door(case, "document", document.pk)
    assert {name for name, address in doors.items() if f'"{address}' in page} == offered


# a score


def test_a_score_is_kept(case: Application) -> None:
    response = desk(case, Role.REVIEWER).post(door(case, "review"), SCORE, follow=True)
    review = Review.objects.get()
    assert (str(review.score), review.recommendation, review.comment) == ("4.00", "OFFER", "A clear plan.")
    assert (response.redirect_chain, told(response)) == (
        [(f"{door(case, 'change')}#reviews", 302)],
        ["Your score is on the file."],
    )


def test_ones_own_score_stands_in_the_form(case: Application) -> None:
    client = desk(case, Role.REVIEWER)
    client.post(door(case, "review"), SCORE)
    page = client.get(door(case, "change")).content.decode()
    chosen = re.findall(r'value="([^"]+)"[^>]* (?:checked|selected)', page)
    assert [value for value in chosen if value in ("4.0", *Recommendation.values)] == ["4.0", "OFFER"]
    assert ">A clear plan.</textarea>" in page.replace("\n", "")


def test_a_score_that_is_none_keeps_the_comment(case: Application) -> None:
    response = desk(case, Role.REVIEWER).post(door(case, "review"), {**SCORE, "score": "7"})
    assert response.status_code == 200
    assert ">A clear plan.</textarea>" in response.content.decode().replace("\n", "")
    assert not Review.objects.exists()


def test_a_score_after_the_decision_is_refused_in_words_and_kept_on_the_page(case: Application) -> None:
    Application.objects.update(state=State.REFUSED)
    response = desk(case, Role.REVIEWER).post(door(case, "review"), SCORE)
    assert (response.status_code, told(response)) == (
        200,
        ["This case has been decided; its scores stand as they are."],
    )
    assert ">A clear plan.</textarea>" in response.content.decode().replace("\n", "")


# a finding


def test_a_finding_is_kept(case: Application) -> None:
    response = desk(case).post(door(case, "finding"), FINDING, follow=True)
    assert OfficerFinding.objects.values_list("code", "outcome", "reason").get() == (
        "HKU-E1",
        "MET",
        "Telephoned.",
    )
    assert told(response) == ["Your finding is on the file, and the rules have been run again."]
    assert "<p>Telephoned.</p>" in response.content.decode()


def test_after_the_case_has_ended_no_finding_is_recorded(case: Application) -> None:
    Application.objects.update(state=State.REFUSED)
    response = desk(case).post(door(case, "finding"), FINDING)
    assert told(response) == ["This application has ended, so what the rules said stays as it is."]
    assert not OfficerFinding.objects.exists()


def test_staff_see_when_mails_are_held_up(case: Application) -> None:
    page = desk(case).get(reverse("admin:index")).content.decode()
    assert "the worker has not answered for a while" in page
    note_pulse(Pulse.Part.WORKER)
    assert "the worker has not answered" not in desk(case).get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize(
    "changes",
    [{"reason": "  "}, {"code": "HKU-E3"}, {"outcome": "REFER"}, {"code": ""}],
    ids=["no reason", "a clause the rules decide", "no result", "no clause"],
)
def test_a_finding_that_cannot_be_is_asked_again(case: Application, changes: dict[str, str]) -> None:
    response = desk(case).post(door(case, "finding"), {**FINDING, **changes})
    assert response.status_code == 200
    assert list(response.context["finding_form"].errors) == list(changes)
    assert ("Telephoned." in response.content.decode()) is ("reason" not in changes)
    assert not OfficerFinding.objects.exists()


# a document


def test_a_document_is_verified(case: Application) -> None:
    document = DocumentFactory(application=case)
    response = desk(case).post(door(case, "document", document.pk), VERIFY, follow=True)
    document.refresh_from_db()
    assert (document.status, document.checked_by.name) == ("VERIFIED", "The Programme office")
    assert told(response) == ["The document is verified."]


def test_a_document_is_not_accepted_and_the_applicant_told(case: Application) -> None:
    document = DocumentFactory(application=case)
    desk(case).post(
        door(case, "document", document.pk), {"verdict": "reject", "reason": "Page 2 is missing."}
    )
    document.refresh_from_db()
    assert (document.status, document.reason) == ("REJECTED", "Page 2 is missing.")
    assert Message.objects.get().kind == "document_rejected"


@pytest.mark.parametrize(
    "given",
    [
        {"verdict": "reject"},
        {"verdict": "reject", "reason": "x" * 501},
        {"verdict": "burn", "reason": "y"},
        {},
    ],
    ids=["without a reason", "too long a reason", "another verdict", "nothing"],
)
def test_a_check_that_cannot_be_is_asked_again(case: Application, given: dict[str, str]) -> None:
    document = DocumentFactory(application=case)
    other = DocumentFactory(application=case)
    response = desk(case).post(door(case, "document", document.pk), given)
    page = response.content.decode()
    assert response.status_code == 200
    assert f'id="check-{document.pk}-reason"' in page
    if reason := given.get("reason"):
        assert page.count(f'value="{reason}"') == 1
    assert set(Document.objects.values_list("status", flat=True)) == {"RECEIVED"}
    page = desk(case).get(door(case, "change")).content.decode()
    assert f'id="check-{other.pk}-reason" name="reason" maxlength="500" placeholder="Why not">' in page


def test_enter_in_the_reason_never_verifies(case: Application) -> None:
    document = DocumentFactory(application=case)
    page = desk(case).get(door(case, "change")).content.decode()
    form = next(
        part for part in page.split("<form") if f'id="check-{document.pk}-reason"' in part.split("</form>")[0]
    )
    assert 'value="verify"' not in form.split("</form>")[0]


def test_a_document_of_another_case_is_not_found(case: Application) -> None:
    stranger = DocumentFactory(application=CaseFactory(offering=case.offering))
    assert desk(case).post(door(case, "document", stranger.pk), {"verdict": "verify"}).status_code == 404
    assert Document.objects.get().status == "RECEIVED"


# the decision


def test_an_offer_is_made_from_its_form(case: Application) -> None:
    response = desk(case).post(door(case, "offer"), OFFER, follow=True)
    offer = Offer.objects.get()
    assert (state_of(case), offer.reply_by) == (State.OFFERED, hkt(2026, 5, 29, 23, 59))
    assert [(row.text, row.evidence, str(row.due_on)) for row in offer.conditions.all()] == [
        ("Final transcript", "Sent by post", "2026-08-31")
    ]
    assert Decision.objects.get().note == "Strong."
    assert told(response) == [
        "The offer is made. The letter follows and is sent to the applicant by message."
    ]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"reply_on_year": "2025"}, id="a day that has passed"),
        pytest.param({"reply_on_day": "31", "reply_on_month": "6"}, id="a day that does not exist"),
        pytest.param({"reply_on_day": "9" * 20}, id="a number no calendar has"),
        pytest.param({"reply_on_year": "9" * 5000}, id="a number no computer wants"),
        pytest.param({"reply_on_month": "²"}, id="a digit that is none"),
        pytest.param({"conditions-0-evidence": ""}, id="a condition half written"),
        pytest.param({"conditions-0-due_on_year": "2025"}, id="a condition due in the past"),
        pytest.param({"conditions-TOTAL_FORMS": "9"}, id="more conditions than there may be"),
        pytest.param({"conditions-TOTAL_FORMS": "x"}, id="a form tampered with"),
    ],
)
def test_an_offer_that_cannot_be_is_asked_again_as_it_was_typed(
    case: Application, changes: dict[str, str]
) -> None:
    response = desk(case).post(door(case, "offer"), {**OFFER, **changes})
    page = response.content.decode()
    assert response.status_code == 200
    assert 'role="alert"' in page
    assert "Strong.</textarea>" in page
    if changes.get("conditions-TOTAL_FORMS") != "x":
        assert 'value="Final transcript"' in page
    assert (state_of(case), Offer.objects.count(), Decision.objects.count()) == (State.SUBMITTED, 0, 0)


def test_an_offer_on_a_decided_case_says_that_it_has_moved_on(case: Application) -> None:
    client = desk(case)
    client.post(door(case, "refuse"), {"reason": "COMPETITION"})
    response = client.post(door(case, "offer"), OFFER)
    assert response.status_code == 200
    assert "This application has moved on" in response.content.decode()
    assert not Offer.objects.exists()


def test_a_refusal_needs_its_reason_and_keeps_the_note(case: Application) -> None:
    response = desk(case).post(door(case, "refuse"), {"reason": "", "note": "Long thought."})
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["reason"])
    assert "Long thought.</textarea>" in response.content.decode()
    assert state_of(case) == State.SUBMITTED


def test_a_refusal_is_decided(case: Application) -> None:
    response = desk(case).post(door(case, "refuse"), {"reason": "COMPETITION", "note": "n"}, follow=True)
    assert (state_of(case), told(response)) == (
        State.REFUSED,
        ["The decision is made, and the applicant is told."],
    )


def test_nothing_sent_is_not_a_decision(case: Application) -> None:
    client = desk(case)
    assert [client.post(door(case, name)).status_code for name in ("offer", "refuse", "review")] == [
        200,
        200,
        404,
    ]
    assert state_of(case) == State.SUBMITTED


def test_the_letter_is_not_found_until_it_is_made(case: Application) -> None:
    client = desk(case)
    assert client.get(door(case, "letter")).status_code == 404
    client.post(door(case, "offer"), OFFER)
    assert client.get(door(case, "letter")).status_code == 404


def test_a_case_without_a_run_of_the_rules_can_still_be_opened() -> None:
    start_clock_at(NOW)
    case = CaseFactory()
    page = desk(case).get(door(case, "change"))
    assert page.status_code == 200
    assert "The rules have not been run on this case." in page.content.decode()


# the list


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=999999999999999999999",
        "page=x",
        "q=%00",
        "q=%ff%fe",
        "programme=99999999999999999999",
        "round=99999999999999999999",
        "state=DRAFT",
        "order=-",
        "q=" + "%E6%9E%97+" * 300,
        "q[]=1",
        "programme=%D9%A3",
    ],
)
@pytest.mark.parametrize("name", ["applications_application_changelist", "shortlist"])
def test_no_address_breaks_a_list(case: Application, name: str, query: str) -> None:
    client = Client(raise_request_exception=True)
    client.force_login(officer(case.offering.programme, Role.COORDINATOR))
    assert client.get(f"{reverse(f'admin:{name}')}?{query}").status_code == 200


def test_the_list_holds_the_programmes_own_submitted_cases(case: Application) -> None:
    CaseFactory(applicant__family_name="ELSEWHERE")
    response = desk(case).get(reverse("admin:applications_application_changelist"))
    assert [row.pk for row in response.context["cases"]] == [case.pk]
    assert "ELSEWHERE" not in response.content.decode()


def test_acting_twice_at_once_is_refused_the_second_time(case: Application) -> None:
    first, second = desk(case), desk(case)
    assert first.post(door(case, "refuse"), {"reason": "COMPETITION"}).status_code == 302
    assert second.post(door(case, "refuse"), {"reason": "PLACES_FILLED"}).status_code == 200
    assert [row.reason for row in Decision.objects.get().reasons.all()] == ["COMPETITION"]
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("research", "offered"),
    [
        pytest.param(True, True, id="a research degree may lack a supervisor"),
        pytest.param(False, False, id="a taught degree has none to lack"),
    ],
)
def test_supervision_is_a_reason_for_research_degrees_only(research: bool, offered: bool) -> None:
    case = CaseFactory(offering=OfferingFactory(intake__programme=ProgrammeFactory(research=research)))
    page = desk(case).get(door(case, "refuse")).content.decode()
    assert ("Nobody can supervise the proposed subject" in page) is offered
