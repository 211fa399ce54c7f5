"""The pages of reviewing: phases, cases given by hand, evenly and from a list, and a reader’s own way."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.urls import reverse

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from applications.lifecycle.models import Application
from applications.reviews.assignment import ReviewAssignment
from applications.reviews.assignment_queries import cases_to_score
from applications.reviews.phases import ReviewPhase, WhoScores
from programmes.models import Offering
from tests.factories.applications import CaseFactory, officer
from tests.factories.desks import Desk
from tests.factories.programmes import OfferingFactory, hkt
from tests.factories.reviewing import AssignmentFactory, PhaseFactory, score

pytestmark = pytest.mark.django_db
NOW = hkt(2026, 4, 2, 10, 0)
PHASES = "/office/applications/reviewphase/"


@pytest.fixture
def offering() -> Offering:
    start_clock_at(NOW)
    return OfferingFactory()


def at_desk(user: User) -> Desk:
    desk = Desk()
    desk.force_login(user)
    return desk


def reader(offering: Offering, name: str, **fields: Any) -> User:
    return officer(offering.programme, Role.REVIEWER, name=name, **fields)


def page(answer: Any) -> str:
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode().replace("\N{NO-BREAK SPACE}", " "))


def address(name: str, *args: object) -> str:
    return reverse(f"admin:applications_{name}", args=args)


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    return found[1] if found else ""


def test_a_phase_is_looked_at_before_it_is_saved(offering: Offering) -> None:
    office = at_desk(officer(offering.programme))
    CaseFactory(offering=offering)
    typed = {
        "intake": offering.intake.pk,
        "name": "First reading 初審",
        **{f"begins_on_{part}": value for part, value in (("day", 1), ("month", 4), ("year", 2026))},
        "begins_time": "00:00",
        **{f"ends_on_{part}": value for part, value in (("day", 31), ("month", 4), ("year", 2026))},
        "ends_time": "23:59",
        "who_scores": WhoScores.ASSIGNED,
        "readers_needed": "2",
        "others_scores": "AFTER_OWN",
    }
    html = page(office.post(f"{PHASES}add/", typed))
    assert "There is no day 31 in that month" in html
    assert "What this does" not in html
    typed["ends_on_day"] = 30
    html = page(office.post(f"{PHASES}add/", typed))
    assert "1 of them needs readers: 2 in all." in html
    assert not ReviewPhase.objects.exists()
    # saved is what was looked at, not what was typed after
    other = page(
        office.post(f"{PHASES}add/", {**typed, "readers_needed": 3, "mark": hidden(html, "mark"), "save": 1})
    )
    assert "1 of them needs readers: 3 in all." in other
    done = office.post(f"{PHASES}add/", {**typed, "mark": hidden(html, "mark"), "save": 1})
    phase = ReviewPhase.objects.get()
    assert done.headers["Location"] == address("reviewphase_change", phase.pk)
    assert (phase.name, phase.begins_at, phase.closed_from) == (
        "First reading 初審",
        hkt(2026, 4, 1),
        hkt(2026, 5, 1),
    )

    html = page(office.get(done.headers["Location"]))
    later = {**typed, "ends_on_day": 15, "seen": hidden(html, "seen")}
    html = page(office.post(done.headers["Location"], later))
    changed = {**later, "mark": hidden(html, "mark"), "save": 1}
    assert office.post(done.headers["Location"], changed).status_code == 302
    html = page(office.post(done.headers["Location"], {**changed, "name": "Mine", "seen": later["seen"]}))
    mine = {**changed, "name": "Mine", "mark": hidden(html, "mark")}
    html = page(office.post(done.headers["Location"], mine))
    assert "Somebody else changed this phase since you opened it." in html
    assert 'value="Mine"' in html
    listed = page(office.get(PHASES))
    assert "First reading" in listed
    assert "15 April 2026, 23:59 HKT" in listed
    assert office.post(address("reviewphase_remove", phase.pk)).status_code == 302
    assert not ReviewPhase.objects.exists()


def test_cases_are_given_by_hand_and_taken_back(offering: Offering) -> None:
    office = at_desk(officer(offering.programme, name="HO Wing Yan"))
    first, second = (CaseFactory(offering=offering) for _ in range(2))
    lam = reader(offering, "Prof. LAM")
    assert "Give those ticked to readers" in page(office.get("/office/applications/application/"))
    chosen = f"?case={first.pk}&case={second.pk}&case=nonsense"
    html = page(office.get(address("application_readers") + chosen))
    assert "These 2 applications" in html
    cases = {"case": [str(first.pk), str(second.pk)]}
    assert "Choose at least one of the answers." in page(office.post(address("application_readers"), cases))
    office.post(address("application_readers"), {**cases, "readers": lam.pk})
    assert ReviewAssignment.objects.filter(reader=lam).count() == 2
    html = page(office.post(address("application_readers"), {**cases, "readers": lam.pk}))
    assert html.count("Prof. LAM has it already.") == 2

    html = page(office.get(address("application_change", first.pk)))
    assert "Prof. LAM" in html
    given = ReviewAssignment.objects.get(application=first)
    html = page(office.post(address("application_reader_back", first.pk, given.pk), follow=True))
    assert "The reader no longer has this case." in html
    assert "This case was given to nobody." in html
    assert "Taken back from a reader" in html
    assert office.post(address("application_reader_back", second.pk, given.pk)).status_code == 404


def test_a_phase_is_spread_after_a_look_at_who_gets_how_many(offering: Offering) -> None:
    office = at_desk(officer(offering.programme))
    phase = PhaseFactory(intake=offering.intake, readers_needed=1)
    lam, kaur = reader(offering, "Prof. LAM"), reader(offering, "Dr. KAUR")
    for _ in range(3):
        CaseFactory(offering=offering)
    AssignmentFactory(application=CaseFactory(offering=offering), reader=lam)
    here = address("reviewphase_spread", phase.pk)
    assert "Prof. LAM (has 1)" in page(office.get(here))
    chosen = {"readers": [lam.pk, kaur.pk]}
    html = page(office.post(here, chosen))
    assert "3 cases need readers." in html
    assert not ReviewAssignment.objects.filter(reader=kaur).exists()
    CaseFactory(offering=offering)
    stale = page(office.post(here, {**chosen, "mark": hidden(html, "mark"), "save": 1}))
    assert "What there is to give has changed since this page was drawn." in stale
    assert "4 cases need readers." in stale
    html = page(office.post(here, {**chosen, "mark": hidden(stale, "mark"), "save": 1}, follow=True))
    assert "4 cases are given." in html
    assert sorted(
        ReviewAssignment.objects.filter(reader__in=[lam, kaur]).values_list("reader__name", flat=True)
    ) == [
        *["Dr. KAUR"] * (5 - ReviewAssignment.objects.filter(reader=lam).count()),
        *["Prof. LAM"] * ReviewAssignment.objects.filter(reader=lam).count(),
    ]
    assert {ReviewAssignment.objects.filter(reader=each).count() for each in (lam, kaur)} == {2, 3}
    assert "Every case has its readers: there is nothing to give." in page(office.post(here, chosen))


def test_a_list_gives_nothing_before_it_is_confirmed(offering: Offering) -> None:
    office = at_desk(officer(offering.programme))
    case = CaseFactory(offering=offering)
    lam = reader(offering, "Prof. LAM", email="lam@example.edu")
    here = address("reviewphase_reader_list")
    file = io.BytesIO(f"\ufeffNumber;Reader\n{case.number};lam@example.edu\n{case.number};=nobody\n".encode())
    file.name = "readers.csv"
    html = page(office.post(here, {"file": file}))
    assert "1 case would be given. 1 line cannot be done." in html
    assert "has the address =nobody." in html
    assert not ReviewAssignment.objects.exists()
    lines = {"lines": f"{case.number};lam@example.edu\n{case.number};=nobody"}
    answer = office.post(here, {**lines, "problems": 1})
    told = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert told[1].startswith(f"{case.number},'=nobody,2,Nobody who scores for")
    stale = page(office.post(here, {**lines, "mark": "another", "save": 1}))
    assert "What the list would give has changed since you looked." in stale
    html = page(office.post(here, {**lines, "mark": hidden(stale, "mark"), "save": 1}))
    assert ReviewAssignment.objects.get().reader == lam
    # what was wrong stays on the page, what was given says so
    assert "1 case is given." in html
    assert "Prof. LAM has it already." in html
    assert "has the address =nobody." in html
    book = io.BytesIO(b"PK\x03\x04")
    book.name = "readers.xlsx"
    assert "This is no CSV file." in page(office.post(here, {"file": book}))


def test_a_reader_goes_from_case_to_case(offering: Offering) -> None:
    PhaseFactory(intake=offering.intake)
    lam = reader(offering, "Prof. LAM")
    desk = at_desk(lam)
    cases = [CaseFactory(offering=offering) for _ in range(3)]
    first, second, third = cases_to_score(lam, at=NOW)
    mine = address("application_my_reviews")
    html = page(desk.get(mine))
    assert "You have scored 0 of 3." in html
    assert html.index(first.number) < html.index(second.number) < html.index(third.number)
    step = desk.get(address("application_next_review"))
    assert step.headers["Location"] == address("application_change", first.pk)
    html = page(desk.get(step.headers["Location"]))
    assert "You have scored 0 of 3." in html
    assert "Score it later" in html
    assert "Next case to score" not in html
    step = desk.post(address("application_later", first.pk))
    assert step.headers["Location"] == address("application_change", second.pk)
    assert "put off" in page(desk.get(mine))
    for case in (second, third, first):
        assert desk.get(address("application_next_review")).headers["Location"] == address(
            "application_change", case.pk
        )
        score(case, lam, at=NOW)
        following = {second: third, third: first}.get(case)
        way = f'{address("application_change", following.pk)}">Next case to score' if following else "3 of 3"
        assert way in page(desk.get(address("application_change", case.pk)))
    html = page(desk.get(address("application_next_review"), follow=True))
    assert "No case waits for your score now." in html
    assert "You have scored 3 of 3." in html
    assert len(cases) == 3


def test_what_cannot_be_scored_now_says_when(offering: Offering) -> None:
    phase = PhaseFactory(intake=offering.intake, begins_at=hkt(2026, 4, 10, 9, 0))
    lam, case = reader(offering, "Prof. LAM"), CaseFactory(offering=offering)
    AssignmentFactory(application=case, reader=lam, phase=phase)
    desk = at_desk(lam)
    assert "reviewing begins on 10 April 2026, 09:00 HKT." in page(
        desk.get(address("application_my_reviews"))
    )
    html = page(desk.get(address("application_change", case.pk)))
    assert "Reviewing begins on 10 April 2026, 09:00 HKT." in html
    assert "Save score" not in html


def test_these_pages_exist_for_whom_they_are_for(offering: Offering) -> None:
    phase, case = PhaseFactory(intake=offering.intake), CaseFactory(offering=offering)
    assigning = [
        PHASES,
        f"{PHASES}add/",
        address("reviewphase_change", phase.pk),
        address("reviewphase_spread", phase.pk),
        address("reviewphase_reader_list"),
        address("application_readers"),
    ]
    lam = at_desk(reader(offering, "Prof. LAM"))
    office, elsewhere = at_desk(officer(offering.programme)), at_desk(officer(OfferingFactory().programme))
    assert {lam.get(here).status_code for here in assigning} == {404}
    assert {office.get(here).status_code for here in assigning} == {200}
    assert [elsewhere.get(here).status_code for here in assigning[2:4]] == [404, 404]
    assert office.get(address("application_my_reviews")).status_code == 404
    assert office.post(address("application_later", case.pk)).status_code == 404
    assert Application.objects.get() == case


def test_lists_of_reviewing_cost_the_same_for_few_and_many(
    offering: Offering, django_assert_max_num_queries: Any
) -> None:
    PhaseFactory(intake=offering.intake)
    lam = reader(offering, "Prof. LAM")
    for _ in range(6):
        CaseFactory(offering=offering)
    desk = at_desk(lam)
    with django_assert_max_num_queries(14):
        page(desk.get(address("application_my_reviews")))
