"""The office's pages of prepared decisions: from the form to the letter, the checks, the release and the
undo."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.papers.models import Paper
from applications.decisions.actions import release_due_decisions
from applications.decisions.models import ChecksAsked, Decision, PreparedDecision, Release
from applications.decisions.queries import checks_asked_by
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.offers.models import Offer
from tests.applications.casework.test_case_page import OFFER, desk, door, told
from tests.factories.accounts import StaffFactory
from tests.factories.applications import CaseFactory, officer
from tests.factories.decisions import AT, REFUSAL, asking, prepared
from tests.factories.programmes import AppointmentFactory, hkt

pytestmark = pytest.mark.django_db
LIST = "admin:applications_prepareddecision_changelist"
PREPARE = {**OFFER, "prepare": "yes"}


@pytest.fixture
def case() -> Application:
    start_clock_at(AT)
    made: Application = CaseFactory()
    return made


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\xa0", " ").split())


def state_of(case: Application) -> str:
    return Application.objects.get(pk=case.pk).state


def test_from_the_form_to_the_letter_and_mail_and_out(case: Application) -> None:
    office = desk(case)
    shown = office.post(door(case, "offer"), PREPARE, follow=True)
    assert shown.redirect_chain == [(door(case, "prepared"), 302)]
    text = words(shown)
    assert "Prepared: an offer to LAM Tsz Ching" in text
    assert "We are glad to offer you a place." in text
    assert "Please reply by 29 May 2026, 23:59 HKT" in text
    assert "The preview is being made." in text
    assert office.get(door(case, "preview")).status_code == 404
    Paper.objects.update(status="RENDERED", pdf=b"%PDF", sha256=hash_of(b"%PDF"), pages=1, rendered_at=AT)
    assert "Preview of the letter (PDF)" in words(office.get(door(case, "prepared")))
    assert office.get(door(case, "preview")).content == b"%PDF"
    # the form carries what is prepared, and saves a change of it
    form = office.get(door(case, "offer")).context["form"]
    assert (form.initial["note"], str(form.initial["reply_on"])) == ("Strong.", "2026-05-29")
    changed = office.post(door(case, "offer"), {**PREPARE, "reply_on_day": "30"}, follow=True)
    assert "Please reply by 30 May 2026" in words(changed)
    assert state_of(case) == State.SUBMITTED
    out = office.post(door(case, "prepared"), {"act": "release"}, follow=True)
    assert told(out) == ["The decision is released, and the applicant is told."]
    assert (state_of(case), Offer.objects.get().reply_by) == (State.OFFERED, hkt(2026, 5, 30, 23, 59))
    gone = office.get(door(case, "prepared"), follow=True)
    assert told(gone) == ["No decision is prepared on this case now."]


def hash_of(pdf: bytes) -> str:
    return sha256(pdf).hexdigest()


def test_checked_and_sent_back_on_its_page(case: Application) -> None:
    asking(case.offering.programme, ChecksAsked.SCHOOL)
    office, school = desk(case), desk(case, Role.SCHOOL)
    # no way round the check
    assert "Make the offer now" not in words(office.get(door(case, "offer")))
    refused = office.post(door(case, "offer"), OFFER)
    assert "This programme asks for a check before a decision is released." in words(refused)
    office.post(
        door(case, "refuse"), {"reason": ["COMPETITION"], "words": "We wish you well.", "prepare": "yes"}
    )
    page = school.get(door(case, "prepared"))
    assert "I agree with this decision" in words(page)
    assert "We wish you well." in words(page)
    assert "Release this decision now" not in words(page)
    nothing = school.post(door(case, "prepared"), {"act": "back", "reason": ""})
    assert (nothing.status_code, list(nothing.context["back_form"].errors)) == (200, ["reason"])
    school.post(door(case, "prepared"), {"act": "back", "reason": "Say more."})
    assert "The School sent it back: Say more." in words(office.get(door(case, "prepared")))
    office.post(door(case, "refuse"), {"reason": ["PLACES_FILLED"], "prepare": "yes"})
    assert school.post(door(case, "prepared"), {"act": "check"}, follow=True).status_code == 200
    assert school.post(door(case, "prepared"), {"act": "release"}).status_code == 404
    office.post(door(case, "prepared"), {"act": "release"})
    assert (state_of(case), Decision.objects.get().reasons.get().reason) == (State.REFUSED, "PLACES_FILLED")


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        *(
            (role, True)
            for role in (Role.PROGRAMME_OFFICE, Role.COORDINATOR, Role.SCHOOL, Role.GRADUATE_SCHOOL)
        ),
        *((role, False) for role in (Role.REVIEWER, Role.ADMINISTRATOR)),
    ],
)
def test_readers_learn_nothing_of_what_is_prepared(case: Application, role: Role, sees: bool) -> None:
    prepared(case, REFUSAL)
    client = desk(case, role)
    assert client.get(door(case, "prepared")).status_code == (200 if sees else 404)
    assert ("A refusal is prepared." in words(client.get(door(case, "change")))) is sees


def test_several_go_out_together_after_the_list_and_the_count_are_confirmed(case: Application) -> None:
    others = [CaseFactory(offering=case.offering) for _n in range(2)]
    office = officer(case.offering.programme)
    elsewhere = CaseFactory(applicant__family_name="ELSEWHERE")
    prepared(elsewhere)
    made = [prepared(case), *(prepared(each, REFUSAL) for each in others)]
    client = Client()
    client.force_login(office)
    page = client.get(reverse(LIST))
    text = words(page)
    assert "3 decisions are ready" in text
    assert ("Offers: 1" in text, "Refusals: 2" in text, "ELSEWHERE" in text) == (True, True, False)
    choices = re.findall(r'name="decision" value="([^"]+)" checked', page.content.decode())
    assert sorted(choices) == sorted(f"{each.pk}:1" for each in made)

    add = reverse("admin:applications_release_add")
    when = {"moment": "later", "release_on_day": "8", "release_on_month": "5", "release_on_year": "2026"}
    sent = {"decision": choices[:2], **when, "release_time": "09:00"}
    assert "Say the day and the time, or choose now." in words(
        client.post(add, {"decision": choices, "moment": "later"})
    )
    confirm = client.post(add, sent)
    assert "They go out on 8 May 2026, 09:00 HKT (in 3 days)." in words(confirm)
    assert confirm.content.decode().count('name="decision"') == 2
    wrong = client.post(add, {**sent, "count": "3"})
    assert "The list holds another number of decisions." in words(wrong)
    assert not Release.objects.exists()
    right = client.post(add, {**sent, "count": "2"}, follow=True)
    release = Release.objects.get()
    assert right.redirect_chain == [(reverse("admin:applications_release_change", args=[release.pk]), 302)]
    assert "Waits for its moment: 2" in words(right)
    assert "It is to be released on 8 May 2026" in words(client.get(reverse(LIST)))
    release_due_decisions(at=hkt(2026, 5, 8, 9, 0))
    after = client.get(reverse("admin:applications_release_change", args=[release.pk]))
    assert "Released: 2" in words(after)
    assert PreparedDecision.objects.filter(status="RELEASED").count() == 2


def test_a_release_is_called_off_and_nothing_ticked_is_nothing(case: Application) -> None:
    made = prepared(case)
    client = Client()
    client.force_login(officer(case.offering.programme))
    add = reverse("admin:applications_release_add")
    assert "Tick the decisions to release." in words(client.post(add, {"moment": "now"}))
    assert client.post(add, {"decision": ["x:y", "0"], "moment": "now"}).status_code == 200
    day = {"release_on_day": "8", "release_on_month": "5", "release_on_year": "2026"}
    sent = {"decision": f"{made.pk}:1", "moment": "later", **day, "release_time": "9:00", "count": "1"}
    client.post(add, sent, follow=True)
    url = reverse("admin:applications_release_change", args=[Release.objects.get().pk])
    assert told(client.post(url, follow=True)) == ["The release is called off. The decisions stay prepared."]
    assert "Called off by" in words(client.get(url))


def test_the_list_asks_as_often_for_one_as_for_many(case: Application) -> None:
    client = Client()
    client.force_login(officer(case.offering.programme))
    asked = []
    for number in (1, 5):
        for _n in range(number):
            prepared(CaseFactory(offering=case.offering))
        client.get(reverse(LIST))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(LIST))
        asked.append(len(queries))
    assert asked[0] == asked[1]


@pytest.mark.parametrize(
    ("first", "title", "said"),
    [
        pytest.param(
            {"reason": "COMPETITION"},
            "Undo the refusal",
            "The refusal is undone, and the applicant is told.",
            id="a refusal",
        ),
        pytest.param(
            OFFER, "Take back the offer", "The offer is taken back, and the applicant is told.", id="an offer"
        ),
    ],
)
def test_the_coordinator_undoes_with_a_reason(
    case: Application, first: dict[str, str], title: str, said: str
) -> None:
    desk(case).post(door(case, "refuse" if "reason" in first else "offer"), first)
    coordinator = desk(case, Role.COORDINATOR)
    assert title in words(coordinator.get(door(case, "change")))
    assert desk(case).get(door(case, "undo")).status_code == 404
    nothing = coordinator.post(door(case, "undo"), {"reason": "", "words": "Sorry."})
    assert (nothing.status_code, list(nothing.context["form"].errors)) == (200, ["reason"])
    assert "Sorry.</textarea>" in nothing.content.decode()
    done = coordinator.post(door(case, "undo"), {"reason": "The wrong list.", "words": "Sorry."}, follow=True)
    assert (told(done), state_of(case)) == ([said], State.IN_REVIEW)
    text = words(done)
    assert "Undone:" in text
    assert "The wrong list." in text
    assert told(coordinator.get(door(case, "undo"), follow=True)) == [
        "Nothing here can be undone as the case stands."
    ]


def test_an_administrator_sets_the_checks_of_their_programmes(case: Application) -> None:
    programme = case.offering.programme
    user = StaffFactory()
    AppointmentFactory(user=user, programme=programme, role=Role.ADMINISTRATOR)
    client, url = Client(), reverse("admin:applications_decisionchecks")
    client.force_login(user)
    assert "No source says that decisions are checked." in words(client.get(url))
    saved = client.post(url, {"programme": programme.pk, "asked": "BOTH"}, follow=True)
    assert told(saved) == [f"Saved for {programme.name}. It counts from now on."]
    assert checks_asked_by(programme) is ChecksAsked.BOTH
    strange = client.post(url, {"programme": "x", "asked": "BOTH"}, follow=True)
    assert told(strange) == ["Choose one of the answers for one of your programmes."]
