"""A rare character in what the applicant wrote is no reason to keep an offer back (DOMAIN C4)."""

import pytest
from django.urls import reverse

from applications.offers.letter import left_out_of_letter, letter_context
from tests.applications.offers.test_letter_from_forms import AT, submitted, the_offer
from tests.factories.applications import officer
from tests.factories.desks import Desk
from tests.factories.drafts import publish_policies

pytestmark = pytest.mark.django_db

RARE = "\U000323af"  # the last character of extension H: no font of ours has it


@pytest.fixture(autouse=True)
def _rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("admissions_portal.clock.now", lambda: AT)
    publish_policies()


def test_the_letter_leaves_out_what_its_fonts_lack_and_the_officer_is_told() -> None:
    case = submitted(chinese_name=f"林{RARE}", address_1="Flat B", address_2="ถนนสุขุมวิท")
    client = Desk()
    client.force_login(officer(case.offering.programme))
    page = client.get(reverse("admin:applications_application_offer", args=[case.pk])).content.decode()
    assert "The letter leaves this out" in page
    assert left_out_of_letter(case) == [f"林{RARE}", "ถนนสุขุมวิท"]
    addressee = letter_context(the_offer(case), [])["addressee"]
    assert addressee["han"] == ""
    assert addressee["lines"][0] == "Flat B"
    assert "ถนนสุขุมวิท" not in addressee["lines"]


def test_a_problem_of_a_condition_is_named_as_the_office_knows_it() -> None:
    case = submitted()
    client = Desk()
    client.force_login(officer(case.offering.programme))
    typed = {
        "reply_on_day": "29",
        "reply_on_month": "5",
        "reply_on_year": "2026",
        "conditions-TOTAL_FORMS": "1",
        "conditions-INITIAL_FORMS": "0",
        "conditions-0-text": "Transcript 🎓",
        "conditions-0-evidence": "By post",
        "conditions-0-due_on_day": "31",
        "conditions-0-due_on_month": "8",
        "conditions-0-due_on_year": "2026",
    }
    page = client.post(
        reverse("admin:applications_application_offer", args=[case.pk]), typed
    ).content.decode()
    assert "“Condition 1, Condition” holds “🎓” (U+1F393)" in page
