"""Every page of the form in every state it can be in: on a phone, in the dark, in forced colours,
and with text twice as large.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from admissions_portal.clock.actions import start_clock_at
from applications.applicants.models import Applicant
from applications.lifecycle.models import Application
from applications.submission.sections import sections_of
from tests.browser.chromium import PHONE, Reader
from tests.factories.accounts import UserFactory
from tests.factories.applicants import EnglishTestFactory, ExperienceFactory, QualificationFactory
from tests.factories.applications import DraftFactory
from tests.factories.drafts import AT, publish_policies, ready_draft, research_offering, taught_offering

LONG = "Wolfeschlegelsteinhausenbergerdorff-" * 3
HAN = "香港中文大學醫學院臨床腫瘤學系深圳聯合培養項目" * 4


@pytest.fixture(autouse=True)
def at_the_opening(live_server: Any) -> None:
    publish_policies()
    start_clock_at(AT)


def empty() -> Application:
    return DraftFactory(offering=taught_offering(), applicant=Applicant.objects.create(user=UserFactory()))


def filled() -> Application:
    return ready_draft(research_offering())


def with_errors() -> Application:
    """Saved as it is opened, a date that does not exist in each section that asks for one."""
    draft = empty()
    client = Client()
    client.force_login(draft.applicant.user)
    wrong = {"date_of_birth_day": "31", "date_of_birth_month": "2", "date_of_birth_year": "99"}
    wrong |= {"degree-0-completed_on_day": "31", "degree-0-country": "XX", "phone": "one two"}
    wrong |= {"residence_since_day": "1", "test-0-kind": "IELTS_ACADEMIC", "test-0-writing": "6.3"}
    wrong |= {"post-0-employer": "A", "post-0-started_on_day": "x"}
    for section in sections_of(draft, at=AT):
        if section.key != "documents":
            assert client.post(section.url(draft), wrong).status_code == 302
    return draft


def long() -> Application:
    """Names without a place to break, Chinese without spaces, and as many rows as somebody has."""
    draft = ready_draft(research_offering(), family_name=LONG, given_names=LONG, preferred_name=LONG)
    person = draft.applicant
    for number in range(3):
        QualificationFactory(
            applicant=person, title=HAN, institution=LONG, result="3.42/4.30" * 10, relied_on=False
        )
        EnglishTestFactory(applicant=person, report_number="N" * 40)
        ExperienceFactory(
            applicant=person,
            employer=LONG,
            position=HAN,
            duties=(LONG + HAN) * 3,
            started_on=date(2020, 1, 1 + number),
        )
    return draft


@pytest.mark.parametrize("state", [empty, filled, with_errors, long], ids=lambda state: state.__name__)
def test_every_page_of_the_form(state: Callable[[], Application], reader: Callable[..., Reader]) -> None:
    draft = state()
    me = reader(width=PHONE, user=draft.applicant.user)
    pages = [section.url(draft) for section in sections_of(draft, at=AT)]
    for page in [*pages, reverse("applications:review", args=[draft.pk])]:
        me.page.goto(page)
        me.check_every_way(only="" if page == pages[0] else "main")


def test_the_warning_before_the_session_ends_in_forced_colours(
    reader: Callable[..., Reader], settings: Any
) -> None:
    settings.SESSION_COOKIE_AGE = 300
    draft = filled()
    me = reader(width=PHONE, user=draft.applicant.user)
    me.page.goto(reverse("applications:section", args=[draft.pk, "personal"]))
    warning = me.page.locator("[data-pg-session]")
    expect(warning).to_contain_text("You will be signed out in 5 minutes")
    me.check_every_way()
