"""The page of credits for the applicant, and what the office sees and does on the case."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from django.urls import reverse

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from applications.applicants.models import PriorCourse
from applications.standing.actions import request_standing
from applications.standing.models import CourseClaim, StandingRequest
from tests.factories.applications import CaseFactory, DraftFactory, officer
from tests.factories.desks import Desk
from tests.factories.drafts import own, publish_policies, research_offering, taught_offering
from tests.factories.programmes import hkt

NOW = hkt(2026, 4, 20, 10, 0)


@pytest.fixture
def case(db):
    publish_policies()
    start_clock_at(NOW)
    offering = taught_offering()
    offering.intake.expected_start_on = date(2026, 9, 1)
    offering.intake.save()
    return CaseFactory(offering=offering)


def signed_in(user):
    client = Desk()
    client.force_login(user)
    return client


def page(case):
    return reverse("applications:standing", args=[case.pk])


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(response.content.decode())).split())


def typed(**changed):
    course = {
        "row": "new-1",
        "title": "Biostatistics",
        "institution": "Example University",
        "credits": "6",
        "passed": "True",
        "used_for_award": "False",
        "completed_on_day": "30",
        "completed_on_month": "6",
        "completed_on_year": "2023",
    }
    return {f"course-0-{name}": value for name, value in (course | changed).items()}


def test_courses_are_listed_judged_and_sent(case):
    browser = signed_in(case.applicant.user)
    assert "Ask for credits" in text_of(browser.get(reverse("applications:overview", args=[case.pk])))
    assert "Course 1" in text_of(browser.get(page(case)))
    saved = browser.post(page(case), typed() | {"save": "1"}, follow=True)
    assert "Completed from 1 September 2021" in text_of(saved)
    row = str(PriorCourse.objects.get().pk)
    sent = browser.post(page(case), typed(row=row) | {"send": "1", "statement": "The same."}, follow=True)
    assert "Your request has been received." in text_of(sent)
    assert StandingRequest.objects.get().courses.get().title == "Biostatistics"
    assert "Send the request" not in text_of(sent)


def test_nothing_typed_is_lost_when_something_cannot_be_right(case):
    browser = signed_in(case.applicant.user)
    response = browser.post(page(case), typed(credits="six") | {"send": "1", "statement": "My reasons"})
    assert response.status_code == 200
    body = response.content.decode()
    assert "Write a whole number in figures, for example 4." in body
    assert 'value="six"' in body
    assert "My reasons" in body
    assert StandingRequest.objects.count() == 0


def test_saving_an_empty_list_says_so(case):
    answered = signed_in(case.applicant.user).post(
        page(case), {"course-0-row": "new-1", "save": "1"}, follow=True
    )
    assert "No course is written yet. Fill in the first one, then save it." in text_of(answered)
    assert not PriorCourse.objects.exists()


def test_without_a_statement_nothing_is_sent(case):
    browser = signed_in(case.applicant.user)
    response = browser.post(page(case), typed() | {"send": "1", "statement": ""})
    assert "An answer is needed here." in response.content.decode()
    assert StandingRequest.objects.count() == 0


def test_a_course_is_added_and_taken_out_without_scripts(case):
    browser = signed_in(case.applicant.user)
    added = browser.post(page(case), typed() | {"add": "course"}, follow=True)
    assert "Course 2" in text_of(added)
    row = str(PriorCourse.objects.get().pk)
    browser.post(page(case), typed(row=row) | {"remove": "course:0"})
    assert PriorCourse.objects.count() == 0


@pytest.mark.parametrize("whose", ["somebody else's", "a draft's", "a programme's that grants none"])
def test_a_page_that_does_not_exist(case, whose):
    other = {
        "somebody else's": lambda: (case, CaseFactory(offering=case.offering).applicant.user),
        "a draft's": lambda: (draft := DraftFactory(offering=case.offering), draft.applicant.user),
        "a programme's that grants none": lambda: (
            research := CaseFactory(offering=research_offering()),
            research.applicant.user,
        ),
    }[whose]()
    assert signed_in(other[1]).get(page(other[0])).status_code == 404


@pytest.fixture
def asked(case):
    PriorCourse.objects.create(
        applicant=case.applicant,
        title="Biostatistics",
        institution="Example University",
        credits=6,
        passed=True,
        completed_on=date(2023, 6, 30),
    )
    request_standing(case, statement="The same content.", by=own(case), at=NOW)
    return case


def decision(claim, **changed):
    given = {
        "outcome": "GRANT",
        "granted": "4",
        "decided_on_day": "20",
        "decided_on_month": "4",
        "decided_on_year": "2026",
        "reason": "",
    }
    return given | changed


def test_the_office_writes_down_what_the_board_decided(asked):
    office = signed_in(officer(asked.offering.programme))
    shown = office.get(reverse("admin:applications_application_change", args=[asked.pk]))
    assert "The same content." in text_of(shown)
    claim = CourseClaim.objects.get()
    url = reverse("admin:applications_application_course", args=[asked.pk, claim.pk])
    wrong = office.post(url, decision(claim, granted=""))
    assert "Write how many credits are granted." in text_of(wrong)
    too_many = office.post(url, decision(claim, granted="7"), follow=True)
    assert "6 credits were asked for." in text_of(too_many)
    done = office.post(url, decision(claim), follow=True)
    assert "4 credits granted by the Faculty Board on 20 April 2026" in text_of(done)
    mine = signed_in(asked.applicant.user).get(page(asked))
    assert "Granted 4" in text_of(mine)


def test_a_reviewer_reads_the_request_and_decides_nothing(asked):
    reviewer = signed_in(officer(asked.offering.programme, Role.REVIEWER))
    body = text_of(reviewer.get(reverse("admin:applications_application_change", args=[asked.pk])))
    assert ("The same content." in body, "Write down the decision" in body) == (True, False)
