"""An answer looked at when its field is left, and what a saving changed in the rules' view."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from admissions_portal.clock.actions import start_clock_at
from applications.applicants.models import EnglishTest
from applications.lifecycle.models import Application
from applications.submission import checking_views
from applications.submission.models import SectionVisit, UnsavedText
from tests.factories.accounts import UserFactory
from tests.factories.applicants import EnglishTestFactory, QualificationFactory
from tests.factories.drafts import AT, ready_draft, research_offering, taught_offering

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def draft():
    start_clock_at(AT)
    return ready_draft(taught_offering())


def signed_in(draft):
    client = Client()
    client.force_login(draft.applicant.user)
    return client


def check(draft, key="english", client=None, **posted):
    url = reverse("applications:check", args=[draft.pk, key])
    return (client or signed_in(draft)).post(url, posted)


TEST = {"test-0-row": "new-1", "test-0-kind": "IELTS_ACADEMIC", "test-0-booked": "False"}


def day(day, month, year):
    return {
        f"test-0-taken_on_{part}": value
        for part, value in zip(("day", "month", "year"), (day, month, year), strict=True)
    }


@pytest.mark.parametrize(
    ("posted", "field", "errors"),
    [
        pytest.param(
            {"test-0-overall": "6.3"},
            "test-0-overall",
            ["Overall goes in steps of 0.5; 6.3 cannot be a score."],
            id="a score off its scale",
        ),
        pytest.param({"test-0-overall": "6.5"}, "test-0-overall", [], id="a score that can be"),
        pytest.param(
            {"test-0-overall": "6.3", "test-0-reading": "7"},
            "test-0-reading",
            [],
            id="another field is not told of",
        ),
        pytest.param(
            day("31", "2", "2025"),
            "test-0-taken_on_day",
            ["There is no day 31 in that month; it ends on 28 February 2025."],
            id="a day that does not exist",
        ),
        pytest.param(
            day("12", "10", "2026"),
            "test-0-taken_on_day",
            [
                "The test date is in the future (12 October 2026). Check the year; a test still to be taken "
                "is added as a booked one."
            ],
            id="a day judged beside the rest of its row",
        ),
        pytest.param({}, "nonsense", [], id="no such field"),
    ],
)
def test_the_sentence_is_that_of_saving_and_nothing_is_kept(draft, posted, field, errors):
    answer = check(draft, **TEST, **posted, field=field)
    assert answer.status_code == 200
    assert [each.replace(NBSP, " ") for each in answer.json()["errors"]] == errors
    assert (EnglishTest.objects.count(), SectionVisit.objects.count(), UnsavedText.objects.count()) == (
        0,
        0,
        0,
    )


def test_nothing_is_looked_at_for_anybody_else(draft):
    assert check(draft, client=Client(), field="x").status_code == 401
    stranger = Client()
    stranger.force_login(UserFactory())
    assert check(draft, client=stranger, field="x").status_code == 404
    assert check(draft, "nonsense", field="x").status_code == 404
    assert check(draft, "documents", field="x").status_code == 404


def test_a_forged_request_is_refused(draft):
    client = Client(enforce_csrf_checks=True)
    client.force_login(draft.applicant.user)
    assert check(draft, client=client, field="x").status_code == 403


def test_whoever_asks_too_often_waits_for_saving(draft, monkeypatch):
    cache.clear()
    monkeypatch.setattr(checking_views, "MOST_A_MINUTE", 2)
    client = signed_in(draft)
    assert [check(draft, client=client, field="x").status_code for _n in range(4)] == [200, 200, 429, 429]
    cache.clear()


# what a saving changed


def save(draft, key, client=None, **posted):
    client = client or signed_in(draft)
    client.get(reverse("applications:section", args=[draft.pk, key]))
    response = client.post(reverse("applications:section", args=[draft.pk, key]), posted, follow=True)
    assert response.status_code == 200
    return response


def effects(response):
    hint = response.context.get("hint")
    return [(effect.finding.code, effect.sentence) for effect in hint.effects] if hint else []


SCORES = {"overall": "6.5", "listening": "6.5", "reading": "7", "writing": "5.5", "speaking": "6"}


def typed_test(**changed):
    scores = {f"test-0-{name}": score for name, score in (SCORES | changed).items()}
    return {"first_language_is_english": "False", **TEST, **day("12", "10", "2025"), **scores}


@pytest.fixture
def abroad(draft):
    draft.applicant.qualifications.all().delete()
    QualificationFactory(applicant=draft.applicant, mainland=True)
    return draft


def test_the_next_page_says_what_the_saving_changed(abroad):
    response = save(abroad, "english", **typed_test())
    assert effects(response) == [("HKU-E5", "English (HKU-E5) now appears met by what you wrote.")]
    text = response.content.decode()
    assert "This saving changed:" in text
    assert reverse("applications:findings", args=[abroad.pk]) in text


def test_what_is_not_met_is_advice_and_no_block(abroad):
    response = save(abroad, "english", **typed_test(writing="5", overall="6"))
    [(code, sentence)] = effects(response)
    assert (code, sentence.endswith("is not met by what you wrote. You can still submit.")) == (
        "HKU-E5",
        True,
    )
    assert response.redirect_chain[-1][0].endswith("?saved=english")
    assert "experience" in response.redirect_chain[-1][0]


def test_saving_the_same_again_changes_nothing(abroad):
    EnglishTestFactory(applicant=abroad.applicant)
    response = save(abroad, "english", first_language_is_english="False")
    assert effects(response) == []
    assert "This saving changed:" not in response.content.decode()


def test_a_point_for_an_officer_asks_nothing_of_the_person(draft):
    kept = draft.applicant.qualifications.get()
    degree = {
        "row": kept.pk,
        "level": "BACHELOR",
        "title": "BSc",
        "institution": "Elsewhere",
        "country": "GB",
        "university": "",
        "status": "AWARDED",
        "honours": "FIRST",
        "teaching_language": "ENGLISH",
        "examination_language": "ENGLISH",
        "institution_medium": "ENGLISH",
        "completed_on_day": "1",
        "completed_on_month": "7",
        "completed_on_year": "2022",
    }
    posted = {f"degree-0-{name}": value for name, value in degree.items()}
    told = dict(effects(save(draft, "qualifications", **posted)))
    assert told["HKU-E3"].endswith("(HKU-E3) is for an officer to decide; nothing is missing from you.")


def test_another_application_s_page_is_not_told(abroad):
    client = signed_in(abroad)
    save(abroad, "english", client, **typed_test())
    other = ready_draft(research_offering())
    Application.objects.filter(pk=other.pk).update(applicant=abroad.applicant)
    response = client.get(reverse("applications:section", args=[other.pk, "experience"]) + "?saved=english")
    assert effects(response) == []


def test_the_documents_page_tells_it_too(abroad):
    response = save(
        abroad,
        "experience",
        **{"course-0-row": "new-1", "course-0-title": "Biostatistics", "course-0-institution": "Elsewhere"},
        **{"course-0-credits": "6", "course-0-completed_on_day": "1", "course-0-completed_on_month": "6"},
        **{"course-0-completed_on_year": "2023"},
    )
    assert response.redirect_chain[-1][0].endswith("documents/?saved=experience")
    assert "What the rules say so far" in response.content.decode()
