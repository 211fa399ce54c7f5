"""Where a code is entered and where it is made."""

import re
from html import unescape

import pytest
from django.urls import reverse

from admissions_portal import clock
from applications.late_entry.actions import extend_deadline
from applications.late_entry.models import AccessCode, AccessCodeUse, Extension
from applications.lifecycle.models import Application
from tests.applications.late_entry.test_late_entry import LATE, UNTIL, code_for
from tests.factories.accounts import UserFactory
from tests.factories.applications import officer
from tests.factories.programmes import hkt


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """The clock stands where the test puts it."""
    moment = {"at": LATE}
    monkeypatch.setattr(clock, "now", lambda: moment["at"])
    return lambda at: moment.update(at=at)


def text_of(response):
    body = re.sub(r"<(script|style)\b.*?</\1>", "", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u00a0", " ").split())


@pytest.fixture
def newcomer(client):
    user = UserFactory()
    client.force_login(user)
    return user


# where an application is begun


def test_with_a_code_a_draft_is_begun_after_the_close(client, newcomer, offering, office):
    url = reverse("applications:start", args=[offering.pk])
    assert "You have an access code?" in text_of(client.get(url))
    code, text = code_for(offering, office)
    assert client.post(url, {"code": text}).status_code == 302
    made = Application.objects.get(applicant__user=newcomer)
    assert AccessCodeUse.objects.get().application == made
    assert code.uses.count() == 1


def test_a_wrong_code_begins_nothing_and_stays_in_its_field(client, newcomer, offering):
    url = reverse("applications:start", args=[offering.pk])
    response = client.post(url, {"code": "7KQ2-M9TX-4HBD"})
    assert response.status_code == 409
    assert "No code is written like this." in text_of(response)
    assert 'value="7KQ2-M9TX-4HBD"' in response.content.decode()
    assert Application.objects.count() == 0


def test_whoever_was_given_more_time_begins_without_a_code(client, newcomer, offering, office):
    extend_deadline(offering, email=newcomer.email, valid_until=UNTIL, reason="Ill.", by=office, at=LATE)
    url = reverse("applications:start", args=[offering.pk])
    text = text_of(client.get(url))
    assert (
        "The office has given you more time: you may submit until 5 June 2026, 23:59 HKT (in 4 days)." in text
    )
    assert client.post(url).status_code == 302
    assert Application.objects.filter(applicant__user=newcomer).exists()


def test_nobody_tries_codes_without_end(client, newcomer, offering, office):
    url = reverse("applications:start", args=[offering.pk])
    for number in range(10):
        assert "No code is written like this." in text_of(
            client.post(url, {"code": f"AAAA-BBBB-00{number:02d}"})
        )
    _code, right = code_for(offering, office)
    waits = "Too many codes that do not exist were tried. Wait an hour, or ask the office to read it to you."
    assert waits in text_of(client.post(url, {"code": right}))
    assert Application.objects.count() == 0


# on a draft


def test_a_draft_takes_its_code_and_says_until_when(client, draft, offering, office):
    client.force_login(draft.applicant.user)
    url = reverse("applications:access_code", args=[draft.pk])
    assert "Round 2 closed on 31 May 2026, 23:59 HKT" in text_of(client.get(url))
    response = client.post(url, {"code": code_for(offering, office)[1]}, follow=True)
    text = text_of(response)
    assert "The code is entered. Submit the application by 5 June 2026, 23:59 HKT." in text
    assert "Round 2 has closed; by late entry your application is taken until 5 June 2026, 23:59 HKT" in text


def test_while_a_round_is_open_no_use_is_spent(client, draft, offering, office, now):
    now(hkt(2026, 4, 10, 9, 0))
    _code, text = code_for(offering, office)
    client.force_login(draft.applicant.user)
    response = client.post(reverse("applications:access_code", args=[draft.pk]), {"code": text}, follow=True)
    assert "Round 2 is open for you: you need no code. Keep it in case you are late." in text_of(response)
    assert AccessCodeUse.objects.count() == 0


# in the office


def posted(**changed):
    return {
        "until_on_day": "5",
        "until_on_month": "6",
        "until_on_year": "2026",
        "until_time": "23:59",
        "most_uses": "2",
        "email": "",
        "note": "Flood",
        **changed,
    }


def test_a_code_is_made_shown_once_and_listed(client, offering):
    client.force_login(officer(offering.programme))
    add = reverse("admin:applications_accesscode_add")
    response = client.post(add, posted(scope=f"offering-{offering.pk}"))
    page = client.get(response.url)
    shown = re.search(r"<strong>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</strong>", page.content.decode())
    assert shown
    assert shown[1] not in client.get(response.url).content.decode()
    listed = text_of(client.get(reverse("admin:applications_accesscode_changelist")))
    assert all(words in listed for words in ("2 of 2", "5 June 2026, 23:59 HKT", "Flood", "Open"))
    revoke = reverse("admin:applications_accesscode_revoke", args=[AccessCode.objects.get().pk])
    assert "Revoked by" in text_of(client.post(revoke, follow=True))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        pytest.param(
            {"until_on_year": "2025"}, "5 June 2025, 23:59 HKT has passed.", id="an end that has passed"
        ),
        pytest.param({"most_uses": "0"}, "0 is too low. The least possible is 1.", id="no use"),
        pytest.param({"until_time": "noon"}, "Write a time of the day, for example 14:30.", id="no time"),
        pytest.param({"scope": "programme-0"}, "is not among the answers", id="a programme of others"),
    ],
)
def test_a_code_that_cannot_be_is_said_and_nothing_typed_is_lost(client, offering, changed, sentence):
    client.force_login(officer(offering.programme))
    data = posted(**{"scope": f"offering-{offering.pk}", **changed})
    response = client.post(reverse("admin:applications_accesscode_add"), data)
    assert sentence in text_of(response)
    assert "Flood" in response.content.decode()
    assert AccessCode.objects.count() == 0


def test_more_time_is_given_and_taken_back(client, offering):
    client.force_login(officer(offering.programme))
    data = posted(offering=str(offering.pk), email="a@example.com", reason="Ill")
    response = client.post(reverse("admin:applications_extension_add"), data, follow=True)
    assert all(words in text_of(response) for words in ("a@example.com", "Ill", "Open"))
    made = Extension.objects.get()
    assert made.valid_until == UNTIL
    response = client.post(reverse("admin:applications_extension_revoke", args=[made.pk]), follow=True)
    assert "Revoked" in text_of(response)
